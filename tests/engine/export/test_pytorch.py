"""An exported PyTorch folder answers as the engine does, and is a program that runs."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import math
import re
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.cells import CELLS
from engine.data.characters import may_cluster
from tests.engine.small import Case, batch_of, data, exported_cases, text_cases

torch = pytest.importorskip("torch")

TOLERANCE = 1e-5
SPELLED = [
    Case(architecture, kind, cell, {"embedding_size": 4, "spelling": spelling, "bidirectional": True})
    for architecture, kind, cell, spelling in (
        ("many-to-many", "tagged", "lstm", "affixes"),
        ("many-to-many", "tagged", "gru", "characters"),
        ("many-to-one", "labelled", "lstm", "characters"),
        ("encoder-decoder", "pairs", "gru", "affixes"),
    )
]
SPELLED += [
    Case("many-to-many", "tagged", "lstm", {"embedding_size": 4, "spelling": spelling}, large=True)
    for spelling in ("patterns", "both")
]
SPELLED += [
    Case("many-to-one", "labelled", cell, {"embedding_size": 4, "word_counts": True, "spelling": spelling}, large=True)
    for cell, spelling in (("gru", "none"), ("lstm", "affixes"))
]
SPELLED.append(Case("many-to-many", "tagged", "gru", {"read_out": "crf", "bidirectional": True}))
SPELLED += [
    Case(architecture, kind, "gru", {"embedding_size": 4, "neighbours": True, "spelling": spelling})
    for architecture, kind, spelling in (
        ("many-to-many", "tagged", "none"),
        ("many-to-one", "labelled", "affixes"),
        ("encoder-decoder", "pairs", "none"),
    )
]
WITH_LAYER = [name for name, cell in CELLS.items() if cell.torch is not None]
CASES = [case for case in text_cases(exported_cases()) if case.cell in WITH_LAYER] + SPELLED
TRAINING = {"train", "examples"}  # see test_train_script
VERBS = {
    "generate": Case("one-to-many", "labelled", "lstm", {"dropout": 0.2, "num_layers": 2}),
    "classify": Case("many-to-one", "labelled", "gru", {"embedding_size": 4}),
    "predict": Case("one-to-one", "sequences", "rnn"),
    "tag": Case("many-to-many", "tagged", "lstm", {"bidirectional": True}),
    "translate": Case("encoder-decoder", "pairs", "gru", {"attention": True}),
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small only wait for more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def exported(model: engine.Model, folder: Path) -> Any:
    """The network that the folder's own `load` gives."""
    engine.export_pytorch(model, folder)
    spec = importlib.util.spec_from_file_location("exported_model", folder / "model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["exported_model"] = module
    spec.loader.exec_module(module)
    return module.load(folder)


def close(found: dict[str, float], expected: dict[str, float]) -> bool:
    return found.keys() == expected.keys() and all(abs(found[k] - v) < TOLERANCE for k, v in expected.items())


def check_generate(network: Any, model: engine.Model, label: str | None) -> None:
    for prefix in ("", "ab"):
        (expected,) = model.generate(label=label, prefix=prefix, temperature=0, length=15)
        (found,) = network.generate(1, label, prefix, temperature=0, length=15)
        assert (found.text, found.tokens) == (expected.text, expected.tokens)
        assert found.log_probability == pytest.approx(expected.log_probability, abs=1e-4)
    (again,) = network.generate(1, label, top_k=1, temperature=5.0, length=15)
    assert again.text == network.generate(1, label, temperature=0, length=15)[0].text


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_network_answers_alike(tmp_path: Path, case: Case) -> None:
    model = case.model("float32")
    network = exported(model, tmp_path)
    check_loss(network, model, batch_of(case.dataset, 7))
    example = case.dataset.validation[0]
    strange = (*example.source, "Zürich", "q")
    match model.verb:
        case "generate":
            check_generate(network, model, case.dataset.labels[-1] if case.dataset.labels else None)
        case "predict":
            for text in (example.source, "", strange):
                assert close(network.predict(text), model.predict(text))
        case "classify":
            for text in (example.source, "", strange, example.source * 9):
                assert close(network.classify(text), model.classify(text))
        case "tag":
            for text in (example.source, strange):
                tags = [(t.token, t.tag, pytest.approx(t.probability, abs=TOLERANCE)) for t in model.tag(text)]
                assert [tuple(t) for t in network.tag(text)] == tags
            assert network.tag("") == []
        case _:
            for beam_size in (1, 4):
                check_translate(network, model, strange, beam_size)


def check_loss(network: Any, model: engine.Model, examples: engine.Examples) -> None:
    """A ragged batch has the same loss there, and every weight a gradient."""
    ids = [
        [torch.tensor(row.astype(np.int64)) for row in rows]
        for rows in (map(model.codec.source.known, examples.source), examples.target)
    ]
    nats = network.nats(sys.modules["exported_model"].Batch(*ids))
    total, count = model.loss(examples)
    assert nats.predictions == count
    assert nats.total.item() == pytest.approx(total, rel=TOLERANCE)
    nats.total.backward()
    assert all(weight.grad is not None for weight in network.parameters())


def check_translate(network: Any, model: engine.Model, text: tuple[str, ...], beam_size: int) -> None:
    expected, found = model.translate(text, beam_size), network.translate(text, beam_size)
    assert [t.text for t in found] == [t.text for t in expected]
    for ours, theirs in zip(expected, found, strict=True):
        assert theirs.log_probability == pytest.approx(ours.log_probability, abs=1e-4)
        assert (theirs.attention is None) == (ours.attention is None)
        if ours.attention is not None:
            assert np.abs(np.array(theirs.attention) - ours.attention).max() < TOLERANCE


def test_an_empty_text_is_translated_alike(tmp_path: Path) -> None:
    model = VERBS["translate"].model("float32")
    check_translate(exported(model, tmp_path), model, (), 2)


def test_texts_are_drawn_as_the_settings_ask(tmp_path: Path) -> None:
    model = VERBS["generate"].model("float32")
    network = exported(model, tmp_path)

    def firsts(**settings: Any) -> Counter[str]:
        written = network.generate(4000, "x", seed=5, length=1, **settings)
        return Counter(each.tokens[0] if each.tokens else "</s>" for each in written)

    known = model.next_symbols("", "x")
    known.pop("<unk>")
    for temperature in (1.0, 0.5):
        powers = {symbol: p ** (1 / temperature) for symbol, p in known.items()}
        total = sum(powers.values())
        found = firsts(temperature=temperature)
        for symbol, power in powers.items():
            share = power / total
            assert abs(found[symbol] / 4000 - share) < 5 * math.sqrt(share * (1 - share) / 4000) + 1e-9, symbol
    ranked = list(known)
    assert set(firsts(top_k=3)) == set(ranked[:3])
    needed = next(k for k in range(1, 99) if sum(list(known.values())[:k]) >= 0.6 * sum(known.values()))
    assert set(firsts(top_p=0.6)) == set(ranked[:needed])
    assert firsts() == firsts()
    assert firsts(temperature=0) == {ranked[0]: 4000}


def test_log_probabilities_are_those_of_the_model_whatever_the_temperature(tmp_path: Path) -> None:
    model = VERBS["generate"].model("float32")
    network = exported(model, tmp_path)
    for written in network.generate(5, "y", temperature=2.0, seed=1):
        symbols, expected = [*written.tokens, "</s>"], 0.0
        for k, symbol in enumerate(symbols):
            if k < 2 * model.longest + 1:
                expected += math.log(model.next_symbols("".join(symbols[:k]), "y")[symbol])
        assert written.log_probability == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("lowercase", [False, True])
@pytest.mark.parametrize("unit", ["character", "word", "token", "piece", "mixed"])
def test_text_is_split_and_joined_as_by_the_engine(tmp_path: Path, unit: Any, lowercase: bool) -> None:
    texts = [
        "Don't stop — it's 3.14, isn't it?",
        'He said "no" (twice)...  and left\tagain',
        "naïve cafe\u0301 Žižek’s",
        "日本語 टेक्स्ट 한글 👩‍👩‍👧 🇫🇷",
        "<unk> </s> a_b $5 x--y",
        "l'été d\u200cone",
        "laufen + V;PST|3 SG + x",
        "a\u00a0b  c\x1dd",
        "Größe € refund, not €5 or 5 € back",
        "Quoi ? « Va » ! Et « toi » ?",
        "",
    ]
    rows = [text for text in texts if text] * 3
    dataset = engine.make_dataset(rows, "sequences", unit=unit, lowercase=lowercase)
    model = engine.build_model(engine.ModelConfig(hidden_size=3), dataset)
    rules = exported(model, tmp_path).text
    for text in texts:
        tokens = dataset.codec.tokenize(text)
        assert tuple(rules.symbols_of(text)) == tokens
        assert rules.join(tokens) == dataset.codec.join(tokens)
    for code_point in range(0, 0x20000, 7):
        assert rules.may_cluster(code_point) == may_cluster(code_point)


@pytest.mark.parametrize("lowercase", [False, True])
@pytest.mark.parametrize("unit", ["character", "word"])
def test_tokens_that_the_data_do_not_split_stay_whole(tmp_path: Path, unit: Any, lowercase: bool) -> None:
    tokens = ["#Fun", "with", "@bob", ":)", "do", "n't"]
    rows = [([*tokens, str(number)], ["T", "O", "P", "O", "O", "O", "N"]) for number in range(20)]
    dataset = engine.make_dataset(rows, "tagged", unit=unit, lowercase=lowercase)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=3), dataset)
    network = exported(model, tmp_path)
    for text in ("#Fun with\u00a0@bob :)", "do n't stop", "#fun, @Bob! don't", "</s> <unk> naïve👍🏽", " \n"):
        assert [token for token, _, _ in network.tag(text)] == [tagged.token for tagged in model.tag(text)]
    assert [tagged.token for tagged in model.tag("do n't")] == ["do", "n't"]


