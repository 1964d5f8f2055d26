"""A few foreign characters among ASCII are letters with accents and signs, not the halves of Chinese characters; and
what is guessed is called a guess wherever it is read."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.data.files.textfile import TextFile
from engine.data.load import load_dataset
from engine.data.sound.wav import wav_bytes

WORDS = """Temp °C
37,5°C;100 °F;10°;n° 3;Volumen m³;m³/h;Fläche m²;W/m²;Leitf. µS/cm;PM µg/m³;µm;10µF;±A;±0,1;£K;¥ 100;Preis €
€/kg;§ 5;½ Liter;5×3;Ø 12;100 ‰;1º;2ª;Nº;café;niño;año;Öl;größe;Übung;Ångström;fjærland;øre;Maß;ça va;señor
crème brûlée;¿Qué?;¡hola!;naïve;São Paulo;coração;informação;más;œuvre;cœur;à;é;Århus;“yes”;‘no’;it’s;a – b;— c
… ok;• item;™;©;®;«oui»;»nein«;„ja“;“CAFÉ”;„Spaß“"""
CHINESE = ["我喜欢学习中文", "今天天气很好", "他们在北京工作", "价格太贵了", "质量不错"]
TAIWANESE = ["我喜歡學習中文", "今天天氣很好", "他們在台北工作", "價格太貴了", "品質不錯"]
JAPANESE = ["私は学生です", "今日はとても暑いですね", "東京に住んでいます", "この本は面白いです", "値段が高い"]
KOREAN = ["안녕하세요 반갑습니다", "저는 학생입니다", "오늘 날씨가 좋네요", "서울에 살고 있어요", "가격이 비싸요"]


def read(path: Path, content: bytes) -> tuple[str, bool]:
    path.write_bytes(content)
    with TextFile(path) as file:
        return "".join(file.blocks()), file.encoding_is_guess


def in_files(word: str) -> Iterator[str]:
    """A word in the header of a table, in some or all of its cells, and in lines."""
    for mark in ";,\t":
        rows = (f"2024-03-01 {i % 24:02}:00{mark}{20 + i}{mark}{i}" for i in range(60))
        yield "\n".join((f"Zeit{mark}{word}{mark}rF %", *rows)) + "\n"
    for count in (1, 2, 5, 60):
        yield "text,label\n" + "".join(f"it was {i} {word * (i < count)} in line {i},hot\n" for i in range(60))
        yield "part;value\n" + "".join(f"{word if i < count else 'abc'};{i}\n" for i in range(60))
    yield f"hello\n{word}\nworld\n"
    yield f"hello {word}\nworld\n"


@pytest.mark.parametrize("word", WORDS.replace("\n", ";").split(";"))
def test_a_western_word_or_unit_among_ascii_is_read_as_such(word: str, tmp_path: Path) -> None:
    for encoding in ("cp1252", "latin-1"):
        for text in in_files(word):
            try:
                content = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            assert read(tmp_path / "x.csv", content)[0] == text


@pytest.mark.parametrize(
    ("lines", "encoding"),
    [(CHINESE, "gbk"), (TAIWANESE, "big5"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (KOREAN, "euc_kr")],
)
def test_chinese_japanese_and_korean_are_still_told_in_short_and_long_files(
    lines: list[str], encoding: str, tmp_path: Path
) -> None:
    for count in (1, 2, 5, 70):
        some = (lines * 20)[:count]
        table = "text,label\n" + "".join(f"{line},{i % 2}\n" for i, line in enumerate(some))
        for text in ("\n".join(some) + "\n", table):
            assert read(tmp_path / "x.csv", text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("words", "encoding"),
    [("温度 名称 城市 数量 标题 评论 北京 你好 今天天气很好 类别 标签 日期", "gbk"),
     ("溫度 價格 名稱 姓名 城市 狀態 標題 台北 你好 今天天氣很好 電話 信用卡", "big5"),
     ("温度 価格 名前 都市 数量 状態 タイトル 東京 こんにちは 今日は 日付 日本", "shift_jis"),
     ("タイトル カテゴリ こんにちは", "euc_jp"), ("안녕하세요 몸무게 반갑습니다", "euc_kr")],
)  # fmt: skip
def test_a_word_in_a_header_is_read_in_its_east_asian_encoding_and_called_a_guess(
    words: str, encoding: str, tmp_path: Path
) -> None:
    for word in words.split():
        text = f"id;{word};v\n" + "1;2;3\n" * 20
        assert read(tmp_path / "x.csv", text.encode(encoding)) == (text, True)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("¿Cómo estás? ¡Qué día!\nEl niño comió piña\n¿por qué?\n", "cp1252"),
     ("Łódź;Wartość;Ilość\n1;2;3\n", "cp1250"),
     ("Příliš žluťoučký kůň\nDobrý den, jak se máte?\n", "cp1250"),
     ("În oraşul meu sînt multe maşini\nŢara este frumoasă\n", "cp1250"),
     ("Ağaç yeşildir\nIğdır’da kış soğuk\nİstanbul büyük şehir\n", "cp1254"),
     ("Það rignir í dag\nÉg á heima á Íslandi\nÞetta er góð bók\n", "cp1252"),
     ("Имя,Возраст\nАнна,3\nБорис,4\n", "cp1251"),
     ("Привет, мир\nМама мыла раму\nЯ читаю книги\n" * 20, "koi8_r"),
     ("Привет, мир\nМама мыла раму\nЯ читаю книги\n" * 20, "cp1251")],
)  # fmt: skip
def test_other_languages_are_told_by_their_letters(text: str, encoding: str, tmp_path: Path) -> None:
    assert read(tmp_path / "x.txt", text.encode(encoding))[0] == text


def test_a_guess_is_told_of_a_table_of_numbers_too(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    rows = "".join(f"2024-03-{1 + i // 24:02} {i % 24:02}:00;{20 + i % 7},{i};5{i % 5},2\n" for i in range(80))
    path.write_bytes(f"Zeit;Temp °C;rF %\n{rows}".encode("cp1252"))
    dataset = load_dataset(path)
    assert dataset.recognition.columns[1] == "Temp °C"
    assert dataset.report.encoding == "CP1252"
    assert dataset.report.line_ends == "LF"
    assert any(one.startswith("The encoding, CP1252, is a guess") for one in dataset.report.findings)
    chosen = load_dataset(path, encoding="latin-1")
    assert not any("is a guess" in one for one in chosen.report.findings)


def test_a_guess_is_told_of_a_table_that_names_files(tmp_path: Path) -> None:
    for i in range(6):
        (tmp_path / f"{i}.wav").write_bytes(wav_bytes(np.random.default_rng(i).uniform(-0.5, 0.5, 4_000), 8_000))
    rows = "".join(f"{i}.wav,{'Öl' if i % 2 else 'Gas'}\n" for i in range(6))
    (tmp_path / "labels.csv").write_bytes(f"file,label\n{rows}".encode("cp1252"))
    dataset = load_dataset(tmp_path / "labels.csv")
    assert dataset.labels == ("Gas", "Öl")
    assert any(one.startswith("The encoding, CP1252, is a guess") for one in dataset.report.findings)


def test_a_guess_is_told_of_a_folder_of_series_and_another_can_be_chosen(tmp_path: Path) -> None:
    for label in ("up", "down"):
        (tmp_path / label).mkdir()
        for k in range(3):
            rows = "".join(f"{(i if label == 'up' else -i) + k}.5\n" for i in range(20))
            (tmp_path / label / f"{k}.csv").write_bytes(f"Temp °C\n{rows}".encode("cp1252"))
    dataset = load_dataset(tmp_path)
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("Temp °C",)
    assert any(one.startswith("The encoding, CP1252, is a guess") for one in dataset.report.findings)
    chosen = load_dataset(tmp_path, encoding="mac_roman")
    assert chosen.codec.frames is not None
    assert chosen.codec.frames.names == ("Temp ∞C",)


def test_a_guess_is_told_of_a_validation_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\n" + "a good day,yes\na bad day,no\n" * 20, "utf-8")
    (tmp_path / "b.csv").write_bytes("text,label\na café,yes\na bad day,no\n".encode("cp1252"))
    report = load_dataset(tmp_path / "a.csv", validation_file=str(tmp_path / "b.csv")).report
    assert "Validation file: the encoding, CP1252, is a guess." in report.findings
