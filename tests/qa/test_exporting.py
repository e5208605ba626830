import csv
import io

import pytest
from docx import Document

from qa.answer import Citation
from qa.checking import Ruling, Verdict
from qa.drafts import Manuscript, pasted, read_manuscript
from qa.exporting import as_csv, as_docx, as_text, guarded, tally

CITED = Citation(1, "r", "报告", ("一、政务",), "r:10-22", 10, 22, "城市云脑接入41个单位。")
TEXT = "新闻稿\n城市云脑接入41个单位。接入14个单位。共有9个机场。"
VERDICTS = (
    Verdict("a", "新闻稿", Ruling.NOTHING_TO_CHECK, 0, 3),
    Verdict("b", "城市云脑接入41个单位。", Ruling.SUPPORTED, 4, 16, citations=(CITED,)),
    Verdict(
        "c", "接入14个单位。", Ruling.REFUTED, 16, 24, "数值不符：14 → 41个单位", "接入41个单位。", citations=(CITED,)
    ),
    Verdict("d", "共有9个机场。", Ruling.NOT_ENOUGH_INFO, 24, 31),
)
PLACE = "《报告》 › 一、政务"


def test_text_names_every_verdict_in_words() -> None:
    assert as_text(VERDICTS) == (
        "－ 【无需核查】新闻稿\n"
        "√ 【与报告一致】城市云脑接入41个单位。\n"
        f"    报告原文：城市云脑接入41个单位。（{PLACE}，第11–22字）\n"
        "× 【与报告不符】接入14个单位。\n"
        "    数值不符：14 → 41个单位\n"
        "    建议改为：接入41个单位。\n"
        f"    报告原文：城市云脑接入41个单位。（{PLACE}，第11–22字）\n"
        "？ 【报告没有提到】共有9个机场。\n"
        "\n"
        "共4处：与报告一致1处，与报告不符1处，报告没有提到1处，无需核查1处。\n"
        "以上结果由程序与所引报告比对得出，仅供参考，以报告原文为准。"
    )


def test_text_of_a_hostile_claim_moves_no_cursor() -> None:
    assert "\x1b" not in as_text([Verdict("a", "\x1b[2J接入", Ruling.NOT_ENOUGH_INFO, 0, 6)])


def test_tally_of_nothing() -> None:
    assert tally([]) == "共0处。"


def test_csv_opens_in_excel_with_every_field() -> None:
    data = as_csv(VERDICTS)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["序号", "结论", "原句", "起", "止", "差别", "建议改为", "报告原文", "出处"]
    assert rows[1] == ["1", "无需核查", "新闻稿", "1", "3", "", "", "", ""]
    source = ["城市云脑接入41个单位。", f"{PLACE}（第11–22字）"]
    wrong = ["接入14个单位。", "17", "24", "数值不符：14 → 41个单位", "接入41个单位。"]
    assert rows[3] == ["3", "与报告不符", *wrong, *source]
    assert len(rows) == 5


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠A"]
)
def test_formula_is_only_text(cell: str) -> None:
    assert guarded(cell) == "'" + cell
    data = as_csv([Verdict("a", cell, Ruling.REFUTED, 0, len(cell), cell, cell)])
    row = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]
    assert [row[2], row[5], row[6]] == ["'" + cell] * 3


def marked(data: bytes) -> tuple[list[tuple[str, str]], list[str]]:
    document = Document(io.BytesIO(data))
    runs = document.element.body.xpath(".//w:r[w:rPr/w:highlight]")
    shown = [(run.xpath("string(w:rPr/w:highlight/@w:val)"), run.text) for run in runs]
    return shown, [comment.text for comment in document.comments]


def test_docx_marks_every_claim_at_its_place_with_its_label_in_words() -> None:
    file = io.BytesIO()
    document = Document()
    for line in TEXT.split("\n"):
        document.add_paragraph(line)
    document.save(file)
    for manuscript in (pasted(TEXT), read_manuscript("稿.docx", file.getvalue())):
        assert manuscript.text == TEXT
        shown, comments = marked(as_docx(manuscript, VERDICTS))
        assert shown == [
            ("green", "城市云脑接入41个单位。"),
            ("red", "接入14个单位。"),
            ("yellow", "共有9个机场。"),
        ]
        source = f"报告原文：城市云脑接入41个单位。（{PLACE}，第11–22字）"
        assert comments == [
            "核查结果：共4处：与报告一致1处，与报告不符1处，报告没有提到1处，无需核查1处。"
            "绿色为与报告一致，红色为与报告不符，黄色为报告没有提到；每处结论见批注。"
            "以上结果由程序与所引报告比对得出，仅供参考，以报告原文为准。",
            f"【与报告一致】\n{source}",
            f"【与报告不符】\n数值不符：14 → 41个单位\n建议改为：接入41个单位。\n{source}",
            "【报告没有提到】",
        ]


def test_docx_of_a_text_that_begins_with_blank_lines_has_its_legend() -> None:
    assert len(marked(as_docx(Manuscript("\n\n  第一行"), ()))[1]) == 1