OPTIONS = {
    "generate": ["--count", "3", "--label", "y", "--prefix", "ab", "--temperature", "0.7", "--top-k", "4",
                 "--top-p", "0.9", "--seed", "3", "--length", "9"],
    "classify": ["abc", "gfe"],
    "predict": [],
    "tag": ["a b c"],
    "translate": ["--beam-size", "2", "abc"],
}  # fmt: skip


def test_a_program_runs_by_itself_wherever_the_folder_is(tmp_path: Path) -> None:
    engine.export_pytorch(VERBS["generate"].model("float32"), tmp_path / "first")
    shutil.move(tmp_path / "first", tmp_path / "moved")
    command = [sys.executable, "-W", "error", str(tmp_path / "moved" / "generate.py"), *OPTIONS["generate"]]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert all(line.split(maxsplit=1)[1].startswith("ab") for line in lines)


@pytest.mark.parametrize("verb", VERBS)
def test_every_program_says_what_the_network_answers(
    tmp_path: Path, verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = VERBS[verb].model("float32")
    engine.export_pytorch(model, tmp_path)
    monkeypatch.setattr(sys, "argv", [f"{verb}.py", *OPTIONS[verb]])
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "stdin", io.StringIO("b\nabc\n"))
    monkeypatch.delitem(sys.modules, "model", raising=False)
    runpy.run_path(str(tmp_path / f"{verb}.py"), run_name="__main__")
    sys.modules.pop("model")
    lines = capsys.readouterr().out.splitlines()
    match verb:
        case "generate":
            assert len(lines) == 3
        case "tag":
            assert [line.split("\t")[:2] for line in lines[:3]] == [[t.token, t.tag] for t in model.tag("a b c")]
        case "translate":
            assert lines[0].split("\t")[:2] == ["abc", model.translate("abc", 2)[0].text]
        case _:
            for text, line in zip(("abc", "gfe") if verb == "classify" else ("b", "abc"), lines, strict=True):
                answers = getattr(model, verb)(text)
                best = max(answers, key=answers.__getitem__)
                assert line.startswith(f"{text}\t{best!r} {answers[best]:.3f}")


