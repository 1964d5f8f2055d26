"""The settings of a network and of its training, each declared once; `engine.options` explains how."""

from __future__ import annotations

from dataclasses import dataclass

from engine.options import Config, Registered, option

POOLING_CHOICES = {"last": "last state", "max": "max over time", "mean": "mean over time"}
SPELLING_CHOICES = {
    "none": "none",
    "affixes": "affixes and shape",
    "characters": "character RNN",
    "patterns": "character CNN",
    "both": "affixes and CNN",
}
READ_OUT_CHOICES = {"softmax": "independently", "crf": "jointly (CRF)"}
NUMBER_LOSS_CHOICES = {"gaussian": "mean and spread", "squared": "squared error"}
INITIALIZATION_CHOICES = {
    "uniform": "uniform ±1/√H",
    "xavier": "Xavier uniform",
    "he": "He normal",
    "orthogonal": "orthogonal",
    "chrono": "long memory",
}
OPTIMIZER_CHOICES = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
SCHEDULE_CHOICES = {
    "constant": "constant",
    "step": "steps",
    "cosine": "cosine",
    "one-cycle": "one cycle",
    "plateau": "reduce on plateau",
    "adaptive": "while it improves",
}


@dataclass(frozen=True)
class ModelConfig(Config):
    """How the network reads and writes, and how large it is."""

    architecture: str = option(
        "one-to-many",
        "Shape",
        "How the network reads and writes.",
        choices=Registered("engine.models", "architecture_titles"),
    )
    cell: str = option(
        "lstm",
        "Cell",
        "The computation of one step: a plain RNN, or a cell whose gates protect its memory.",
        choices=Registered("engine.cells", "cell_titles"),
    )
    hidden_size: int = option(
        64, "Hidden units", "Size of the hidden state that is passed from step to step.", 1, 4096, scale="log"
    )
    num_layers: int = option(1, "Layers", "Recurrent layers stacked on top of each other.", 1, 8)
    embedding_size: int = option(
        0, "Embedding", "Size of the learned vector for each symbol; 0 for one-hot input.", 0, 4096, zero="none"
    )
    tied: bool = option(
        False,
        "Tied embedding",
        "Score outputs against the input embeddings: saves weights when there are many symbols. Unless the embedding "
        "has as many numbers as there are hidden units, a matrix that brings the state to its size is added, so that "
        "a small vocabulary can end up with more weights.",
        needs="embedding_size",
        because="Outputs are scored against embeddings, and one-hot symbols have none.",
    )
    sampled_words: int = option(
        0,
        "Sampled softmax",
        "While training, score each right symbol against this many drawn at random, which is faster where there are "
        "thousands; 0, or more than there are: against all. Validation and answers always weigh all symbols.",
        0,
        1_000_000,
        scale="log",
        zero="off",
        needs="copying",
        needed=(False,),
        because="A network that copies weighs all symbols, together with those of its source.",
    )
    bidirectional: bool = option(
        False, "Both directions", "Read the input both forwards and backwards, if all of it is known in advance."
    )
    attention: bool = option(False, "Attention", "Let the decoder look back at every state of the encoder.")
    copying: bool = option(
        False,
        "Copying",
        "Let the decoder copy symbols from the source: part of each probability goes to the symbols that attention "
        "looks at. How much is learned for every step; at first, it is about half. Useful for word forms, spellings "
        "and small data sets.",
        needs="attention",
        because="Copying picks the symbols that attention looks at.",
    )
    dropout: float = option(
        0.0,
        "Dropout",
        "Share of values zeroed at random while training: after the embedding, between layers and before the output.",
        0.0,
        0.9,
    )
    pooling: str = option(
        "last",
        "Read from",
        "Which states the answer is read from: the last one, or all of them.",
        choices=POOLING_CHOICES,
    )
    word_counts: bool = option(
        False,
        "Counted words",
        "Also weigh how often each word (or character, if the text is read by character), and each pair of neighbours, "
        "occurs with each label in the training texts (naive Bayes).",
    )
    read_out: str = option(
        "softmax",
        "Tags",
        "How the tags of a text are chosen: independently, or jointly so that neighbouring tags fit together.",
        choices=READ_OUT_CHOICES,
    )
    number_loss: str = option(
        "gaussian",
        "Numbers",
        "What the network learns about a number: its mean and its spread, how far it may be off, or the mean alone.",
        choices=NUMBER_LOSS_CHOICES,
    )
    lag: int = option(
        0,
        "Counts from",
        "Predict the change from the value this many steps earlier (1: the last value, 12: a season of twelve); "
        "0: predict the value itself.",
        0,
        1000,
        zero="nothing",
    )
    spelling: str = option(
        "none",
        "Spelling",
        "Also show the network how each word is spelled, which helps with unknown words.",
        choices=SPELLING_CHOICES,
        needs="embedding_size",
        because="Spelling is added to a word's embedding, and one-hot words have none.",
    )
    neighbours: bool = option(
        False,
        "Neighbours",
        "Also show the network the symbols before and after each one, looked up in a table of their own: for text of "
        "which each token is a character.",
        needs="embedding_size",
        because="Neighbours are added to a symbol's embedding, and one-hot symbols have none.",
    )
    word_dropout: float = option(
        0.0,
        "Hide words",
        "How often rare words are hidden during training: a word seen n times, with probability h / (h + n).",
        0.0,
        100.0,
    )
    initialization: str = option(
        "uniform",
        "Initial weights",
        "How the weights are drawn before training.",
        choices=INITIALIZATION_CHOICES,
    )
    vectors: str = option(
        "",
        "Word vectors",
        "A file of word2vec or GloVe vectors to start the embedding from.",
        needs="embedding_size",
        because="Word vectors fill an embedding, and one-hot words have none.",
        is_file=True,
    )


