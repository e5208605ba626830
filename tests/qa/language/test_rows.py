import pytest

from qa.language.rows import rows


@pytest.mark.parametrize(
    ("text", "row", "items"),
    [
        ("在教育、医疗、养老等领域开展试点。", "教育、医疗、养老等领域", 3),
        ("把民政、教育、住建等9个部门的事项归集到一处。", "民政、教育、住建", 3),
        ("开通书香、湖光、古韵3条游览线。", "书香、湖光、古韵", 3),
        ("推出“湖畔读”“云上听”“夜间借”三种服务。", "“湖畔读”“云上听”“夜间借”", 3),
        ("提供在线预约、结果查询和费用支付服务。", "在线预约、结果查询和费用支付服务", 3),
        ("对80岁以上读者、盲人读者、孕妇读者优先接待。", "80岁以上读者、盲人读者、孕妇读者", 3),
        ("馆内茶座、书廊、琴房分别增长3%、5%和6%。", "馆内茶座、书廊、琴房", 3),
    ],
)
def test_row_is_cut_clean_at_both_ends(text: str, row: str, items: int) -> None:
    first = next(rows(text))
    assert (text[first.start : first.end], first.items) == (row, items)


@pytest.mark.parametrize("text", ["新创和美家园示范小区。", "图书馆免费开放。", ""])
def test_what_stands_alone_is_no_row(text: str) -> None:
    assert list(rows(text)) == []
