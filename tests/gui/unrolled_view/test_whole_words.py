"""Words that are cut in narrow columns are whole in the selected one."""

from __future__ import annotations

import engine
from engine.data.vocabulary import END
from gui.theme import LIGHT
from gui.unrolled_view.building import from_trace
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures
from tests.gui.unrolled_view.test_outputs import recorded

WORDS = ("proceedings", "counterclockwise", "extraordinarily", "misunderstanding")


def diagram_of(shape: str, kind: str, rows: list[object], truth: tuple[str, ...] = ()) -> Diagram:
    dataset = engine.make_dataset(rows, kind, unit="word")
    config = engine.ModelConfig(architecture=shape, hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    trace = engine.trace(model, " ".join(WORDS))
    return from_trace(trace, config, WORDS, truth, ends=True, network=type(model))


def texts(diagram: Diagram, canvas: UnrolledCanvas, selected: tuple[int, int] | None) -> list[str]:
    layout = DiagramLayout(diagram, 49.0)
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    return recorded(painter, selected)


def test_in_the_selected_column_every_word_is_whole_and_elsewhere_cuts_have_an_ellipsis(canvas: UnrolledCanvas) -> None:
    diagram = diagram_of("one-to-many", "sequences", [" ".join(WORDS), " ".join(WORDS[:2])] * 6, (*WORDS, END))
    whole = {*WORDS, END}
    before = texts(diagram, canvas, None)
    assert not {WORDS[1], WORDS[3]} & set(before)
    assert any("…" in text for text in before)
    chosen = texts(diagram, canvas, (0, 2))
    assert diagram.outcomes is not None
    five = [name for name, _ in diagram.outcomes.top(2, 5)]
    read = diagram.columns[2]
    assert {read.below, read.above, read.truth, *five} <= set(chosen)
    assert {text for text in chosen if text in whole} > {text for text in before if text in whole}


def test_the_one_answer_is_whole_where_the_last_column_is_selected(canvas: UnrolledCanvas) -> None:
    label = "antidisestablishmentarianism"
    rows: list[object] = [(" ".join(WORDS), label), ("proceedings", "short")] * 6
    diagram = diagram_of("many-to-one", "labelled", rows)
    assert label not in texts(diagram, canvas, None)
    assert label in texts(diagram, canvas, (0, len(WORDS) - 1))
