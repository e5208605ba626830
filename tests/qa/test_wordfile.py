import io
import stat
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import DraftError
from qa.wordfile import Mark, mark_text, mark_word, read_word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_INSIDE = "<w:txbxContent><w:p><w:r><w:t>放款206亿元</w:t></w:r></w:p></w:txbxContent>"
BOX = f"""<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
    xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
  <w:r><w:t>前</w:t></w:r>
  <w:r><mc:AlternateContent>
    <mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{_INSIDE}</wps:txbx></wps:wsp></w:drawing></mc:Choice>
    <mc:Fallback><w:pict>{_INSIDE}</w:pict></mc:Fallback>
  </mc:AlternateContent></w:r>
  <w:r><w:t>后</w:t></w:r>
</w:p>"""
CHANGES = f"""<w:p {W}>
  <w:r><w:t>接入</w:t></w:r>
  <w:del w:id="1" w:author="a"><w:r><w:delText>14个</w:delText></w:r></w:del>
  <w:moveFrom w:id="2" w:author="a"><w:r><w:t>不在这里</w:t></w:r></w:moveFrom>
  <w:ins w:id="3" w:author="a"><w:r><w:t>41个</w:t></w:r></w:ins>
  <w:hyperlink><w:r><w:t>单位</w:t></w:r></w:hyperlink>
</w:p>"""


def saved(document: Word) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def written(*paragraphs: tuple[str, ...]) -> bytes:
    """A .docx of paragraphs, each of some runs."""
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs:
            paragraph.add_run(run)
    return saved(document)


def with_element(xml: str) -> bytes:
    document = Document()
    document.element.body.insert(0, parse_xml(xml))
    return saved(document)


def highlighted(data: bytes) -> list[tuple[str, str]]:
    """Colour and text of the highlighted runs, neighbours of one colour joined."""
    found: list[tuple[str, str]] = []
    for run in Document(io.BytesIO(data)).element.body.xpath(".//w:r[w:rPr/w:highlight]"):
        colour = run.xpath("string(w:rPr/w:highlight/@w:val)")
        if found and found[-1][0] == colour:
            found[-1] = (colour, found[-1][1] + run.text)
        else:
            found.append((colour, run.text))
    return found


def commented(data: bytes) -> list[tuple[str, str]]:
    """Every comment with the text that it stands on."""
    document = Document(io.BytesIO(data))
    found: list[tuple[str, str]] = []
    for comment in document.comments:
        inside = False
        text = ""
        for element in document.element.body.iter():
            tag = element.tag.rpartition("}")[2]
            if tag in ("commentRangeStart", "commentRangeEnd") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = tag == "commentRangeStart"
            elif inside and tag == "t":
                text += element.text or ""
        found.append((comment.text, text))
    return found


def repacked(change: Callable[[zipfile.ZipFile], None], but: str = "") -> bytes:
    """A sound .docx with something more in it, or one file changed."""
    file = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(written(("城市云脑接入41个单位。",))))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            if name != but:
                package.writestr(name, source.read(name))
        change(package)
    return file.getvalue()


