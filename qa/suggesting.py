"""Questions that the report does answer, made from its own figures: 召开视频会议1018次 → 召开视频会议多少次？"""

import re
from collections.abc import Callable, Iterable, Iterator

from index.figures import Kind, LedgerEntry, Role, ledger
from index.passage import Passage
from index.store import PassageIndex
from qa.answer import Answer, Status

_LONGEST = 32  # characters of a question that is offered
_SHORTEST = 8
_SUBJECT = 5  # characters before a figure that say what it is about; with fewer, the clause before must
_TRIED = 24  # questions tried at most before fewer are offered
_ASKED_FOR = {Kind.COUNT, Kind.MONEY, Kind.PERCENT}
_TAIL = re.compile(r"(?:已经|已|达到?|达|为|至|超过|突破|共|了|约|近)+$")


def suggest(
    index: PassageIndex, positions: Iterable[int], answer: Callable[[str], Answer], most: int
) -> tuple[str, ...]:
    """Make questions from the passages at some positions, and keep those that are answered from these very passages.

    At most one question a passage, in the order of the positions.
    """
    kept: list[str] = []
    tried = 0
    for position in dict.fromkeys(positions):
        passage = index.passage(position)
        for question, entry in _questions(passage):
            if len(kept) >= most or tried >= _TRIED:
                return tuple(kept)
            tried += 1
            reply = answer(question)
            from_here = any(citation.passage_id == passage.passage_id for citation in reply.citations)
            if reply.status is Status.ANSWERED and from_here and entry.figure.text in (reply.short or ""):
                kept.append(question)
                break
    return tuple(kept)


def _questions(passage: Passage) -> Iterator[tuple[str, LedgerEntry]]:
    """Questions for the figures of a passage, each with the figure that answers it."""
    for entry in ledger(passage.text):
        figure = entry.figure
        if figure.kind not in _ASKED_FOR or figure.role is Role.FROM:
            continue
        if figure.unit == "级" or figure.text.startswith("最"):  # 三级医院, 最多跑一次
            continue
        clause = max(passage.text.rfind(mark, 0, figure.start) for mark in "，,；;。：:（(、") + 1
        before = _TAIL.sub("", passage.text[clause : figure.start]).strip()
        if figure.kind is Kind.PERCENT:
            question = f"{before}{'' if before.endswith(('增长', '下降', '提高')) else '是'}多少？"
        elif figure.unit and figure.unit not in "元亿":
            question = f"{before}多少{figure.unit}{_noun(figure.counted)}？"
        else:
            question = f"{before}有多少？"
        if len(before) < _SUBJECT:
            topic = re.search(r"的([一-鿿]{3,10})[，,]$", passage.text[:clause])
            if topic is None:
                continue
            question = topic.group(1) + question
        if passage.text[:clause].endswith("、"):
            continue
        quoted = re.match(r"“[^“”]{3,12}”", passage.text[:clause])
        if quoted is not None and quoted.group() not in question:
            question = f"{quoted.group()}{question}"
        if before.endswith("等"):
            continue
        if _SHORTEST <= len(question) <= _LONGEST and question.count("“") == question.count("”"):
            yield question, entry


def _noun(counted: str) -> str:
    """What is counted, where it is a short noun: 个业务系统, not 家企业入驻平台."""
    return counted if 0 < len(counted) <= 6 and not re.search("[的和与、]|使用", counted) else ""
