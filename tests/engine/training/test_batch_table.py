"""The table of a batch is the very batch that the trainer takes, and its padded places are never computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.data.vocabulary import END, START
from engine.models import MODELS, kinds_of
from engine.training.batch_table import batch_table
from engine.training.batches import batches_of
from tests.engine.small import Case, data

SHAPES = [(architecture, kind) for architecture in MODELS for kind in kinds_of(architecture)]
TRAINING = engine.TrainingConfig(batch_size=6, window=5, seed=3)


@pytest.mark.parametrize(("architecture", "kind"), [s for s in SHAPES if not s[1].reads_numbers])
def test_it_holds_the_examples_of_the_trainers_batch_longest_first(architecture: str, kind: str) -> None:
    case = Case(architecture, kind, "gru")
    model = case.model()
    for step in (0, 4):
        batch = batches_of(case.dataset, engine.TrainingConfig(batch_size=6, window=5, seed=3)).batch(step)
        table = batch_table(model, case.dataset, TRAINING, step, 100)
        assert table.size == len(batch) == len(table.blocks[0].rows)
        lengths = [len(row) for row in table.blocks[0].rows]
        assert lengths == sorted(lengths, reverse=True)
        sources = sorted(example.source for example in batch)
        read = sorted(table.blocks[0].rows)
        inside = [sum(tuple(s) == tuple(r) or set(s) - {END, START} <= {*r, *s} for s in sources) for r in read]
        assert all(inside)
        assert len(table.blocks) == (3 if kind == "pairs" else 2)


@pytest.mark.parametrize(("architecture", "kind"), SHAPES)
def test_no_padded_place_is_computed(architecture: str, kind: str) -> None:
    case = Case(architecture, kind, "gru")
    table = batch_table(case.model(), case.dataset, TRAINING, 1, 100)
    for block in table.blocks:
        assert block.computed == sum(map(len, block.rows))
        assert block.places >= max(map(len, block.rows))
        if block.at_step:
            expected = [sum(len(row) > place for row in block.rows) for place in range(block.places)]
            assert list(block.at_step) == expected
    whole = sum(table.size * block.places for block in table.blocks[:-1])
    assert table.computed + table.padded == whole


def test_predictions_are_those_that_the_loss_is_the_mean_of() -> None:
    case = Case("encoder-decoder", "pairs", "gru")
    model = case.model()
    table = batch_table(model, case.dataset, TRAINING, 0, 100)
    batch = batches_of(case.dataset, engine.TrainingConfig(batch_size=6, window=5, seed=3)).batch(0)
    assert table.blocks[-1].computed == model.loss(batch)[1]
    encoder, decoder, targets = table.blocks
    assert all(row[-1] == END for row in encoder.rows)
    assert all(row[0] == START for row in decoder.rows)
    assert [row[1:] for row in decoder.rows] == [row[:-1] for row in targets.rows]


def test_a_large_batch_shows_its_first_rows_and_counts_all() -> None:
    case = Case("many-to-one", "labelled", "gru")
    table = batch_table(case.model(), case.dataset, engine.TrainingConfig(batch_size=30), 0, 4)
    assert len(table.blocks[0].rows) == 4
    assert table.size == 30
    batch = batches_of(case.dataset, engine.TrainingConfig(batch_size=30)).batch(0)
    assert table.computed == int(np.maximum(np.asarray(batch.source.lengths), 1).sum())
    assert table.blocks[-1].places == 1
    assert table.blocks[-1].computed == 30


@pytest.mark.parametrize(("architecture", "kind"), SHAPES)
def test_teacher_forcing_is_that_of_what_reads_its_own_answers_and_leaves_the_first_place(
    architecture: str, kind: str
) -> None:
    case = Case(architecture, kind, "gru")
    model, training = case.model(), replace(TRAINING, teacher_forcing=0.3)
    table = batch_table(model, case.dataset, training, 0, 10)
    assert table.forced == (0.3 if model.feeds_back() else 1.0)
    fed_back = [model.feeds_back() and block.title in ("reads", "decoder reads") for block in table.blocks]
    assert [block.forced < 1 for block in table.blocks] == fed_back
    assert all(block.forced_at(0) == 1 for block in table.blocks)


def test_the_dataset_is_left_as_it_was() -> None:
    before = [example.source for example in data("labelled").train]
    case = Case("many-to-one", "labelled", "gru")
    batch_table(case.model(), case.dataset, TRAINING, 2, 10)
    assert [example.source for example in data("labelled").train] == before
