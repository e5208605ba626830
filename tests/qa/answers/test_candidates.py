import pytest

from qa.answers.candidates import Name, Side, candidates


def names(noun: str, text: str, *, titles: bool = False) -> list[tuple[str, Name]]:
    return [(text[name.start : name.end], name) for name in candidates(noun, text, {}, titles=titles)]


@pytest.mark.parametrize(
    ("noun", "text", "typed"),
    [
        ("平台", "“书香通”借阅平台接入12家书店。", ["书香通"]),
        ("平台", "建成“书香通”平台和通借通还平台。", ["书香通", "通借通还平台"]),
        ("品牌", "打造“湖畔读”阅读品牌，“夜读会”连办三季。", ["湖畔读"]),
        ("养老院", "分别是区社会福利院和松鹤苑养老院。", ["区社会福利院", "松鹤苑养老院"]),
        ("部门", "由县文化和旅游局牵头。", ["县文化和旅游局"]),
        ("部门", "按战略部署推进。", []),
        ("景区", "全市4A级景区增至3家。", []),
    ],
)
def test_names_of_a_kind_are_told_by_their_ending_or_what_stands_behind(noun: str, text: str, typed: list[str]) -> None:
    assert sorted(words for words, name in names(noun, text) if name.typed) == sorted(typed)


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("湖光书店于5月通过评审，成为首批示范书店。", "湖光书店"),
        ("针对读者增多，县图书馆在6个镇设立书屋。", "县图书馆"),
        ("“湖畔读”获评省级阅读品牌。", "湖畔读"),
        ("书屋由湖城文化集团运营。", "湖城文化集团"),
        ("借还难题由分管馆长每月召开会议协调。", "分管馆长"),
        ("做法被省图书馆以简报形式推广。", "省图书馆"),
        ("一线馆员林知夏获省劳动奖章。", "林知夏"),
        ("馆长　周闻语", "周闻语"),
    ],
)
def test_who_did_something_is_found(text: str, doer: str) -> None:
    assert doer in [words for words, name in names("", text) if name.side is Side.DOER]


def test_who_did_something_is_known_to_be_a_person_by_the_office() -> None:
    found = dict(names("", "一线馆员林知夏获省劳动奖章，书屋多由村干部兼管。"))
    assert found["林知夏"].person


@pytest.mark.parametrize(
    ("text", "honour"), [("书屋获评省级示范书屋，接待8万人次。", "省级示范书屋"), ("入选“最美书屋”。", "最美书屋")]
)
def test_what_was_won_is_the_name_where_a_title_is_asked_for(text: str, honour: str) -> None:
    won = [(words, name.typed) for words, name in names("称号", text, titles=True) if name.side is Side.DEED]
    assert (honour, True) in won
