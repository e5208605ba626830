"""A claim that states what follows from two figures is asked as a question, and the answer held against it.

    个体工商户占了七成左右                 个体工商户占了几成？             30.51万户 ÷ 42.86万户 ≈ 71.2%
    网约车比出租车多出将近一千五百辆          网约车比出租车多出多少辆？         3650辆 − 2180辆 = 1470辆
    平均每名干部联系的企业不足两家            平均每名干部联系的企业多少家？      2038家 ÷ 1126名 ≈ 1.8家

What is asked of a text tells whether a claim agrees with it (QAGS, Wang et al. 2020; FEQA, Durmus et al. 2020). Here it
only ever bears a claim out: that another sum was found does not refute it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.figures import Direction, Figure, Kind, LedgerEntry, read_figures, supports
from index.passage import Hit, Passage
from qa.answering import ExtractiveAnswerer, Sought
from qa.answers.reckoning import Reckoned
from qa.checks.binding import beside_of
from qa.checks.computing import falls
from qa.checks.differing import exceeding
from qa.language.asking import read_question
from qa.language.covering import names
from qa.language.subjects import Finding, Outcome
from qa.questions.arithmetic import How, Plan

_SHARE = re.compile("成|半|分之|[%％]")
_BEFORE_SHARE = re.compile("占[了到]?(?:比|据)?[^，,]{0,6}$")
_OF = re.compile("(?:[，,的有约]|大约|将近|里面|里头|里|中|当中|其中|一共)+$")
_PART = re.compile("^(?:的|是|都|已经?|以上|左右|多|还|被|由)+")
_DERIVED = re.compile(
    "比(?!例|重|率)[^，,]+?[多少高低大小长短快慢早晚]|平均每|没|剩|尚|还有|[刨除扣]去|多出|[少多快慢]了|减少|增加|提高|新增|下降|降"
)


def question_for(claim: str, figure: Figure) -> str | None:
    """The question that a claim answers with one of its figures, where that may be worked out; None where not.

    >>> [figure] = read_figures("水果产量里，蜜柚占了一半以上。")
    >>> question_for("水果产量里，蜜柚占了一半以上。", figure)
    '水果产量里，蜜柚占了几成？'
    """
    before, after = claim[: figure.start], re.split("[，,；;。！!]", claim[figure.end :])[0]
    if figure.kind is Kind.PERCENT and _SHARE.search(figure.text):
        if _BEFORE_SHARE.search(before):
            return f"{before}几成？"
        whole, part = _OF.sub("", before), _PART.sub("", after)
        return f"{whole}里，{part}占几成？" if whole and part else None
    if figure.kind is Kind.MULTIPLE and figure.direction is Direction.NONE:
        return f"{before}几倍？"
    if figure.kind in (Kind.COUNT, Kind.MONEY, Kind.POINTS) and _DERIVED.search(claim[: figure.end + 2]):
        return f"{before}多少{figure.unit}{after}？"
    return None


def may_follow(finding: Finding) -> bool:
    """Whether what came of a figure may be worked out of others rather: it was not found, or is a share in words."""
    found = finding.outcome is Outcome.AGREES and not finding.follows
    return not found or re.search("成|半|分之", finding.stated.text) is not None


def reckoned(
    stated: LedgerEntry, claim: str, answerer: ExtractiveAnswerer, find: Callable[[str], Sequence[Hit]]
) -> tuple[Passage, ...]:
    """The passages whose figures come to the one that a claim states; none where it does not follow from any two."""
    figure = exceeding(stated).figure
    if re.search("[，,；;].", claim[figure.end :]):
        return ()  # it goes on, and what it says then is not asked
    question = question_for(claim, figure)
    if question is None:
        return ()
    found = answerer.reckoned(Sought(read_question(question), find(question)))
    if found is None:
        return ()
    plan, sum_found = found
    result = next(iter(read_figures(sum_found.sum.result)), None)
    agrees = result is not None and supports(_undirected(result), _undirected(figure))
    goes_so = agrees and _goes_so(plan, sum_found.less, claim, figure) and _is_whose(plan, sum_found)
    return sum_found.passages if goes_so else ()


def _undirected(figure: Figure) -> Figure:
    return replace(figure, direction=Direction.NONE)


def _goes_so(plan: Plan, less: bool, claim: str, figure: Figure) -> bool:
    """Whether a claim calls the one more that is more, lets rise what rose, and takes the part for the part."""
    if plan.how is How.DIFFERENCE:
        return plan.more is not None and plan.more is not less
    if plan.how is How.CHANGE:
        return falls(re.split("[，,；;。]", claim[: figure.start])[-1], figure) is less
    return plan.how is not How.SHARE or less


def _is_whose(plan: Plan, found: Reckoned) -> bool:
    """Whether of two figures of one sentence each stands beside the thing that it is said of, and not the other's."""
    things = [side.thing for side in plan.sides if side.thing]
    if plan.how not in (How.DIFFERENCE, How.TIMES) or len(found.passages) > 1 or len(things) < 2:
        return True
    high, low = sorted(found.sum.operands[:2], key=lambda figure: -(figure.value or 0))
    text = next(iter(found.passages)).text
    one, other = (beside_of(text, figure.start) for figure in ((low, high) if found.less else (high, low)))
    leans = names(things[0], one) - names(things[0], other), names(things[1], other) - names(things[1], one)
    return min(leans) >= 0 and sum(leans) > 0
