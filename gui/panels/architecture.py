"""2 · Architecture: how the network reads and writes, its cell and its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QToolButton, QWidget

import engine
from engine.cells import CELLS, Cell
from engine.models import compare_with_feed_forward, count_counted, representative
from engine.number_text import NARROW, grouped, size
from engine.options import Option
from engine.training.memory_estimate import LargestBatch, in_bytes
from gui.panels.base.default_settings import DefaultSettings
from gui.panels.base.panel import Panel
from gui.session.data_notice import use_vectors
from gui.session.session import Session
from gui.unrolled_view.equation import equations_tip, with_subscripts
from gui.widgets.box_layouts import add, side_by_side, stacked
from gui.widgets.controls import tool_button
from gui.widgets.fields import Choice, FileChoice, Whole
from gui.widgets.setting_name import SettingName
from gui.widgets.settings_form import FormRow, SettingField, SettingsForm
from gui.widgets.shape_card import ShapeCard
from gui.widgets.slider import NumberSlider, doublings
from gui.widgets.symbols import plain_tip
from gui.widgets.text import NO_BREAK, text_label

if TYPE_CHECKING:
    from gui.panels.size_comparison import SizeComparison

LARGEST_ON_SLIDER = 1024
MEGABYTE = 1e6
COMPARE_TIP = "How the number of weights grows with the length of the sequence and the number of inputs"
RACE_TIP = "Train this network with each kind of cell, side by side: same seed, the same batches in the same order"
EMBEDDINGS = (0, 8, 16, 32, 50, 64, 100, 128, 200, 256, 300)
SHARES = tuple(round(0.05 * i, 2) for i in range(19))  # shares of values that dropout sets to zero


class EmbeddingChoice(Choice):
    """One-hot, or the size of the learned vectors; a size outside the list is added to it."""

    def __init__(self, name: str, declared: Option) -> None:
        super().__init__(name, declared.label, declared.help, {})
        self._reads_numbers = False
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(0)  # at least as wide as "embed 100"
        for value in EMBEDDINGS:
            self.set_value(value)

    def set_value(self, value: object) -> None:
        """Show a size without a signal."""
        if self.findData(value) < 0:
            self.add(self._named(value), value)
        super().set_value(value)

    def name_for(self, reads_numbers: bool) -> None:
        """Name the choices for numbers, which enter directly or through a linear layer, or for symbols."""
        if reads_numbers != self._reads_numbers:
            self._reads_numbers = reads_numbers
            for place in range(self.count()):
                self.setItemText(place, self._named(self.itemData(place)))

    def _named(self, size: object) -> str:
        if self._reads_numbers:
            return f"linear {size}" if size else "as is"
        return f"embed {size}" if size else "one-hot"


class ArchitecturePanel(Panel):
    """Five cards, cell, hidden units, layers, embedding, and the resulting number of weights."""

    CARD = False

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        options = engine.ModelConfig.options()
        self._cards: dict[str, ShapeCard] = {}
        cards = QHBoxLayout()
        cards.setSpacing(5)
        group = QButtonGroup(self)
        for value, label in (options["architecture"].choices or {}).items():
            card = ShapeCard(value, label, representative(value).pictogram)
            card.clicked.connect(lambda _=False, value=value: session.set_model(architecture=value))
            group.addButton(card)
            cards.addWidget(card, 1)
            self._cards[value] = card
        declared = options["architecture"]
        self._shape_name = SettingName("architecture", "", declared, self)
        self._shape_name.put_back.connect(lambda value: session.set_model(architecture=value))
        self.header.addWidget(self._shape_name)
        self._why_not = text_label("", "small", wrap=True, name="why-not")
        self._equation = text_label("", "small", wrap=True, name="cell-equation")
        self._race = tool_button("race-cells", "race all cells", "Compare cells", RACE_TIP)
        self._race.clicked.connect(session.compared.race_cells)
        self._form = self._make_form(options)
        self._weights = text_label("", "secondary", wrap=True, name="weights")
        self._weights.setTextFormat(Qt.TextFormat.RichText)
        facts = QFrame()
        facts.setProperty("role", "facts")
        self._sizes: SizeComparison | None = None  # made when it is first opened
        self._compare = QToolButton()
        self._compare.setObjectName("compare-sizes")
        self._compare.setText("feed-forward…")
        self._compare.setAccessibleName("Compare the number of weights")
        self._compare.setToolTip(plain_tip(COMPARE_TIP))
        self._compare.setProperty("role", "flat")
        self._compare.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._compare.clicked.connect(self._show_sizes)
        self._memory = text_label("", "small", wrap=True, name="training-memory")
        last = side_by_side((self._memory, 1), self._compare)
        stacked(self._weights, last, of=facts, margins=(9, 7, 9, 7))
        self._largest: tuple[object, LargestBatch] | None = None  # with the data and batch size it was computed for
        add(self.body, cards, self._why_not, self._form, facts)

    def _below_cell(self) -> QWidget:
        """What is below the cell: the equations of its states, and a race of all cells."""
        line = QWidget()
        side_by_side((self._equation, 1), self._race, of=line)
        return line

    def _make_form(self, options: dict[str, Option]) -> SettingsForm:
        """The usual settings are visible; all other options of ModelConfig are behind More."""
        session = self.session
        cell = self._cell = Choice("cell", options["cell"].label, options["cell"].help, options["cell"].choices or {})
        for name, each in CELLS.items():
            cell.setItemData(cell.findData(name), equations_tip(about(each)), Qt.ItemDataRole.ToolTipRole)
        hidden, dropout = options["hidden_size"], options["dropout"]
        units = NumberSlider(
            "hidden_size",
            hidden.label,
            hidden.help,
            doublings(4, LARGEST_ON_SLIDER),
            minimum=hidden.minimum or 1,
            maximum=hidden.maximum or 4096,
            whole=True,
            widest="4,096",
        )
        units.moved.connect(lambda value: self._show_size(hidden_size=int(value)))
        units.chosen.connect(lambda value: session.set_model(hidden_size=int(value)))
        silenced = NumberSlider(
            "dropout", dropout.label, dropout.help, SHARES, minimum=0.0, maximum=dropout.maximum or 1.0, widest="4096"
        )
        silenced.chosen.connect(lambda value: session.set_model(dropout=value))
        layers = Whole("num_layers", options["num_layers"])
        layers.setFixedWidth(30)
        self._input = EmbeddingChoice("embedding_size", options["embedding_size"])
        rows = (
            FormRow(("cell",), below=self._below_cell()),
            FormRow(("hidden_size",)),
            FormRow(("num_layers", "embedding_size"), ("Layers", "· input")),
            FormRow(("bidirectional", "attention")),
            FormRow(("dropout",)),
        )
        fields: dict[str, SettingField] = {
            "cell": cell,
            "hidden_size": units,
            "num_layers": layers,
            "embedding_size": self._input,
            "dropout": silenced,
        }
        form = SettingsForm(engine.ModelConfig, rows, "more-architecture", fields, elsewhere=("architecture",))
        form.changed.connect(self._set)
        form.more_made.connect(self._begin_beside_data)
        return form

    def _begin_beside_data(self) -> None:
        """Let the dialog for word vectors open in the folder of the data."""
        vectors = self._form.fields["vectors"]
        assert isinstance(vectors, FileChoice)
        vectors.start = lambda: self.session.folders.beside(self.session.data.paths)

    def _set(self, name: str, value: object) -> None:
        """Change a setting; word vectors also set the size of the embedding."""
        if name != "vectors" or not value:
            self.session.set_model(**{name: value})
            return
        use_vectors(str(value), self.session)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the data, which decide what shapes are possible, and of the network."""
        session = self.session
        return session.data.changed, session.run.model_changed, session.theme_changed

    def refresh(self) -> None:
        """Show the settings of the network and what the data allows."""
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
        numbers = None if dataset is None else dataset.codec.frames
        self._input.name_for(numbers is not None and not numbers.shape)  # a picture is not a sequence of steps
        usuals = DefaultSettings(self.session)
        idle = config.idle() | dict(self.session.run.network.unused)
        self._form.show_config(config, usuals.of_model, idle)
        self._shape_name.show_state(config.architecture, usuals.of_model("architecture"))
        no_cell = str(idle.get("cell", ""))
        self._equation.setText("" if no_cell else state_equations(CELLS[config.cell]))
        self._race.setEnabled(not no_cell)
        self._race.setToolTip(plain_tip(no_cell or RACE_TIP))
        if self._cell.isEnabled():
            self._cell.setToolTip(equations_tip(about(CELLS[config.cell])))
        self._show_size()

    def _show_why_not(self, reasons: dict[str, str]) -> None:
        """Show one line for everything that is greyed out; its tip, and the tip of each card, says what is needed."""
        missing = [reason for reason in reasons.values() if reason]
        self._why_not.setText("Greyed-out shapes need other data.")
        self._why_not.setToolTip(plain_tip("\n".join(missing)))
        self._why_not.setVisible(bool(missing))

    def _show_size(self, **changes: int) -> None:
        """Show the number of weights, even while the slider moves."""
        dataset = self.session.data.dataset
        if dataset is None:
            return
        values = self.session.run.model_config.to_json() | changes
        config = engine.ModelConfig.from_json(values)
        try:
            weights = engine.count_parameters(config, dataset.codec, dataset.longest)
            counts = count_counted(config, dataset.codec, dataset.longest)
        except engine.ConfigError as error:  # no such network is possible
            self._weights.setText("")
            self._memory.setText(str(error))
            return
        network, longest = self.session.run.network, grouped(dataset.longest)
        early = network.head_start(config)
        self._weights.setToolTip(plain_tip(early.why) if early is not None else "")
        text = f"<b>{size(weights)}</b> {network.weights_note.format(longest=longest)}"
        if counts:
            text += f" A table of <b>{size(counts)}</b> counts, not learned: words and word pairs with each label."
        numbers = dataset.codec.frames
        in_steps = not dataset.kind.is_running and (numbers is None or not numbers.shape)  # a picture has no length
        compared = network.remembers and in_steps
        self._compare.setVisible(compared)
        if compared:
            sizes, unit = compare_with_feed_forward(config, dataset), dataset.codec.symbol_name
            padded = sizes.feed_forward(sizes.length, sizes.vocabulary)
            text += f" An equivalent feed-forward network, padded to {longest} {unit}s, has <b>{size(padded)}</b>"
            text += "." if padded > weights else f"; from {grouped(sizes.crossing)} {unit}s on, it is the larger one."
        if config.sampled_words and "sampled_words" not in config.idle() | dict(network.unused):
            outline = network.outline(config, dataset.codec, dataset.longest)
            if not outline.drawn_symbols:
                text += f" Sampled softmax leaves nothing out: all {grouped(len(outline.choices))} symbols are scored."
        self._weights.setText(text.replace(NARROW, NO_BREAK))
        self._show_memory(config, dataset)

    def _show_sizes(self) -> None:
        """Show the comparison with a feed-forward network as a picture."""
        from gui.panels.size_comparison import SizeComparison

        dataset = self.session.data.dataset
        if dataset is not None:
            sizes = compare_with_feed_forward(self.session.run.model_config, dataset)
            self._sizes = self._sizes or SizeComparison(self, self.session.theme)
            self._sizes.show_sizes(sizes, dataset.codec.symbol_name, self.session.theme)
            self._sizes.show_beside(self, self._compare.mapTo(self, QPoint()).y())

    def _show_memory(self, config: engine.ModelConfig, dataset: engine.Dataset) -> None:
        """Show how much memory training takes, or why there is too little."""
        training = self.session.run.training_config
        if not len(dataset.train):  # an opened run without its data, which cannot train
            self._memory.setText("")
            return
        key = dataset, training.batch_size, training.window
        if self._largest is None or self._largest[0] != key:
            self._largest = key, LargestBatch.of(dataset, training)
        needed = engine.estimate_memory(config, training, dataset, self._largest[1])
        needs = f"About {in_bytes(needed.total)}" if needed.total >= MEGABYTE else "Less than 1 MB"
        self._memory.setText(f"{needs} of memory for training.")


def about(cell: type[Cell]) -> str:
    """What a cell is, and its equations, which do not break."""
    equations = (with_subscripts(one.text).replace(" ", NO_BREAK) for one in cell.equations)
    return "\n".join((cell.summary, "", *equations))


def state_equations(cell: type[Cell]) -> str:
    """The equations of its states, each on a line."""
    states = {state.name for state in cell.states}
    return "\n".join(with_subscripts(line.text) for line in cell.equations if states & set(line.defines))
