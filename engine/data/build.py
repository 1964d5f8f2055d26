"""Rows in, data set parts out: the one way from texts to examples, for files and for Python rows alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.codec import Codec, Kind, Unit
from engine.data.config import DataConfig
from engine.data.encode import Encoder, GrowingArray, TokenEncoder, encoder, row_hashes
from engine.data.examples import Examples
from engine.data.ragged import Ragged
from engine.data.report import FIRST_SKIPPED, Report, Skipped
from engine.data.split import split_rows, stream_cut
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.errors import DataError

# A running text shorter than this cannot be cut into something to learn from and something to measure on.
SHORTEST_STREAM = 10
# With fewer words than this every one is needed; with more, those seen once teach the model what unknown looks like.
_MANY_WORDS = 10_000
_SYMBOLS_SHOWN = 200


@dataclass(frozen=True)
class Batch:
    """Some rows as a reader found them.

    source (n,) texts; target (n,) labels or target texts, empty for sequences and streams. Tagged rows are flat:
    source (N,) words, target (N,) tags, lengths (n,). lines (n,): where each row begins, counted from 1. skipped: rows
    that the reader itself left out here.
    """

    source: Sequence[str]
    target: Sequence[str] = ()
    lengths: NDArray[np.int64] | None = None
    lines: NDArray[np.int64] | None = None
    skipped: Sequence[Skipped] = ()


class Builder:
    """Collects batches of rows of one kind; `finish` splits them and makes vocabularies and examples."""

    def __init__(self, kind: Kind, unit: Unit, target_unit: Unit, config: DataConfig) -> None:
        self.kind, self.unit, self.target_unit, self.config = kind, unit, target_unit, config
        self._source: Encoder = TokenEncoder() if kind == "tagged" else encoder(unit)
        self._target: Encoder = encoder(target_unit) if kind == "pairs" else TokenEncoder()
        self._ids, self._lengths = GrowingArray(), GrowingArray()
        self._target_ids, self._target_lengths = GrowingArray(), GrowingArray()
        self._report = Report()
        self._own_validation_from: int | None = None

    def add(self, batch: Batch) -> None:
        """Take rows; empty and over-long ones are left out and reported."""
        self._skip(batch.skipped)
        if self.kind == "stream":
            self._add_stream(batch.source)
        elif self.kind == "tagged":
            self._add_tagged(batch)
        else:
            self._add_texts(batch)

    def validation_follows(self) -> None:
        """What is added from now on is for validation."""
        self._own_validation_from = len(self._ids) if self.kind == "stream" else len(self._lengths)

    @property
    def rows(self) -> int:
        return len(self._lengths)

    def _add_stream(self, texts: Sequence[str]) -> None:
        for text in texts:
            lowered = text.lower() if self.config.lowercase else text
            # Signs melt only within a line, so that few lines need the slow way.
            lines = [lowered] if lowered.isascii() else lowered.splitlines(keepends=True)
            ids, _ = self._source.encode(lines)
            self._ids.append(ids)

    def _add_texts(self, batch: Batch) -> None:
        has_target = self.kind != "sequences"
        source = [text.strip() for text in batch.source]
        target = [text.strip() for text in batch.target] if has_target else []
        full = [bool(text) for text in source]
        if has_target:
            full = [a and bool(b) for a, b in zip(full, target, strict=True)]
        keep = np.array(full, bool)
        if not keep.all():
            missing = np.flatnonzero(~keep)
            self._skip(
                [Skipped(_line(batch, i), "no text" if not source[i] else f"no {self._target_word}")
                 for i in missing[:FIRST_SKIPPED].tolist()],
                len(missing), "empty",
            )  # fmt: skip
            source = [text for text, good in zip(source, full, strict=True) if good]
            target = [text for text, good in zip(target, full, strict=False) if good]
        if self.config.lowercase:
            source = [text.lower() for text in source]
            target = [text.lower() for text in target] if self.kind == "pairs" else target
        ids, lengths = self._source.encode(source)
        target_ids, target_lengths = self._target.encode(target) if has_target else (ids[:0], lengths * 0)
        self._append(ids, lengths, target_ids, target_lengths, batch, np.flatnonzero(keep))

    @property
    def _target_word(self) -> str:
        return "label" if self.kind == "labelled" else "target text"

    def _add_tagged(self, batch: Batch) -> None:
        assert batch.lengths is not None
        words = [word.lower() for word in batch.source] if self.config.lowercase else batch.source
        ids, _ = self._source.encode(words)
        tags, _ = self._target.encode(batch.target)
        keep = np.arange(len(batch.lengths))
        self._append(ids, batch.lengths, tags, batch.lengths, batch, keep)

    def _append(
        self,
        ids: NDArray[np.int32],
        lengths: NDArray[np.int64],
        target_ids: NDArray[np.int32],
        target_lengths: NDArray[np.int64],
        batch: Batch,
        numbers: NDArray[np.int64],
    ) -> None:
        """Store encoded rows but for those that are too long; numbers (n,): the place of each row in its batch."""
        longest = self.config.longest
        over = (lengths > longest) | (target_lengths > longest) if longest else np.zeros(len(lengths), bool)
        if over.any():
            source = Ragged.of_lengths(ids, lengths)
            if self.kind == "labelled":
                lengths = np.minimum(lengths, longest)
                place = np.arange(len(ids)) - np.repeat(source.offsets[:-1], source.lengths)
                ids = ids[place < longest]
                self._count(cut=int(over.sum()))
            else:
                which = np.flatnonzero(over)
                self._skip(
                    [Skipped(_line(batch, numbers[i]), f"{max(lengths[i], target_lengths[i]):,} symbols are more than "
                             f"{longest:,}") for i in which[:FIRST_SKIPPED].tolist()],
                    len(which), "too_long",
                )  # fmt: skip
                good = np.flatnonzero(~over)
                ids = source.take(good).values
                target_ids = Ragged.of_lengths(target_ids, target_lengths).take(good).values
                lengths, target_lengths = lengths[good], target_lengths[good]
        self._ids.append(ids)
        self._lengths.append(lengths.astype(np.int32))
        self._target_ids.append(target_ids)
        self._target_lengths.append(target_lengths.astype(np.int32))

    def _skip(self, skipped: Sequence[Skipped], count: int | None = None, field: str = "") -> None:
        if not skipped:
            return
        number = len(skipped) if count is None else count
        first = (*self._report.skipped_first, *skipped)[:FIRST_SKIPPED]
        self._report = replace(self._report, skipped_first=first)
        self._count(skipped=number, **({field: number} if field else {}))

    def _count(self, **numbers: int) -> None:
        changes: Any = {name: getattr(self._report, name) + number for name, number in numbers.items()}
        self._report = replace(self._report, **changes)

    def finish(self) -> tuple[Codec, Examples, Examples, Report]:
        """Codec, training examples, validation examples, report; DataError if the rows are too few or all alike."""
        return self._finish_stream() if self.kind == "stream" else self._finish_rows()

    def _finish_stream(self) -> tuple[Codec, Examples, Examples, Report]:
        length = len(self._ids)
        if length < SHORTEST_STREAM:
            raise DataError(f"The text has {length} symbols; at least {SHORTEST_STREAM} are needed.")
        ids = self._ids.finish()
        own = self._own_validation_from
        cut = stream_cut(length, self.config.validation) if own is None else own
        if not 2 <= cut <= length - 2:
            raise DataError("The validation text is too short; at least two symbols are needed.")
        parts = [Ragged.of_lengths(part, np.array([len(part)])) for part in (ids[:cut], ids[cut:])]
        vocabulary, mapping = self._vocabulary(self._source, parts, self._min_count(cut))
        codec = Codec(self.kind, self.unit, self.target_unit, self.config.lowercase, vocabulary)
        nothing = Ragged.of([[]])
        train, validation = (Examples(codec, part.remap(mapping), nothing) for part in parts)
        report = replace(self._report, rows_read=1, rows=1, lengths=np.array([length]))
        return codec, train, validation, _with_symbols(report, codec, validation)

    def _finish_rows(self) -> tuple[Codec, Examples, Examples, Report]:
        rows = len(self._lengths)
        if rows < 2:
            reasons = "; ".join(s.reason for s in self._report.skipped_first[:3])
            because = f" {self._report.skipped:,} were left out: {reasons}." if reasons else ""
            raise DataError(f"There {'is only one row' if rows else 'are no rows'} to learn from; at least two are "
                            f"needed, one to learn from and one to measure on.{because}")
        source = Ragged.of_lengths(self._ids.finish(), self._lengths.finish())
        target = Ragged.of_lengths(self._target_ids.finish(), self._target_lengths.finish())
        self._check_labels(target)
        groups, first = self._groups(source)
        chosen = self._choose(groups, target)
        report = self._examine(source, target, groups, first, chosen)
        sides = (np.flatnonzero(~chosen), np.flatnonzero(chosen))
        sources = [source.take(side) for side in sides]
        del source
        targets = [target.take(side) for side in sides]
        del target
        words = len(sources[0].packed)
        vocabulary, mapping = self._vocabulary(self._source, sources, self._min_count(words))
        target_vocabulary, target_mapping = None, None
        if self.kind == "pairs":
            target_vocabulary, target_mapping = self._vocabulary(self._target, targets, max(1, self.config.min_count))
        elif self.kind != "sequences":
            target_vocabulary, target_mapping = self._vocabulary(self._target, targets, None)
        codec = Codec(
            self.kind, self.unit, self.target_unit, self.config.lowercase, vocabulary, target_vocabulary
        )
        sources = [part.remap(mapping) for part in sources]
        if target_mapping is not None:
            targets = [part.remap(target_mapping) for part in targets]
        train, validation = (Examples(codec, s, t) for s, t in zip(sources, targets, strict=True))
        return codec, train, validation, _with_symbols(report, codec, validation)

    def _check_labels(self, target: Ragged) -> None:
        if self.kind in ("labelled", "tagged") and len(self._target.symbols) < 2:
            word = "label" if self.kind == "labelled" else "tag"
            raise DataError(f"Every row has the same {word}, {self._target.symbols[0]!r}; at least two different "
                            f"{word}s are needed. Perhaps another column holds the {word}s.")

    def _groups(self, source: Ragged) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number of each row's text (n,), and the row where each text first stands."""
        hashes = row_hashes(source, len(self._source.symbols))
        _, first, groups = np.unique(hashes, return_index=True, return_inverse=True)
        return groups, first

    def _choose(self, groups: NDArray[np.int64], target: Ragged) -> NDArray[np.bool_]:
        own = self._own_validation_from
        if own is not None:
            chosen = np.arange(len(groups)) >= own
            if chosen.all() or not chosen.any():
                raise DataError(f"There are no {'training' if chosen.all() else 'validation'} rows.")
            return chosen
        strata = target.values.astype(np.int64) if self.kind == "labelled" else None
        generator = np.random.default_rng(self.config.seed)
        return split_rows(groups, self.config.validation, generator, strata)

    def _examine(
        self, source: Ragged, target: Ragged, groups: NDArray[np.int64], first: NDArray[np.int64],
        chosen: NDArray[np.bool_],
    ) -> Report:  # fmt: skip
        rows = len(groups)
        sizes = np.bincount(groups)
        share = chosen.sum() / rows
        repeated = sizes[sizes > 1]
        avoided = float((repeated * share * (1 - share ** (repeated - 1))).sum())
        leaks = 0
        if self._own_validation_from is not None:
            leaks = int(np.isin(groups[chosen], groups[~chosen]).sum())
            avoided = 0.0
        counts: dict[str, int] = {}
        contradictions = 0
        if self.kind in ("labelled", "tagged"):
            numbers = target.counts(len(self._target.symbols))
            order = np.argsort(-numbers, kind="stable").tolist()
            counts = {self._target.symbols[i]: int(numbers[i]) for i in order}
        if self.kind == "labelled":
            labels = target.values
            differs = labels != labels[first][groups]
            contradictions = len(np.unique(groups[differs]))
        return replace(
            self._report,
            rows_read=rows + self._report.skipped,
            rows=rows,
            duplicates=rows - len(sizes),
            leaks=leaks,
            leaks_avoided=round(avoided),
            contradictions=contradictions,
            lengths=np.bincount(source.lengths),
            target_lengths=np.bincount(target.lengths),
            label_counts=MappingProxyType(counts),
        )

    def _min_count(self, symbols: int) -> int:
        if self.config.min_count:
            return self.config.min_count
        return 2 if self.unit == "word" and self.kind != "pairs" and symbols >= _MANY_WORDS else 1

    @staticmethod
    def _vocabulary(
        encoder: Encoder, sides: Sequence[Ragged], min_count: int | None
    ) -> tuple[Vocabulary, NDArray[np.int32]]:
        """The vocabulary by counts in sides[0], and draft id → final id. min_count None: labels or tags."""
        train, validation = (side.counts(len(encoder.symbols)) for side in sides)
        occurs = np.flatnonzero(train + validation)  # parts of clusters and symbols of dropped rows do not
        symbols = [encoder.symbols[i] for i in occurs.tolist()]
        if min_count is None:
            vocabulary = Vocabulary.from_counts(symbols, train[occurs], has_specials=False)
        else:
            vocabulary = Vocabulary.from_counts(symbols, train[occurs], min_count=min_count)
        place = {symbol: i for i, symbol in enumerate((*vocabulary.symbols, *vocabulary.extra))}
        if vocabulary.has_specials:
            place.update(dict.fromkeys(SPECIALS, 0))
        mapping = np.zeros(len(encoder.symbols), np.int32)
        mapping[occurs] = [place[symbol] for symbol in symbols]
        return vocabulary, mapping


def _line(batch: Batch, i: int) -> int | None:
    return None if batch.lines is None else int(batch.lines[i])


def _with_symbols(report: Report, codec: Codec, validation: Examples) -> Report:
    """The report with what is known only after the vocabulary is made."""
    vocabulary = codec.source
    seen = validation.source.counts(len(vocabulary) + len(vocabulary.extra))
    unknown = int(seen[len(vocabulary) :].sum() + (seen[0] if vocabulary.has_specials else 0))
    shown = range(len(SPECIALS), min(len(vocabulary), _SYMBOLS_SHOWN))
    symbols = {vocabulary.symbols[i]: int(vocabulary.counts[i]) for i in shown}
    return replace(
        report,
        unknown_share=unknown / max(1, int(seen.sum())),
        symbol_counts=MappingProxyType(symbols),
    )
