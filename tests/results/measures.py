"""Figures of a trained network, taken through the verbs that a user calls.

Entity F1 is that of seqeval, chrF and BLEU are those of sacrebleu; the engine's own stand beside them.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from engine import Example, Model, evaluate
from engine.models import EncoderDecoder
from engine.training.baselines import baselines
from tests.results.experiment import Data, Figures, Texts


def loss(model: Model, data: Data) -> Figures:
    """nats: mean nats per predicted symbol of the held-out texts; bigram: those of counted pairs on the validation
    split."""
    known = baselines(data.dataset, model.config.architecture)
    bigram = next(one.loss for one in known if one.name.endswith(" pairs"))
    return {"nats": evaluate(model, data.held_out).loss, "bigram": bigram}


def accuracy(model: Model, data: Data) -> Figures:
    """accuracy: share of texts given their label."""
    right = [next(iter(model.classify(one.source))) == one.target[0] for one in data.held_out]
    return {"accuracy": float(np.mean(right))}


def _tags(model: Model, rows: Sequence[Example]) -> tuple[list[list[str]], list[list[str]]]:
    answers = [[one.tag for one in model.tag(row.source)] for row in rows]
    return [list(row.target) for row in rows], answers


def tagging(model: Model, data: Data) -> Figures:
    """accuracy over tokens."""
    truth, answers = _tags(model, data.held_out)
    pairs = [(t, a) for row, given in zip(truth, answers, strict=True) for t, a in zip(row, given, strict=True)]
    return {"accuracy": sum(t == a for t, a in pairs) / len(pairs)}


def entities(model: Model, data: Data) -> Figures:
    """f1 of whole entities by seqeval, own_f1 by the engine, and accuracy over tokens."""
    from seqeval.metrics import f1_score

    from engine.models.entity_f1 import entity_scores

    truth, answers = _tags(model, data.held_out)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tags that are no entity scheme, and of numpy's names
        f1 = float(f1_score(truth, answers))
    own = entity_scores(truth, answers)["entity_f1"]
    flat = [(t, a) for row, given in zip(truth, answers, strict=True) for t, a in zip(row, given, strict=True)]
    return {"f1": f1, "own_f1": own, "accuracy": sum(t == a for t, a in flat) / len(flat)}


def _answers(model: Model, rows: Sequence[Example], beam_size: int) -> list[str]:
    found = []
    for row in rows:
        best = model.translate(row.source, beam_size)
        found.append(best[0].text if best else "")
    return found


def exact(model: Model, data: Data) -> Figures:
    """exact: share of answers, the most probable symbol at each step, that equal the target."""
    codec = model.codec
    answers = _answers(model, data.held_out, 1)
    wanted = [codec.join(row.target, "target") for row in data.held_out]
    return {"exact": float(np.mean([a == w for a, w in zip(answers, wanted, strict=True)]))}


def sums(model: Model, data: Data) -> Figures:
    """exact, and exact_three: the same of sums of two numbers with three digits each."""
    long = [row for row in data.held_out if len(row.source) == 7]
    return {**exact(model, data), "exact_three": exact(model, Data(data.dataset, long))["exact"]}


def first_names(model: Model) -> Texts:
    """The first five texts written for each label, with seed 0, at the temperature that the window starts with."""
    assert model.codec.target is not None
    labels = model.codec.target.symbols
    return {label: [one.text for one in model.generate(5, label=label, temperature=0.8, seed=0)] for label in labels}


def translation(model: Model, data: Data) -> Figures:
    """chrF and BLEU by sacrebleu, 0 … 100, against all translations that the data hold of a sentence; exact: share of
    answers that are one of them; exact_first: that are the one of the row itself. Beam of 4; greedy_* with a beam of 1.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    assert isinstance(model, EncoderDecoder)
    codec, rows = model.codec, data.held_out
    known: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        known.setdefault(row.source, []).append(codec.join(row.target, "target"))
    sources = list(known)
    unique = [Example(source) for source in sources]
    most = max(map(len, known.values()))
    references = [[known[s][k] if k < len(known[s]) else known[s][0] for s in sources] for k in range(most)]
    figures: dict[str, float] = {}
    for prefix, beam_size in (("greedy_", 1), ("", 4)):
        answers = _answers(model, unique, beam_size)
        figures |= {
            f"{prefix}exact": float(np.mean([a in known[s] for a, s in zip(answers, sources, strict=True)])),
            f"{prefix}chrf": CHRF().corpus_score(answers, references).score,
            f"{prefix}bleu": BLEU().corpus_score(answers, references).score,
        }
    return figures | {"own_exact": evaluate(model, data.dataset.validation).values["exact_match"]}
