"""A pasted text → the claims in it, each with its place. Headings, greetings and opinions are told apart.

One claim for every figure or assertion: clauses end at ，；。, and a clause that lists several figures is cut between
them (121个业务系统、219个场景). What a clause leaves unsaid stands before it in its sentence, its `context`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.figures import Kind, LedgerEntry, Role, ledger


@dataclass(frozen=True)
class Claim:
    """One claim: pasted[start:end] == text. `context` is what stands before it in its sentence; `checkable` is False
    for headings, greetings and opinions."""

    text: str
    start: int
    end: int
    context: str = ""
    checkable: bool = True


_SENTENCE = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;]+[”’」』）)】》]*)?")
_CLAUSE = re.compile(r"[^，,：:]+[，,：:]?")
_HAN = re.compile("[一-鿿]")
_GREETING = re.compile(
    "^(?:再次|衷心|诚挚|最后)?(?:各位|尊敬的|敬爱的|亲爱的|女士们|先生们|朋友们|同志们|大家好|你好|您好|下面|欢迎|谢谢|感谢|致谢|祝|此致|敬礼|再见|敬请)|"
    "(?:大家好|谢谢大家|感谢您|感谢大家|敬请(?:关注|期待)|欢迎(?:关注|来电|莅临|各界|广大)[^，。]*)[。！!]?$"
)
_STANCE = re.compile(
    "我们?(?:始终|一直|也|都|更|仍|将|衷心|由衷|真诚|愿意?|深深)*(?:相信|认为|坚信|希望|期待|祝愿|觉得|感到|深感|深知|愿意|感谢|一如既往)|让我们|"
    "可以说|不难看出|应该说|毫无疑问|令人(?:欣慰|振奋|感动|鼓舞|欣喜|自豪|期待)|^希望|^期待|^相信|^愿|^祝"
)
"""The speaker's own stance: a sentence that takes one and states no figure is opinion from end to end."""
_OPINION = re.compile(
    "相信(?:在|明天|未来)|可喜|喜人|令人|振奋|欣喜|自豪|"
    "值得(?:点赞|期待|称赞|骄傲|肯定|一提)|意义(?:重大|深远)|来之不易|倍感|有目共睹|未来可期|不言而喻|毋庸置疑|必将|一定会|更加美好|"
    "美好(?:明天|未来|生活)|再创辉煌|再接再厉|砥砺|扬帆|奋楫|初心|真抓实干|久久为功|难能可贵|点赞|由衷|实属不易|非常(?:好|棒|方便|满意)|"
    "无疑|堪称|可以说|应该说|毫无疑问|说到底|多么|真是|太(?:好|棒|方便)|愿(?:景|望)?(?:每|我们|更多)|想必|或许|也许"
)
_FRAME = re.compile(
    r"(?:时|中|里|上|下|方面|以来|期间|之后|后|之前|前|为止|目前|如今|截至[^，]*|据[^，]{0,12}|其中|同时|此外|另外|因此|所以|"
    r"与此同时|记者(?:获悉|了解到)|获悉|据了解|据悉|介绍|表示|指出|显示|承认|认为|提到|透露|说|称|年|今年|去年|[0-9]+月|[0-9]+日|的(?:社区|企业|群众|数据|贷款))[，,：:]$"
)
_SHORT = 5  # Chinese characters; a shorter clause joins its neighbour
_LONGEST_HEADING = 40  # characters


def find_claims(text: str) -> list[Claim]:
    """Cut a text into its claims, in order; what cannot be checked comes too, marked so.

    >>> [claim.text for claim in find_claims("城市云脑接入121个业务系统、219个场景，让人欣喜。")]
    ['城市云脑接入121个业务系统', '219个场景', '让人欣喜。']
    """
    claims: list[Claim] = []
    for sentence in _SENTENCE.finditer(text):
        start, end = _trimmed(text, sentence.start(), sentence.end())
        if start >= end:
            continue
        whole = text[start:end]
        if _is_heading(whole, text, end) or not _HAN.search(whole):
            claims.append(Claim(whole, start, end, checkable=False))
            continue
        if _STANCE.search(whole) and not _states(whole):
            claims.append(Claim(whole, start, end, checkable=False))
            continue
        for first, last in _pieces(whole):
            first, last = _trimmed(whole, first, last)
            piece = whole[first:last]
            claims.append(Claim(piece, start + first, start + last, whole[:first], _is_checkable(piece)))
    return claims


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks, list marks and pauses around it."""
    while start < end and text[start] in " \t\r\n　、，,；;·•-—":
        start += 1
    while start < end and text[end - 1] in " \t\r\n　、，,；;：:":
        end -= 1
    return start, end


def _is_heading(line: str, text: str, end: int) -> bool:
    """A short line of its own that ends without a stop and states no figure."""
    stops = line[-1] in "。！？!?；;”"
    alone = end >= len(text) or text[end : end + 1] in "\n\r" or text[end:].lstrip(" 　")[:1] in ("\n", "")
    numbered = re.match(
        r"(?:第[一二三四五六七八九十]+[章节部分]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])", line
    )
    short = len(line) <= _LONGEST_HEADING and not stops and alone and "，" not in line
    return short and (numbered is not None or not any(e.figure.kind is not Kind.DATE for e in ledger(line)))


def _is_checkable(piece: str) -> bool:
    figures = any(entry.figure.kind is not Kind.DATE for entry in ledger(piece))
    if _GREETING.search(piece) and not figures:
        return False
    if piece.endswith(("？", "?")):
        return False
    return figures or (not _OPINION.search(piece) and len(_HAN.findall(piece)) >= _SHORT)


def _pieces(sentence: str) -> Iterator[tuple[int, int]]:
    """The claims of a sentence: its clauses, short and framing ones joined to what follows, lists of figures cut."""
    start: int | None = None
    spans: list[tuple[int, int]] = []
    for match in _CLAUSE.finditer(sentence):
        begin = match.start() if start is None else start
        clause = sentence[begin : match.end()]
        last = match.end() == len(sentence)
        if not last and (len(_HAN.findall(clause)) < _SHORT or _FRAME.search(clause)) and not _states(clause):
            start = begin
            continue
        start = None
        if spans and last and len(_HAN.findall(clause)) < _SHORT and not _states(clause):
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append((begin, match.end()))
    for begin, end in spans:
        yield from _cut(sentence, begin, end)


def _states(clause: str) -> bool:
    return any(entry.figure.kind is not Kind.DATE for entry in ledger(clause))


def _cut(sentence: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a clause between the figures that it lists; a change (由A至B) and 97类6.4亿条 stay whole."""
    entries = [e for e in ledger(sentence) if begin <= e.figure.start < end and e.figure.kind is not Kind.DATE]
    at = begin
    for first, second in pairwise(entries):
        mark = _joint(sentence, first, second)
        if mark is not None:
            yield at, mark
            at = mark + 1
    yield at, end


def _joint(sentence: str, first: LedgerEntry, second: LedgerEntry) -> int | None:
    """Where the list of figures can be cut between two of them; None where they belong together."""
    between = sentence[first.figure.end : second.figure.start]
    if second.figure.role is Role.TO or (first.figure.role is Role.FROM):
        return None
    joints = [m.start() for m in re.finditer("、|(?<![共总饱])和(?!平|谐|睦)|以及|及(?!时)", between)]
    if not joints or not _HAN.search(between.replace("和", "").replace("、", "")):
        return None
    return first.figure.end + joints[-1]
