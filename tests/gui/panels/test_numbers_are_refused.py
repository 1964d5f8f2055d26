"""What the window does not show yet it says in words, and keeps what is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox

from tests.gui.conftest import Person
from tests.gui.panels.test_data_panel import put
from tests.gui.panels.trying import notices


def test_series_are_refused_in_words_and_samples_of_numbers_are_not_offered(person: Person, tmp_path: Path) -> None:
    box = person.find(QComboBox, "sample")
    offered = {box.itemData(i) for i in range(box.count())}
    assert "tunes" in offered
    assert not offered & {"waves", "vowels", "tones", "shapes", "ratings"}
    told = notices(person)
    before = person.session.data.dataset
    person.session.data.open(put(tmp_path / "a.csv", "height\n" + "".join(f"{(i * 7) % 11}.5\n" for i in range(80))))
    person.wait_until(lambda: any("does not show yet" in text for text in told))
    assert person.session.data.dataset is before
