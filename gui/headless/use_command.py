"""Using a saved run without a window: `python main.py RUN --classify FILE` and the like. Qt is not imported."""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from os.path import isdir
from pathlib import Path
from typing import Any, TypeVar

import engine
from engine.data.codec import SEPARATOR
from engine.data.examples_file import ExamplesFile, load_examples
from engine.data.files.several_columns import lacks_columns
from engine.data.files.texts_to_answer import Input, read_inputs, tokens_of
from engine.data.files.token_lines import TokenLines, lines_for_tokens
from engine.data.numbers.next_times import times_after
from engine.data.numbers.recordings_to_answer import AskedRecording, recordings_in
from engine.inspection.membership import rows_in_training
from engine.inspection.unknown_symbols import UnknownSymbols
from engine.models.answer_options import SearchOptions, WritingOptions
from engine.models.forecast_table import SERIES_NAME, ForecastTable, too_few_read
from engine.models.metrics import about_accuracy, metric_in_words, told
from engine.models.number_metrics import about_columns
from engine.name_list import some_of
from engine.number_text import counted, loss_text, percent
from engine.runs.training_rows import with_training_rows
from gui.headless.arguments import flag_of, given_settings, value_of
from gui.headless.checks import work_of
from gui.headless.forecast_lines import forecast_columns, forecast_lines
from gui.headless.output import Output
from gui.headless.standard_input import STANDARD_INPUT, StandardInput, opened

MOST_NAMED = 5  # symbols that the network does not know
_AnswerToOne = TypeVar("_AnswerToOne")
NOTE = "Do not choose settings by this figure, or it will no longer tell how good the network is on new data."


@dataclass(frozen=True)
class PrintedAnswer:
    """One answer: as one or several lines for people, and as an object for programs."""

    plain: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class _RowToAnswer:
    """A row to be answered: its text, the symbols that the network reads, none in an empty row; and the lines of a file
    to which its tags are added, if it has a line for each symbol. file: which of several files it stands in, or ""."""

    text: str
    tokens: tuple[str, ...]
    lines: TokenLines | None = None
    file: str = ""

    def answered(self, answer: PrintedAnswer) -> PrintedAnswer:
        """Its answer, with the name of its file if there are several."""
        named = PrintedAnswer(f"{answer.plain}\t{self.file}", {"file": self.file, **answer.values})
        return named if self.file else answer


