"""Encoder–decoder: the best answers to what is typed, how they were found, and what the decoder looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStackedWidget

import engine
from engine.data.vocabulary import END
from engine.inspection.text_search import LONGEST_ANSWERED
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.file_answers import AnswerCells, AnswerValues, FileVerb, score_texts
from gui.panels.try_it.file_row import FileRow
from gui.panels.try_it.searching import Search, search
from gui.panels.try_it.try_view import RANKED, ProbeText, TryView, scored
from gui.session.session import Session
from gui.widgets.attention_lines import AttentionLines, AttentionWeights
from gui.widgets.beam_tree import BeamTree
from gui.widgets.controls import introduced
from gui.widgets.fields import Form
from gui.widgets.result_list import ROW_PX, ResultList
from gui.widgets.segments import Segments
from gui.widgets.slider import NumberSlider
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import height_of, text_label

FIRST_BEAM = 4
BEAMS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
TREE_HELP = (
    f"Columns are steps; numbers: log-probability so far, 0 is certain; {END} ends an answer. Click a symbol to "
    "force it, again to release it."
)
LOOKS_HELP = (  # beside the picture: as a tooltip, it would cover the words and lines that one hovers over
    f"Source left, answer right; {END} is the end. Hover over a symbol to follow its lines."
)
NO_LOOKS = "This network has no attention: it writes from the encoder’s last state alone."
MOST_ROWS = 4.5  # of the list of answers; if there are more, it scrolls
SPARE_ROWS = 1  # for answers of several lines


class TranslateView(TryView):
    """As one types: the answers of a beam search, its tree in which words can be forced, and lines of attention."""

    name = "translate"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to translate", "The answers follow as you type")
        self.beam = NumberSlider(
            "beam-size",
            "Beam",
            "How many candidates are kept at each step; 1 is greedy.",
            BEAMS,
            minimum=1,
            maximum=64,
            whole=True,
            widest="64",
        )
        self.beam.set_value(FIRST_BEAM)
        self.forced = QLineEdit()
        self.results = ResultList(session.theme, "try-results", "Answers")
        self.title = text_label(RANKED, "small", wrap=True)
        self.look = Segments("try-look", {"tree": "Beam tree", "attention": "Attention"}, "How the answer was found")
        self.look.set_value("tree")
        self.help = text_label(TREE_HELP, "small", wrap=True)
        self.tree = BeamTree(session.theme, "try-tree", "Beam tree")
        self.attention = AttentionLines(session.theme, "try-attention", "Attention between source and answer")
        self.stack = QStackedWidget()
        self.file = FileRow(session, "translate-file", "Translate a file…", translating(FIRST_BEAM))
        self.search = Search()
        self._forced: tuple[str, ...] = ()
        self._forced_of = ""  # the text whose answers are forced
        self._arrange()
        self.beam.moved.connect(self.follow)
        self.forced.textEdited.connect(self._type_forced)
        self.look.changed.connect(self._show_look)
        self.tree.chosen.connect(self.force)
        self.results.currentRowChanged.connect(self._show_answer)

    def _arrange(self) -> None:
        introduced(
            self.forced,
            "try-forced",
            "First words of the answer",
            "Every answer begins with this; you can also click words in the tree",
        )
        self.forced.setPlaceholderText("anything")
        self.forced.setClearButtonEnabled(True)
        self.results.setMinimumHeight(2 * ROW_PX)
        self.results.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.stack.addWidget(self.tree)
        self.stack.addWidget(self.attention)
        self.stack.setMinimumHeight(170)
        form = Form()
        form.add("Beam", self.beam)
        form.add("Begins with", self.forced)
        self.column.addWidget(self.text)
        self.column.addLayout(form)
        for widget in (self.file, self.message, self.title, self.results, self.look, self.help):
            self.column.addWidget(widget)
        self.column.addWidget(self.stack, 1)
        self.column.addStretch()  # fills the space while the stack is hidden

    def adapt(self) -> None:
        """Show the probe as the text, and clear the answers of the old network."""
        self.text.show_probe()
        self.file.abandon()
        self._force(())
        self._show(Search())

    def follow(self) -> None:
        """Ask for a new answer."""
        self.text.show_probe()
        self.file.follow()
        probe = self.session.probe.text
        if self._forced_of != probe:
            self._force(())  # another text: what was forced or selected belonged to the old one
            self.results.setCurrentRow(0)
        self._forced_of = probe
        # As high as a full beam, whatever was found, so that nothing below moves while one types.
        rows = min(MOST_ROWS, self.beam.value() + SPARE_ROWS)
        self.results.setMaximumHeight(round(rows * ROW_PX))
        self.file.verb = translating(round(self.beam.value()))
        if not self.search.answers:
            self.title.setText(self.without_answer())
        wanted = (probe, self.beam.value(), self._forced)
        self.ask(partial(search, text=probe, beam_size=round(wanted[1]), forced=self._forced), self._show, *wanted)

    # ---- forcing

    def force(self, branch: int) -> None:
        """Make every answer begin with the path to this branch; if they already do, release its last word."""
        way = self.search.way_to(branch)
        self._force(way[:-1] if way == self._forced else way)
        self.follow()

    def _force(self, forced: tuple[str, ...]) -> None:
        self._forced = forced
        dataset = self.session.data.dataset
        words = [symbol for symbol in forced if symbol != END]
        self.forced.setText(dataset.codec.join(words, "target") if dataset is not None and words else "")

    def _type_forced(self, text: str) -> None:
        dataset = self.session.data.dataset
        self._forced = dataset.codec.tokenize(text, "target") if dataset is not None else ()
        self.follow()

    # ---- showing

    def _show(self, found: Search) -> None:
        self.search = found
        theme = self.session.theme
        notes = (
            [f"Only the first {LONGEST_ANSWERED} {self.session.data.symbol_name}s are read."] if found.left_out else []
        )
        if found.not_forced:
            notes.append(f"“{visible_symbol(found.not_forced)}” is unknown to the decoder; it cannot be forced.")
        strange = [t for t, known in zip(found.tokens, found.known, strict=True) if not known]
        self.refuse(" ".join([*notes, *self.missing_in_words(), *self.unknown_in_words(strange)]))
        empty = not self.text.text().strip()
        self.title.setText(RANKED if found.answers else self.without_answer())
        for part in (self.results, self.look, self.help, self.stack):
            part.setVisible(not empty)
        self.results.show_results([scored(answer.text, answer.log_probability) for answer in found.answers], theme)
        if found.answers and self.results.currentRow() < 0:
            self.results.setCurrentRow(0)  # shows it
        self._show_answer(self.results.currentRow())

    def _show_answer(self, row: int) -> None:
        """Show the tree and the attention of one answer, or of the first if none is selected."""
        row = row if 0 <= row < len(self.search.answers) else 0
        theme = self.session.theme
        self.tree.show_branches(self.search.tree(row), theme, self.search.question)
        looks = self.search.answers[row].looks if self.search.answers else None
        self.attention.show_looks(looks or AttentionWeights(), theme)
        self._show_look()

    def _show_look(self) -> None:
        attention = self.look.value() == "attention"
        self.stack.setCurrentWidget(self.attention if attention else self.tree)
        has_looks = self.session.run.model_config.attention
        self.help.setText((LOOKS_HELP if has_looks else NO_LOOKS) if attention else TREE_HELP)
        self._reserve()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sentence the height of the longest one, so that the choice above it stays where it is."""
        super().resizeEvent(event)
        self._reserve()

    def _reserve(self) -> None:
        texts = (TREE_HELP, LOOKS_HELP if self.session.run.model_config.attention else NO_LOOKS)
        self.help.setMinimumHeight(max(height_of(self.help, text, self.help.width()) for text in texts))

    def draw(self) -> None:
        """Show the answer again."""
        self._show(self.search)

    def answers(self) -> Answers | None:
        """The answers with their scores."""
        answers = self.search.answers
        if not answers:
            return None
        rows = tuple((self.search.text, rank, a.text, round(a.log_probability, 6)) for rank, a in enumerate(answers, 1))
        return Answers(tuple(a.text for a in answers), ("source", "rank", "answer", "log_probability"), rows)


def _answer(model: engine.Model, tokens: tuple[str, ...], beam_size: int) -> tuple[AnswerCells, AnswerValues]:
    """The best answer of a beam search, and its log-probability."""
    best = model.translate(tokens, beam_size=beam_size)[0]
    return (best.text, best.log_probability), model.codec.tokenize(best.text, "target")


def translating(beam_size: int) -> FileVerb:
    """The verb for files, with a beam of this size."""
    how = f" with a beam of {beam_size}"
    answer = partial(_answer, beam_size=beam_size)
    return FileVerb(lambda _: ("predicted answer", "log_probability"), answer, score_texts, how=how)
