import pytest

from index.build import BUNDLED_REPORT
from index.headings import outline
from index.reading import read_report

BODY = "各项任务全面完成。"


def paths(text: str) -> list[tuple[str, ...]]:
    return [section.path for section in outline(text)[1]]


def bodies(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[p.start : p.end], p.section) for p in outline(text)[2]]


@pytest.mark.parametrize(
    ("heading", "level"),
    [
        ("第一章 总体要求", 0),
        ("第1章　总体要求", 0),
        ("第三部分：重点任务", 0),
        ("第二篇 发展", 0),
        ("第一节 指导思想", 1),
        ("第十二节、保障", 1),
        ("一、总体情况", 2),
        ("十二、保障措施", 2),
        ("二．主要做法", 2),
        ("二.主要做法", 2),
        ("附件一：任务清单", 2),
        ("附二　下年打算", 2),
        ("附件1", 2),
        ("附件 2.重点项目", 2),
        ("附：办理情况", 2),
        ("附二　2024年打算", 2),
        ("壹 场馆不打烊", 2),
        ("2.1 用户服务", 3),
        ("（一）深入推进", 3),
        ("(一)深入推进", 3),
        ("（ 十一 ）深入推进", 3),
        ("（三）、深入推进", 3),
        ("1.完善制度", 4),
        ("1．完善制度", 4),
        ("12、完善制度", 4),
        ("（1）完善制度", 5),
        ("(1)完善制度", 5),
    ],
)
def test_marker_says_the_level(heading: str, level: int) -> None:
    _, sections, paragraphs = outline(f"{heading}\n{BODY}")
    assert [(s.path, s.level, s.start, s.end) for s in sections] == [
        ((heading,), level, 0, len(heading) + 1 + len(BODY))
    ]
    assert [(p.start, p.section) for p in paragraphs] == [(len(heading) + 1, (heading,))]


@pytest.mark.parametrize(("sharps", "level"), [("#", 0), ("##", 1), ("###", 2), ("####", 3), ("######", 5)])
def test_markdown_heading_says_its_level_and_loses_its_marks(sharps: str, level: int) -> None:
    _, sections, _ = outline(f"{sharps} 总体情况 {sharps}\n{BODY}")
    assert [(s.path, s.level) for s in sections] == [(("总体情况",), level)]


def test_sections_nest_and_end_where_the_next_of_their_level_begins() -> None:
    text = (
        "第一章 总则\n一、目标\n(一)近期。到明年。\n(二)远期。到后年。\n二、任务\n完成任务。\n第二章 附则\n本则施行。"
    )
    assert [(s.path, text[s.start : s.end]) for s in outline(text)[1]] == [
        (("第一章 总则",), text[: text.index("第二章")]),
        (("第一章 总则", "一、目标"), "一、目标\n(一)近期。到明年。\n(二)远期。到后年。\n"),
        (("第一章 总则", "一、目标", "(一)近期"), "(一)近期。到明年。\n"),
        (("第一章 总则", "一、目标", "(二)远期"), "(二)远期。到后年。\n"),
        (("第一章 总则", "二、任务"), "二、任务\n完成任务。\n"),
        (("第二章 附则",), "第二章 附则\n本则施行。"),
    ]


def test_levels_may_be_skipped() -> None:
    text = f"一、目标\n1.近期\n{BODY}\n（二）远期\n{BODY}"
    assert paths(text) == [("一、目标",), ("一、目标", "1.近期"), ("一、目标", "（二）远期")]


def test_run_in_heading_ends_at_the_first_full_stop() -> None:
    text = "(一)推进“一网通办”。 “爱办”整合45个部门。上线。"
    assert paths(text) == [("(一)推进“一网通办”",)]
    assert bodies(text) == [("“爱办”整合45个部门。上线。", ("(一)推进“一网通办”",))]


def test_heading_that_ends_in_a_full_stop_alone_on_its_line() -> None:
    text = f"（一）推进一网通办。\n{BODY}"
    assert bodies(text) == [(BODY, ("（一）推进一网通办",))]


def test_colon_after_a_heading_goes() -> None:
    assert paths(f"一、总体情况：\n{BODY}") == [("一、总体情况",)]


@pytest.mark.parametrize(
    "line",
    [
        "一、" + "长" * 61,  # too long for a heading
        "(一)" + "长" * 41 + "。后面。",  # the first sentence is too long to run in
        "一、做法如下，",  # the sentence goes on
        "一、是否完成？已完成。",  # only a full stop ends a run-in heading
        "一、完成甲；完成乙。",
        "1.5万户居民受益",  # a figure, not a point
        "一是完善制度",
        "附近居民受益",
        "附件：1.任务清单",
        "二〇二一年工作",
        "#话题",
        "(一)投入37亿元。已拨付。",  # figures stand in text, seldom in headings
        "2021年12月,市政府印发意见。",
    ],
)
def test_lines_that_only_look_like_headings_stay_body_text(line: str) -> None:
    text = f"{BODY}\n{line}\n{BODY}"
    assert paths(text) == []
    assert bodies(text)[1] == (line, ())


def test_numbered_lines_with_nothing_under_them_are_items_of_a_list() -> None:
    text = f"一、任务\n(一)完善制度\n(二)优化服务\n(三)加强保障\n二、总结\n{BODY}"
    assert paths(text) == [("一、任务",), ("二、总结",)]
    assert bodies(text) == [
        ("(一)完善制度", ("一、任务",)),
        ("(二)优化服务", ("一、任务",)),
        ("(三)加强保障", ("一、任务",)),
        (BODY, ("二、总结",)),
    ]


