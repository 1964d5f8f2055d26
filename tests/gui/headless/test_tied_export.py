"""A network whose read-out is tied to its embedding, exported for PyTorch from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from gui.app import main


@pytest.mark.parametrize("tied", ["--tied", "--no-tied"])
def test_a_folder_with_more_weights_than_the_network_says_why(
    tmp_path: Path, tied: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names, folder = tmp_path / "names.txt", tmp_path / "folder"
    names.write_text("\n".join(f"{a}{b}{c}na" for a in "abcdefgh" for b in "aeiou" for c in "lmnr"))
    words = ["--train", names, "--output", tmp_path / "run.unroll", "--steps", "1", "--export-pytorch", folder]
    words += ["--hidden-size", "8", "--embedding-size", "8", tied]
    assert main([str(word) for word in words]) == 0
    more = (
        engine.open_run(folder).snapshot.weights.size - engine.open_run(tmp_path / "run.unroll").snapshot.weights.size
    )
    assert (more > 0) == (tied == "--tied")
    assert ("Its read-out has weights of its own" in capsys.readouterr().out) == (more > 0)
