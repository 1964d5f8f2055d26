"""Money as accountants write it: losses in brackets, and a dash where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.numbers.parse import number_of, unit_of
from tests.engine.data.files.test_number_tables import put, values_of

MONEY = {
    "($8,278.36)": -8278.36,
    "-$8,278.36": -8278.36,
    "$(8,278.36)": -8278.36,
    "$ (8,278.36)": -8278.36,
    "(8.278,36 €)": -8278.36,
    "(1 234,50 €)": -1234.5,
    "($1.2M)": -1.2e6,
    "$ -": 0,
    "$ -   ": 0,
    "-   €": 0,
    "CHF –": 0,
}


@pytest.mark.parametrize("text", MONEY)
def test_money_is_known(text: str) -> None:
    assert number_of(text) == pytest.approx(MONEY[text])
    assert unit_of(text) in ("$", "€", "CHF")


@pytest.mark.parametrize("text", ["(1, 2)", "(a)", "($5", "(05.03.2024)", "((5))", "-", "- %"])
def test_other_brackets_and_dashes_are_no_money(text: str) -> None:
    assert np.isnan(number_of(text))


@pytest.mark.parametrize(
    ("income", "loss", "nothing"),
    [
        ("${:,.2f}", "(${:,.2f})", "$0.00"),
        ("${:,.0f}", "$({:,.0f})", "$0"),
        (" $ {:,.2f} ", " $ ({:,.2f})", " $ -   "),
        (" {:,.2f} ", " ({:,.2f})", " -   "),
    ],
)
def test_a_table_of_income_and_losses_is_a_series(tmp_path: Path, income: str, loss: str, nothing: str) -> None:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    values = [(k * 37 % 90 - 45) * 250 if k % 8 else 0 for k in range(48)]
    written = [income.format(one) if one > 0 else loss.format(-one) if one else nothing for one in values]
    rows = [f'{months.split()[k % 12]}-{20 + k // 12},"{one}"' for k, one in enumerate(written)]
    dataset = engine.load_dataset(put(tmp_path / "p&l.csv", ["Month,Net", *rows]))
    assert dataset.recognition.sources == ("Net",)
    assert values_of(dataset) == pytest.approx(values)
    assert not any("missing" in remark for remark in dataset.report.remarks)