class UsingCommand:
    """One call of the program that asks a saved run for something."""

    def __init__(self, options: argparse.Namespace, out: Output, errors: Output) -> None:
        self.options, self.out, self.errors = options, out, errors
        self.verb = work_of(options)
        if options.file is None:
            raise engine.ConfigError(f"--{self.verb} needs a saved run: python main.py RUN --{self.verb} …")
        if options.more:
            raise engine.ConfigError(f"{options.more[0]} would not be read: --{self.verb} uses one saved run.")
        self.run = engine.open_run(options.file)
        snapshot = self.run.snapshot
        if options.use_best:
            if self.run.best_snapshot is None:
                self.errors.write("--use-best has no effect: this run keeps no weights but the last.\n")
            snapshot = self.run.best_snapshot or snapshot
        self.model = snapshot.model()
        layout, reads_text = self.run.data.layout, self.model.codec.frames is None
        self._columns = layout.sources if layout is not None and reads_text else ()  # that a text is made of
        self._capitals: dict[str, None] = {}  # unknown symbols that are known in lower case, as they came
        self._texts = self._incomplete = 0  # those that have fewer columns than the network reads
        self._cut = 0  # those that are longer than any it was trained on
        self._unknown = UnknownSymbols()  # in the texts

    def work(self) -> int:
        """Write all answers to the output; returns the exit status."""
        as_json = value_of(self.options, "format") == "jsonl"
        for answer in _ANSWERS[self.verb](self):
            line = json.dumps(_finite(answer.values), ensure_ascii=False) if as_json else answer.plain
            self.out.write(f"{line}\n")
        for line in (*self._about_columns(), *self._about_cut(), *self._about_unknown()):
            self.errors.write(f"{line}\n")
        return 0

    def _look_at(self, tokens: Sequence[str]) -> None:
        """Note which symbols of a text the network does not know."""
        known = self.model.codec.source.index
        unknown = [token for token in tokens if known(token) is None]
        self._capitals.update((token, None) for token in unknown if known(token.lower()) is not None)
        self._unknown.note(len(tokens), len(unknown))

    def _about_columns(self) -> Iterator[str]:
        if self._incomplete:
            texts = f"{self._incomplete:,} of {counted(self._texts, 'text')}"
            yield (
                f"{texts} {'lacks' if self._incomplete == 1 else 'lack'} columns: the network reads "
                f"“{SEPARATOR.join(self._columns)}”, given as columns or with “{SEPARATOR}” between them."
            )

    def _about_cut(self) -> Iterator[str]:
        if self._cut:
            longest = counted(self.run.data.config.longest, self.model.codec.symbol_name)
            what = f"{self._cut:,} of {counted(self._texts, 'text')} {'was' if self._cut == 1 else 'were'}"
            yield f"{what} cut to the first {longest}, as in training."

    def _about_unknown(self) -> Iterator[str]:
        if self._unknown.unknown:
            yield self._unknown.in_words(self.model.codec.symbol_name)
        if self._capitals:
            named = some_of((f"“{symbol}”" for symbol in self._capitals), MOST_NAMED)
            yield f"Unknown to the network, which knows them in lower case: {named}."

    # ---- what can be asked for

    def evaluate(self) -> Iterator[PrintedAnswer]:
        """Loss and metrics on a file with the right answers."""
        data = self.run.data
        with opened(self.options.evaluate) as path:
            found = load_examples(path, self.model.codec, data.config, data.layout)
        metrics = engine.evaluate(self.model, found.examples)
        if len(self._columns) > 1:
            texts = [self.model.codec.join(one.source) for one in found.examples]
            self._texts, self._incomplete = len(texts), sum(lacks_columns(text, self._columns) for text in texts)
        for line in (*self._known(found), *remarks(found, metrics), *metrics.not_measured):
            self.errors.write(f"{line}\n")
        yield PrintedAnswer(
            metrics_in_words(metrics, self.model.predicts.is_class),
            {
                "loss": metrics.loss,
                **metrics.values,
                "examples": metrics.examples,
                "predictions": metrics.predictions,
                "rows": found.rows,
            },
        )

    def _known(self, found: ExamplesFile) -> Iterator[str]:
        """How much of a file is in the training data, which are read only if they are named, unless they are built
        in."""
        places = self.options.from_data
        if places is None and self.run.data.sample not in engine.SAMPLES:
            yield "Not compared with the training data: --from-data DATA counts the rows that are in both."
            return
        dataset = self.run.data.load() if places is None else with_training_rows(self.run, places)
        if known := rows_in_training(found.examples, dataset):
            yield f"{known}."

    def generate(self) -> Iterator[PrintedAnswer]:
        """Texts that the network writes."""
        options, prefix = self.options, value_of(self.options, "prefix")
        seed, drawn = given_settings(options, "learning").get("seed"), given_settings(options, "writing")
        if options.label is not None and self.model.codec.target is None:
            raise engine.ConfigError("--label: this network has not learned from texts with labels.")
        writing = WritingOptions(**drawn)
        self._tell_idle({name: why for name, why in writing.idle().items() if name in drawn}, "writing")
        if seed is not None and not writing.temperature:
            self._tell_idle({"seed": "At temperature 0 nothing is drawn."}, "learning")
        self._look_at(self.model.codec.tokenize(prefix))
        for text in self.model.generate(
            options.generate, options.label, prefix, writing.temperature, writing.top_k, writing.top_p, seed
        ):
            yield PrintedAnswer(text.text, {"text": text.text, "log_probability": text.log_probability})

    def classify(self) -> Iterator[PrintedAnswer]:
        """The label of each text, sound or series, the most probable one."""
        if self.model.codec.kind.reads_numbers:
            for name, found in self._recordings(self.options.classify, self.model.classify):
                yield _label_of("file", name, found or {})
            return
        for row in self._rows(self.options.classify):
            yield row.answered(_label_of("text", row.text, self.model.classify(row.tokens) if row.tokens else {}))

    def tag(self) -> Iterator[PrintedAnswer]:
        """The tag of each token: one more column in a file of tokens; of texts, CoNLL columns with an empty line after
        each."""
        for row in self._rows(self.options.tag):
            tagged = self.model.tag(row.tokens) if row.tokens else []
            lines = row.lines or lines_for_tokens(row.tokens, (), ())
            yield PrintedAnswer(
                lines.tagged([one.tag for one in tagged]).removesuffix("\n"),
                ({"file": row.file} if row.file else {})
                | {
                    "tokens": [one.token for one in tagged],
                    "tags": [one.tag for one in tagged],
                    "probabilities": [one.probability for one in tagged],
                },
            )

    def translate(self) -> Iterator[PrintedAnswer]:
        """The best answer to each text."""
        for row in self._rows(self.options.translate):
            best = self.model.translate(row.tokens, self._beam_size)[0] if row.tokens else None
            text, log_probability = ("", None) if best is None else (best.text, best.log_probability)
            values = {"source": row.text, "text": text, "log_probability": log_probability}
            yield row.answered(PrintedAnswer(on_one_line(text), values))

    def rate(self) -> Iterator[PrintedAnswer]:
        """The number of each text."""
        for row in self._rows(self.options.rate):
            found = self.model.rate(row.tokens) if row.tokens else None
            value = None if found is None else found.value
            deviation = found.deviation if found is not None and math.isfinite(found.deviation) else None
            shown = "" if value is None else f"{value:.6g}"
            values = {"text": row.text, "value": value, "deviation": deviation}
            yield row.answered(PrintedAnswer(f"{shown}\t{on_one_line(row.text)}", values))

    def forecast(self) -> Iterator[PrintedAnswer]:
        """How each series in a file or folder continues: a line for each step, with its date if those of the file are
        evenly spaced, the mean and 90 % band of each column, and what tells the series from others."""
        seed = given_settings(self.options, "learning").get("seed")
        if seed is not None and self.model.config.number_loss != "gaussian":
            self._tell_idle({"seed": "This network does not predict its uncertainty, so nothing is drawn."}, "learning")
        several, told = isdir(self.options.forecast), ""
        answer = partial(self._forecast, seed=seed or 0, several=several)
        for file, tables in self._recordings(self.options.forecast, answer, as_it_is=not several):
            for name, table in tables or ():  # None of a file that could not be read, which has been told
                of = ({"file": file} if several else {}) | ({SERIES_NAME: name} if name else {})
                columns = forecast_columns(table, of)
                if value_of(self.options, "format") == "plain" and columns != told:
                    self.errors.write(f"{columns}\n")
                    told = columns
                for plain, values in forecast_lines(table, of):
                    yield PrintedAnswer(plain, values)

    def _forecast(self, path: Path, seed: int, several: bool) -> list[tuple[str, ForecastTable]]:
        """The forecast of each series in a file, beside its name; "" if it has none."""
        numbers, ahead = self.model.codec.frames, value_of(self.options, "ahead")
        if numbers is None:
            self.model.forecast(path, steps=ahead, seed=seed)  # a network of texts refuses
        assert numbers is not None
        assert self.model.codec.values is not None
        series, remarks = numbers.read_series(path)
        tables = []
        for values, times, name in series:
            found = self.model.forecast(values, steps=ahead, seed=seed)
            tables.append((name, ForecastTable(found, self.model.codec.values.names, times=times_after(times, ahead))))
            few = too_few_read(len(values), self.model.config.lag)
            where = ", ".join(filter(None, (path.name if several else "", name)))
            remarks += (f"{where}: {few}" if where else few,) if few else ()
        for line in remarks:
            self.errors.write(f"{line}\n")
        return tables

    def transcribe(self) -> Iterator[PrintedAnswer]:
        """The transcript of each sound."""
        for name, found in self._recordings(
            self.options.transcribe, lambda given: self.model.transcribe(given, self._beam_size)
        ):
            yield _written(name, found)

    def caption(self) -> Iterator[PrintedAnswer]:
        """The caption of each picture."""
        for name, found in self._recordings(
            self.options.caption, lambda given: self.model.caption(given, self._beam_size)
        ):
            yield _written(name, found)

    @property
    def _beam_size(self) -> int:
        return SearchOptions(**given_settings(self.options, "search")).beam_size

    def _tell_idle(self, idle: Mapping[str, str], group: str) -> None:
        """Say which of the given settings have no effect, and why."""
        for name, why in idle.items():
            self.errors.write(f"{flag_of(name, group)} has no effect: {why}\n")

    def _recordings(
        self, given: str, answer: Callable[[Any], _AnswerToOne], *, as_it_is: bool = False
    ) -> Iterator[tuple[str, _AnswerToOne | None]]:
        """Each sound, picture or series of a file or folder: its name and the answer, or None for one of several that
        cannot be read, which is told. DataError if none can be. as_it_is: a file is one series, whatever it holds."""
        with opened(given) as path:
            frames = self.model.codec.frames
            # A network of texts says itself that it has no such answers.
            asked = [AskedRecording(path.name, path)] if frames is None or as_it_is else recordings_in(path, frames)
            if len(asked) == 1:
                yield asked[0].name, answer(asked[0].given)
                return
            unread = 0
            for one in asked:
                found = None
                try:
                    found = answer(one.given)
                except engine.DataError as error:
                    unread += 1
                    self.errors.write(f"{error}\n")
                yield one.name, found
            if unread == len(asked):
                raise engine.DataError(f"None of the {unread:,} could be read.", path=path)

    def _rows(self, path: str) -> Iterator[_RowToAnswer]:
        """The rows of a file or of the standard input, empty ones included. Lines that are texts are answered as they
        come."""
        codec, like = self.model.codec, self.run.data.layout
        given = StandardInput() if path == STANDARD_INPUT else None
        texts = None if given is None else given.texts(codec, like)
        if texts is not None:
            yield from (self._row(text) for text in texts)
            return
        with nullcontext(Path(path)) if given is None else given.file() as file:
            asked = read_inputs(file, codec, like, chosen=self.run.data.config)
            if asked.remark:
                self.errors.write(f"{asked.remark}\n")
            for row in asked.rows:
                yield self._row(row.text, row.lines, row.file)

    def _row(self, text: Input, lines: TokenLines | None = None, file: str = "") -> _RowToAnswer:
        longest = self.run.data.config.longest
        tokens = tokens_of(text, self.model.codec, longest)
        self._cut += len(tokens) == longest and len(tokens_of(text, self.model.codec)) > longest
        self._look_at(tokens)
        shown = text if isinstance(text, str) else self.model.codec.join(text)
        self._texts += bool(tokens)
        self._incomplete += lacks_columns(shown, self._columns)
        return _RowToAnswer(shown, tokens, lines, file)


