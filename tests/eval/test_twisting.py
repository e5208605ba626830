import pytest

from eval.statements import bases
from eval.twisting import twisted


@pytest.mark.parametrize(
    ("sentence", "kind", "claims"),
    [
        ("市图书馆新馆于5月开放。", "month", {"市图书馆新馆于9月开放。", "市图书馆新馆于12月开放。"}),
        ("景区增至3家。", "reached", {"景区新增3家。"}),
        ("未出具意见的不得提交会议审议。", "bound", {"未出具意见的可以提交会议审议。"}),
        ("二期工程力争年底前建成通车。", "plan", {"二期工程已经年底前建成通车。"}),
        ("破案率升至45.8%。", "threshold", set()),  # where a figure went to has a place of its own
        ("完成率45.8%。", "threshold", {"完成率超过五成。", "完成率不足四成。"}),
        ("市本级公交车973辆。", "level", {"全市公交车973辆。"}),
        ("乡镇文化站全部达标。", "part", {"乡镇文化站部分达标。"}),
    ],
)
def test_a_twisted_claim_keeps_the_words_and_changes_the_matter(sentence: str, kind: str, claims: set[str]):
    assert {m.claim for base in bases(sentence) for m in twisted(base) if m.kind == kind} == claims
