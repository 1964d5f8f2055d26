"""Loss while training: each batch, smoothed, and on the validation examples."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtGui import QPainter, QTextDocument

import engine
from engine.models import model_class
from engine.models.model_description import HeadStart
from engine.number_text import grouped, loss_text, rounded_to_fit, run_loss
from engine.training.baseline import Baseline
from engine.types import DoubleArray
from gui.panels.base.curve_view import PART_GAP, CurveView, beaten_at, join_parts, legend, levels_captions
from gui.panels.base.view import MARGIN_PX
from gui.plots.curve_axis import Places
from gui.plots.line_plot import Line
from gui.plots.loss_heights import FIRST_STEPS, heights
from gui.plots.picture_export import Table
from gui.plots.reference_levels import ReferenceLevel
from gui.session.data import measured_on
from gui.session.progress import Curve
from gui.session.run_endings import AT_THE_END
from gui.session.run_library.identities import name_beside
from gui.session.run_library.listed_run import ListedRun
from gui.session.run_library.run_names import cut_more_and_more
from gui.session.session import Session
from gui.theme import Theme, mix, run_color
from gui.widgets.box_layouts import add, side_by_side
from gui.widgets.curve_chips import CurveChip, CurveChips
from gui.widgets.symbols import plain_tip
from gui.widgets.text import SteadyLabel, explain

GHOST_PX = 1.5  # width of the curve of another run
NAMES, SHORT = ("train ", "validation "), ("train ", "val. ")
# In place of "train ", where there is room and where there is less: if the training loss is an estimate, and if the
# network learns with some of its values, of the words or of the right answers missing.
TRAIN, SAMPLED, DROPPED = ("train ",) * 2, ("train (sampled) ",) * 2, ("train (with dropout) ", "train (dropout) ")
HIDDEN, OWN = ("train (hidden words) ", "train (hidden) "), ("train (own answers) ", "train (own) ")
# The same above the values where these take the whole line, and more briefly.
ABOVE = {
    SAMPLED: ("train: sampled",),
    DROPPED: ("train: with dropout", "train: dropout"),
    HIDDEN: ("train: hidden words", "train: hidden"),
    OWN: ("train: own answers", "train: own"),
}
AVERAGE = f"Train: the average of the latest training steps, of which the newest count most. {AT_THE_END}"
HARDER = {  # what makes the steps of training harder than a measurement, and how validation is measured
    DROPPED: ("dropout hides part of the network", "the whole network, without dropout"),
    HIDDEN: ("some words are hidden", "no word is hidden"),
    OWN: ("the network reads answers of its own instead of the right ones", "only right answers are read"),
}
MEASURED = "Validation: measured on {}, evenly spread; on all of them when the run ends."
THIS_RUN = "this run: "
UNFOLLOWED = " (other data: View all in the menu ⋯ shows the whole curve)"
BETTER = "lower is better"
BASELINES_HELP = (
    "The dashed lines show what is possible without a network. {methods} At the right edge stand their names, "
    "shorter ones if the view is narrow; the note below says when the network beat each. Hover over a name or the note "
    "to read all of it."
)
SHORT_BELOW_PX = 300  # panels narrower than this use the short names above the plot, which then fit on one line
BRIEF_FROM_PX, LONG_FROM_PX = 310, 390  # panels at least this wide say what the training loss is, briefly or at length
MOST_CHIPS_SHARE = 0.6  # of the width, in the line below the plot; the baselines have the rest
ALONE_SHARE = 0.85  # the same, if the baselines stand above the plot
WIDEST = "−0.00"  # loss in the line above the plot, which has room for two of these from the start
USUAL = "−0.000"  # the widest loss of most networks; the words beside it do not change with its digits
NARROW_PX = 480  # a panel narrower than this has no room for a step beside the whole names of the curves


class LossPanel(CurveView):
    """Training and validation loss against steps, epochs or seconds; the values under the mouse in words."""

    HELP = (
        "The pale line is each batch of training examples, the thicker one its average, and the dark one the "
        "validation examples, which are never trained on. If the dark line rises while the other still falls, the "
        "network is memorizing.\n\n"
        "{baselines}After early stopping a dotted line marks the step whose weights were kept, and the numbers above "
        "are those of that step.\n\n"
        "The training loss above this plot and at the top of the window is the average, a running mean. When a run "
        "ends, both losses are measured once more with its final weights, which are usually better than the average "
        "over the steps before; where the message then tells how the training loss fell, it takes whole epochs.\n\n"
        "Ctrl and the wheel zoom, dragging pans, dragging an axis scales it, Shift and dragging zoom to a rectangle, "
        "and a double-click shows everything. The menu ⋯ offers a logarithmic axis, and View all, which also shows a "
        "loss that has run away (an arrow says how far), and all of the curve of a run on other data, which the axes "
        "do not follow."
    )

    def __init__(self, session: Session, title: str) -> None:
        self._values = SteadyLabel()
        super().__init__(session, title, BETTER, "loss", "Training and validation loss", self._values)
        self._values.reserve(join_parts([legend(session.theme.text, name, WIDEST) for name in SHORT]))
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.header.addWidget(self.reading, 1)
        self.chips = CurveChips("loss-other-curves")
        self.chips.dismissed.connect(lambda run_id: session.runs.show(run_id, False))
        add(self.body, (self.plot, 1), side_by_side(self.chips, (self.levels_line, 1), gap=8))
        self.levels_line.setMinimumHeight(self.chips.height())  # the plot does not jump when the first chip comes
        self._ghosts: dict[str, tuple[tuple[object, ...], tuple[DoubleArray, DoubleArray]]] = {}
        self._train = TRAIN
        self._meaning = self._explained = ""
        self._head_start: HeadStart | None = None

    def help(self) -> str:
        """What the loss of this network is, the curves, and the baselines that are drawn."""
        methods = " ".join(f"{one.name[0].upper()}{one.name[1:]}: {one.method}." for one in self.baselines)
        baselines = f"{BASELINES_HELP.format(methods=methods)} " if methods else ""
        known = "" if self._head_start is None else f"{self._head_start.why}\n\n"
        return f"{self._meaning} {known}{self.HELP.format(baselines=baselines)}"

    @property
    def _narrow(self) -> bool:
        """Whether there is no room beside the title for the values and how they were measured."""
        return self.width() < (BRIEF_FROM_PX if self._train in ABOVE else SHORT_BELOW_PX)

    @property
    def _crowded(self) -> bool:
        """Whether there is no room below the plot for the baselines beside the names of other runs."""
        return self._narrow and bool(self.session.runs.ghosts())

    def show_below(self, texts: Sequence[str]) -> None:
        """Show what stands below the plot; briefly above it in a view that is too narrow for this and the names of
        other runs. What is better is said in one place, which does not depend on how wide the values are."""
        narrow, crowded, how = self._narrow, self._crowded, ABOVE.get(self._train, ())
        self.chips.set_room(round((ALONE_SHARE if crowded else MOST_CHIPS_SHARE) * self.width()))
        with_how = [PART_GAP.join((said, text)) for said in how for text in texts]
        above = [*with_how, *(how or texts)] if crowded else [(*how, BETTER)[0] if narrow else ""]
        self.subtitle.setText(*above)
        self.subtitle.ensurePolished()
        self.subtitle.setMinimumWidth(self.subtitle.fontMetrics().horizontalAdvance(BETTER) if narrow else 0)
        explain(self.subtitle, self._explained)
        super().show_below([""] if crowded else texts)

    def below(self, levels: Sequence[ReferenceLevel]) -> list[str]:
        """The baselines; of an untrained network, what it can do; what is better, unless it is above the plot. Beside
        the names of other runs, whose it is."""
        run = self.session.run
        trained = len(run.curve) or run.progress.step  # perhaps elsewhere, which left no curve
        known = "" if self._head_start is None or trained else self._head_start.caption
        narrow = self._narrow
        whose = THIS_RUN if self.session.runs.ghosts() and not narrow else ""
        losses = () if run.kept is not None else run.curve.validation_loss  # kept weights are the best ones
        passed = ahead_again(levels, losses)
        validated = not (levels and len(run.curve)) or len(run.curve.validation_steps) > 0
        captions = [f"{caption}{passed}" for caption in levels_captions(levels, known, validated) if caption]
        said = [f"{whose}{caption}" for caption in captions] + captions[-1:] * bool(whose)
        if whose and any(level.beaten_at for level in levels):
            said.insert(-2, captions[-2])  # the step says more than whose it is
        if self._crowded or (narrow and self._train not in ABOVE):
            return said or [""]
        whole = [PART_GAP.join(filter(None, (caption, BETTER))) for caption in said or [""]]
        return [*whole[:2], *(text for pair in zip(whole[2:], said[2:], strict=True) for text in pair)]

    def begin(self, curve: Curve) -> None:
        """Forget the old data and curves."""
        self._ghosts.clear()
        config, dataset = self.session.run.model_config, self.session.data.dataset
        self._meaning = loss_meaning(config, dataset)
        self._head_start = self.session.run.network.head_start(config)
        why = "" if self._head_start is None else self._head_start.why
        self._explained = f"{self._meaning} {why}".strip()
        explain(self.levels_line, self._explained)
        sampled, harder = is_sampled(config, dataset), self._harder()
        self._train = SAMPLED if sampled else next(iter(harder), TRAIN)
        part = measured_on(dataset)
        notes = training_note(harder), MEASURED.format(part) if part else "", estimated(config) if sampled else ""
        self.reading.setToolTip(plain_tip("\n".join(filter(None, notes))))

    def _harder(self) -> list[tuple[str, str]]:
        """What makes the steps of this run harder than a measurement, of HARDER."""
        run = self.session.run
        config, network = run.model_config, run.network
        own = network.reads_own_answers(run.training_config)
        found = {DROPPED: config.dropout > 0, HIDDEN: network.hides_words(config), OWN: own}
        return [how for how, so in found.items() if so]

    def depends_on(self, curve: Curve) -> tuple[object, ...]:
        """The lengths of the curves, and which other runs are drawn."""
        return len(curve), len(curve.validation_steps), [run.identity for run in self.session.runs.ghosts()]

    def lines(self, curve: Curve, theme: Theme) -> tuple[Line, ...]:
        """The loss of each batch, their average, the validation examples, and then other runs."""
        x, validation_x = self.places(curve)
        smooth = curve.average_loss
        ghosts, now = self.session.runs.ghosts(), self.session.runs.now()
        beside = [*ghosts, *([] if now is None else [now])]
        followed = self._comparable()
        names = tuple(name_beside(run, beside, now) for run in beside)
        self.chips.show_chips(
            [
                CurveChip(
                    run.id,
                    cut_more_and_more(name, names),
                    f"{run.name}{_which_loss(run)}{UNFOLLOWED * (run not in followed)}",
                    run_color(theme, run.identity.color),
                )
                for run, name in zip(ghosts, names, strict=False)
            ]
        )
        own = lines_of(x, curve.train_loss, smooth, validation_x, curve.validation_loss, theme)
        others = (Line(*self._ghost(run), run_color(theme, run.identity.color), GHOST_PX) for run in ghosts)
        return (*own, *others)  # under its own batches, the curve of a run that became as good would not be seen

    def reach(self, kind: str, last: float) -> float:
        """The end of the longest curve, those of comparable runs included."""
        ends = [self._ghost(run)[0][-1:] for run in self._comparable()]
        return max([last, *(float(end[0]) for end in ends if len(end))])

    def _comparable(self) -> list[ListedRun]:
        """The other runs whose curves the axes hold: those that learned the same. Losses and steps of the rest would
        squeeze the curves and baselines of this run."""
        ghosts, now = self.session.runs.ghosts(), self.session.runs.now()
        return [run for run in ghosts if now is not None and run.has_data_of(now)]

    def _ghost(self, run: ListedRun) -> tuple[DoubleArray, DoubleArray]:
        """x and y (n,) of another run, computed once for each axis and length of its curve."""
        kind = str(self.axis.value())
        of = kind, run.curve, len(run.curve), len(run.curve.validation_steps)
        known = self._ghosts.get(run.id)
        if known is None or known[0] != of:
            known = self._ghosts[run.id] = of, _ghost_of(run, kind)
        return known[1]

    def limits(self, curve: Curve) -> tuple[float, float]:
        """Limits that show the curves of comparable runs, and the baselines that are not beaten yet; all of them beside
        a short curve."""
        others = self._comparable()
        drawn = (y[np.isfinite(y)] for _, y in map(self._ghost, others))
        best = np.nanmin(curve.validation_loss, initial=math.inf)
        known = [each.loss for each in self.baselines if each.loss <= best or len(curve) < FIRST_STEPS]
        known += [float(end) for y in drawn if len(y) for end in (y.min(), y.max())]
        validation = np.concatenate([curve.validation_loss, *(run.curve.validation_loss for run in others)])
        return heights(curve.average_loss, validation, known, curve.train_loss)

    def levels(self, curve: Curve) -> tuple[ReferenceLevel, ...]:
        """The loss of each baseline."""
        return loss_levels(self.baselines, curve)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of other runs as well, whose curves come and go."""
        return (*super().watches(), self.session.runs.changed)

    def read_at(self, curve: Curve) -> DoubleArray:
        """The x value of each step."""
        return self.places(curve)[0]

    def steps_read(self, curve: Curve) -> DoubleArray:
        """All steps."""
        return curve.steps

    def paint_heading(self, painter: QPainter, size: QSize) -> None:
        """Paint the heading with the legend, which is in the head of the panel."""
        super().paint_heading(painter, size)
        words = QTextDocument()
        words.setDefaultFont(painter.font())
        words.setDefaultStyleSheet(f"* {{ color: {self.session.theme.text}; }}")
        words.setHtml(f"<body>{self.reading.text()}</body>")
        painter.save()
        painter.translate(size.width() - MARGIN_PX - words.idealWidth(), MARGIN_PX - 4)
        words.drawContents(painter)
        painter.restore()

    def table(self) -> Table:
        """Every step, with the validation loss where it was measured."""
        curve = self.session.run.curve
        validation = dict(zip(curve.validation_steps.tolist(), curve.validation_loss.tolist(), strict=True))
        columns = curve.steps, curve.seconds, curve.train_loss
        rows = (
            (int(step), float(seconds), float(loss), validation.get(float(step), ""))
            for step, seconds, loss in zip(*columns, strict=True)
        )
        return Table(("step", "seconds", "train loss", "validation loss"), rows)

    def words(self, curve: Curve, at: int) -> list[str]:
        """The average of the training loss at a step, and the last validation loss up to it."""
        parts = self.step_caption(curve, at)
        width, qualified = self.width(), self._train is not TRAIN
        short = self._narrow
        if self.mouse is None and qualified and BRIEF_FROM_PX <= width < NARROW_PX:
            parts = []  # how the loss was measured is worth more than the step, which the top of the window has
        names = SHORT if short or (parts and width < NARROW_PX) else NAMES
        if short and self.mouse is None:
            parts = []  # the top of the window has the step of the weights that were kept
        elif short:
            names = "", ""
        before = int(np.searchsorted(curve.validation_steps, curve.steps[at], side="right")) - 1
        losses = [curve.average_loss[at], *curve.validation_loss[max(before, 0) : before + 1]]
        numbers = [rounded_to_fit(run_loss(x), len, len(WIDEST)) if short else run_loss(x) for x in losses]
        if names is NAMES and qualified and width >= BRIEF_FROM_PX:
            names = self._train[0], NAMES[1]
            if width < LONG_FROM_PX or not self._fit_beside(parts, names, numbers):
                names = self._train[1], SHORT[1]
        return [*parts, *self._legends(names, numbers)]

    def _legends(self, names: tuple[str, str], numbers: Sequence[str]) -> list[str]:
        theme = self.session.theme
        both = zip((theme.train, theme.validation), names, numbers, strict=False)
        return [legend(color, name, number) for color, name, number in both]

    def _fit_beside(self, parts: Sequence[str], names: tuple[str, str], numbers: Sequence[str]) -> bool:
        """Whether all of this, and usual losses, have room in the first line of the head: a second line would take the
        height of the plot, and move what is below."""
        widest = [max(each, USUAL, key=len) for each in (*numbers, USUAL)]
        around = self.outer.contentsMargins()
        room = self.header.room_for(self._values, self.contentsRect().width() - around.left() - around.right())
        return self._values.width_of(join_parts([*parts, *self._legends(names, widest)])) <= room


