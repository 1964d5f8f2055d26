"""Files from anywhere: whatever is in them, opening one ends in a sound run or in a StorageError."""

from __future__ import annotations

import copy
import json
import random
import struct
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

import engine
from engine.runs import safetensors_container
from tests.engine.small import Case

CASES = (
    Case("one-to-many", "stream", "lstm", {"hidden_size": 4}),
    Case("many-to-one", "labelled", "gru", {"hidden_size": 4, "embedding_size": 3, "spelling": "affixes"}),
    Case("encoder-decoder", "pairs", "rnn", {"hidden_size": 4, "bidirectional": True, "attention": True}),
    Case("one-to-one", "labelled", "rnn", {"hidden_size": 4}),
    Case("many-to-many", "tagged", "lstm", {"hidden_size": 4, "num_layers": 2}),
)
SIGNED_MUTATIONS = 300
RAW_MUTATIONS = 300


def write(path: Path, case: Case) -> Path:
    trainer = engine.Trainer(case.model("float32"), case.dataset, engine.TrainingConfig(batch_size=6, window=5))
    moments = []
    for update in trainer:
        moments.append(trainer.snapshot())
        if update.step == 5:
            break
    engine.save_run(path, trainer, moments[:2])
    return path


@cache
def content(case: int, folder: Path) -> tuple[bytes, dict[str, Any], dict[str, Any]]:
    """Bytes, document and arrays of a real run."""
    path = write(folder / f"real-{case}", CASES[case])
    return path.read_bytes(), *safetensors_container.read_container(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("untrusted")


def signed(path: Path, document: object, arrays: dict[str, Any], version: str = "1", form: str = "unroll-run") -> Path:
    """A file whose digest is right: made by somebody who knows how."""
    text = document if isinstance(document, str) else json.dumps(document)
    arrays = {name: np.array(array) for name, array in arrays.items()}
    metadata = {"format": form, "version": version, "run": text, "digest": safetensors_container.digest(text, arrays)}
    save_file(arrays, path, metadata)
    return path


def use(run: engine.Run) -> None:
    """Look at all of a run and ask the network something: nothing may be there that it cannot answer with."""
    for snapshot in (run.snapshot, run.best_snapshot, *run.timeline):
        if snapshot is None:
            continue
        model = snapshot.model()
        match model.verb:
            case "generate":
                answers = [written.log_probability for written in model.generate(count=2, seed=1, length=5)]
            case "classify":
                answers = list(model.classify("abc").values())
            case "tag":
                answers = [tagged.probability for tagged in model.tag(["a", "b"])]
            case _:
                answers = [translated.log_probability for translated in model.translate("a", beam_size=1)][:1]
        assert answers
        assert all(isinstance(answer, float) for answer in answers)
    assert len(run.history.steps["loss"]) == len(run.history.steps["step"])


def opens_or_says_no(path: Path) -> bool:
    """Whether the file opens; anything but a run or a StorageError fails."""
    try:
        run = engine.open_run(path)
    except engine.StorageError:
        return False
    with np.errstate(all="ignore"):
        use(run)
    return True


# ---- files with something broken


def test_the_real_files_open(folder: Path) -> None:
    for k, _ in enumerate(CASES):
        content(k, folder)
        assert opens_or_says_no(folder / f"real-{k}")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a run"),
        (b"\x00" * 8, "not a run"),
        (b"name,gender\nana,f\n", "not a run"),
        (struct.pack("<Q", 2**63) + b"{}", "not a run"),
        (struct.pack("<Q", 2**40) + b"{" + b" " * 100, "not a run"),
        (struct.pack("<Q", 99_000_000) + b"{" + b" " * 100, "a damaged run file"),
        (struct.pack("<Q", 2) + b"{}", "not a run that Unroll has saved"),
        (struct.pack("<Q", 40_000) + b'{"a":' + b"[" * 39_995, "a damaged run file"),
    ],
    ids=["empty", "zeros", "text", "huge header", "header beyond the file", "header at its limit", "bare", "nested"],
)
def test_what_is_no_run_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(engine.StorageError, match=said):
        engine.open_run(tmp_path / "file")


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "nothing", "no such file"),
        (tmp_path, "no description of a network in"),
    ):
        with pytest.raises(engine.StorageError, match=said):
            engine.open_run(path)