def test_text_is_a_line_a_paragraph_with_tables_in_their_place() -> None:
    document = Document()
    document.add_heading("新闻稿")
    document.add_paragraph("城市云脑").add_run("接入41个\t单位\n。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "放款", "206亿元"
    document.add_paragraph("完")
    assert read_word(saved(document)) == "新闻稿\n城市云脑接入41个\t单位\n。\n放款\n206亿元\n完"


def test_tracked_changes_are_read_as_accepted_and_links_are_read() -> None:
    assert read_word(with_element(CHANGES)) == "接入41个单位"


def test_text_box_is_read_once() -> None:
    assert read_word(with_element(BOX)) == "前后\n放款206亿元"


def test_mark_stands_on_the_exact_characters_and_keeps_the_looks() -> None:
    document = Document()
    paragraph = document.add_paragraph("城市云脑接入")
    paragraph.add_run("41个单位的").bold = True
    paragraph.add_run("121个业务系统、219个场景。")
    marks = [Mark(7, 14, "RED", "不符\n第二行"), Mark(19, 23, "YELLOW", "没有"), Mark(0, 4, None, "总")]
    data = mark_word(saved(document), marks)
    assert read_word(data) == "城市云脑接入41个单位的121个业务系统、219个场景。"
    assert highlighted(data) == [("red", "1个单位的12"), ("yellow", "统、21")]
    assert commented(data) == [("不符\n第二行", "1个单位的12"), ("没有", "统、21"), ("总", "城市云脑")]
    bold = [run.text for run in Document(io.BytesIO(data)).paragraphs[0].runs if run.bold]
    assert bold == ["4", "1个单位的"]


def test_mark_may_reach_over_tabs_paragraphs_and_inserted_text() -> None:
    data = mark_word(with_element(CHANGES), [Mark(1, 6, "RED", "不符")])
    assert highlighted(data) == [("red", "入41个单")]
    data = mark_word(written(("第一\t行",), ("第二行",)), [Mark(1, 6, "RED", "不符")])
    assert highlighted(data) == [("red", "一\t行第")]


def test_comment_on_a_text_box_stands_on_the_run_that_holds_it() -> None:
    data = mark_word(with_element(BOX), [Mark(5, 9, "RED", "不符")])
    assert highlighted(data) == [("red", "206亿")]
    starts = Document(io.BytesIO(data)).element.body.xpath(".//w:commentRangeStart[not(ancestor::w:txbxContent)]")
    assert len(starts) == 1


def test_mark_on_no_word_is_left_out() -> None:
    data = mark_word(written(("第一行",), ("第二行",)), [Mark(3, 4, "RED", "行末"), Mark(90, 95, "RED", "文外")])
    assert (highlighted(data), commented(data)) == ([], [])


def test_comments_that_were_there_stay() -> None:
    first = mark_word(written(("城市云脑",)), [Mark(0, 2, "RED", "一")])
    assert commented(mark_word(first, [Mark(1, 3, "YELLOW", "二")])) == [("一", "城市"), ("二", "市云")]


def test_plain_text_becomes_paragraphs_with_marks() -> None:
    data = mark_text("标题\n接入41个单位。", [Mark(5, 8, "RED", "不符")])
    assert (read_word(data), highlighted(data)) == ("标题\n接入41个单位。", [("red", "41个")])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.text("城市41亿\t\n𬇙", max_size=6), max_size=4), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=6),
)
def test_marking_never_changes_the_words(paragraphs: list[list[str]], spans: list[tuple[int, int]]) -> None:
    data = written(*(tuple(runs) for runs in paragraphs))
    text = read_word(data)
    marked = mark_word(data, [Mark(start, start + length, "RED", "注") for start, length in spans])
    assert read_word(marked) == text
    covered = {place for start, length in spans for place in range(start, start + length) if place < len(text)}
    ends = {len("\n".join("".join(runs) for runs in paragraphs[:n])) for n in range(1, len(paragraphs))}
    assert "".join(part for _, part in highlighted(marked)) == "".join(text[i] for i in sorted(covered - ends))


def test_too_many_files_are_refused() -> None:
    data = repacked(lambda package: [package.writestr(f"{n}.bin", "") for n in range(2_000)] and None)
    with pytest.raises(DraftError, match=r"内部文件有20\d\d个，超过2000个"):
        read_word(data)


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    data = repacked(lambda package: package.writestr("word/media/a.bin", bytes(205 * 1024 * 1024)))
    with pytest.raises(DraftError, match="解压后有206MB，超过200MB"):
        read_word(data)
    data = repacked(lambda package: package.writestr("word/media/a.bin", bytes(20 * 1024 * 1024)))
    with pytest.raises(DraftError, match="倍，超过100倍"):
        read_word(data)


@pytest.mark.parametrize("name", ["../a", "word/../../a", "/etc/a", "C:\\a", "a\\..\\b", "\\\\server\\a"])
def test_name_that_leads_out_of_the_package_is_refused(name: str) -> None:
    with pytest.raises(DraftError, match="内部文件名或类型不正常"):
        read_word(repacked(lambda package: package.writestr(name, "x")))


def test_link_is_refused() -> None:
    link = zipfile.ZipInfo("word/media/a.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DraftError, match="内部文件名或类型不正常"):
        read_word(repacked(lambda package: package.writestr(link, "/etc/passwd")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        f"<w:document {W}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
    )
    bomb = repacked(lambda package: package.writestr("word/document.xml", xml.encode(encoding)), "word/document.xml")
    with pytest.raises(DraftError, match="含有自定义的XML实体"):
        read_word(bomb)


def test_locked_package_is_said_to_be_locked() -> None:
    data = bytearray(repacked(lambda package: None))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(DraftError, match="文件加了密码"):
        read_word(bytes(data))
