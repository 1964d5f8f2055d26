"""Training: the trainer, its batches, optimizers and schedules, and how a model is measured."""