def _ghost_of(run: ListedRun, kind: str) -> tuple[DoubleArray, DoubleArray]:
    """x and y (n,) of another run: its validation loss; the average of its training loss if it was validated only once,
    because one point is no curve."""
    steps, evaluated = Places().follow(kind, run.curve, run.progress)
    if len(evaluated) < 2:
        return steps, run.curve.average_loss
    return evaluated, run.curve.validation_loss


def _which_loss(run: ListedRun) -> str:
    """What is said of the curve of another run if it is not the validation loss."""
    return " (training loss: it was validated only once)" if len(run.curve.validation_steps) < 2 else ""


def loss_meaning(config: engine.ModelConfig, dataset: engine.Dataset | None) -> str:
    """What the loss of such a network measures; "" before there are data."""
    if dataset is None:
        return ""
    network = model_class(config.architecture, dataset.kind)
    return network.outline(config, dataset.codec, dataset.longest).scorer.meaning


def training_note(harder: Sequence[tuple[str, str]]) -> str:
    """How the training loss is measured, for a tooltip. harder: of HARDER."""
    if not harder:
        return AVERAGE
    steps, validation = zip(*(HARDER[how] for how in harder), strict=True)
    return (
        f"Train: the average of the latest training steps, in which {' and '.join(steps)}, "
        f"so it is higher than it would otherwise be on the same examples. {AT_THE_END}\n"
        f"Validation: {'; '.join(validation)}."
    )