@dataclass(frozen=True)
class TrainingConfig(Config):
    """How the weights are learned."""

    optimizer: str = option("adam", "Optimizer", "The rule that turns gradients into steps.", choices=OPTIMIZER_CHOICES)
    learning_rate: float = option(
        3e-3,
        "Learning rate",
        "Size of each step; too large a step makes training diverge.",
        1e-6,
        10.0,
        scale="log",
        live=True,
    )
    batch_size: int = option(32, "Batch", "Examples used for each step.", 1, 8192, scale="log")
    epochs: int = option(10, "Epochs", "Passes over the training data.", 1, 100_000, scale="log", live=True)
    minutes: float = option(
        0.0,
        "Time budget (min)",
        "Minutes to train for instead of a number of epochs; the schedule adapts. 0: no limit.",
        0.0,
        10_000.0,
        zero="no limit",
    )
    clip_norm: float = option(
        1.0,
        "Clip gradient at",
        "Gradients with a larger norm are scaled down to it; 0 turns clipping off.",
        0.0,
        1000.0,
        scale="log",
        live=True,
        zero="off",
    )
    teacher_forcing: float = option(
        1.0,
        "Teacher forcing",
        "Share of decoder inputs taken from the right answer instead of the network’s own output.",
        0.0,
        1.0,
    )
    made_up: float = option(
        0.0,
        "Made-up words",
        "Share of the words whose stem is replaced by random letters and made up to eight letters longer, where words "
        "are spelled out on both sides. It helps with few word forms.",
        0.0,
        1.0,
    )
    seed: int = option(0, "Random seed", "The same seed gives the same run.", 0, 2**31 - 1)
    momentum: float = option(
        0.9,
        "Momentum",
        "Share of the previous step that is kept (momentum and Nesterov).",
        0.0,
        0.999,
        needs="optimizer",
        needed=("momentum", "nesterov"),
        because="Only the optimizers Momentum and Nesterov keep a share of the previous step.",
    )
    weight_decay: float = option(
        0.0,
        "Weight decay",
        "How strongly the weights are pulled towards zero (AdamW).",
        0.0,
        1.0,
        needs="optimizer",
        needed=("adamw",),
        because="Only the optimizer AdamW pulls the weights towards zero.",
    )
    sparse_rows: bool = option(
        False,
        "Sparse rows",
        "Rows of the embedding that a step has not read stay as they are, as in SparseAdam: quicker with many words.",
        needs="optimizer",
        needed=("adam", "adamw"),
        because="Only Adam and AdamW move rows without a gradient, which sparse rows keep still.",
    )
    schedule: str = option(
        "constant", "Schedule", "How the learning rate changes over the run.", choices=SCHEDULE_CHOICES
    )
    window: int = option(64, "Unrolled steps", "Steps of running text unrolled at once.", 2, 4096, scale="log")
    patience: int = option(
        0,
        "Early stopping",
        "Stop after this many epochs without better validation, and keep the best weights; 0: never stop early.",
        0,
        100_000,
        zero="off",
    )
    best_by: str = option(
        "loss",
        "Best by",
        "The validation metric that decides which weights are best.",
        choices=Registered("engine.models.metrics", "deciding_titles"),
    )

    @property
    def keeps_rows_still(self) -> bool:
        """Whether rows of the embedding that a step has not read stay as they are: set, and the optimizer can do it."""
        return self.sparse_rows and "sparse_rows" not in self.idle()
