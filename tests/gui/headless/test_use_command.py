"""A saved run used from the command line: each verb, from a file and from standard input, as text and as JSON Lines."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import engine
from engine.models.metrics import metric_text, metric_title
from engine.number_text import percent
from gui import headless
from gui.app import arguments, main
from gui.headless.use_command import metrics_in_words
from tests.gui.saving.saving import saved_on, write_sides

ROWS = [(f"{word} {thing}", "good" if word in ("fine", "great") else "poor")
        for word in ("fine", "great", "bad", "weak") for thing in ("film", "plot", "cast", "end")]  # fmt: skip


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


def saved(path: Path, dataset: engine.Dataset, architecture: str, steps: int = 60) -> Path:
    config = engine.ModelConfig(architecture=architecture, hidden_size=16)
    training = engine.TrainingConfig(epochs=200, learning_rate=0.02)
    trainer = engine.Trainer(engine.build_model(config, dataset, seed=1), dataset, training)
    for _ in range(steps):
        next(trainer)
    engine.save_run(path, trainer)
    return path


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in ROWS), "utf-8")
    return path


@pytest.fixture
def classifier(tmp_path: Path, reviews: Path) -> Path:
    return saved(tmp_path / "classifier.unroll", engine.load_dataset(reviews, unit="word"), "many-to-one")


def test_evaluate_gives_the_figures_of_the_engine(
    classifier: Path, reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(classifier, "--evaluate", reviews, "--format", "jsonl") == 0
    printed = json.loads(capsys.readouterr().out)
    model = engine.open_run(classifier).snapshot.model()
    dataset = engine.load_dataset(reviews, unit="word")
    expected = engine.evaluate(model, [*dataset.train, *dataset.validation])
    assert printed["examples"] == printed["rows"] == len(ROWS)
    assert printed["loss"] == pytest.approx(expected.loss)
    assert printed["accuracy"] == pytest.approx(expected.accuracy)
    assert call(classifier, "--evaluate", reviews) == 0
    said = capsys.readouterr().out
    loss = said.split("loss ")[1].split(",")[0].replace("−", "-")
    assert float(loss) == pytest.approx(expected.loss, rel=0.05, abs=5e-5)  # as it is rounded
    assert "perplexity" not in said, "of two labels, it says what the loss says"


def test_unknown_words_are_called_words_when_a_file_is_measured(
    tmp_path: Path, classifier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("text,label\nfine film,good\nbad zebra,poor\n", "utf-8")
    assert call(classifier, "--evaluate", other) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first == "Not compared with the training data: --from-data DATA counts the rows that are in both."
    assert second == "25.0 % of the words are unknown to the network."


def test_rows_that_are_in_the_training_data_too_are_counted(
    tmp_path: Path, reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = saved(tmp_path / "run", engine.load_dataset(reviews), "many-to-one", steps=5)
    other = tmp_path / "other.csv"
    other.write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in [*ROWS, ("new one", "good")]))
    known = len(engine.load_dataset(reviews).train)
    assert call(run, "--evaluate", other, "--from-data", reviews) == 0
    said = capsys.readouterr().err
    assert f"{known} of {len(ROWS) + 1} texts are also in the training data." in said
    assert "Not compared" not in said
    assert call(run, "--evaluate", other, "--from-data", other) == headless.WRONG
    assert "is not that of this run" in capsys.readouterr().err


def test_rows_are_compared_with_training_data_whose_validation_file_has_moved(
    tmp_path: Path, reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (validation := tmp_path / "valid.csv").write_text("text,label\nfine film,good\nbad film,poor\n", "utf-8")
    run = saved(tmp_path / "run", engine.load_dataset(reviews, validation=validation), "many-to-one", steps=5)
    validation.unlink()
    (other := tmp_path / "other.csv").write_text(f"text,label\nquite new,poor\n{ROWS[0][0]},{ROWS[0][1]}\n", "utf-8")
    assert call(run, "--evaluate", other, "--from-data", reviews) == 0
    assert "1 of 2 texts is also in the training data." in capsys.readouterr().err
    assert call(run, "--evaluate", other, "--from-data", other) == headless.WRONG
    assert "is not that of this run" in capsys.readouterr().err


@pytest.mark.parametrize("side", ["en", "de"])
def test_one_of_two_parallel_files_stands_for_both_training_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], side: str
) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    train, validation, test = (write_sides(home, name, first) for name, first in (("a", 0), ("v", 0), ("t", 30)))
    run = saved_on(train, validation[0], "encoder-decoder", test[0])
    home.rename(away)
    run = away / run.name
    assert call(run, "--evaluate", away / "t.en", "--from-data", away / f"a.{side}") == 0
    assert "also in the training data" in (said := capsys.readouterr()).out + said.err
    (away / "a.de").rename(away / "a.german")
    assert call(run, "--evaluate", away / "t.en", "--from-data", away / "a.en") == headless.WRONG
    assert "“a.en” is one of several; choose both files (a.en and a.de) together." in capsys.readouterr().err


def test_rows_of_a_sample_are_counted_without_its_being_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = engine.load_sample("alphabet")
    run = saved(tmp_path / "run", dataset, "one-to-many", steps=2)
    asked = tmp_path / "asked.txt"
    asked.write_text("".join(f"{dataset.codec.join(one.source)}\n" for one in dataset.train[:3]) + "qwerty\n")
    assert call(run, "--evaluate", asked) == 0
    assert capsys.readouterr().err == "3 of 4 texts are also in the training data.\n"


def test_ratings_are_measured_on_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = engine.load_sample("ratings")
    run = saved(tmp_path / "ratings.unroll", dataset, "many-to-one", steps=5)
    held_out = list(dataset.validation)[:30]
    source = tmp_path / "held-out.tsv"
    rows = [f"{dataset.codec.join(one.source)}\t{float(one.target[0])}\n" for one in held_out]
    source.write_text("text\tstars\n" + "".join(rows) + "no stars\t\n", "utf-8")
    assert call(run, "--evaluate", source, "--format", "jsonl") == 0
    printed, said = capsys.readouterr()
    expected = engine.evaluate(engine.open_run(run).snapshot.model(), held_out)
    assert json.loads(printed)["mae"] == pytest.approx(expected.mae)
    assert json.loads(printed)["r2"] == pytest.approx(expected.r2)
    assert "1 of 31 rows left out: no answer" in said
    assert call(run, "--evaluate", source) == 0
    figures = ", ".join(f"{metric_title(name)} {metric_text(name, value)}" for name, value in expected.values.items())
    assert capsys.readouterr().out == f"loss {expected.loss:.4f}, {figures} on 30 examples (predictions: 30)\n"


def test_json_is_not_split_at_its_commas(tmp_path: Path, classifier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled, others = tmp_path / "labelled.json", tmp_path / "others.json"
    labelled.write_text(json.dumps([{"text": text, "label": label} for text, label in ROWS]), "utf-8")
    assert call(classifier, "--evaluate", labelled, "--format", "jsonl") == 0
    assert json.loads(capsys.readouterr().out)["examples"] == len(ROWS)
    others.write_text('[{"id":1,"text":"fine film"},{"id":2,"text":""}]', "utf-8")
    assert call(classifier, "--evaluate", others) == headless.WRONG
    assert "others.json: The file has no labels: found 1 text, such as 'fine film'" in capsys.readouterr().err


def test_classify_answers_each_text_of_a_file(
    classifier: Path, reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(classifier, "--classify", reviews) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[2] for line in lines] == [text for text, _ in ROWS]
    assert [line[0] for line in lines] == [label for _, label in ROWS]


def test_all_files_of_a_folder_are_answered_whatever_their_names_and_lines(
    classifier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of equal length are no source and target by chance."""
    folder = tmp_path / "new"
    folder.mkdir()
    texts = {"march.txt": ["fine film", "bad plot", "great cast"], "may.txt": ["weak end", "fine end", "bad film"]}
    for name, lines in texts.items():
        (folder / name).write_text("\n".join(lines), "utf-8")
    assert call(classifier, "--classify", folder) == 0
    found = [line.split("\t")[2:] for line in capsys.readouterr().out.splitlines()]
    assert found == [[line, name] for name, lines in texts.items() for line in lines]
    run = saved(tmp_path / "reversal.unroll", engine.load_sample("reversal"), "encoder-decoder", steps=3)
    assert call(run, "--translate", folder, "--format", "jsonl") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [[answer["source"], answer["file"]] for answer in answers] == found


