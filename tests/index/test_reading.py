import codecs
from pathlib import Path

import pytest

from index.build import BUNDLED_REPORT
from index.errors import ReadingError
from index.reading import as_report, find_reports, read_report

TEXT = "政府工作报告\n一、总体情况\n(一)保障有力。全年投入3亿元,增长37.2%。\n"


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("gb18030"),
        ("\ufeff" + TEXT).encode("gb18030"),
        TEXT.encode("gbk"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode("gb18030"),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "gb18030", "gb18030-bom", "gbk", "crlf", "cr"],
)
def test_every_known_encoding_gives_the_same_text(tmp_path: Path, data: bytes) -> None:
    assert read_report(write(tmp_path / "report.txt", data)).text == TEXT


def test_gb18030_keeps_rare_characters_among_common_ones(tmp_path: Path) -> None:
    text = "各镇街完成改造任务，涉及𬇙溇村、㙦岭村两处。\n"
    assert read_report(write(tmp_path / "r.txt", text.encode("gb18030"))).text == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            TEXT.replace("报", "報").encode("big5", "ignore"),
            "neither UTF-8, UTF-16 with a byte order mark, nor GB18030",
        ),
        ("資料開放與應用，經驗獲專題推廣。".encode("big5"), "would be common Chinese"),
        ("データを公開する".encode("euc-jp"), "would be common Chinese"),
        (bytes(range(256)) * 4, "neither UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither UTF-8"),
        (TEXT.encode("utf-16-le"), "neither UTF-8"),
        (b"A\x00B\x00", r"control character U\+0000: not a text file"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), r"control character U\+0000: not a text file"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1], "neither UTF-8"),
        (b"", r"holds no text \(0 bytes\)"),
        (" \n\u3000\n".encode(), r"holds no text \(6 bytes\)"),
        (codecs.BOM_UTF8, r"holds no text \(3 bytes\)"),
    ],
    ids=[
        "big5",
        "big5-traditional",
        "euc-jp",
        "noise",
        "png",
        "utf-16-without-bom",
        "nul",
        "utf-32",
        "utf-16-cut",
        "empty",
        "blank",
        "only-bom",
    ],
)
def test_what_cannot_be_read_is_a_clear_error(tmp_path: Path, data: bytes, says: str) -> None:
    path = write(tmp_path / "report.txt", data)
    with pytest.raises(ReadingError, match=says) as caught:
        read_report(path)
    assert str(path) in str(caught.value)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"none\.txt cannot be read: No such file or directory"):
        read_report(tmp_path / "none.txt")


def test_other_kinds_of_file_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"report\.pdf is not one of \.txt, \.md; save it as plain text in UTF-8"):
        read_report(write(tmp_path / "report.pdf", TEXT))


def test_document_and_title_come_from_file_name_and_first_line(tmp_path: Path) -> None:
    report = read_report(write(tmp_path / "青岛-2021.MD", TEXT))
    assert (report.document, report.title, report.year) == ("青岛-2021", "政府工作报告", None)


def test_title_is_the_file_name_where_the_first_line_is_none(tmp_path: Path) -> None:
    assert read_report(write(tmp_path / "report.txt", "全年投入3亿元。\n又投入2亿元。")).title == "report"


def test_toml_beside_the_report_gives_title_and_year(tmp_path: Path) -> None:
    write(tmp_path / "report.toml", 'title = "某市数据工作报告"\nyear = 2021\n')
    report = read_report(write(tmp_path / "report.txt", TEXT))
    assert (report.title, report.year) == ("某市数据工作报告", 2021)


def test_toml_may_give_the_year_alone(tmp_path: Path) -> None:
    write(tmp_path / "report.toml", "year = 2021\n")
    report = read_report(write(tmp_path / "report.txt", TEXT))
    assert (report.title, report.year) == ("政府工作报告", 2021)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021年,各项任务全面完成。到2025年再翻一番。", 2021),
        ("某市2020年工作报告\n2021年要做好各项工作。", 2020),
        ("一、2019年工作回顾\n2018年已经完成任务。", 2019),
        ("经过努力，到2025年实现目标。", None),
        ("全年投入3亿元。", None),
    ],
)
def test_year_is_the_first_that_begins_a_sentence_or_a_heading(tmp_path: Path, text: str, year: int | None) -> None:
    assert read_report(write(tmp_path / "report.txt", text)).year == year


def test_year_of_the_toml_comes_first(tmp_path: Path) -> None:
    write(tmp_path / "report.toml", "year = 2020\n")
    assert read_report(write(tmp_path / "report.txt", "2021年,各项任务全面完成。")).year == 2020


def test_text_without_a_file_becomes_the_same_report_and_a_given_title_tells_its_year(tmp_path: Path) -> None:
    text = "甲市工作报告\n一、交通\n2020年新建停车场15处。\n"
    (tmp_path / "jia.txt").write_text(text, encoding="utf-8")
    assert as_report("jia", text) == read_report(tmp_path / "jia.txt")
    assert as_report("jia", text).year == 2020
    titled = as_report("jia", text, "2021年甲市工作报告")
    assert (titled.title, titled.year) == ("2021年甲市工作报告", 2021)
    assert as_report("jia", text, "2021年甲市工作报告", 2019).year == 2019


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("title = 某市", r"report\.toml is not TOML with title and year"),
        ("title = 2021", r"title is 2021; write it in quotes"),
        ('year = "2021"', r"year is '2021'; write four figures without quotes"),
        ("year = true", r"year is True"),
        ("year = 20211231", r"year is 20211231"),
    ],
)
def test_wrong_toml_is_an_error(tmp_path: Path, toml: str, says: str) -> None:
    write(tmp_path / "report.toml", toml)
    with pytest.raises(ReadingError, match=says):
        read_report(write(tmp_path / "report.txt", TEXT))


def test_bundled_report_is_read_whole() -> None:
    report = read_report(BUNDLED_REPORT / "qingdao-2021.txt")
    assert (report.document, report.title, report.year) == ("qingdao-2021", "青岛市2021年数字城市建设工作报告", 2021)
    assert len(report.text) == 3173
    assert report.text[:5] + report.text[-5:] == "2021年化建设成果。"[:5] + "建设成果。"


def test_folder_stands_for_its_reports_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c.TXT", "notes.pdf", "a.toml"):
        write(tmp_path / name, "x")
    (tmp_path / "d.txt").mkdir()
    alone = write(tmp_path / "d.txt" / "z.txt", "x")
    assert find_reports([alone, tmp_path]) == [alone, tmp_path / "a.md", tmp_path / "b.txt", tmp_path / "c.TXT"]


def test_folder_without_reports_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "notes.pdf", "x")
    with pytest.raises(ReadingError, match=r"holds no \.txt or \.md file"):
        find_reports([tmp_path])


def test_two_files_with_one_document_name_are_an_error(tmp_path: Path) -> None:
    first, second = write(tmp_path / "report.md", "x"), write(tmp_path / "report.txt", "x")
    with pytest.raises(ReadingError, match=r"share the document name 'report'; rename one") as caught:
        find_reports([tmp_path])
    assert str(first) in str(caught.value)
    assert str(second) in str(caught.value)