def _label_of(what: str, name: str, probabilities: Mapping[str, float]) -> PrintedAnswer:
    """The most probable label of a text or file; none where there are no probabilities."""
    label = next(iter(probabilities), "")
    best = f"{label}\t{probabilities[label]:.4f}" if probabilities else "\t"
    values = {what: name, "label": label if probabilities else None, "probabilities": probabilities}
    return PrintedAnswer(f"{best}\t{on_one_line(name)}", values)


def _written(name: str, found: Sequence[engine.Translation] | None) -> PrintedAnswer:
    """The best of the texts that were written for a file; none where it could not be read."""
    text, log_probability = (found[0].text, found[0].log_probability) if found else ("", None)
    return PrintedAnswer(
        f"{on_one_line(text)}\t{name}", {"file": name, "text": text, "log_probability": log_probability}
    )


def _finite(value: object) -> object:
    """A value without numbers that are not finite, which JSON lacks."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(inner) for name, inner in value.items()}
    return [*map(_finite, value)] if isinstance(value, (list, tuple)) else value


def on_one_line(text: str) -> str:
    """A text as a cell of a tab-separated line."""
    return " ".join(re.split(r"[\t\r\n]+", text))


_ANSWERS: dict[str, Callable[[UsingCommand], Iterator[PrintedAnswer]]] = {
    "evaluate": UsingCommand.evaluate,
    "generate": UsingCommand.generate,
    "classify": UsingCommand.classify,
    "tag": UsingCommand.tag,
    "translate": UsingCommand.translate,
    "rate": UsingCommand.rate,
    "forecast": UsingCommand.forecast,
    "transcribe": UsingCommand.transcribe,
    "caption": UsingCommand.caption,
}


def metrics_in_words(metrics: engine.Metrics, classes: bool) -> str:
    """ "loss 0.4210, accuracy 82.1 % on 872 examples (predictions: 872)". classes: see `told`."""
    figures = ", ".join(metric_in_words(name, value) for name, value in told(metrics.values, classes).items())
    loss, examples = loss_text(metrics.loss, 4), counted(metrics.examples, "example")
    predicted = f" (predictions: {metrics.predictions:,})" if metrics.predictions else ""  # unknown of an earlier run
    return f"loss {loss}, {figures} on {examples}{predicted}"


def remarks(found: ExamplesFile, metrics: engine.Metrics) -> Iterator[str]:
    """Caveats of the figures: the sheet of a workbook, what does not count in them, means over columns, rows left out,
    and symbols that the network does not know."""
    if found.remark:
        yield found.remark
    if metrics.not_counted:
        yield metrics.not_counted
    if columns := about_columns(found.examples.codec.values):
        yield f"{columns}."
    if symbols := about_accuracy(metrics.values):
        yield f"{symbols}."
    for reason, count in found.left_out.items():
        yield f"{count:,} of {found.rows:,} rows left out: {reason.removesuffix('.')}."
    if found.unknown_share >= 0.005:
        unit = found.examples.codec.symbol_name
        yield f"{percent(found.unknown_share, 1)} of the {unit}s are unknown to the network."


def remarks_on_test(found: ExamplesFile, known: str, metrics: engine.Metrics) -> Iterator[str]:
    """The same of a test file. known: what is known of how much of it is in the training data, "" if nothing is."""
    if known:
        yield f"{known[0].upper()}{known[1:]}."
    yield from remarks(found, metrics)
    yield NOTE
