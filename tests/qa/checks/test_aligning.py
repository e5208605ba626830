"""Claims that repeat a sentence: with a word of it changed, or in words that mean the same."""

import pytest

from qa.checks.aligning import is_altered
from tests.qa.little import source_of

CAUGHT = "全年抓获各类犯罪嫌疑人1486人，追回被盗车辆138辆。"
REPORTS = "局主要负责人在年终述职时同步述法，述法结果纳入领导班子年度考核。"
LAMPS = "街道办事处为沿河6个小区安装太阳能路灯320盏，居民满意率97.1%。"


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("全年释放各类犯罪嫌疑人1486人。", CAUGHT),
        ("局主要负责人在年初述职时同步述法。", REPORTS),
        ("街道办事处为沿河6个小区拆除太阳能路灯320盏。", LAMPS),
        ("街道办事处为沿河6个商场安装太阳能路灯320盏。", LAMPS),
        ("清理结果于6月30日后在网站公布。", "清理结果于6月30日前在网站公布。"),
    ],
)
def test_a_word_in_the_place_of_another_is_seen(claim: str, sentence: str):
    assert is_altered(claim, [source_of(sentence, "北桥县2024年工作总结")])


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("全年抓获各类犯罪嫌疑人1486人。", CAUGHT),
        ("据介绍，全年抓获各类犯罪嫌疑人1486人。", CAUGHT),
        ("北桥县全年抓获犯罪嫌疑人1486人。", CAUGHT),
        ("述法结果列入领导班子年度考核。", REPORTS),  # 列入 is said for 纳入
        ("街道给沿河的小区装了320盏太阳能路灯。", LAMPS),
        ("被偷的车找回来138辆。", CAUGHT),  # told in other words altogether: what it says is asked elsewhere
        ("沿河6个小区没有安装太阳能路灯。", "沿河6个小区未安装太阳能路灯。"),
    ],
)
def test_the_same_in_other_words_is_no_change(claim: str, sentence: str):
    assert not is_altered(claim, [source_of(sentence, "北桥县2024年工作总结")])
