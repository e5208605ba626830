"""How well does a figure answer what is asked for? A linear model over named readings of question, figure and passage.

Every figure of the passages found is a candidate. Its features, below, are plain readings; their weights were learned
from gold sets (`python -m eval learn` writes fitting.tsv) as a conditional logit over the candidates of a question and
"none of them" (McFadden 1974), so that a fit is in nats over none: above 0, a figure is likelier than no answer. What
cannot be one (another kind, a figure that the question states itself, one of another year) is no candidate.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.figures import Direction, Kind, LedgerEntry, Role, same_value
from index.lexical import normalise
from qa.answers.amounts import may_be
from qa.answers.naming import counts_other, is_spoken_of
from qa.language.asking import Ask, Asked, Wanted
from qa.language.picking import (
    GENERIC_UNITS,
    KINDS,
    Likeness,
    Span,
    Weights,
    aspect_fit,
    begins_with,
    clause_span,
    covered,
    kindred,
    ledger,
    of_another_year,
    other_scope,
    overlap,
    same_noun,
    unit_allows,
)
from qa.language.subjects import grows
from qa.language.wording import official_words

Features = Mapping[str, float]
_WEIGHTS = Path(__file__).parent / "fitting.tsv"
_NAMED = 6  # characters of what is counted that name it
_SAID = 0.3  # from this overlap or likeness on, a figure is said of the noun asked for

_MAIN = {
    Wanted.COUNT: Kind.COUNT,
    Wanted.MONEY: Kind.MONEY,
    Wanted.PERCENT: Kind.PERCENT,
    Wanted.POINTS: Kind.POINTS,
    Wanted.RANK: Kind.RANK,
    Wanted.DATE: Kind.DATE,
}
_HEADS = {"人", "名", "位", "人次", "户"}
_PEOPLE = re.compile("(?:人|员|者|孩|娃|子女|儿童|学生|教师|老师|医生|护士|司机|专家|干部|群众|居民|市民|农民|职工)$")
_RATE = re.compile("率|比例|占比|占到|占多|比重|几成|百分之|满意度|幅度|[涨增降]幅")
_MONEY = re.compile(
    "钱|价|费|花|掏|赔|赚|挣|领(?![导域])|补[多几贴助]|补了?多|奖励|贷|投资|投入|资金|收入|利润|罚|工资|[块元税]|存款|"
    "[额]|预算|成本|造价"
)
_TIME = re.compile("多久|多长时间|几天|几个月|多少天|几年|工夫|多长")
_SPAN = re.compile("[天日秒年周]|小时|分钟|个月")
_CHANGE = re.compile("[涨增升降减跌快缩压]|提高|幅度|多了|少了|变化")
_TOTAL = re.compile("累计|历年|至今|到现在|总共|一共|拢共|[总统]数|总量|加起来|一块儿?|前后")
_REMAINS = re.compile("剩|现在|如今|目前|还[有要能]|眼下|之?后")
_MEAN = re.compile("[人户日月年]均|平均")
_AMONG = re.compile(
    "(?P<whole>[一-鿿A-Za-z0-9]{2,})(?:里头?|里面|当?中|其中|之中)(?:[，,]|有|一共|总共|已经)*(?:多少|几)"
)
_THIS_YEAR = re.compile("[今去前上本当]年度?(?:同期)?|[上本]月")
"""A date that tells no more than whom it is compared with; 年底 and 明年上半年 answer 什么时候."""
_COMMA = re.compile("[，,；;。：:（）()、]")


@dataclass(frozen=True)
class Seen:
    """A passage as its figures are judged by.

    `share` is its retrieval score over that of the best, `rank` its place from 1; `around` its headings and paragraph;
    `readings` what is known of it as a whole: stated, quoted, premise, out_of_time, other_place.
    """

    text: str
    share: float
    rank: int
    around: str
    readings: Features


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Read the learned weights; `none` is what the passages' not answering scores."""
    return read_weights(_WEIGHTS)


