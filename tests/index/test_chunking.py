import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import BUNDLED_REPORT
from index.chunking import chunk, sentences
from index.headings import outline
from index.passage import Report
from index.reading import read_report

# Pieces that reports are made of, and the odd ones between which cuts go wrong.
PIECES = [
    *"。！？；;!?”’」』）)】》“（ \u3000\n\t…—，、\ufeff\u2028😀",
    "(一)",
    "（二）",
    "一、",
    "第三章 ",
    "1.",
    "(2)",
    "## ",
    "投入3.5亿元",
    "推进“一网通办”",
    "完成",
    "data",
    "、\n一、",
]


def report_of(text: str) -> Report:
    title, sections, paragraphs = outline(text)
    return Report("r", title, text, sections, paragraphs)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join))
def test_passages_are_exact_ordered_and_leave_nothing_out(text: str) -> None:
    report = report_of(text)
    passages = chunk(report, position=7, paragraph=3)
    assert [p.position for p in passages] == list(range(7, 7 + len(passages)))
    covered: set[int] = set()
    before = 0
    for passage in passages:
        assert passage.text == text[passage.start : passage.end] == passage.text.strip() != ""
        assert passage.passage_id == f"r:{passage.start}-{passage.end}"
        assert passage.start >= before
        before = passage.end
        paragraph = report.paragraphs[passage.paragraph - 3]
        assert paragraph.start <= passage.start < passage.end <= paragraph.end
        assert passage.section == paragraph.section
        covered.update(range(passage.start, passage.end))
    within = {i for p in report.paragraphs for i in range(p.start, p.end) if not text[i].isspace()}
    assert within == {i for i in covered if not text[i].isspace()}


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join))
def test_every_word_stands_in_a_paragraph_a_heading_or_the_title(text: str) -> None:
    report = report_of(text)
    kept = "".join([report.title, *(s.path[-1] for s in report.sections)])
    kept += "".join(text[p.start : p.end] for p in report.paragraphs)
    assert sorted(c for c in text if c.isalnum()) == sorted(c for c in kept if c.isalnum())
    for section in report.sections:
        assert 0 <= section.start < section.end <= len(text)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("累计放款206亿元整。涉及企业共3万多家。", ["累计放款206亿元整。", "涉及企业共3万多家。"]),
        ("开展“先行先试的试点！”各方面反响都很好。", ["开展“先行先试的试点！”", "各方面反响都很好。"]),
        ("（见附件中的表格一。）后面还有一句话。", ["（见附件中的表格一。）", "后面还有一句话。"]),
        ("部署硬件终端470多台；软件终端1500个；", ["部署硬件终端470多台；", "软件终端1500个；"]),
        ("增长37.2%，共3.6万家企业受益", ["增长37.2%，共3.6万家企业受益"]),
        ("全年的任务都完成了吗？！是的全都完成了。", ["全年的任务都完成了吗？！", "是的全都完成了。"]),
        ("各项任务圆满完成……下一步继续推进工作。", ["各项任务圆满完成……下一步继续推进工作。"]),
        ("各项任务圆满完成。 \u3000 下一步继续推进。", ["各项任务圆满完成。", "下一步继续推进。"]),
        ("", []),
        (" \u3000", []),
    ],
)
def test_sentences_end_at_stops_with_their_closing_quotes(text: str, cut: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == cut


def test_sentence_shorter_than_eight_characters_joins_the_one_before() -> None:
    text = "全年的各项任务完成。很好！继续推进这些工作。"
    assert sentences(text) == [(0, 13), (13, 22)]


def test_short_first_sentence_stays_alone() -> None:
    assert sentences("很好。全年的各项任务完成。") == [(0, 3), (3, 13)]


def test_bundled_report_has_47_passages() -> None:
    report = read_report(BUNDLED_REPORT / "qingdao-2021.txt")
    passages = chunk(report)
    assert len(passages) == 47
    assert [passages[i].passage_id for i in (0, 3, 7, 46)] == [
        "qingdao-2021:0-167",
        "qingdao-2021:288-391",
        "qingdao-2021:529-580",
        "qingdao-2021:3082-3173",
    ]
    assert (
        passages[7].text == "初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统、219个场景、930余项指标。"
    )
    assert passages[7].section == (
        "一、数字政府聚焦提质增效,“多点用力”优化营商环境",
        "(二)全面推进城市治理“一网统管”",
    )
    assert (passages[7].position, passages[7].paragraph) == (7, 2)
    assert passages[25].text == "24个事项总体完成率已达80%,6个事项完成率100%。"
    assert passages[46].section == ()