def test_standard_input_is_answered_line_by_line(
    classifier: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO("fine film\n\nbad caf\u00e9 \xff\n".encode("latin-1")))
    )
    assert call(classifier, "--classify", "-", "--format", "jsonl") == 0
    first, empty, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert empty == {"text": "", "label": None, "probabilities": {}}
    assert first["label"] == "good"
    assert sum(first["probabilities"].values()) == pytest.approx(1)
    assert second["text"].startswith("bad caf")


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """What makes the standard input a pipe that holds some bytes and is closed."""
    with ExitStack() as stack:

        def holds(content: bytes) -> None:
            read, write = os.pipe()
            with os.fdopen(write, "wb") as end:
                end.write(content)
            monkeypatch.setattr("sys.stdin", stack.enter_context(os.fdopen(read)))

        yield holds


@pytest.mark.parametrize(
    "content",
    [
        "text,label\nfine film,good\n\nbad end,poor\n",
        "label;text;note\ngood;fine film;a\npoor;bad plot;b\n",
        "text\nfine film\nbad plot\n",
        '{"text": "fine film"}\n{"text": "bad plot"}\n',
        '[{"text": "fine film"},\n{"text": "bad plot"}]\n',
        "\ufefffine film\nbad plot, bad cast\n\nweak\n",
        "__label__good fine film\n__label__poor bad plot\n",
    ],
)
def test_the_same_bytes_give_the_same_answers_from_a_file_and_from_standard_input(
    tmp_path: Path, classifier: Path, content: str, capsys: pytest.CaptureFixture[str],
    pipe: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    source = tmp_path / "new"
    for data in (content.encode(), content.encode("utf-16")):
        source.write_bytes(data)
        assert call(classifier, "--classify", source) == 0
        expected = capsys.readouterr()
        pipe(data)
        assert call(classifier, "--classify", "-") == 0
        assert capsys.readouterr() == expected
        with source.open() as redirected:
            monkeypatch.setattr("sys.stdin", redirected)
            assert call(classifier, "--classify", "-") == 0
        assert capsys.readouterr() == expected


def test_a_text_without_the_other_columns_is_told_which_ones_the_network_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "forms.tsv"
    verbs = ("cry", "walk", "talk", "jump", "call", "play")
    rows = [f"{verb}\t{verb}{end}\tV;{tense}\n" for verb in verbs for tense, end in (("PST", "ed"), ("3;SG", "s"))]
    table.write_text("".join(["lemma\tform\tfeatures\n", *rows]))
    run = saved(tmp_path / "run", engine.load_dataset(table), "encoder-decoder", steps=2)
    alone = tmp_path / "alone.tsv"
    alone.write_text("".join(["lemma\tform\n", *(f"{verb}\t{verb}ed\n" for verb in verbs)]))
    asked = tmp_path / "asked.txt"
    said = "lack columns: the network reads “lemma + features”, given as columns or with “ + ” between them.\n"
    asked.write_text("walk\njump\n\ncall + V;PST\n")
    assert call(run, "--translate", asked) == 0
    assert capsys.readouterr().err.startswith(f"2 of 3 texts {said}")
    assert call(run, "--evaluate", alone) == 0
    assert f"6 of 6 texts {said}" in capsys.readouterr().err
    assert call(run, "--evaluate", table) == 0
    assert "lack" not in capsys.readouterr().err
    whole = []
    for name, text in (("a.txt", "walk + V;PST\ncall + V;3;SG\n"), ("a.tsv", "walk\tV;PST\ncall\tV;3;SG\n")):
        asked = tmp_path / name
        asked.write_text(text)
        assert call(run, "--translate", asked, "--format", "jsonl") == 0
        printed = capsys.readouterr()
        assert "columns" not in printed.err
        whole.append(printed.out)
    assert whole[0] == whole[1], "as typed text and as a table"
    assert [json.loads(line)["source"] for line in whole[0].splitlines()] == ["walk + V;PST", "call + V;3;SG"]


def test_columns_of_features_and_of_tokens_are_read_from_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pipe: Callable[[bytes], None]
) -> None:
    forms = tmp_path / "forms.tsv"
    forms.write_text(
        "".join(f"{verb}\tV;{tense}\t{verb}{end}\n" for verb in ("cry", "walk", "talk", "jump", "call", "play")
                for tense, end in (("PST", "ed"), ("3;SG", "s"), ("V.PTCP;PRS", "ing")))
    )  # fmt: skip
    inflection = saved(tmp_path / "forms.unroll", engine.load_dataset(forms), "encoder-decoder", steps=2)
    tokens = tmp_path / "tokens.conll"
    tokens.write_text("the DET\ncat NOUN\n\na DET\ndog NOUN\n")
    tagger = saved(tmp_path / "tags.unroll", engine.load_sample("part-of-speech"), "many-to-many", steps=2)
    for run, verb, source in ((inflection, "--translate", forms), (tagger, "--tag", tokens)):
        assert call(run, verb, source) == 0
        expected = capsys.readouterr()
        pipe(source.read_bytes())
        assert call(run, verb, "-") == 0
        assert capsys.readouterr() == expected


