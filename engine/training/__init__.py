"""Training: the trainer, its batches, optimizers and schedules, and the evaluation of models."""
