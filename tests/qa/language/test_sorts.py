import pytest

from qa.language.sorts import is_of_another_sort


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("代表团拿了几枚银牌", "夺得金牌61枚、奖牌总数173枚", True),
        ("代表团拿了几枚金牌", "夺得金牌61枚、奖牌总数173枚", False),
        ("城镇居民消费支出", "农村居民人均消费支出17850元", True),
        ("乡下人一年花多少", "农村居民人均消费支出17850元", False),
        ("月利率3.65%", "最高额度50万元、年利率3.65%", True),
        ("出口额多少", "进出口总额214.7亿元", False),  # it may tell of both
        ("小学生有多少", "义务教育阶段学生8.26万人", False),
    ],
)
def test_things_of_one_sort_are_told_apart(words: str, text: str, expected: bool):
    assert is_of_another_sort(words, text) is expected