SHAPES = {
    "one_to_one": Case("one-to-one", "sequences", "lstm"),
    "one_to_many": Case("one-to-many", "labelled", "lstm", {"num_layers": 2}),
    "many_to_one": Case("many-to-one", "labelled", "gru", {"pooling": "max", "bidirectional": True}),
    "many_to_many": SPELLED[0],
    "feed_forward": Case("one-to-one", "labelled", "rnn"),
    "encoder_decoder": Case("encoder-decoder", "pairs", "lstm", {"attention": True, "bidirectional": True}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_template_is_a_module_that_reads_an_exported_folder(tmp_path: Path, name: str) -> None:
    model = SHAPES[name].model("float32")
    network = exported(model, tmp_path)
    template = importlib.import_module(f"engine.export.pytorch.templates.{name}").load(tmp_path)
    for module in (network, template):
        assert sum(weight.numel() for weight in module.parameters() if weight.requires_grad) > 0
        assert not module.training
    settings: dict[str, Any] = {"seed": 1} if model.verb == "generate" else {"text": "abc"}
    assert getattr(template, model.verb)(**settings) == getattr(network, model.verb)(**settings)


def test_every_template_is_of_some_shape_or_used_by_one() -> None:
    folder = Path(importlib.import_module("engine.export.pytorch.templates").__file__ or "").parent
    there = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    used: set[str] = set()
    for name in SHAPES:
        used |= {
            name,
            *re.findall(r"^from engine\.export\.pytorch\.templates\.(\w+)", (folder / f"{name}.py").read_text(), re.M),
        }
    assert used == there
    assert {path.stem for path in (folder / "scripts").glob("*.py")} - {"__init__"} == VERBS.keys() | TRAINING


def test_the_source_is_for_reading(tmp_path: Path) -> None:
    for number, case in enumerate(CASES[::7] + SPELLED):
        engine.export_pytorch(case.model("float32"), tmp_path / str(number), dataset=case.dataset)
        assert (tmp_path / str(number) / "model.py").exists(), case
    for path in tmp_path.glob("*/*.py"):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        assert max(map(len, source.splitlines())) <= 120, path
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not [module for module in imported if module.startswith("engine")], path
        for node in ast.walk(tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name != "__init__":
                assert ast.get_docstring(node), (path, node.name)
    check = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length=120", "--select=E,F,W,I", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert check.returncode == 0, check.stdout


def test_labels_of_an_untrusted_run_never_become_code(tmp_path: Path) -> None:
    evil = ['"""\nimport os', "'); boom()", "{x}", "@TEXT@", "\ud800"]
    rows = [(text, label) for label in evil for text in ("abc", "bcd", "cde", f"x{evil.index(label)}")]
    dataset = engine.make_dataset(rows, "labelled", unit="character")
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=3)
    model = engine.build_model(config, dataset)
    network = exported(model, tmp_path)
    assert set(network.classify("abc")) == set(evil)
    plain = engine.build_model(config, data("labelled"))
    engine.export_pytorch(plain, tmp_path / "plain")
    ours, theirs = ((folder / "classify.py").read_text() for folder in (tmp_path, tmp_path / "plain"))
    assert ours == theirs
    assert "boom" not in (tmp_path / "model.py").read_text()
    assert "boom" in json.dumps(json.loads((tmp_path / "vocabulary.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("cell", CELLS.keys() - WITH_LAYER)
def test_a_cell_that_pytorch_does_not_have_is_refused_in_words(tmp_path: Path, cell: str) -> None:
    model = Case("many-to-one", "labelled", cell).model("float32")
    with pytest.raises(engine.StorageError, match=f"PyTorch has no {CELLS[cell].title}"):
        engine.export_pytorch(model, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_crf_there_answers_possible_tags_and_gives_the_loss_to_train_further(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    marks = ("O", "B-P", "I-P", "B-L", "I-L")
    rows = [(rng.choice(list("abcdef"), 6).tolist(), rng.choice(marks, 6).tolist()) for _ in range(40)]
    dataset = engine.make_dataset(rows, "tagged")
    config = engine.ModelConfig(architecture="many-to-many", cell="gru", hidden_size=8, read_out="crf")
    model = engine.build_model(config, dataset, seed=1)
    model.parameters.flat[:] *= 6
    network = exported(model, tmp_path)
    for words, tags in rows:
        assert [one.tag for one in network.tag(words)] == [one.tag for one in model.tag(words)]
        scores = network(torch.tensor([network.vocabulary.ids(words)]), torch.tensor([len(words)]), [words])[0]
        answer = torch.tensor([[network.tags.index(tag) for tag in tags]])
        loss = network.crf.loss(scores[None], answer, torch.tensor([len(tags)]))
        assert loss.item() == pytest.approx(model.loss([engine.Example(tuple(words), tuple(tags))])[0], rel=1e-4)


def test_a_folder_of_something_else_is_left_as_it_is_and_one_exported_before_is_replaced(tmp_path: Path) -> None:
    model = Case("many-to-one", "labelled", "gru", {"embedding_size": 4}).model()
    theirs = tmp_path / "model.py"
    theirs.write_text("print('mine')", "utf-8")
    with pytest.raises(engine.StorageError, match=r"its model\.py belongs to something else; name another folder"):
        engine.export_pytorch(model, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.py"]
    assert theirs.read_text("utf-8") == "print('mine')"
    for _ in range(2):
        engine.export_pytorch(model, tmp_path / "new")