def test_what_is_measured_may_come_from_standard_input_and_is_named_when_it_cannot_be_read(
    classifier: Path, reviews: Path, capsys: pytest.CaptureFixture[str], pipe: Callable[[bytes], None]
) -> None:
    assert call(classifier, "--evaluate", reviews) == 0
    expected = capsys.readouterr()
    pipe(reviews.read_bytes())
    assert call(classifier, "--evaluate", "-") == 0
    assert capsys.readouterr() == expected
    pipe(b"fine film\n")
    assert call(classifier, "--evaluate", "-") == headless.WRONG
    assert capsys.readouterr().err.startswith("standard input: The file has no labels")


def test_a_text_that_comes_is_answered_before_the_next_one(classifier: Path) -> None:
    command = [sys.executable, "main.py", str(classifier), "--classify", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        for text, label in (("fine film, great plot", "good"), ("weak end, bad cast", "poor")):
            asked.stdin.write(f"{text}\n")
            assert asked.stdout.readline().startswith(f"{label}\t")
        asked.stdin.close()
    assert asked.returncode == 0


def test_how_much_of_the_texts_the_network_does_not_know_is_told_once(
    tmp_path: Path, classifier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "new.txt"
    source.write_text("fine film\nzebra crossing\nquite bad\n", "utf-8")
    assert call(classifier, "--classify", source) == 0
    said = capsys.readouterr().err
    share = percent(0.5, 1)
    assert said == f"The network does not know 3 of the 6 words ({share}); 1 text has none that it knows.\n"


def test_capitals_that_the_network_knows_in_lower_case_only_are_named_once(
    tmp_path: Path, classifier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "new.csv"
    source.write_text("text\nFine film\nFine Plot of Berlin\n", "utf-8")
    assert call(classifier, "--classify", source) == 0
    said = capsys.readouterr().err
    share = percent(5 / 6, 1)
    count = f"The network does not know 5 of the 6 words ({share}); 1 text has none that it knows.\n"
    assert said == f"{count}Unknown to the network, which knows them in lower case: “Fine”, “Plot”.\n"
    source.write_text("text\nfine film\n", "utf-8")
    assert call(classifier, "--classify", source) == 0
    assert capsys.readouterr().err == ""


def test_row_n_of_the_answers_is_row_n_of_the_file(
    tmp_path: Path, classifier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "new.csv"
    source.write_text('text\nfine film\n\n"bad\nplot"\n""\nweak end\n', "utf-8")
    assert call(classifier, "--classify", source) == 0
    lines = capsys.readouterr().out.split("\n")
    assert [line.split("\t")[2] for line in lines[:-1]] == ["fine film", "", "bad plot", "", "weak end"]
    assert lines[1] == lines[3] == "\t\t"
    assert call(classifier, "--classify", source, "--format", "jsonl") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == ["fine film", "", "bad\nplot", "", "weak end"]
    assert [bool(row["label"]) for row in rows] == [True, False, True, False, True]


def test_a_run_knows_which_column_it_has_learned_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train, new = tmp_path / "train.csv", tmp_path / "new.csv"
    train.write_text(
        "note,text,label\n" + "".join(f"n{i} or more,{text},{label}\n" for i, (text, label) in enumerate(ROWS))
    )
    dataset = engine.load_dataset(train, unit="word", columns=("text", "label"))
    run = saved(tmp_path / "classifier.unroll", dataset, "many-to-one")
    train.unlink()
    new.write_text("id,text\n1,fine film\n2,\n3,bad plot\n,\n5,weak end\n", "utf-8")
    assert call(run, "--classify", new) == 0
    texts = [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()]
    assert texts == ["fine film", "", "bad plot", "", "weak end"]
    new.write_text("note,text,label\nbad bad bad,fine film,good\nfine fine fine,weak end,poor\n", "utf-8")
    assert call(run, "--evaluate", new, "--format", "jsonl") == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1.0


def test_empty_rows_stay_between_translations_and_ratings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("abc\n\n\nhello\n", "utf-8")
    run = saved(tmp_path / "reversal.unroll", engine.load_sample("reversal"), "encoder-decoder", steps=1)
    assert call(run, "--translate", texts, "--format", "jsonl") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["source"] for answer in answers] == ["abc", "", "", "hello"]
    assert answers[1] == {"source": "", "text": "", "log_probability": None}
    assert call(run, "--translate", texts) == 0
    assert capsys.readouterr().out.split("\n")[1:3] == ["", ""]
    run = saved(tmp_path / "ratings.unroll", engine.load_sample("ratings"), "many-to-one", steps=1)
    assert call(run, "--rate", texts) == 0
    assert [line.partition("\t")[2] for line in capsys.readouterr().out.splitlines()] == ["abc", "", "", "hello"]


def test_a_file_of_tokens_comes_out_as_it_is_with_a_column_of_tags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = saved(tmp_path / "tags.unroll", engine.load_sample("part-of-speech"), "many-to-many", steps=10)
    source = tmp_path / "text.conll"
    lines = ["# sent_id = 1", "the\tx1\tO", "cat\tx2\tB-PER", "sleeps\tx3\tO", "", "# sent_id = 2", "a\tx4\tO",
             "dog\tx5\tB-PER", "", ""]  # fmt: skip
    source.write_bytes("\r\n".join(lines).encode())
    assert call(run, "--tag", source) == 0
    printed = capsys.readouterr().out.split("\n")
    model = engine.open_run(run).snapshot.model()
    tags = iter([one.tag for text in (["the", "cat", "sleeps"], ["a", "dog"]) for one in model.tag(text)])
    assert printed == [f"{line}\t{next(tags)}" if "\t" in line else line for line in lines]


def test_generate_writes_as_many_texts_as_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = saved(tmp_path / "names.unroll", engine.load_sample("names"), "one-to-many", steps=20)
    words = ("--generate", "3", "--label", "female", "--prefix", "so", "--temperature", "0.5", "--seed", "1")
    assert call(run, *words) == 0
    plain = capsys.readouterr().out.splitlines()
    assert len(plain) == 3
    assert all(text.startswith("so") for text in plain)
    assert call(run, *words, "--format", "jsonl") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["text"] for answer in answers] == plain
    model = engine.open_run(run).snapshot.model()
    again = model.generate(count=3, label="female", prefix="so", temperature=0.5, seed=1)
    assert [answer["log_probability"] for answer in answers] == pytest.approx([text.log_probability for text in again])


def test_tag_writes_columns_that_can_be_loaded_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = saved(tmp_path / "tags.unroll", engine.load_sample("part-of-speech"), "many-to-many", steps=10)
    texts = tmp_path / "texts.txt"
    texts.write_text("the cat sleeps\na dog runs home\n", "utf-8")
    assert call(run, "--tag", texts) == 0
    blocks = capsys.readouterr().out.strip().split("\n\n")
    assert [[line.split("\t")[0] for line in block.splitlines()] for block in blocks] == [
        ["the", "cat", "sleeps"], ["a", "dog", "runs", "home"],
    ]  # fmt: skip


def test_translate_writes_the_best_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = saved(tmp_path / "reversal.unroll", engine.load_sample("reversal"), "encoder-decoder", steps=10)
    texts = tmp_path / "texts.txt"
    texts.write_text("abc\nhello\n", "utf-8")
    assert call(run, "--translate", texts, "--beam-size", "2", "--format", "jsonl") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    model = engine.open_run(run).snapshot.model()
    assert [answer["text"] for answer in answers] == [model.translate(t, beam_size=2)[0].text for t in ("abc", "hello")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--classify", "FILE"], "needs a saved run"),
        (["RUN", "--classify", "FILE", "--tag", "FILE"], "cannot be used together"),
        (["RUN", "--translate", "FILE"], "cannot translate"),
        (["RUN", "--classify", "nothing.csv"], "nothing.csv"),
        (["FILE", "--classify", "FILE"], "not a run"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    classifier: Path, reviews: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = {"RUN": str(classifier), "FILE": str(reviews)}
    assert call(*(named.get(word, word) for word in words)) == headless.WRONG
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err


def test_a_test_file_is_measured_once_after_training(
    tmp_path: Path, reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "run.unroll"
    words = ("--architecture", "many-to-one", "--epochs", "3", "--hidden-size", "8", "--data-seed", "1")
    assert call("--train", reviews, "--output", output, *words, "--test-file", reviews) == 0
    printed = capsys.readouterr().out
    assert printed.count("Test: loss") == 1
    assert f"on {len(ROWS)} examples" in printed
    assert "Do not choose settings by this figure" in printed
    run = engine.open_run(output)
    assert run.data.config.test_file == str(reviews)
    assert run.tested is not None
    assert run.tested.examples == len(ROWS)
    assert f"loss {run.tested.loss:.4f}" in printed
    assert f" of {len(ROWS)} texts are also in the training data.\n" in printed


def test_help_tells_the_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["--help"])
    printed = " ".join(capsys.readouterr().out.split())
    assert "exit status: 0 done; 1 training diverged" in printed
    assert "--classify FILE" in printed


def test_one_example_and_a_loss_below_zero_are_written_as_elsewhere() -> None:
    one = engine.Metrics(-0.1367, values={"accuracy": 1.0}, examples=1, predictions=1)
    assert metrics_in_words(one, True) == "loss −0.1367, accuracy 100.0\u202f% on 1 example (predictions: 1)"


def test_a_small_loss_is_never_written_as_nothing() -> None:
    one = engine.Metrics(0.0000104, values={"accuracy": 1.0}, examples=60, predictions=60)
    assert metrics_in_words(one, True).startswith("loss 1.0e−5, accuracy")


def test_the_sheet_of_the_run_is_read_by_every_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for title, rows in (("Notes", [("a note", "red"), ("one more", "blue")] * 20), ("Ours", ROWS)):
        sheet = book.create_sheet(title)
        for row in [("text", "label"), *rows]:
            sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    run = saved(tmp_path / "run.unroll", engine.load_dataset(tmp_path / "x.xlsx", sheet="Ours"), "many-to-one", steps=2)
    assert call(run, "--classify", tmp_path / "x.xlsx") == 0
    told = capsys.readouterr()
    assert [line.split("\t")[-1] for line in told.out.splitlines()] == [text for text, _ in ROWS]
    assert "The sheet “Ours” of x.xlsx was read.\n" in told.err
    assert call(run, "--evaluate", tmp_path / "x.xlsx") == 0
    assert "The sheet “Ours” of x.xlsx was read.\n" in capsys.readouterr().err


def test_a_text_longer_than_any_row_of_training_is_cut_as_those_were(
    tmp_path: Path, reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = saved(tmp_path / "run.unroll", engine.load_dataset(reviews, unit="word", longest=5), "many-to-one", steps=3)
    texts = tmp_path / "texts.txt"
    texts.write_text("fine film\nbad plot and weak end " + "of it " * 100_000 + "\n", "utf-8")
    assert call(run, "--classify", texts, "--format", "jsonl") == 0
    printed, said = capsys.readouterr()
    _, long = map(json.loads, printed.splitlines())
    expected = engine.open_run(run).snapshot.model().classify("bad plot and weak end")
    assert long["probabilities"] == pytest.approx(expected)
    assert "1 of 2 texts was cut to the first 5 words, as in training.\n" in said
    assert call(run, "--classify", reviews) == 0
    assert "cut" not in capsys.readouterr().err
