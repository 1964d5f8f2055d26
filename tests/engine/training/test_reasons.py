"""The sentence beside each proposed setting."""

from __future__ import annotations

import pytest

import engine
from engine.cells import CELLS
from engine.training.reasons import OF_SAMPLE, reasons

DATASET = engine.make_dataset([("anna", "annas"), ("otto", "ottos")] * 5, "pairs")
OTHERS = sorted(CELLS.keys() - {engine.ModelConfig.default("cell")})


@pytest.mark.parametrize("name", OTHERS)
def test_a_proposed_cell_gives_its_own_reason(name: str) -> None:
    found = reasons(DATASET, None, engine.ModelConfig(cell=name), engine.TrainingConfig())
    assert found["cell"] == CELLS[name].merit


def test_no_two_cells_give_the_same_reason() -> None:
    merits = [cell.merit for cell in CELLS.values()]
    assert len(set(merits)) == len(merits)
    assert all(merit.endswith(".") for merit in merits)


def test_the_settings_of_a_sample_were_chosen_for_it() -> None:
    found = reasons(DATASET, engine.SAMPLES["names"], engine.ModelConfig(cell="gru"), engine.TrainingConfig())
    assert found == {"cell": OF_SAMPLE}
