"""Numbers in the data's own units are written in one way wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path

from gui.panels.try_it.rate import RateView
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.widgets.example_rows import ExampleRows
from tests.gui.conftest import Person
from tests.gui.panels.opening import WORDS, open_file, put

WRITTEN = re.compile(r"[−]?\d{1,3}(,\d{3})*(\.\d+)?")  # thousands are grouped


def test_prices_are_grouped_and_keep_their_last_whole_digit_in_the_preview_the_picture_and_the_answer(
    empty_person: Person, tmp_path: Path
) -> None:
    person = empty_person
    rows = [
        f"{a} {b},{132_918.87 + 20_011 * i + 307.5 * j:.2f}" for i, a in enumerate(WORDS) for j, b in enumerate(WORDS)
    ]
    open_file(person, put(tmp_path / "prices.csv", "text,price\n" + "\n".join(rows)))
    shown = [answer for _, answer in person.find(ExampleRows, "preview").rows]
    assert "132,919" in shown
    view, panel = person.window.findChild(RateView), person.window.findChild(UnrolledPanel)
    assert view is not None
    assert panel is not None

    def answers() -> list[str]:
        return [column.above for column in panel.canvas.diagram.columns if any(map(str.isdigit, column.above))]

    person.wait_until(lambda: "±" in view.verdict.text() and bool(answers()))
    value, deviation = view.verdict.text().split(" ± ")
    (answer,) = answers()
    notes = [chip.note for chip in view.chips.chips]
    for text in (value, deviation, answer, *notes):
        assert WRITTEN.fullmatch(text), text
        assert "," in text, text
    assert value.split(".")[0] == answer.split(".")[0]
    assert notes[-1] == value  # the whole text
    assert len(set(notes)) == len(notes)