def test_numbered_line_at_the_end_is_an_item() -> None:
    assert bodies(f"一、任务\n{BODY}\n1.完善制度") == [(BODY, ("一、任务",)), ("1.完善制度", ("一、任务",))]


def test_chapter_with_nothing_under_it_stays_a_heading() -> None:
    assert paths(f"第一章 总则\n第二章 任务\n{BODY}") == [("第一章 总则",), ("第二章 任务",)]


def test_words_after_the_last_run_in_section_close_the_report() -> None:
    text = "开头的话。\n一、工作\n(一)甲。做了甲。\n(二)乙。做了乙。\n(三)丙。做了丙。\n回顾一年。\n展望未来。"
    assert bodies(text) == [
        ("开头的话。", ()),
        ("做了甲。", ("一、工作", "(一)甲")),
        ("做了乙。", ("一、工作", "(二)乙")),
        ("做了丙。", ("一、工作", "(三)丙")),
        ("回顾一年。", ()),
        ("展望未来。", ()),
    ]
    assert [text[s.start : s.end][-6:] for s in outline(text)[1]] == [
        "。做了丙。\n",
        "。做了甲。\n",
        "。做了乙。\n",
        "。做了丙。\n",
    ]


def test_no_closing_words_where_sections_have_several_paragraphs() -> None:
    text = "(一)甲。做了甲。\n又做了甲。\n(二)乙。做了乙。\n(三)丙。做了丙。\n又做了丙。"
    assert bodies(text)[-1] == ("又做了丙。", ("(三)丙",))


def test_title_is_a_short_first_line_that_is_no_sentence() -> None:
    assert outline(f"政府工作报告\n{BODY}")[0] == "政府工作报告"
    assert bodies(f"政府工作报告\n{BODY}") == [(BODY, ())]


@pytest.mark.parametrize("first", ["各位代表：", "全年投入3亿元。", "一、总体情况", "长" * 51])
def test_no_title(first: str) -> None:
    assert outline(f"{first}\n{BODY}")[0] == ""


def test_blanks_around_lines_are_no_part_of_paragraphs() -> None:
    text = "\n\u3000\u3000全年投入。 \n\n\t又投入。\n"
    assert [(p.start, p.end) for p in outline(text)[2]] == [(3, 8), (12, 16)]


def test_empty_text_has_no_parts() -> None:
    assert outline("") == ("", (), ())


def test_bundled_report_has_three_headings_and_twelve_run_in_ones() -> None:
    report = read_report(BUNDLED_REPORT / "qingdao-2021.txt")
    assert [(s.level, s.start, s.end) for s in report.sections] == [
        (2, 244, 1388),
        (3, 270, 511),
        (3, 511, 651),
        (3, 651, 861),
        (3, 861, 1154),
        (3, 1154, 1388),
        (2, 1388, 2281),
        (3, 1414, 1778),
        (3, 1778, 1946),
        (3, 1946, 2139),
        (3, 2139, 2281),
        (2, 2281, 2999),
        (3, 2307, 2619),
        (3, 2619, 2784),
        (3, 2784, 2999),
    ]
    one, two, three = (s.path[0] for s in report.sections if s.level == 2)
    assert (one, two, three) == (
        "一、数字政府聚焦提质增效,“多点用力”优化营商环境",
        "二、数字社会聚焦场景拓展,“无微不至”服务市民生活",
        "三、数字生态聚焦开放融合,“先行先试”激发要素潜能",
    )
    assert [(p.start, p.end, p.section) for p in report.paragraphs] == [
        (0, 243, ()),
        (288, 510, (one, "(一)深入推进政务服务“一网通办”")),
        (529, 650, (one, "(二)全面推进城市治理“一网统管”")),
        (669, 860, (one, "(三)加快推进数字机关“一网协同”")),
        (879, 1153, (one, "(四)持续推进政务数据“一网共享”")),
        (1172, 1387, (one, "(五)大力推进政务系统“一网支撑”")),
        (1430, 1777, (two, "(一)民生服务创新成果不断涌现")),
        (1794, 1945, (two, "(二)新型智慧城市试点全面推进")),
        (1963, 2138, (two, "(三)智慧社区、街区建设率先发力")),
        (2157, 2280, (two, "(四)“一码通城”覆盖领域逐步扩展")),
        (2321, 2618, (three, "(一)推动公共数据开放应用")),
        (2633, 2783, (three, "(二)积极探索数据流通交易")),
        (2798, 2998, (three, "(三)助力小微企业增信融资")),
        (2999, 3173, ()),
    ]
    for section in report.sections:
        assert report.text.startswith(section.path[-1], section.start)


def test_rare_marks_open_a_section_in_a_series_alone() -> None:
    assert paths(f"壹 场馆\n{BODY}\n贰 老城\n{BODY}") == [("壹 场馆",), ("贰 老城",)]
    assert paths(f"3.1 服务\n{BODY}\n3.2 安全\n{BODY}") == [("3.1 服务",), ("3.2 安全",)]
    assert paths(f"伍 海燕任组长\n{BODY}") == []
    assert paths(f"8.8 万机关用户\n{BODY}\n12.4 国家宪法日活动\n{BODY}") == []