def is_sampled(config: engine.ModelConfig, dataset: engine.Dataset | None) -> bool:
    """Whether training scores only a sample of the symbols, which requires that there are more than are drawn."""
    if dataset is None or not config.sampled_words:
        return config.sampled_words > 0
    network = model_class(config.architecture, dataset.kind)
    return network.outline(config, dataset.codec, dataset.longest).scored_share < 1


def estimated(config: engine.ModelConfig) -> str:
    """A note if the training loss is that of a sampled softmax; else ""."""
    if not config.sampled_words:
        return ""
    drawn = grouped(config.sampled_words)
    return (
        f"Train: an estimate from {drawn} drawn symbols, on average slightly too low. Validation: all symbols, exact."
    )


def lines_of(
    x: DoubleArray,
    raw: DoubleArray,
    smooth: DoubleArray,
    validation_x: DoubleArray,
    validation: DoubleArray,
    theme: Theme,
) -> tuple[Line, ...]:
    """The three curves, the important one last, on top."""
    return (
        Line(x, raw, mix(theme.surface, theme.train, 0.45)),
        Line(x, smooth, theme.train, 2.0, told=True),
        Line(validation_x, validation, theme.validation, 2.0, dots=True, told=True),
    )


def ahead_again(levels: Sequence[ReferenceLevel], losses: DoubleArray | Sequence[float]) -> str:
    """What to add to the steps at which the levels were beaten, if the newest loss is behind some of them again."""
    beaten = [level for level in levels if level.beaten_at]
    still = sum(float(losses[-1]) < level.y for level in beaten) if len(losses) else len(beaten)
    none = "none" if len(levels) > 1 else "not"
    return "" if still == len(beaten) else f", {f'only {still}' if still else none} now"


def loss_levels(found: list[Baseline], curve: Curve) -> tuple[ReferenceLevel, ...]:
    """A line for each baseline, the worst first, with the step from which the validation loss was better."""
    return tuple(
        ReferenceLevel(
            each.loss,
            f"{each.name} {loss_text(each.loss, 2)}",
            each.short or each.name,
            beaten_at(curve, curve.validation_loss < each.loss),
            each.name,
        )
        for each in found
    )
