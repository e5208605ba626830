import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from docx import Document

from qa import drafts, prompts
from qa.drafts import Manuscript, join_lines, mark_manuscript, open_manuscript, pasted, printable, read_manuscript
from qa.errors import DraftError
from qa.wordfile import Mark

TEXT = "城市云脑接入41个单位的121个业务系统。"


def word(text: str = TEXT) -> bytes:
    document = Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(*pages: list[str], locked: bool = False) -> bytes:
    """A PDF with some lines on each page, in a font that names its characters and draws none."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /None /Encoding /Identity-H /DescendantFonts [4 0 R]"
        " /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /None /FontDescriptor 5 0 R /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        "<< /Type /FontDescriptor /FontName /None /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 900"
        " /Descent -100 /CapHeight 700 /StemV 80 >>",
    ]
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <FFFF>"
        " endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    objects.append(f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream")
    for number, lines in enumerate(pages):
        shown = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in lines)
        content = f"BT /F 10 Tf 15 TL 20 800 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents {8 + 2 * number} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    key = f" /Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >> /ID [<00> <00>]"
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R{key if locked else ''} >>"
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}\nstartxref\n{len(data)}\n%%EOF"
    return data + end.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_is_read_in_every_encoding(encoding: str) -> None:
    assert read_manuscript("稿.TXT", TEXT.encode(encoding)) == Manuscript(TEXT, "稿.TXT")


def test_word_file_is_read_and_kept_for_marking() -> None:
    data = word()
    assert read_manuscript("稿.docx", data) == Manuscript(TEXT, "稿.docx", data)


def test_pdf_is_read_page_by_page_without_the_breaks_of_its_layout() -> None:
    data = pdf(["数字城市建设", "城市云脑接入41个单位的121个业务系统、219个场", "景，930余项指标。"], [TEXT])
    text = "数字城市建设\n城市云脑接入41个单位的121个业务系统、219个场景，930余项指标。\n" + TEXT + "\n"
    assert read_manuscript("稿.pdf", data) == Manuscript(text, "稿.pdf")


def test_radicals_of_a_pdf_font_are_the_ideographs_meant() -> None:
    assert join_lines("⼀、⾦融\r\n") == "一、金融"


def test_words_of_a_latin_line_stay_apart() -> None:
    assert join_lines("Qingdao is a digital\r\ncity in Shandong\r\n") == "Qingdao is a digital city in Shandong"


def test_file_is_opened_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "稿.txt").write_text(TEXT)
    assert open_manuscript(tmp_path / "稿.txt") == Manuscript(TEXT, "稿.txt")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("稿.doc", b"x", "只能核查.txt、.docx和.pdf文件，“稿.doc”不是。"),
        ("稿", b"x", "只能核查.txt、.docx和.pdf文件，“稿”不是。"),
        ("../../etc/passwd", b"x", "“passwd”不是"),
        ("C:\\稿\\a\u202etxt.exe", b"x", "“a\ufffdtxt.exe”不是"),
        ("a\x00.txt\x1b[2J.exe", b"x", "“a\ufffd.txt\ufffd[2J.exe”不是"),
        ("稿.txt", b"", "“稿.txt”里没有文字"),
        ("稿.docx", b"", "“稿.docx”里没有文字"),
        ("稿.txt", b" \n", "“稿.txt”里没有文字"),
        ("稿.docx", word(" "), "“稿.docx”里没有文字"),
        ("稿.pdf", pdf([]), "如果是扫描件，请先做文字识别"),
        ("稿.txt", bytes(range(128, 256)) * 4, "“稿.txt”的文字编码认不出来"),
        ("稿.docx", TEXT.encode(), "“稿.docx”的内容不是.docx文件，而是别的文件"),
        ("稿.docx", pdf([TEXT]), "不是.docx文件，而是.pdf"),
        ("稿.pdf", word(), "不是.pdf文件，而是.docx"),
        ("稿.txt", word(), "不是.txt文件，而是.docx"),
        ("稿.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版Word文件(.doc)，或加了密码的Office文件"),
        ("稿.docx", word()[:-200], "文件已损坏"),
        ("稿.docx", b"PK\x03\x04" + bytes(100), "文件已损坏"),
        ("稿.pdf", b"%PDF-1.7\n" + random.Random(0).randbytes(5_000), "文件已损坏"),
        ("稿.pdf", pdf([TEXT], locked=True), "文件加了密码"),
        ("稿.pdf", pdf(*([["页"]] * 501)), "文件有501页，超过了500页的上限"),
        ("稿.txt", b"x" * 1_000_001, "文字超过了1,000,000个字的上限"),
        ("稿.docx", word("字" * 1_000_001), "文字超过了1,000,000个字的上限"),
        ("稿.txt", b"x" * (50 * 1024 * 1024 + 1), "“稿.txt”有50MB，超过了50MB的上限"),
    ],
)
def test_what_cannot_be_checked_is_a_clear_error(name: str, data: bytes, says: str) -> None:
    with pytest.raises(DraftError) as caught:
        read_manuscript(name, data)
    assert says in str(caught.value)


def test_zip_that_is_no_word_file_is_damaged() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(DraftError, match="文件已损坏"):
        read_manuscript("稿.docx", file.getvalue())


def test_bomb_within_the_limits_of_its_directory_ends_its_own_process_alone() -> None:
    """Millions of small elements take far more memory than the process that opens the file may have."""
    xml = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
    source = zipfile.ZipFile(io.BytesIO(word()))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name in source.namelist():
            bomb = name == "word/document.xml"
            package.writestr(name, xml.format('<p a="" b=""/>' * 2_200_000) if bomb else source.read(name))
        # Noise, so that the whole is not packed too tightly.
        package.writestr("word/media/a.bin", random.Random(0).randbytes(400_000))
    with pytest.raises(DraftError, match="打不开"):
        read_manuscript("稿.docx", file.getvalue())


def test_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "_WAIT", 0.001)
    with pytest.raises(DraftError, match="超过了上限"):
        read_manuscript("稿.docx", word())


def test_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_manuscript(tmp_path / "none.txt")


def test_nothing_is_written_where_the_name_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read_manuscript("../稿.docx", word())
    read_manuscript(f"{tmp_path}/稿.txt", TEXT.encode())
    assert os.listdir(tmp_path) == []


def test_word_file_is_marked_in_place_and_other_text_in_a_new_one() -> None:
    for manuscript in (read_manuscript("稿.docx", word()), pasted(TEXT + "\x07\x0c\n")):
        data = mark_manuscript(manuscript, [Mark(6, 11, "RED", "不符\x00")])
        document = Document(io.BytesIO(data))
        marked = document.element.body.xpath(".//w:r[w:rPr/w:highlight]")
        assert [run.text for run in marked] == ["41个单位"]
        assert [comment.text for comment in document.comments] == ["不符\ufffd"]
        assert document.paragraphs[0].text.rstrip("\ufffd") == TEXT


def test_pasted_text_has_no_half_characters_and_a_bound() -> None:
    assert pasted("接入\ud83d41个") == Manuscript("接入?41个")
    with pytest.raises(DraftError, match="文字超过了1,000,000个字的上限"):
        pasted("字" * 1_000_001)
    with pytest.raises(DraftError, match="没有可以核查的文字"):
        pasted(" \n")


def test_printable_keeps_every_offset() -> None:
    text = "a\x1b[31m\u202e字\ud800\n\t\r"
    assert printable(text) == "a\ufffd[31m\ufffd字\ufffd\n\t\ufffd"


def test_every_phrase_can_be_filled_in() -> None:
    assert prompts.DRAFT_LARGE.format(name="a", size=50.6, limit=50) == "“a”有51MB，超过了50MB的上限，请分成几份。"
