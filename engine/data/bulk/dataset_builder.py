"""Turns texts into examples; files and rows given in Python both come through here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.belonging import check_language, compare_labels, compare_spelling
from engine.data.bulk.encode import ChunkEncoder, Encoder, GrowingArray, TokenEncoder, encoder, row_hashes
from engine.data.bulk.ragged import Ragged, count_values, offsets_of, remap, split_in_place
from engine.data.bulk.row_batch import RowBatch
from engine.data.bulk.text_array import Texts
from engine.data.codec import Codec, Kind, Unit, marks_apart
from engine.data.data_config import KEEP, KIND_CHOICES, DataConfig
from engine.data.examples import Examples
from engine.data.numbers.gap_marks import is_only_gap
from engine.data.report import FIRST_SKIPPED, Report, Skipped
from engine.data.spacing import spaced_marks
from engine.data.split import Repeats, split_rows, stream_cut
from engine.data.vocabulary import SPECIALS, UNKNOWN, Vocabulary, rank
from engine.errors import DataError
from engine.number_text import counted

# Running text shorter than this cannot be split into a training and a validation part.
SHORTEST_STREAM = 10
# With fewer words than this, all are kept; with more, those seen only once teach the model about unknown words.
_MANY_WORDS = 10_000
_MOSTLY = 0.9  # of all tokens
_FEW_ROWS = 10  # from fewer, nothing reliable is learned
_SYMBOLS_SHOWN = 200


class DatasetBuilder:
    """Collects batches of rows of one kind; `finish` splits them and makes vocabularies and examples."""

    def __init__(
        self,
        kind: Kind,
        unit: Unit,
        target_unit: Unit,
        config: DataConfig,
        delimiter: str = "",
        beside: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """delimiter, beside: what separates the columns of the file, if it has any, and the first cells of those that
        are not learned; they tell how numbers are written."""
        self.kind, self.unit, self.target_unit, self.config = kind, unit, target_unit, config
        self._delimiter, self._beside = delimiter, beside or {}
        self._source: Encoder = TokenEncoder() if kind == Kind.TAGGED else encoder(unit)
        self._target: Encoder = encoder(target_unit, marks_apart(unit)) if kind == Kind.PAIRS else TokenEncoder()
        self._ids, self._lengths = GrowingArray(), GrowingArray()
        self._target_ids, self._target_lengths = GrowingArray(), GrowingArray()
        self._report = Report()
        self._own_validation_from: int | None = None
        self._spaced: str | None = None  # punctuation marks with a space before them, decided on the first rows

    def add(self, batch: RowBatch) -> None:
        """Add rows; empty and overlong rows are left out and reported."""
        self._skip(batch.skipped)
        if batch.mended:
            first = (*self._report.mended_first, *batch.mended)[:FIRST_SKIPPED]
            self._report = replace(self._report, mended=self._report.mended + len(batch.mended), mended_first=first)
        if self._spaced is None and "word" in (self.unit, self.target_unit) and self.kind != Kind.TAGGED:
            self._spaced = spaced_marks(batch.target if self.kind.writes_text else batch.source)
        if self.kind == Kind.STREAM:
            self._add_stream(batch.source)
        elif self.kind == Kind.TAGGED:
            self._add_tagged(batch)
        else:
            self._add_texts(batch)

    def validation_follows(self) -> None:
        """Rows added from now on go to the validation part."""
        self._own_validation_from = len(self._ids) if self.kind == Kind.STREAM else len(self._lengths)

    @property
    def rows(self) -> int:
        return len(self._lengths)

    def _add_stream(self, texts: Sequence[str]) -> None:
        for text in texts:
            # Characters combine only within a line, so few lines have to take the slow path.
            lowered = text.lower() if self.config.lowercase else text
            ids, _ = self._source.encode(Texts.lines(lowered, keep_ends=True))
            self._ids.append(ids)

    def _add_texts(self, batch: RowBatch) -> None:
        has_target = self.kind != Kind.SEQUENCES
        source = Texts.of(batch.source).strip()
        target = Texts.of(batch.target).strip() if has_target else source
        keep: NDArray[np.int64] | None = None
        full = (source.sizes > 0) & (target.sizes > 0)
        if self.kind == Kind.RATED:
            from engine.data.numbers.rated_texts import are_numbers  # other kinds of text have no numbers

            full &= are_numbers(target)
        if not full.all():
            keep = np.flatnonzero(full)
            missing = np.flatnonzero(~full)
            self._skip(
                [Skipped(batch.line(i), f"no {self._target_word}" if source[i] else "no text")
                 for i in missing[:FIRST_SKIPPED].tolist()],
                len(missing), "empty",
            )  # fmt: skip
            source, target = source.take(keep), target.take(keep)
        if self.config.lowercase:
            source = source.lower()
            target = target.lower() if self.kind == Kind.PAIRS else target
        ids, lengths = self._source.encode(source)
        target_ids, target_lengths = self._target.encode(target) if has_target else (ids[:0], lengths * 0)
        self._append(ids, lengths, target_ids, target_lengths, batch, keep)

    @property
    def _target_word(self) -> str:
        return {Kind.LABELLED: "label", Kind.RATED: "number"}.get(self.kind, "target text")

    def _add_tagged(self, batch: RowBatch) -> None:
        if batch.lengths is None:
            raise ValueError("tagged rows come with their lengths")
        words = _trimmed(Texts.of(batch.source))
        ids, _ = self._source.encode(words.lower() if self.config.lowercase else words)
        tags, _ = self._target.encode(Texts.of(batch.target).strip())
        self._append(ids, batch.lengths, tags, batch.lengths, batch, None)

    def _append(
        self,
        ids: NDArray[Any],
        lengths: NDArray[np.int64],
        target_ids: NDArray[Any],
        target_lengths: NDArray[np.int64],
        batch: RowBatch,
        numbers: NDArray[np.int64] | None,
    ) -> None:
        """Store encoded rows, except those that are too long. numbers (n,): their indices in the batch; None: all."""
        longest = self.config.longest
        over = (lengths > longest) | (target_lengths > longest) if longest else np.zeros(len(lengths), bool)
        if over.any():
            source = Ragged.of_lengths(ids, lengths)
            if self.kind.answers_once:
                lengths = np.minimum(lengths, longest)
                place = np.arange(len(ids)) - np.repeat(source.offsets[:-1], source.lengths)
                ids = ids[place < longest]
                self._count(cut=int(over.sum()))
            else:
                which = np.flatnonzero(over)
                sizes = np.maximum(lengths, target_lengths)
                places = which if numbers is None else numbers[which]
                named = zip(sizes[which].tolist(), places[:FIRST_SKIPPED].tolist(), strict=False)
                reasons = [Skipped(batch.line(i), f"{size:,} symbols; the limit is {longest:,}") for size, i in named]
                self._skip(reasons, len(which), "too_long")
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
        """Codec, training examples, validation examples, report; DataError if rows are too few or all alike."""
        return self._finish_stream() if self.kind == Kind.STREAM else self._finish_rows()

    def _finish_stream(self) -> tuple[Codec, Examples, Examples, Report]:
        length = len(self._ids)
        if length < SHORTEST_STREAM:
            raise DataError(f"The text has {length} symbols; at least {SHORTEST_STREAM} are needed.")
        own = self._own_validation_from
        cut = stream_cut(length, self.config.validation) if own is None else own
        if not 2 <= cut <= length - 2:
            raise DataError("The validation text is too short; at least two symbols are needed.")
        ids = self._ids.finish()
        symbols, sides = self._in_pieces(self._source, [_one_row(part) for part in (ids[:cut], ids[cut:])])
        if symbols is not self._source.symbols:
            ids, cut = np.concatenate([side.packed for side in sides]), len(sides[0].packed)
        vocabulary, mapping = self._vocabulary(symbols, (ids[:cut], ids[cut:]), self._min_count(cut))
        ids = remap(ids, mapping)
        codec = self._codec(vocabulary)
        train, validation = (Examples(codec, _one_row(part), Ragged.empty(1)) for part in (ids[:cut], ids[cut:]))
        report = replace(self._report, rows_read=1, rows=1, lengths=np.array([len(ids)]))
        report = _with_symbols(report, codec, validation)
        if self.config.validation_file:
            check_language(validation, self.config.validation_file)
        return codec, train, validation, report

    def _finish_rows(self) -> tuple[Codec, Examples, Examples, Report]:
        self._check_rows()
        ids, lengths = self._ids.finish(), self._lengths.finish()
        offsets = offsets_of(lengths, len(ids))
        repeats = Repeats.of(row_hashes(Ragged(ids, offsets)))
        target_ids, target_lengths = self._target_ids.finish(), self._target_lengths.finish()
        strata = target_ids if self.kind == Kind.LABELLED else None
        chosen = self._choose(len(lengths), repeats, strata)
        report = self._examine(target_ids, lengths, target_lengths, repeats, chosen)
        if self._own_validation_from is not None and self.kind.has_classes:
            tags = Ragged.of_lengths(target_ids, target_lengths)
            remark = compare_labels(self.kind, self._target.symbols, tags, chosen, self.config.validation_file)
            report = replace(report, remarks=(*report.remarks, *([remark] if remark else [])))
        del repeats, strata, lengths
        sources: tuple[Ragged, ...] = split_in_place(ids, offsets, chosen)
        targets: tuple[Ragged, ...] = tuple(Ragged.empty(len(side)) for side in sources)
        if self.kind != Kind.SEQUENCES:
            targets = split_in_place(target_ids, offsets_of(target_lengths, len(target_ids)), chosen)
        del ids, target_ids, offsets, chosen
        symbols, sources = self._in_pieces(self._source, sources)
        answers, targets = self._in_pieces(self._target, targets)
        if self.unit == "piece" or self.target_unit == "piece":
            report = replace(report, lengths=_counted_lengths(sources), target_lengths=_counted_lengths(targets))
        source, sources = self._number(symbols, sources, self._min_count(len(sources[0].packed)))
        target = None
        if self.kind != Kind.SEQUENCES:
            fewest = max(1, self.config.min_count) if self.kind == Kind.PAIRS else None
            target, targets = self._number(answers, targets, fewest)
        codec = self._codec(source, target)
        train, validation = (Examples(codec, s, t) for s, t in zip(sources, targets, strict=True))
        if self.kind == Kind.RATED:
            from engine.data.numbers.decimal_marks import WrittenIn
            from engine.data.numbers.known_mark import KnownMark
            from engine.data.numbers.rated_texts import rated

            written = WrittenIn(self._delimiter, known=KnownMark.of(self.config))
            codec, train, validation, remark = rated(
                codec, train, validation, written, self._beside, self._own_validation_from is not None
            )
            report = replace(report, remarks=(*report.remarks, *([remark] if remark else [])))
        report = _with_symbols(report, codec, validation)
        if self.config.validation_file:
            check_language(validation, self.config.validation_file)
            remark = compare_spelling(train, validation, self.config.validation_file)
            report = replace(report, remarks=(*report.remarks, *([remark] if remark else [])))
        return codec, train, validation, report

    def _codec(self, source: Vocabulary, target: Vocabulary | None = None) -> Codec:
        lowercase, composed = self.config.lowercase, self.config.normal_form != KEEP
        spaced = self._spaced or ""
        return Codec(self.kind, self.unit, self.target_unit, lowercase, source, target, composed, spaced=spaced)

    def _check_rows(self) -> None:
        rows = len(self._lengths)
        if rows < 2:
            reasons = "; ".join([*dict.fromkeys(row.reason for row in self._report.skipped_first)][:3])
            skipped = "1 was" if self._report.skipped == 1 else f"{self._report.skipped:,} were"
            because = f" {skipped} left out: {reasons}." if reasons else ""
            only = f"is only one row to train on, read as {KIND_CHOICES[self.kind]}"
            raise DataError(f"There {only if rows else 'are no rows to train on'}; at least two are needed, one to "
                            f"train on and one to validate on.{because}")  # fmt: skip
        if self.kind.has_classes and len(self._target.symbols) < 2:
            word = "label" if self.kind == Kind.LABELLED else "tag"
            raise DataError(f"Every row has the same {word}, {self._target.symbols[0]!r}; at least two different "
                            f"{word}s are needed. Perhaps another column holds the {word}s.")  # fmt: skip

    def _choose(self, rows: int, repeats: Repeats, strata: NDArray[Any] | None) -> NDArray[np.bool_]:
        own = self._own_validation_from
        if own is None:
            return split_rows(rows, repeats, self.config.validation, np.random.default_rng(self.config.seed), strata)
        if not 0 < own < rows:
            raise DataError(f"There are no {'validation' if own else 'training'} rows.")
        return np.arange(rows) >= own

    def _examine(
        self, target_ids: NDArray[Any], lengths: NDArray[Any], target_lengths: NDArray[Any], repeats: Repeats,
        chosen: NDArray[np.bool_],
    ) -> Report:  # fmt: skip
        """The report, with remarks about the rows as a whole."""
        rows = len(lengths)
        remarks = list(self._report.remarks)
        if rows < _FEW_ROWS:
            remarks.append(
                f"There are only {rows} rows: too few to learn anything reliable; start with a hundred or more."
            )
        own = self._own_validation_from is not None
        counts: dict[str, int] = {}
        contradictions = 0
        if self.kind.has_classes:
            numbers = count_values(target_ids, len(self._target.symbols))
            named = zip(self._target.symbols, numbers.tolist(), strict=True)
            counts = dict(sorted(named, key=lambda one: (-one[1], one[0])))
        if self.kind == Kind.LABELLED:
            differs = target_ids[repeats.rows] != target_ids[repeats.first][repeats.group]
            contradictions = int(np.count_nonzero(np.bincount(repeats.group[differs])))
            remarks += _about_markers(counts)
        return replace(
            self._report,
            rows_read=rows + self._report.skipped,
            rows=rows,
            duplicates=repeats.later,
            leaks=repeats.leaks(chosen) if own else 0,
            leaks_avoided=0 if own else repeats.expected_leaks(self.config.validation),
            contradictions=contradictions,
            lengths=count_values(lengths, int(lengths.max()) + 1),
            target_lengths=count_values(target_lengths, int(target_lengths.max()) + 1),
            label_counts=MappingProxyType(counts),
            remarks=tuple(remarks),
        )

    def _min_count(self, symbols: int) -> int:
        if self.config.min_count:
            return self.config.min_count
        if self.unit == "token" and UNKNOWN in self._source.symbols:  # rare words are already replaced
            return 1
        if self.kind == Kind.TAGGED and _are_characters(self._source.symbols):
            return 1
        return 2 if self.unit in ("word", "token") and self.kind != Kind.PAIRS and symbols >= _MANY_WORDS else 1

    def _in_pieces(self, encoder: Encoder, sides: Sequence[Ragged]) -> tuple[Sequence[str], tuple[Ragged, ...]]:
        """The symbols by draft id, and the rows in those ids. Chunks are cut into pieces only now, because pieces are
        learned from the training rows alone."""
        if isinstance(encoder, ChunkEncoder):
            return encoder.in_pieces(sides, self.config.pieces, max(1, self.config.min_count))
        return encoder.symbols, tuple(sides)

    @staticmethod
    def _number(
        symbols: Sequence[str], sides: tuple[Ragged, ...], min_count: int | None
    ) -> tuple[Vocabulary, tuple[Ragged, ...]]:
        """The vocabulary of a side, and its rows in final ids."""
        owned = [np.asarray(side.packed.base if side.packed.base is not None else side.packed) for side in sides]
        offsets = [side.offsets for side in sides]
        vocabulary, mapping = DatasetBuilder._vocabulary(symbols, owned, min_count)
        return vocabulary, tuple(Ragged(remap(v, mapping), o) for v, o in zip(owned, offsets, strict=True))

    @staticmethod
    def _vocabulary(
        drafts: Sequence[str], sides: Sequence[NDArray[Any]], min_count: int | None
    ) -> tuple[Vocabulary, NDArray[np.int32]]:
        """The vocabulary, ordered by counts in sides[0], and draft id → final id. min_count is None for labels and
        tags."""
        train, validation = (count_values(side, len(drafts)) for side in sides)
        occurs = np.flatnonzero(train + validation)  # parts of clusters, and symbols of dropped rows, do not
        symbols = [drafts[i] for i in occurs.tolist()]
        has_specials, fewest = min_count is not None, min_count or 1
        vocabulary = Vocabulary.from_counts(symbols, train[occurs], min_count=fewest, has_specials=has_specials)
        order = np.concatenate(rank(symbols, train[occurs], fewest, has_specials))
        mapping = np.zeros(len(drafts), np.int32)  # a symbol that looks like a special one becomes unknown
        mapping[occurs[order]] = np.arange(len(order)) + (len(SPECIALS) if has_specials else 0)
        return vocabulary, mapping


def _about_markers(counts: Mapping[str, int]) -> Iterator[str]:
    """A remark on labels that say elsewhere that a value is missing, unless hardly any others are left."""
    found = [label for label in counts if is_only_gap(label)]
    if found and len(counts) - len(found) > 1:
        look = "look like markers for missing values" if len(found) > 1 else "looks like a marker for a missing value"
        rows = ", ".join(f"“{label}” in {counted(counts[label], 'row')}" for label in found)
        labels = counted(len(found), "label")
        yield f"{labels} {look}: {rows}. Every label is learned; only rows without one are left out."


def _one_row(values: NDArray[Any]) -> Ragged:
    return Ragged.of_lengths(values, np.array([len(values)]))


def _counted_lengths(sides: Sequence[Ragged]) -> NDArray[np.int64]:
    """The number of rows of each length."""
    lengths = np.concatenate([side.lengths for side in sides])
    return count_values(lengths, int(lengths.max(initial=0)) + 1)


def _are_characters(symbols: Sequence[str]) -> bool:
    """Whether tokens are characters, one on each row of the file; a rare character has no spelling to learn from."""
    return sum(len(symbol) == 1 for symbol in symbols) > _MOSTLY * len(symbols)


def _trimmed(tokens: Texts) -> Texts:
    """Tokens without invisible characters at either end; a token that consists of nothing else stays."""
    stripped = tokens.strip()
    if stripped is tokens:
        return tokens
    empty = stripped.sizes == 0
    starts, ends = np.where(empty, tokens.starts, stripped.starts), np.where(empty, tokens.ends, stripped.ends)
    return Texts(tokens.data, starts, ends, tokens.separated)


def _with_symbols(report: Report, codec: Codec, validation: Examples) -> Report:
    """The report, completed with facts that need the vocabulary."""
    vocabulary = codec.source
    counts = count_values(validation.source.packed, len(vocabulary) + len(vocabulary.extra))
    unknown = int(counts[len(vocabulary) :].sum() + (counts[0] if vocabulary.has_specials else 0))
    shown = range(len(SPECIALS), min(len(vocabulary), _SYMBOLS_SHOWN))
    symbols = {vocabulary.symbols[i]: int(vocabulary.counts[i]) for i in shown}
    return replace(
        report,
        unknown_share=unknown / max(1, int(counts.sum())),
        symbol_counts=MappingProxyType(symbols),
    )
