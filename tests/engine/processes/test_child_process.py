"""Another process at the end of two pipes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Hashable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.bulk.ragged import Ragged
from engine.data.vocabulary import Vocabulary
from engine.network.blas import THREAD_SETTINGS
from engine.processes.child_process import Child

ROOT = Path(__file__).parents[3]


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child("tests.engine.processes.echo", {})
    yield made
    made.close()


def reply(child: Child, message: object) -> object:
    child.channel.send(message)
    return child.channel.receive()


def test_what_is_sent_arrives_and_arrays_cannot_be_written_to(child: Child) -> None:
    values = {"a": np.arange(6.0).reshape(2, 3), "b": np.arange(6)[::2], "empty": np.zeros(0), "text": "ö\n"}
    answer = reply(child, MappingProxyType(values))
    assert isinstance(answer, MappingProxyType)
    assert answer["text"] == "ö\n"
    for name in ("a", "b", "empty"):
        np.testing.assert_array_equal(answer[name], values[name])
    assert not answer["a"].flags.writeable


def test_messages_larger_than_a_pipe_holds_arrive_whole(child: Child) -> None:
    answer = reply(child, ("large", 5_000_000))
    assert isinstance(answer, np.ndarray)
    assert answer.shape == (5_000_000,)


def test_what_both_sides_hold_can_be_called_by_a_name_and_is_the_same_object_there(child: Child) -> None:
    codec = engine.load_sample("names").codec
    names = {id(codec): ("codec", codec)}
    assert reply(child, ("keep", "codec", codec)) == 1
    child.channel.send(("same", "codec", codec), names)
    assert child.channel.receive() is True
    assert reply(child, ("same", "codec", codec)) is False
    child.channel.send(("give", "codec"))
    assert child.channel.receive({"codec": codec}.__getitem__) is codec


def test_a_name_belongs_to_an_object_and_not_to_whatever_has_its_number(child: Child) -> None:
    other, value = [1], [2]
    child.channel.send(value, {id(value): ("other", other)})
    assert child.channel.receive() == value


def test_a_name_that_is_not_known_is_refused(child: Child) -> None:
    value = [1]
    reply(child, ("keep", "value", value))
    child.channel.send(("give", "value"))
    with pytest.raises(LookupError, match="'value', which is not known"):
        child.channel.receive()


def test_what_cannot_be_pickled_leaves_the_channel_as_it_was(child: Child) -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        child.channel.send([np.zeros(9), lambda: None])
    assert reply(child, "still there") == "still there"


def test_the_end_of_the_other_process_is_noticed_by_who_listens_and_by_who_speaks(child: Child) -> None:
    os.kill(child.process_id, signal.SIGKILL)
    with pytest.raises(EOFError):
        child.channel.receive()
    assert child.wait() == -signal.SIGKILL
    with pytest.raises(BrokenPipeError):
        child.channel.send("anybody there?")


def test_a_closed_channel_says_so_to_who_listens_and_to_who_speaks(child: Child) -> None:
    child.close()
    with pytest.raises(EOFError):
        child.channel.receive()
    with pytest.raises(BrokenPipeError):
        child.channel.send("anybody there?")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_leaves_it_to_its_parent_to_end_it(child: Child, number: signal.Signals) -> None:
    assert reply(child, "begun") == "begun"
    os.kill(child.process_id, number)
    assert reply(child, "still there") == "still there"


def test_it_works_in_the_folder_of_its_parent_and_a_file_there_hides_no_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise RuntimeError")
    monkeypatch.chdir(tmp_path)
    made = Child("tests.engine.processes.echo", {})
    try:
        folder, path = reply(made, "folder")  # type: ignore[misc]
    finally:
        made.close()
    assert Path(folder).samefile(tmp_path)
    assert path == sys.path


def test_its_products_take_one_thread_beside_those_of_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THREAD_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    made = Child("tests.engine.processes.echo", {})
    try:
        made.channel.send("threads")
        assert made.channel.receive() == {1}
    finally:
        made.close()


BUNDLE = """#!{python}
import sys

sys.frozen, sys.executable = True, __file__
assert not set(sys.argv) & {{"-c", "-m"}}, "a bundled program is no Python"
sys.path.insert(0, {root!r})
from engine.processes.child_command import serve_if_asked
from engine.processes.child_process import Child

serve_if_asked(sys.argv)
child = Child("tests.engine.processes.echo", {{}})
child.channel.send("hello from the bundle")
print(child.channel.receive())
child.close()
"""


@pytest.mark.skipif(os.name != "posix", reason="starts a script as a program")
def test_a_bundled_program_starts_itself_as_its_child(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(BUNDLE.format(python=sys.executable, root=str(ROOT)))
    program.chmod(0o755)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "hello from the bundle\n"


def test_a_process_that_cannot_be_started_is_an_operating_system_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(ROOT / "no such python"))
    with pytest.raises(OSError, match="no such python"):
        Child("tests.engine.processes.echo", {})


def test_closing_ends_it_whatever_it_does() -> None:
    child = Child("tests.engine.processes.echo", {})
    child.channel.send(("large", 5_000_000))  # it waits for somebody to read this
    child.close()
    child.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child.process_id, 0)


def test_rows_without_values_take_no_memory_on_the_way() -> None:
    rows = Ragged.empty(1_000_000)
    sent = pickle.dumps(rows)
    assert len(sent) < 1000
    assert len(pickle.loads(sent)) == 1_000_000
    full = pickle.loads(pickle.dumps(Ragged.of([[1, 2], [3]])))
    assert [row.tolist() for row in full] == [[1, 2], [3]]
    assert not full.packed.flags.writeable


def test_a_vocabulary_leaves_the_tables_it_has_made_behind() -> None:
    words = Vocabulary.from_counts(["a", "b"], [2, 1], min_count=2)
    before = pickle.dumps(words)
    words.encode(["a", "b"])
    words.decode([1, 2])
    assert pickle.dumps(words) == before


@pytest.mark.parametrize("symbols", [["a", "b"], ["a"], [], ["a\0", "b"], ["\ud800", "\n", ""]], ids=repr)
def test_a_vocabulary_arrives_as_it_was_sent(symbols: list[str]) -> None:
    for has_specials in (True, False):
        words = Vocabulary.from_counts(symbols, range(len(symbols), 0, -1), min_count=2, has_specials=has_specials)
        again = pickle.loads(pickle.dumps(words))
        assert (again, again.extra, again.counts.tolist()) == (words, words.extra, words.counts.tolist())


def test_data_may_be_looked_at_while_it_is_sent(child: Child) -> None:
    """What is looked up about a data set is remembered by it, in whichever thread that happens."""
    dataset = engine.load_sample("alphabet")
    looked_up: list[str] = []

    class LooksMeanwhile(dict[int, tuple[Hashable, object]]):
        """Asked for a name of every object on its way, also of those in the data set."""

        def get(self, key: int, default: Any = None) -> Any:
            if key == id(dataset.kind):
                looked_up.append(dataset.fingerprint)
            return super().get(key, default)

    assert "fingerprint" not in vars(dataset)
    child.channel.send(dataset, LooksMeanwhile())
    arrived = child.channel.receive()
    assert set(looked_up) == {dataset.fingerprint}
    assert arrived.fingerprint == dataset.fingerprint
