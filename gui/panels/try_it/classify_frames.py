"""Many to one on numbers: the label of a series or a sound, and how the network settles on it while reading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtGui import QResizeEvent

import engine
from engine.data.numbers.recording import NetworkInput, Recording
from engine.inspection.so_far import labels_so_far
from engine.inspection.text_search import text_to_look_at
from engine.types import FloatArray, IntArray
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.frames_field import FramesField
from gui.panels.try_it.play_button import PlayButton
from gui.panels.try_it.try_view import MOST_BARS, TryView
from gui.session.session import Session
from gui.theme import Theme, series_color
from gui.widgets.bars import Bar, Bars
from gui.widgets.box_layouts import add
from gui.widgets.frames_picture import ANY_HEIGHT_PX
from gui.widgets.scrolled_bars import ScrolledBars
from gui.widgets.shares_over_time import Shares, SharesOverTime
from gui.widgets.text import height_of, text_label

FRAME_MS = 70
HELP = "Below the picture: the probability of each label if it ended there. Point at a moment, or press ▶."


@dataclass(frozen=True, eq=False)
class LabelsOverTime:
    """The probabilities of K labels at P moments. name: of what was read. labels (K,): the most probable at the end
    first. ends (P,): after how many frames. shares (P, K): the probabilities then; the last moment is the end."""

    name: str
    labels: tuple[str, ...]
    ends: IntArray
    shares: FloatArray


class ClassifyFramesView(TryView):
    """The numbers as a picture, the probabilities over time, and bars of all labels."""

    name = "classify"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        help = "Read it step by step and see the answer grow"
        self.play = PlayButton("try-play", "Read it step by step", help, FRAME_MS)
        self.grown = SharesOverTime("try-grown", "Probability of each label over time")
        self.field = FramesField(session, self.play, self.grown)
        self.field.picture.take_room()
        self.verdict = text_label("", "title", name="try-verdict")
        self.explained = text_label(HELP, "small", wrap=True)
        self.bars = Bars(session.theme, "try-results", "Probability of each label", swatch=True)
        self._labels = ScrolledBars(self.bars, MOST_BARS)
        self._found: LabelsOverTime | None = None
        add(self.column, (self.field, 1), self.message, self.verdict, self._labels, self.explained)
        self.play.wanted.connect(self._begin)
        self.play.moved.connect(self._draw_moment)
        self.field.refused.connect(self._give_way)
        for picture in (self.field.picture, self.grown):
            picture.pointed.connect(self._point)

    def adapt(self) -> None:
        """An answer of the old network goes."""
        self.field.show_probe()
        self.play.stop()
        self._show(None)

    def follow(self) -> None:
        """Ask for a new answer."""
        self.field.show_probe()
        given = self.session.probe.given
        self.ask(partial(_labels_over_time, given=given), self._show, given)

    def _begin(self) -> None:
        if self._found is not None:
            self.play.begin(len(self._found.ends))

    def _point(self, frames: int | None) -> None:
        """Show the answer after this many frames."""
        found = self._found
        if found is not None:
            self.play.point(None if frames is None else _moment(found, frames))

    def _show(self, found: LabelsOverTime | None) -> None:
        self._found = found
        self.refuse("")
        theme = self.session.theme
        shares = Shares() if found is None else Shares(found.ends, found.shares, found.labels, _colors(found, theme))
        self.grown.show_shares(shares, theme)
        self._draw_moment()
        self._give_way()

    def _draw_moment(self) -> None:
        """Draw the answer at the moment that is shown."""
        found, at, theme = self._found, self.play.at, self.session.theme
        if found is None:
            self.verdict.setText("")
            self._labels.show_bars((), theme)
            return
        moment = len(found.ends) - 1 if at is None else min(at, len(found.ends) - 1)
        end = None if at is None else int(found.ends[moment])
        for picture in (self.field.picture, self.grown):
            picture.show_end(end)
        shares = found.shares[moment]
        best = int(np.nan_to_num(shares).argmax())
        so_far = "" if end is None else f" after {end} of {found.ends[-1]} steps"
        self.verdict.setText(f"{found.labels[best]} · {shares[best]:.2f}{so_far}")
        rows = zip(found.labels, shares.tolist(), _colors(found, theme), strict=True)
        self._labels.show_bars([Bar(*row) for row in rows], theme)

    def refuse(self, message: str) -> None:
        """Say why there is no answer."""
        super().refuse(message)
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The explanation has other lines in another width."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """Let the explanation, and if need be some of the bars, give their room to a message: the pictures and the
        buttons below them do not move."""
        width, field = self.width(), self.field.layout()
        assert field is not None
        messages = (self.field.message, field.spacing()), (self.message, self.column.spacing())
        needed = sum(label.heightForWidth(width) + gap for label, gap in messages if label.text())
        left = height_of(self.explained, HELP, width) - needed
        self.explained.setText(HELP if self._found is not None and not needed else "")
        self.explained.setFixedHeight(max(0, left))
        self._labels.setMaximumHeight(ANY_HEIGHT_PX if left >= 0 else max(0, self._labels.sizeHint().height() + left))

    def draw(self) -> None:
        """Show the answer again."""
        self._show(self._found)

    def answers(self) -> Answers | None:
        """The labels with their probabilities."""
        found = self._found
        if found is None:
            return None
        name, last = found.name, found.shares[-1].tolist()
        rows = tuple((name, label, round(share, 6)) for label, share in zip(found.labels, last, strict=True))
        return Answers(
            tuple(f"{label} {share:.4f}" for _, label, share in rows), ("input", "label", "probability"), rows
        )


def _moment(found: LabelsOverTime, frames: int) -> int:
    return min(int(np.searchsorted(found.ends, frames)), len(found.ends) - 1)


def _colors(found: LabelsOverTime, theme: Theme) -> list[str]:
    """A colour for each label, in alphabetical order, so that a label keeps its colour whatever is read."""
    places = {label: place for place, label in enumerate(sorted(found.labels))}
    return [series_color(theme, places[label]) for label in found.labels]


def _labels_over_time(snapshot: engine.Snapshot, given: NetworkInput) -> LabelsOverTime:
    model = snapshot.model()
    ends, shares = labels_so_far(model, text_to_look_at(model, snapshot, given, None))
    order = np.argsort(-shares[-1], kind="stable")
    name = given.name if isinstance(given, Recording) else given
    return LabelsOverTime(name, tuple(model.choices[k] for k in order), ends, shares[:, order])
