"""2 · Architecture: how the network reads and writes, its cell and its size."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

import engine
from engine.cells import CELLS, Cell
from engine.config import Option
from engine.data.codec import Kind
from engine.models import kinds_of, typical
from engine.training.memory_estimate import LargestBatch, in_bytes
from gui.panels.base.panel import Panel
from gui.session.session import Session
from gui.widgets.fields import Choice, Form, Switch, Whole
from gui.widgets.numbers import grouped, size
from gui.widgets.shape_card import ShapeCard
from gui.widgets.slider import NumberSlider, doublings
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

LARGEST_ON_SLIDER = 1024
EMBEDDINGS = {0: "one-hot"} | {size: f"embed {size}" for size in (8, 16, 32, 64, 128, 256)}
NEEDS: dict[Kind, str] = {  # in few words; the tooltips say it in full
    Kind.SEQUENCES: "items",
    Kind.STREAM: "running text",
    Kind.LABELLED: "labels",
    Kind.TAGGED: "a tag for each word",
    Kind.PAIRS: "source and target texts",
}


class ArchitecturePanel(Panel):
    """Five cards, cell, hidden units, layers, embedding, and what it all weighs."""

    CARD = False

    def __init__(self, session: Session) -> None:
        super().__init__(session, "2 · Architecture")
        options = engine.ModelConfig.options()
        self._cards: dict[str, ShapeCard] = {}
        cards = QHBoxLayout()
        cards.setSpacing(5)
        group = QButtonGroup(self)
        for value, label in (options["architecture"].choices or {}).items():
            card = ShapeCard(value, label, typical(value).pictogram)
            card.clicked.connect(lambda _=False, value=value: session.set_model(architecture=value))
            group.addButton(card)
            cards.addWidget(card, 1)
            self._cards[value] = card
        self._why_not = text_label("", "small", wrap=True, name="why-not")
        self._make_fields(options)
        form = Form()
        form.add("Cell", self._cell)
        form.add("", self._equation)
        form.add("Hidden units", self._hidden)
        form.add("Layers · input", self._layers, self._embedding)
        form.add("", self._both, self._attention)
        self._weights = text_label("", "secondary", wrap=True, name="weights")
        self._weights.setTextFormat(Qt.TextFormat.RichText)
        facts = QFrame()
        facts.setProperty("role", "facts")
        inside = QVBoxLayout(facts)
        inside.setContentsMargins(9, 7, 9, 7)
        inside.addWidget(self._weights)
        self._memory = text_label("", "small", wrap=True, name="training-memory")
        inside.addWidget(self._memory)
        self._largest: tuple[object, LargestBatch] | None = None  # of which data and batch size
        self.body.addLayout(cards)
        self.body.addWidget(self._why_not)
        self.body.addLayout(form)
        self.body.addWidget(facts)

    def _make_fields(self, options: dict[str, Option]) -> None:
        session = self.session
        self._cell = Choice("cell", options["cell"].label, options["cell"].help, options["cell"].choices or {})
        for name, cell in CELLS.items():
            self._cell.setItemData(self._cell.findData(name), plain_tip(about(cell)), Qt.ItemDataRole.ToolTipRole)
        self._equation = text_label("", "small", elide=True, name="cell-equation")
        self._cell.changed.connect(lambda value: session.set_model(cell=value))
        hidden = options["hidden_size"]
        self._hidden = NumberSlider(
            "hidden_size",
            hidden.label,
            hidden.help,
            doublings(4, LARGEST_ON_SLIDER),
            minimum=hidden.minimum or 1,
            maximum=hidden.maximum or 4096,
            whole=True,
            widest="4096",
        )
        self._hidden.moved.connect(lambda value: self._show_size(hidden_size=int(value)))
        self._hidden.chosen.connect(lambda value: session.set_model(hidden_size=int(value)))
        self._layers = Whole("num_layers", options["num_layers"])
        self._layers.setFixedWidth(52)
        self._layers.changed.connect(lambda value: session.set_model(num_layers=value))
        embedding = options["embedding_size"]
        self._embedding = Choice("embedding_size", embedding.label, embedding.help, EMBEDDINGS)
        self._embedding.changed.connect(lambda value: session.set_model(embedding_size=value))
        self._both = Switch("bidirectional", options["bidirectional"].label, options["bidirectional"].help)
        self._both.changed.connect(lambda value: session.set_model(bidirectional=value))
        self._attention = Switch("attention", options["attention"].label, options["attention"].help)
        self._attention.changed.connect(lambda value: session.set_model(attention=value))

    def watches(self) -> tuple[SignalInstance, ...]:
        """Other data allow other shapes; a new network has other settings."""
        session = self.session
        return session.data.changed, session.run.model_changed, session.theme_changed

    def refresh(self) -> None:
        """Show the settings of the network and what the data allow."""
        config, dataset = self.session.run.model_config, self.session.data.dataset
        reasons = {} if dataset is None else engine.trainable(dataset)
        for value, card in self._cards.items():
            reason = reasons.get(value, "")
            card.set_theme(self.session.theme)
            card.setEnabled(not reason)
            card.setChecked(value == config.architecture)
            card.setToolTip(plain_tip(reason or card.text()))
            card.setAccessibleDescription(reason)
        self._show_why_not(reasons)
        self._cell.set_value(config.cell)
        self._equation.setText(memory_equation(CELLS[config.cell]))
        self._hidden.set_value(config.hidden_size)
        self._layers.set_value(config.num_layers)
        self._embedding.set_value(config.embedding_size)
        self._both.set_value(config.bidirectional)
        self._attention.set_value(config.attention)
        for field in (self._cell, self._layers, self._embedding, self._both, self._attention):
            self._explain(field)
        if self._cell.isEnabled():
            self._cell.setToolTip(plain_tip(about(CELLS[config.cell])))
        self._show_size()

    def _explain(self, field: QWidget) -> None:
        """A field whose setting the network has no use for is greyed out, and says why."""
        reason = self.session.run.network.unused.get(field.objectName(), "")
        field.setEnabled(not reason)
        field.setToolTip(plain_tip(reason or engine.ModelConfig.options()[field.objectName()].help))

    def _show_why_not(self, reasons: dict[str, str]) -> None:
        """One sentence for all that is greyed out: what each would need."""
        names: dict[str, list[str]] = {}
        for value, reason in reasons.items():
            if reason:
                *others, last = (NEEDS[kind] for kind in kinds_of(value))
                need = f"{', '.join(others)} or {last}" if others else last
                names.setdefault(need, []).append(self._cards[value].text())
        parts = [
            f"{' and '.join(cards)} {'need' if len(cards) > 1 else 'needs'} {need}" for need, cards in names.items()
        ]
        text = ", ".join(parts)
        self._why_not.setText(f"{text[:1].upper()}{text[1:]}.")
        self._why_not.setVisible(bool(parts))

    def _show_size(self, **changes: int) -> None:
        """The number of weights, also while the slider still moves."""
        dataset = self.session.data.dataset
        if dataset is None:
            return
        values = self.session.run.model_config.to_json() | changes
        config = engine.ModelConfig.from_json(values)
        try:
            weights = engine.count_parameters(config, dataset.codec, dataset.longest)
        except engine.ConfigError as error:  # there cannot be such a network
            self._weights.setText("")
            self._memory.setText(str(error))
            return
        network, longest = self.session.run.network, grouped(dataset.longest)
        text = f"<b>{size(weights)}</b> {network.weights_note.format(longest=longest)}"
        if network.remembers and dataset.kind != Kind.STREAM:
            padded = engine.feed_forward_size(dataset.codec, dataset.longest, config.hidden_size)
            more = "." if padded > 2 * weights else f"; padded to {grouped(2 * dataset.longest)}, twice that."
            text += (
                f" A feed-forward network padded to {longest} {dataset.codec.unit}s needs <b>{size(padded)}</b>{more}"
            )
        self._weights.setText(text)
        self._show_memory(config, dataset)

    def _show_memory(self, config: engine.ModelConfig, dataset: engine.Dataset) -> None:
        """What training it takes, or why there is too little memory for it."""
        training = self.session.run.training_config
        if not len(dataset.train):  # an opened run without its data, which cannot train
            self._memory.setText("")
            return
        asked = dataset, training.batch_size, training.window
        if self._largest is None or self._largest[0] != asked:
            self._largest = asked, LargestBatch.of(dataset, training)
        needed = engine.estimate_memory(config, training, dataset, self._largest[1])
        self._memory.setText(f"About {in_bytes(needed.total)} of memory while it trains.")


def about(cell: type[Cell]) -> str:
    """What a cell is, and its equations."""
    return "\n".join((cell.summary, "", *(with_subscripts(equation.text) for equation in cell.equations)))


def memory_equation(cell: type[Cell]) -> str:
    """The equation of the state through which a cell remembers."""
    carrier = cell.states[cell.carrier()].name
    return with_subscripts(next(line.text for line in cell.equations if carrier in line.defines))


def with_subscripts(text: str) -> str:
    """h_{t-1} with the small letters of its time below the line."""
    return text.replace("_{t-1}", "ₜ₋₁").replace("_t", "ₜ")