def test_every_truncation_is_noticed(tmp_path: Path, folder: Path) -> None:
    data = content(0, folder)[0]
    for size in [*range(0, len(data), len(data) // 60), len(data) - 1]:
        (tmp_path / "file").write_bytes(data[:size])
        with pytest.raises(engine.StorageError):
            engine.open_run(tmp_path / "file")


@pytest.mark.parametrize("size", [0, 1, 8, 9, 100, -1])
def test_a_run_that_was_cut_off_is_called_a_damaged_run_and_not_read_as_text(
    tmp_path: Path, folder: Path, size: int
) -> None:
    path = tmp_path / "girls.unroll"
    path.write_bytes(content(0, folder)[0][:size])
    assert engine.is_run(path)
    with pytest.raises(engine.StorageError, match=r"girls\.unroll: .*damaged"):
        engine.open_run(path)
    unnamed = path.rename(tmp_path / "girls")
    assert engine.is_run(unnamed) == (size not in (0, 1, 8)), "its first bytes tell, where enough of them are left"


def test_a_single_wrong_bit_in_the_weights_is_noticed(tmp_path: Path, folder: Path) -> None:
    data = bytearray(content(0, folder)[0])
    data[-100] ^= 1
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(engine.StorageError, match="damaged"):
        engine.open_run(tmp_path / "file")


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Real bytes with some damage."""
    result = bytearray(data)
    header = 8 + int.from_bytes(data[:8], "little")
    for _ in range(rng.choice((1, 1, 2, 5))):
        end = rng.choice((16, header, len(result)))
        at = rng.randrange(min(end, len(result)))
        size = rng.choice((1, 1, 4, 30, 1000))
        match rng.randrange(6):
            case 0:
                result[at] ^= 1 << rng.randrange(8)
            case 1:
                result[at : at + size] = rng.randbytes(size)
            case 2:
                del result[at : at + size]
            case 3:
                result[at:at] = rng.choice((rng.randbytes(size), b"9" * size, b"[" * size, bytes(result[:size])))
            case 4:
                result[at : at + size] = bytes(len(result[at : at + size]))
            case _:
                result[at:] = b""
        if not result:
            break
    return bytes(result)


def check_raw(path: Path, folder: Path, mutations: int) -> None:
    rng = random.Random(mutations)
    for k in range(mutations):
        path.write_bytes(mutated(content(k % len(CASES), folder)[0], rng))
        opens_or_says_no(path)


def test_damaged_files_are_refused_or_sound(tmp_path: Path, folder: Path) -> None:
    check_raw(tmp_path / "file", folder, RAW_MUTATIONS)


@pytest.mark.slow
def test_ten_thousand_damaged_files_are_refused_or_sound(tmp_path: Path, folder: Path) -> None:
    check_raw(tmp_path / "file", folder, 10_000)


# ---- files made to deceive: their digest is right

STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2, 3, 1.5, 2**31, 2**53, 10**18, 10**30, 1e308, -1e308, float("nan"), float("inf"), "", "x",
    "lstm", "gru", "nan", "characters", "stream", "pairs", "tagged", "\ud800", [], {}, [[]],
    ["<unk>", "</s>"], {"a": 1},
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a document."""
    found = [path] if path else []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += places(inner, (*path, name))
    elif isinstance(value, list):
        for k, inner in enumerate(value[:4]):
            found += places(inner, (*path, k))
    return found


def change_document(document: dict[str, Any], rng: random.Random) -> None:
    way = rng.choice(places(document))
    inner = document
    for name in way[:-1]:
        inner = inner[name]
    match rng.randrange(4):
        case 0:
            del inner[way[-1]]
        case 1 if isinstance(inner, list):
            inner.insert(0, rng.choice(STRANGE))
        case _:
            inner[way[-1]] = rng.choice(STRANGE)


def change_arrays(arrays: dict[str, Any], rng: random.Random) -> None:
    name = rng.choice(sorted(arrays))
    array = np.array(arrays[name])
    match rng.randrange(8):
        case 0:
            del arrays[name]
        case 1:
            arrays[name] = array.astype(rng.choice((np.float64, np.float32, np.int64, np.float16, np.uint8)))
        case 2:
            arrays[name] = array.reshape(-1)[: rng.randrange(array.size + 1)]
        case 3:
            arrays[name] = array[None]
        case 4 if array.dtype.kind == "f":
            array.reshape(-1)[: 1 + rng.randrange(3)] = rng.choice((np.nan, np.inf, -np.inf, 1e30, -1e30, 0))
            arrays[name] = array
        case 5:
            arrays[
                rng.choice(("extra", "weights.extra", "history.steps.extra", "history.validations.", "carry.9.9"))
            ] = array
        case 6:
            other = rng.choice(sorted(arrays))
            arrays[name], arrays[other] = arrays[other], arrays[name]
        case _:
            arrays[name] = array.reshape(array.shape[::-1])


def check_signed(path: Path, folder: Path, mutations: int) -> int:
    rng = random.Random(mutations)
    opened = 0
    for k in range(mutations):
        _, document, arrays = content(k % len(CASES), folder)
        document, arrays = copy.deepcopy(document), dict(arrays)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            if rng.random() < 0.65:
                change_document(document, rng)
            else:
                change_arrays(arrays, rng)
        opened += opens_or_says_no(signed(path, document, arrays))
    return opened


def test_deceiving_files_are_refused_or_sound(tmp_path: Path, folder: Path) -> None:
    opened = check_signed(tmp_path / "file", folder, SIGNED_MUTATIONS)
    assert 0 < opened < SIGNED_MUTATIONS / 2


@pytest.mark.slow
def test_ten_thousand_deceiving_files_are_refused_or_sound(tmp_path: Path, folder: Path) -> None:
    check_signed(tmp_path / "file", folder, 10_000)


def changed(**changes: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def change(document: dict[str, Any], arrays: dict[str, Any]) -> None:
        for way, value in changes.items():
            *outer, last = way.split("__")
            inner = document
            for name in outer:
                inner = inner[name]
            inner[last] = value

    return change


def without_numbers(document: dict[str, Any], arrays: dict[str, Any]) -> None:
    weights = np.array(arrays["weights.output.bias"])
    weights[1] = np.nan
    arrays["weights.output.bias"] = weights


def of_another_shape(document: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["weights.output.weight"] = np.array(arrays["weights.output.weight"]).T.copy()


def with_infinite_moments(document: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["optimizer.square"] = np.full_like(arrays["optimizer.square"], np.inf)


LAYOUT = {"form": "table", "kind": "labelled", "columns": ["a", "b"], "source": "a", "target": "b", "delimiter": ",",
          "has_header": True}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(model__hidden_size=4096), "weights, expected"),
        (changed(model__hidden_size=10**9), "hidden_size is 1,000,000,000; expected 1 to 4096"),
        (changed(model__num_layers=8), "weights, expected"),
        (changed(model__cell="transformer"), "cell is 'transformer'"),
        (changed(model__architecture="many-to-one"), "needs texts with a label"),
        (changed(training__batch_size=0), "batch_size is 0"),
        (changed(longest=2**60), "longest"),
        (changed(step=-1), "step"),
        (changed(codec__source__symbols=["<unk>", "</s>"] + ["a"] * 1000), "distinct"),
        (changed(codec__source__has_specials=False), "vocabularies"),
        (changed(model__surprise=1), "no setting surprise"),
        (changed(data__table=LAYOUT | {"source": "elsewhere"}), "columns that do not exist"),
        (changed(data__table=LAYOUT | {"form": "elsewhere"}), "columns that do not exist"),
        (changed(data__table=LAYOUT | {"kind": "elsewhere"}), "not a valid Kind"),
        (changed(data__table=LAYOUT | {"columns": [1]}), "columns is not a list of strings"),
        (without_numbers, "not finite"),
        (of_another_shape, "has shape"),
        (with_infinite_moments, "not finite"),
    ],
)
def test_what_does_not_fit_is_named(
    tmp_path: Path, folder: Path, change: Callable[[dict[str, Any], dict[str, Any]], None], said: str
) -> None:
    _, document, arrays = content(0, folder)
    document, arrays = copy.deepcopy(document), dict(arrays)
    change(document, arrays)
    with pytest.raises(engine.StorageError, match=said):
        engine.open_run(signed(tmp_path / "file", document, arrays))


def test_a_newer_version_says_that_it_is_newer(tmp_path: Path, folder: Path) -> None:
    _, document, arrays = content(0, folder)
    with pytest.raises(engine.StorageError, match="newer Unroll"):
        engine.open_run(signed(tmp_path / "file", document, arrays, version="2"))


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, "1" * 5000, '{"step":', '"' + "\\ud800" + '"', "NaN"])
def test_a_document_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(engine.StorageError, match="damaged"):
        engine.open_run(signed(tmp_path / "file", text, {}))


def test_absurd_sizes_take_no_memory(tmp_path: Path, folder: Path) -> None:
    _, document, arrays = content(3, folder)
    for k, (name, value) in enumerate(
        [("longest", 10_000_000), ("longest", 10_000), ("model__hidden_size", 4096), ("model__hidden_size", 5)]
    ):
        altered = copy.deepcopy(document)
        changed(**{name: value})(altered, {})
        path = signed(tmp_path / f"file-{k}", altered, arrays)
        tracemalloc.start()
        with pytest.raises(engine.StorageError):
            engine.open_run(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20 * path.stat().st_size + 200_000, (name, peak)


def test_opening_takes_hardly_more_memory_than_the_file_is_large(tmp_path: Path) -> None:
    path = write(tmp_path / "run", Case("one-to-many", "sequences", "lstm", {"hidden_size": 256}))
    tracemalloc.start()
    engine.open_run(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.6 * path.stat().st_size