def read_weights(path: Path) -> dict[str, float]:
    """Read weights as `python -m eval learn` writes them, a name and a weight a line."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: float(weight) for name, weight in rows}


def best_figure(
    ask: Ask,
    asked: Asked,
    seen: Seen,
    words: Weights,
    like: Likeness,
    barred: Callable[[LedgerEntry], bool] | None = None,
    fits: Callable[[LedgerEntry, Features], float] | None = None,
) -> Span | None:
    """Pick the figure of a passage that answers an ask best; its fit is in nats over "none". None: no candidate.

    `barred`: which figures are none; `fits` judges them in place of `fit_of`.
    """
    best: Span | None = None
    for entry, features in candidates(ask, asked, seen, words, like):
        figure, fit = entry.figure, fits(entry, features) if fits is not None else fit_of(features)
        if barred is not None and barred(entry):
            continue
        if best is None or fit > best.fit:
            counted = ask.noun if ask.noun and begins_with(ask.noun, figure.counted) else ""
            best = Span(figure.start, figure.end + len(counted), fit)
    return best


def fit_of(features: Features) -> float:
    """Nats over "none of them"."""
    known = weights()
    return weighed(features, known) - known["none"]


def weighed(features: Features, known: Mapping[str, float]) -> float:
    """The sum of features by their weights; one without a weight counts nothing."""
    return sum(known.get(name, 0.0) * value for name, value in features.items())


def candidates(
    ask: Ask, asked: Asked, seen: Seen, words: Weights, like: Likeness
) -> Iterable[tuple[LedgerEntry, Features]]:
    """Give the figures of a passage that may answer, each with its features.

    `words` weigh the question's terms inside the passage (`qa.language.picking.passage_weights`).
    """
    entries = ledger(seen.text)
    around = _surroundings(entries, seen.text)
    owners = [(weight, [term in near for near in around]) for term, weight in words.items()]
    kinds, loosely = KINDS[ask.wanted], ask.wanted is Wanted.POINTS and "百" not in asked.question[ask.start : ask.end]
    of_kind = [e.figure.kind in kinds or (loosely and e.figure.kind is Kind.PERCENT and grows(e)) for e in entries]
    for i, entry in enumerate(entries):
        figure = entry.figure
        if (
            not of_kind[i]
            or not unit_allows(ask, figure)
            or (ask.wanted is Wanted.DATE and _THIS_YEAR.fullmatch(figure.text))
        ):
            continue
        if any(same_value(figure, stated) for stated in asked.stated) or of_another_year(asked, entries, i, seen.text):
            continue
        if not may_be(ask, asked, entry):
            continue
        yield (
            entry,
            {
                f"asks_{ask.wanted.value}": True,
                "retrieved": seen.share,
                "first": seen.rank == 1,
                "rank": min(seen.rank, 8) / 8,
                **seen.readings,
                **_of_unit(ask, asked, entry),
                **_of_noun(ask, asked, entry, seen, like),
                **_of_words(asked, entries, i, seen.text, words),
                **_ownership(i, owners),
                "told": any(same_value(figure, told) for told in asked.told),
                "order": i / (len(entries) - 1) if len(entries) > 1 else 0.0,
                "only": len(entries) == 1,
                "only_of_kind": sum(of_kind) == 1,
                "other_scope": ask.wanted is Wanted.RANK and other_scope(asked.question, seen.text, figure),
            },
        )


def _of_unit(ask: Ask, asked: Asked, entry: LedgerEntry) -> Features:
    """Does its unit fit the classifier asked for, its kind the words of the question?"""
    figure, question, unit = entry.figure, asked.question, ask.unit
    counts = ask.wanted is Wanted.COUNT
    same = counts and bool(unit) and figure.unit == unit
    kin = counts and bool(unit) and not same and kindred(unit, figure.unit)
    other = counts and bool(unit) and not same and not kin
    rate, money = _RATE.search(question) is not None, _MONEY.search(question) is not None
    is_money, is_rate = figure.kind is Kind.MONEY, figure.kind in (Kind.PERCENT, Kind.POINTS)
    bare = ask.wanted is Wanted.MONEY and figure.kind is Kind.COUNT
    return {
        "kind_main": figure.kind is _MAIN[ask.wanted],
        "count_as_money": counts and is_money,
        "count_as_rate": counts and not unit and figure.kind is Kind.PERCENT,
        "money_counted": bare and bool(figure.unit or figure.counted),
        "money_bare": bare and not (figure.unit or figure.counted),
        "unit_same": same and unit != "个",
        "unit_same_general": same and unit == "个",
        "unit_kindred": kin,
        "unit_other": other and unit not in GENERIC_UNITS,
        "unit_other_general": other and unit in GENERIC_UNITS,
        "unit_missing": counts and not figure.unit,
        "heads": counts and figure.unit in _HEADS and _PEOPLE.search(ask.noun) is not None,
        "rate_asked": rate and figure.kind is Kind.PERCENT,
        "rate_asked_other": rate and not is_rate,
        "money_asked": money and is_money,
        "money_unasked": not money and is_money,
        "span_asked": figure.kind is Kind.COUNT
        and _SPAN.search(figure.unit) is not None
        and _TIME.search(question) is not None,
    }


def _of_noun(ask: Ask, asked: Asked, entry: LedgerEntry, seen: Seen, like: Likeness) -> Features:
    """Is it said of the noun that is asked for? `counts_other`: of another thing, and the passage knows no such."""
    figure, subject = entry.figure, entry.subject
    other = {"counts_other": counts_other(ask, asked, entry, seen.around, like)}
    if not ask.noun:
        return {"noun_none_asked": True, "counts_unasked": bool(figure.counted), **other}
    counted = overlap(ask.noun, figure.counted[: len(ask.noun) + _NAMED])
    said_of = overlap(ask.noun, subject)
    alike = [like(ask.noun, figure.counted[:_NAMED])] if figure.counted else []
    alike += [like(ask.noun, subject[-_NAMED:])] if subject else []
    official = any(word in figure.counted + subject for word in official_words(ask.noun))
    best = max(counted, said_of, official, *alike, 0.0)
    here = is_spoken_of(ask.noun, seen.around) if len(ask.noun) > 1 else 0.5
    return {
        "noun": best,
        "noun_counted": counted,
        "noun_subject": said_of,
        "noun_is_subject": same_noun(ask.noun, subject),
        "noun_missing": best < _SAID,
        "noun_around": here,
        "noun_missing_around": best < _SAID and not here,
        **other,
    }


def _of_words(asked: Asked, entries: Sequence[LedgerEntry], i: int, text: str, words: Weights) -> Features:
    """Do the words about it say what the question says?"""
    entry, question = entries[i], asked.question
    figure, about = entry.figure, "".join((*entry.figure.aspect, entry.subject))
    start, end = clause_span(text, figure.start, figure.end)
    return {
        "clause": covered(text[start:end], words) / (sum(words.values()) or 1.0),
        "subject_said": overlap(entry.subject, question) if entry.subject else 0.0,
        "aspect": aspect_fit(asked, entry),
        "mean": _MEAN.search(about) is not None,
        "change_unasked": figure.direction is not Direction.NONE and _CHANGE.search(question) is None,
        "total_unasked": "累计" in about and _TOTAL.search(question) is None,
        "remains": figure.role is Role.TO and _REMAINS.search(question) is not None,
        "whole": _counts_whole(question, figure.counted),
        "among": "其中" in text[max(0, figure.start - 12) : figure.start],
    }


def _counts_whole(question: str, counted: str) -> bool:
    """Whether a figure counts those among whom the question asks for some: 参展学校里有多少所得奖."""
    among = _AMONG.search(question)
    counted = counted.rstrip("里中")
    return among is not None and counted != "" and among["whole"].endswith(counted)


def _surroundings(entries: Sequence[LedgerEntry], text: str) -> list[str]:
    """What stands just before and just after each figure, its subject included, folded."""
    found: list[str] = []
    for i, entry in enumerate(entries):
        figure = entry.figure
        floor = next((e.figure.end for e in reversed(entries[:i]) if e.figure.unit != "级"), 0)  # 市区两级 is a subject
        ceiling = entries[i + 1].figure.start if i + 1 < len(entries) else len(text)
        left = _COMMA.split(text[floor : figure.start])[-1]
        left = left if entry.subject in left else entry.subject + left  # 甲、乙分别为2个和3个
        found.append(normalise(f"{left}，{_COMMA.split(text[figure.end : ceiling])[0]}"))
    return found


def _ownership(i: int, owners: Sequence[tuple[float, Sequence[bool]]]) -> Features:
    """How far the question's words stand about this figure and not about its neighbours, and the other way round."""
    total = sum(weight for weight, _ in owners) or 1.0
    own = sum(weight * (has[i] - sum(has) / len(has)) for weight, has in owners if has[i])
    lost = sum(weight for weight, has in owners if not has[i] and any(has))
    return {"own": own / total, "lost": lost / total}
