"""Does a question ask of what was done or of what is planned, and of which does a passage speak?

A work report tells of the year gone by and then of plans for the next, in the same words: 新建食堂53家, 新建食堂15家.
"""

import re
from bisect import bisect_left
from functools import lru_cache

from index.figures import Kind
from index.passage import Passage, Report
from index.reading import YEAR_BEGINS
from qa.language.asking import Asked
from qa.language.speaking import DEFINES

_PLAN_HEADING = re.compile(
    r"下一步|下一?阶段|今后|打算|工作安排|预算安排|计划|目标任务|总体要求|主要目标|预期目标|工作思路|工作重点|重点工作|展望|(?:下|明)一?年"
)
_LOOKING_BACK = re.compile("回顾|总结|完成|情况|成效|成绩|进展|做法|存在的?(?:主要)?问题(?!.*打算)")
_PLANNED = re.compile(r"(?:^|[，,。；;])(?:下一步|下一?阶段|今后|明年|力争|争取|拟)")
ASKS_AHEAD = re.compile(
    r"打算|(?<![“原])(?<!原来)(?<!年度)计划(?![生单内外”])|目标(?!完成)|力争|预计|预期|明年|来年|第二年|[下后第]一步|下一?年|下一?阶段|今后|往后|(?<![一-鿿])以后|接下来|准备(?!金)|"
    r"将(?=要|会|在|新|建|把|有|达)|(?<![主需重只不必])(?:还|再|又)?[要想会](?=再|新|建|盖|开办|修|增|添|办好|改造|推进|提高|提到|"
    r"达到|实现|完成|干|做|抓|培|引进|招|投资|投入|安排|冲|争|压|降|解决)"
)
_ASKS_BACK = re.compile(r"了|过(?![去江境渡程度滤户关])|已|去年|上年|现有|目前|现在|如今|实际|有多少")


def speaks_ahead(passage: Passage, report: Report) -> bool:
    """Whether a passage states plans: it says so, its heading does, or its year comes after the one reported on."""
    if DEFINES.search(passage.text):
        return False
    if report.year is not None and year_in_force(report, passage.end) > report.year:
        return True
    telling = [h for h in passage.section if _PLAN_HEADING.search(h) or _LOOKING_BACK.search(h)]
    planned = bool(telling) and not _LOOKING_BACK.search(telling[-1])  # the innermost: 问题与打算 › 存在的问题
    return planned or _PLANNED.search(passage.text) is not None


def asks_ahead(asked: Asked, report: Report) -> bool | None:
    """Whether a question asks of plans (True) or of what was done (False); None where it does not say."""
    years = years_asked(asked) or _year_meant(asked.question, report)
    if years and report.year is not None:
        later = {year > report.year for year in years}
        return later.pop() if len(later) == 1 else None
    if ASKS_AHEAD.search(asked.question):
        return True
    return False if _ASKS_BACK.search(asked.question) else None


def _year_meant(question: str, report: Report) -> list[int]:
    """The year that 今年 or 明年 means in a report held as a speech the year after that which it tells of; else []."""
    said = _RELATIVE.search(question)
    spoken = _SPOKEN.search(report.text, 0, _OPENING)
    if said is None or spoken is None or report.year is None or int(spoken["year"]) <= report.year:
        return []
    return [int(spoken["year"]) + (said.group() != "今年")]


_RELATIVE = re.compile("今年(?!以来)|明年|来年")
_SPOKEN = re.compile("(?P<year>20[0-9]{2})年[0-9]{1,2}月[0-9]{1,2}日[^\n]{0,30}(?:会议|大会)")
_OPENING = 200  # characters at the beginning of a report that may say when it was held
_COMPARED_WITH = re.compile(
    r"(?:[比较]|[跟和与同](?=20\d\d年[^，,]{0,3}[比较]))(?P<year>20\d\d年(?:年?[初底末])?)(?=[^，,。？?]{0,12}[多少高低升降增减涨跌快慢了]|[相]?比)"
)


def years_asked(asked: Asked) -> list[int]:
    """The years that a question names, in order; none where it names one that it only compares with: 跟2022年比."""
    dates = [f for f in asked.stated if f.kind is Kind.DATE and f.value is not None]
    base = _COMPARED_WITH.search(asked.question)
    if base is not None and [f.start for f in dates] == [base.start("year")]:
        return []
    return [year for f in dates if 1900 < (year := int(f.value or 0) // 10000) < 2100]


def year_in_force(report: Report, start: int) -> int:
    """The year that a place in a report speaks of: the last one that began a line or a heading before it.

    An earlier one that begins a sentence amid a paragraph holds to the end of that paragraph.
    """
    years = _years(report.text, report.year or 0)
    before = bisect_left(years, (start, 0))
    return years[before - 1][1] if before else report.year or 0


@lru_cache(maxsize=64)
def _years(text: str, own: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    holding = own
    for match in YEAR_BEGINS.finditer(text):
        year, amid = int(match.group(1)), match.group()[0] in "。！？"
        while found and found[-1][0] > match.end():
            found.pop()  # another year begins before the paragraph ends
        found.append((match.end(), year))
        if not amid or year >= holding:
            holding = year
        elif (end := text.find("\n", match.end())) >= 0:
            found.append((end, holding))
    return tuple(found)
