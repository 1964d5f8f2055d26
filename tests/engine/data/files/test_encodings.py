"""Bytes become the right letters, or it is said what was replaced."""

import codecs
import gc
from dataclasses import replace
from pathlib import Path

import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset

FRENCH = "Élodie\nFrançois\nHélène\nNoël\nJérôme\nZoé\nAnaïs\nBenoît\nChloé\nAndré\nRené\nGaël\nThérèse\nÉmile\n" * 3
GERMAN = "Jürgen Müller wohnt in Köln\nDie Straße ist schön\nGrüße aus Österreich\nÜbung macht den Meister\n" * 6
RUSSIAN = "Мама мыла раму сегодня утром\nПривет, как твои дела\nМосква столица России\nЯ люблю читать книги\n" * 6
GREEK = "Καλημέρα σας φίλοι μου\nΗ Αθήνα είναι μεγάλη πόλη\nΜου αρέσει η μουσική πολύ\n" * 6
POLISH = "Zażółć gęślą jaźń\nŁódź jest piękna jesienią\nProszę o dwa bilety na pociąg\nDziękuję bardzo za pomoc\n" * 6
CHINESE = "我喜欢学习中文\n今天天气很好\n他们在北京工作\n这本书非常有意思\n请问火车站在哪里\n" * 6
JAPANESE = "私は学生です\n今日はとても暑いですね\n東京に住んでいます\nこの本は面白いです\n" * 6
KOREAN = "안녕하세요 반갑습니다\n저는 학생입니다\n오늘 날씨가 좋네요\n서울에 살고 있어요\n" * 6

KANA = "かに いか うに\n"

