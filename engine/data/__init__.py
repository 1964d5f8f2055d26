"""Data: from files and rows to examples."""

from engine.data.bulk.ragged import Ragged
from engine.data.codec import KINDS, UNITS, Codec, Kind, Unit
from engine.data.data_config import DataConfig
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples import Example, Examples
from engine.data.files.reader import Recognition
from engine.data.load import load_dataset, load_sample
from engine.data.report import Report, Skipped
from engine.data.vocabulary import END, START, UNKNOWN, Vocabulary

__all__ = [
    "END", "KINDS", "START", "UNITS", "UNKNOWN", "Codec", "DataConfig", "Dataset", "Example", "Examples", "Kind",
    "Ragged", "Recognition", "Report", "Skipped", "Unit", "Vocabulary", "load_dataset", "load_sample", "make_dataset",
]  # fmt: skip
