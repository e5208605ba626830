from pathlib import Path
from types import SimpleNamespace
from typing import Any

from eval.mutating import CHANGED, make_mutations, render, run_mutations
from eval.rephrasing import FAITHFUL, chinese
from eval.twisting import TWISTED
from index.embedding import load_embedder
from index.store import PassageIndex
from qa.checking import Checker
from qa.retrieval import Retriever

SENTENCES = ["接入41个单位的121个业务系统。", "注册用户近900万。", "在线率由年初的84.6%提升至95.5%。"]


def made(kind: str) -> set[str]:
    return {m.claim for m in make_mutations(SENTENCES) if m.kind == kind}


def test_changed_claims_say_another_thing():
    assert "注册用户超过900万。" in made("qualifier")
    assert "注册用户近900亿。" in made("magnitude")
    assert "在线率由年初的95.5%提升至84.6%。" in made("direction")
    assert "接入121个单位的41个业务系统。" in made("neighbour")
    assert made("negation") <= {f"{word}接入41个单位的121个业务系统。" for word in ("没有", "未", "尚未", "并未")}


def test_faithful_claims_say_the_same():
    assert "接入41个单位的120多个业务系统。" in made("rounding")
    assert "接入四十一个单位的121个业务系统。" in made("numeral")
    assert "连接41个单位的121个业务系统。" in made("verb")


def test_a_bound_is_never_loosened():
    raised = {m.claim for m in make_mutations(["建成示范点超过70个。"]) if m.kind == "figure"}
    assert len(raised) > 1
    assert all(int(claim.split("超过")[1].split("个")[0]) > 70 for claim in raised)


def test_the_same_seed_makes_the_same_claims():
    assert make_mutations(SENTENCES, 7) == make_mutations(SENTENCES, 7)


def test_numbers_in_characters():
    wanted = {8: "八", 10: "十", 20: "二十", 105: "一百零五", 1018: "一千零一十八", 11918: "一万一千九百一十八"}
    assert {number: chinese(number) for number in wanted} == wanted


def test_the_bundled_report_is_checked_without_one_false_claim_called_supported(bundled_index: Path):
    index = PassageIndex.open(bundled_index)
    parts: Any = SimpleNamespace(index=index, checker=Checker(index, Retriever(index, load_embedder(None))))
    result = run_mutations(parts)
    assert result.refuted_called_supported == 0
    assert result.number("refuted") >= 600
    assert result.recall("refuted") >= 0.97
    assert result.number("supported") >= 300
    assert result.recall("supported") >= 0.93
    assert result.number("twisted") >= 30
    assert {kind for kind, _, _ in result.counts} - {*TWISTED} == {*CHANGED, *FAITHFUL}
    assert "called supported" in render(result)