CASES = [
    (FRENCH, "utf-8"), (FRENCH, "latin-1"), (FRENCH, "cp1252"), (GERMAN, "latin-1"), (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8_r"), (GREEK, "cp1253"), (POLISH, "cp1250"), (CHINESE, "gb18030"), (CHINESE, "gbk"),
    (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (KOREAN, "euc_kr"), (CHINESE, "utf-16-le"), (FRENCH, "utf-16-le"),
    (RUSSIAN, "utf-16-be"), (JAPANESE, "utf-16-be"), (FRENCH, "utf-32-le"),
]  # fmt: skip


def text_of(dataset: Dataset) -> set[str]:
    between = "" if dataset.codec.unit == "character" else " "
    return {between.join(e.source) for part in (dataset.train, dataset.validation) for e in part}


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_old_encodings_are_recognised(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode(encoding))
    dataset = load_dataset(path, unit="character", kind="sequences")
    assert text_of(dataset) == set(text.split("\n")) - {""}
    assert dataset.report.replaced == 0


FEW_NAMES = "Анна\nБорис\nВера\nГлеб\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FEW_NAMES, "koi8_r"), ("Привет\nМама\nДом\nКот\nСон\n", "koi8_r"), (FEW_NAMES, "cp1251"),
     (FRENCH, "mac_roman"), (FRENCH[:40], "mac_roman"), (GERMAN, "mac_roman"), (GERMAN[:60], "mac_roman")],
)  # fmt: skip
def test_an_encoding_that_may_be_another_is_called_a_guess(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(f"{text}\nx y z\n".encode(encoding))
    report = load_dataset(path, unit="character", kind="sequences").report
    said = [one for one in report.findings if one.startswith(f"The encoding, {report.encoding}, is a guess")]
    assert len(said) == 1
    assert said[0].endswith("If letters look wrong, choose another encoding.")
    chosen = load_dataset(path, unit="character", kind="sequences", encoding=encoding)
    assert text_of(chosen) == {*text.split("\n"), "x y z"} - {""}
    assert not any("is a guess" in one for one in chosen.report.findings)


@pytest.mark.parametrize(("text", "encoding"), [*CASES, ("He said “yes”, didn’t he\nand – she – “no”\n", "cp1252")])
def test_an_encoding_that_is_told_by_many_letters_is_no_guess(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode(encoding))
    assert not load_dataset(path, unit="character", kind="sequences").report.encoding_is_guess


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [FRENCH, GERMAN, RUSSIAN, GREEK, POLISH, CHINESE, JAPANESE, KOREAN, "かに いか うに\n" * 9]
)
def test_every_line_is_utf_16_by_itself(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    for line in set(text.splitlines()):
        path.write_bytes(f"{line}\n{line} {line}\n".encode(encoding))
        dataset = load_dataset(path, unit="character", kind="stream")
        assert dataset.recognition.encoding == encoding.upper()


def test_ascii_with_a_few_zero_bytes_is_not_taken_for_chinese_characters(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"anna bert carl dora\nemil fritz greta hans\n" * 3 + b"ines jan \0kira\n")
    dataset = load_dataset(path, unit="character", kind="sequences")
    assert dataset.recognition.encoding == "UTF-8"
    assert any("ines jan" in text for text in text_of(dataset))


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
     (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")],
)  # fmt: skip
def test_a_byte_order_mark_is_believed_and_is_no_text(bom: bytes, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(bom + FRENCH.replace("\n", "\r\n").encode(encoding))
    dataset = load_dataset(path)
    assert text_of(dataset) == set(FRENCH.split("\n")) - {""}
    assert dataset.recognition.encoding == encoding.upper() + " with BOM"


def test_the_encoding_can_be_chosen_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(FRENCH.encode("cp1252"))
    wrong = load_dataset(path, encoding="cp1251")
    assert wrong.recognition.encoding == "CP1251"
    assert text_of(wrong) == set(FRENCH.encode("cp1252").decode("cp1251").split("\n")) - {""}
    for name in ("utf-16", "utf-8-sig"):
        path.write_bytes(FRENCH.encode(name))
        assert text_of(load_dataset(path, encoding=name)) == set(FRENCH.split("\n")) - {""}


def test_bytes_that_are_no_letters_are_replaced_counted_and_told(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes((FRENCH * 20).encode() + b"bro\xffken\nbro\xfeken too\n")
    dataset = load_dataset(path)
    assert dataset.recognition.encoding == "UTF-8"
    assert dataset.report.replaced == 2
    assert "bro�ken" in text_of(dataset)
    assert any("2 bytes could not be decoded as UTF-8 and appear as" in one for one in dataset.report.findings)
    one = replace(dataset.report, replaced=1)
    assert "1 byte could not be decoded as UTF-8 and appears as �." in one.findings


def test_a_letter_in_the_middle_of_two_blocks_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    for shift in range(2):
        path.write_bytes(b"x" * shift + b"\n" + ("é" * 99 + "\n").encode() * 3000)
        dataset = load_dataset(path, kind="stream")
        assert dataset.report.replaced == 0
        assert set(dataset.codec.source.symbols[2:]) == set("é\nx"[: 2 + shift])


@pytest.mark.parametrize(
    "text", ["שלום עולם טוב\nמה שלומך היום\n", "नमस्ते दुनिया भर\nआप कैसे हैं आज\n", "สวัสดีครับ\nขอบคุณมากครับ\n"]
)
def test_scripts_from_right_to_left_and_with_signs_come_back_whole(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text * 5 + "x y z\n", encoding="utf-8")
    dataset = load_dataset(path, unit="character", kind="sequences")
    assert text_of(dataset) == set(text.split("\n")) - {""} | {"x y z"}
    assert not any(symbol in "\u0e34\u093f\u0947" for symbol in dataset.codec.source.symbols)


def test_a_reading_that_is_stopped_leaves_no_file_open(tmp_path: Path) -> None:
    """An open file would be a ResourceWarning, which fails the tests."""
    path = tmp_path / "names.txt"
    path.write_text(FRENCH, "utf-8")

    def stop(share: float, doing: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_dataset(path, progress=stop)
    gc.collect()
