"""Does a sentence of a report say the contrary of a claim, in words rather than in figures?

Negations, opposites, 首次 against 再次, 全部 against 80%, who did it, which way a change goes, which of two is more.
Every finder gives what is wrong in Chinese, or None. Knows nothing of retrieval.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from index.figures import Figure, Kind, LedgerEntry, Role, read_figures, same_value
from index.lexical import normalise
from qa import prompts
from qa.answers.reckoning import is_change
from qa.checks.differing import comparable_counts
from qa.checks.overstating import ALL, only_one, solved, total
from qa.language.covering import cover, heavy, lacking, names
from qa.language.picking import ledger, quantities
from qa.language.subjects import ALIKE, Source, clause_before, entry_years, grows, noun_of, without_figures
from qa.questions.topics import SCOPE, TIME


@dataclass(frozen=True)
class Contradiction:
    """What differs, in Chinese, the report's own words for it, and the numbers of the sentences it rests on."""

    difference: str
    right: str
    sources: tuple[int, ...]


_CLAUSE = re.compile(r"[^，,；;。！？!?：:\n]+")


def contradict(claim: str, source: Source, mentions: Callable[[str], bool]) -> Contradiction | None:
    """Find the first way in which a sentence says the contrary of a claim that speaks of the same thing.

    `mentions` says whether the reports hold some words anywhere.
    """
    for find in (
        _doer,
        _agent,
        _turned,
        _first_time,
        total,
        only_one,
        solved,
        _graded,
        _placed,
        _negation,
        _opposite,
        partial(_exchanged, mentions=mentions),
    ):
        found = find(claim, source)
        if found is not None:
            return Contradiction(*found, (source.number,))
    return None


# --- negation and opposites ------------------------------------------------------------------------------------------


_NOT = re.compile(
    "无一例|无一人|无一起|没有一[例人个起]|没有|没能|没|未能|尚未|并未|从未|未曾|未|不再|不能|无法|不会|并非|不是|并不|不曾|不得|不用|不必|无须|无需|不需要|不准|不许|"
    "不|无|零|免于|免了|免去|省去|杜绝|停止|取消|拒绝|禁止|暂停|叫停|告别|去掉|撤掉|砍掉|撤销|废止|废除"
)
_NO_NEGATION = re.compile(
    "不断|差不多|不仅|不但|不同|不少|不足|不到|不超过|没有超过|没超过|未超过|不低于|不少于|不高于|不多于|不大于|不小于|不良|不动产|不久|不已|不止|不妨|不论|不管|不等|不落|"
    "未来|无人机|无人驾驶|无障碍|无缝|无微不至|无线|无论|无偿|无形|无感|无证明|无违建|无废|无锡|免费|免疫|减免|避免|难免|以免|零售|零工|"
    "零散|零件|零星|零食|零距离|零碳|没收|没落|停车|取消费|密不可分|必不可少|不可或缺|不负|不凡|不懈|不忘|不变|稳定不变"
)


def without_polarity(text: str) -> str:
    """A text without its negations and 首次, 头一回: whether they hold is asked apart from its words."""
    hidden = _NO_NEGATION.sub(lambda match: "\x00" * len(match.group()), text)
    for match in reversed([*_NOT.finditer(hidden), *_FIRST.finditer(hidden)]):
        text = text[: match.start()] + "，" * len(match.group()) + text[match.end() :]
    return text


def first_negation(text: str) -> bool:
    """Whether a text denies anything, but that something came about for the first time."""
    hidden = _NO_NEGATION.sub(lambda match: "\x00" * len(match.group()), text)
    return any(not _FIRST.match(text[match.end() :]) for match in _NOT.finditer(hidden))


_ADJECTIVE = "快慢高低大小多少长短好坏强弱"


def _negation(claim: str, source: Source) -> tuple[str, str] | None:
    """没有接入 against 接入, 跑腿 against 零跑腿."""
    ours, theirs = clauses_of(claim), clauses_of(source.text)
    if source.planned or re.match("推进|推动|支持|继续|力争", source.text) or _TWICE.search(claim):
        return None
    for clause in ours:
        for word, scope in negated(clause):
            if any(denies(other, scope) for other in theirs) or (
                not ALL.search(claim) and (f"免{scope[0]}" in source.text or _is_free(scope, source.text))
            ):
                continue
            rated = re.compile(f"{re.escape(scope[:2])}率")  # of a rate of what is done some is left undone
            there = [c for c in _holders(scope, theirs) if not counts_others(clause, c) and not rated.search(c)]
            gone = any(_GONE.search(one) or _NONE_BEFORE.search(one) or _LEFT.search(one) for one in theirs)
            there = [c for c in there if not _URGED.search(c)]
            if there and not gone and not any(_is_negated(one) for one in there) and not _FIRST.search(scope):
                right = there[0].strip()
                return prompts.DIFFERENT_POLARITY.format(stated=word + scope, right=right), right
    for clause in theirs:
        for word, scope in negated(clause):
            here = _holders(scope, ours)
            as_much = any(_is_negated(one) and _shares_words(one, scope) for one in here)
            told = _asserted(scope, theirs) or _is_of_some(scope, ours, theirs)
            if here and not as_much and not any(denies(one, scope) for one in here) and not told:
                told = prompts.DIFFERENT_POLARITY.format(stated=here[0].strip(), right=word + scope)
                return told, clause.strip()
    return None


_TWICE = re.compile(
    "没有一[^，,。]{1,8}(?:[缺不没未]|落下|例外)|(?:没有|未经|缺)[^，,。]+[，,][^。]*(?:不了|不得|不能|无法|没法)"
)
"""Denies twice, and so says that it is so: 没有一个村缺, 没有意见，上不了会."""


def _is_free(scope: str, text: str) -> bool:
    """Whether what is denied is a payment, of which a text says that it is 免费."""
    return re.search("[掏花交付缴]|收费|[钱费]", scope) is not None and "免费" in text


_GONE = re.compile("消除|清零|归零|销号|告别|杜绝|绝迹")
"""Says of a thing that there is none left, after it."""
_LEFT = re.compile("剩余|其余|余下")
"""Says that some are left of which what is told of the others does not hold."""
_URGED = re.compile("亟需|亟待|切实|着力|抓紧|尽快|努力")
_NONE_BEFORE = re.compile("首个|首家|首次|首例|首条|第一[个家次例]")


def counts_others(claim: str, clause: str) -> bool:
    """Whether a clause counts others than a claim that denies: 6人没通过 is no contrary of 112人通过."""
    kinds = (Kind.COUNT, Kind.MONEY, Kind.PERCENT)
    mine, theirs = ([e.figure for e in ledger(words) if e.figure.kind in kinds] for words in (claim, clause))
    return bool(mine and theirs) and not any(same_value(one, other) for one in mine for other in theirs)


def _shares_words(clause: str, scope: str) -> bool:
    return any(pair in clause for pair in ("".join(two) for two in pairwise(re.sub("[^一-鿿]", "", scope))))


def _is_negated(clause: str) -> bool:
    return next(negated(clause), None) is not None


def denies(clause: str, scope: str) -> bool:
    """Whether a clause denies those words too: that it denies others (清运不及时) is no matter."""
    return any(
        scope[:2] in denied[:4]
        or denied[:2] in scope[:4]
        or min(names(scope[:4], denied), names(denied[:4], scope)) >= _SAME
        for _, denied in negated(clause)
    )


def _asserted(scope: str, clauses: Sequence[str]) -> bool:
    """Whether the report says of the same words elsewhere in the sentence what it denies here."""
    return any(not _is_negated(clause) for clause in _holders(scope, clauses))


def _is_of_some(scope: str, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether what is denied is of some alone, of which a claim does not speak: 发生火灾7起，未发生重特大火灾."""
    words = "\n".join(ours)
    figures = quantities(words)
    return bool(heavy(lacking(scope, words))) and any(
        scope[:2] in clause and any(same_value(one, other) for one in quantities(clause) for other in figures)
        for clause in theirs
        if not _is_negated(clause)
    )


def clauses_of(text: str) -> list[str]:
    """The clauses of a text, folded."""
    return _CLAUSE.findall(normalise(text))


def _whole_clauses(text: str) -> Iterator[str]:
    """Clauses with what stands before them where they name no subject: 进出口总额57.2亿元，下降3.1%."""
    before: list[str] = []
    for clause in clauses_of(text):
        bare = clause
        for entry in reversed(ledger(clause)):
            bare = bare[: entry.figure.start] + bare[entry.figure.end :]
        yield "，".join((*before[-2:], clause)) if len(bare.strip()) < 8 else clause
        before.append(clause)


def gist(claim: str) -> str:
    """What a claim speaks of, without the words that may be the contrary of the report's."""
    text = without_polarity(claim)
    for words in sorted({word for row in _OPPOSITES for side in row for word in side}, key=len, reverse=True):
        text = text.replace(words, "，")
    return ALL.sub("，", text)


def negated(clause: str) -> Iterator[tuple[str, str]]:
    """Each negation of a clause with the words that it denies."""
    hidden = _NO_NEGATION.sub(lambda match: "\x00" * len(match.group()), clause)
    if _OVER.search(clause):
        return
    for match in _NOT.finditer(hidden):
        after = clause[match.end() :]
        object_first = re.match("[把将给].{2,}?(?P<verb>[一-鿿]{2,3})$", after)  # 没有把两级算进去
        scope = re.sub(r"[“”‘’《》]", "", object_first["verb"] if object_first else after[:8])
        if scope:
            yield match.group(), scope


_OVER = re.compile("(?:结束|告别|终结|改变|摆脱|扭转)了?.*(?:历史|局面|时代|状况|现状)")
"""结束了不通高速的历史: what is denied here is true now."""


def _holders(scope: str, clauses: Sequence[str]) -> list[str]:
    """The clauses that hold most of the very words that are denied."""
    words = re.match("[一-鿿a-z0-9]+", scope)
    if words is None:
        return []
    said = words.group()
    if said[0] in _ADJECTIVE:
        pattern = rf"(?:[得很又太更过]|度){said[0]}(?![{_ADJECTIVE}])"
        return [clause for clause in clauses if re.search(pattern, clause)]
    found: list[tuple[float, str]] = []
    for clause in clauses:
        bare = re.sub(r"[“”‘’《》]", "", clause)
        if said[:2] in bare or (len(said) > 1 and min(names(said[:4], bare), names(said[:2], bare)) >= 1):
            found.append((names(said, bare) + (said[:4] in bare), clause))
    most = max((share for share, _ in found), default=0.0)
    return [clause for share, clause in found if share == most]


_OPPOSITES = tuple(
    tuple(side.split("|") for side in row.split("/"))
    for row in (
        "上升|提升|提高|增长|增加|上涨|扩大|攀升|上调|增产/下降|降低|减少|下滑|回落|下跌|缩减|压减|缩小|缩短|下调|减产",
        "延长|拉长/缩短|压缩",
        "加快|提速|快于/放缓|减慢|滞后|慢于",
        "公开|开放/关闭|封闭|保密",
        "允许|准许/禁止|不准",
        "线上|网上/线下|窗口办理|现场办理",
        "免费/收费|付费|自费|掏钱",
        "单独|独自/联合|共同|共建|合作|合办",
        "关停|停建|停办|停工/开工|启动|开业|投产",
        "统一/分散",
        "集中|归并/分散|拆分",
        "增设|新增/取消|撤销|裁撤",
        "必须|应当/可以不|无须|不必|自愿",
        "负面清单/正面清单",
        "成功/失败",
        "较长|偏长|太长/较短|偏短|很短",
        "较高|偏高|太高/较低|偏低|很低",
        "超额|提前/推迟|延期|延后",
        "优于|高于|好于/低于|劣于|差于",
        "盈利|赢利|扭亏/亏损",
        "获批|批复|批准/待批|报批|待审",
        "按时|按期|如期/逾期|超期|延期",
        "启动|开展|实施/暂停|终止|停止",
        "试点/全面推开|全面铺开",
        "外地|市外|省外|外省/本地|本市|本省|市内|省内|当地",
    )
)


def _opposite(claim: str, source: Source) -> tuple[str, str] | None:
    """下降 against 提升, said of the same thing."""
    for ours in clauses_of(claim):
        for row in _OPPOSITES:
            for mine, other in ((row[0], row[1]), (row[1], row[0])):
                said = next((word for word in mine if word in ours), None)
                if said is None or any(word in ours for word in other):
                    continue
                if any(said in scope for _, scope in negated(ours)):
                    continue  # 不用掏钱 is 免费
                for clause in _whole_clauses(normalise(source.text)):
                    there = next((word for word in other if word in clause), None)
                    if there is None or any(word in clause for word in mine):
                        continue
                    bare = without_figures(ours.replace(said, "，"))
                    whole = tuple(_whole_clauses(normalise(source.text)))
                    if any(word in c and names(bare, c) >= ALIKE for c in whole for word in mine):
                        continue  # 起数上升，损失下降 tells of both
                    same = cover(bare, f"{clause}\n{source.context}")
                    if same.share >= _SAME and not same.missing and same.held >= _SHARED:
                        told = prompts.DIFFERENT_POLARITY.format(stated=said, right=there)
                        return told, clause.strip()
    return None


def contrary_words(claim: str, text: str) -> bool:
    """Whether a claim says 低于 and the like where a text says only 高于, of whatever thing."""
    for row in _OPPOSITES:
        for mine, other in ((row[0], row[1]), (row[1], row[0])):
            said = any(word in claim for word in mine) and not any(word in text for word in mine)
            if said and any(word in text for word in other):
                return True
    return False


_SHARED = 3  # characters that two clauses must share to speak of one thing
_SAME = 0.7  # share of a clause that the report's clause must hold for both to speak of one thing


# --- first, where, by whom --------------------------------------------------------------------------------------------


_FIRST = re.compile("首次|头一回|头一次|第一次|首度|初次|头一遭|第一回")
_AGAIN = re.compile("再次|又一次|再度|连续|蝉联|第[二三四五六七八九十]次")


def first_time(text: str) -> bool | None:
    """Whether a text says that something came about for the first time; None where it says neither."""
    first = _FIRST.search(text)
    if first is not None:
        denied = re.search("(?:不是|并非|不算|非|已不是)$", text[: first.start()]) is not None
        return not denied
    return False if _AGAIN.search(text) else None


def _first_time(claim: str, source: Source) -> tuple[str, str] | None:
    text = source.text
    mine, theirs = first_time(claim), first_time(text)
    if mine is None or theirs is None or mine == theirs:
        return None
    said = _FIRST.search(claim) or _AGAIN.search(claim)
    there = _AGAIN.search(text) or _FIRST.search(text)
    if said is None or there is None:
        return None
    clause = next(c for c in _CLAUSE.findall(text) if there.group() in c)
    return prompts.DIFFERENT_POLARITY.format(stated=said.group(), right=there.group()), clause.strip()


_PLACED = re.compile("(?P<verb>[一-鿿]{2})(?P<mark>[于在给])(?!于)(?P<thing>[一-鿿“”]{2,10})")


def _placed(claim: str, source: Source) -> tuple[str, str] | None:
    """集中在山区 against 集中在城区, 用于救灾 against 用于修缮."""
    text = source.text
    text = without_figures(text)
    for mine in _PLACED.finditer(normalise(without_figures(claim))):
        for theirs in re.finditer(re.escape(mine["verb"] + mine["mark"]) + r"(?P<thing>[^，,。；;]+)", normalise(text)):
            if "”" not in mine["thing"][:2] and names(mine["thing"][:6], theirs["thing"]) < 0.5:
                return prompts.DIFFERENT_NAME.format(stated=mine["thing"], right=theirs["thing"]), theirs.group()
    return None


_BODY = "县区市省镇乡村局委院校部司厅办处站馆队"
"""Last characters of the names of places and bodies."""


def _exchanged(claim: str, source: Source, mentions: Callable[[str], bool]) -> tuple[str, str] | None:
    """接种进口疫苗 against 接种国产疫苗: all words of a claim but one, with another between the same neighbours."""
    text, ours = normalise(source.text), normalise(without_polarity(claim))
    missing = [piece for piece in lacking(without_figures(ours), source.held) if len(piece) > 1 and heavy([piece])]
    if len(missing) != 1 or ours.count(missing[0]) != 1:
        return None
    said, at = missing[0], ours.index(missing[0])
    same = any(
        e.figure.kind is not Kind.DATE and same_value(e.figure, f.figure) for e in ledger(claim) for f in ledger(text)
    )
    if not mentions(said) and (same or said[-1] not in _BODY):
        return None  # another word for it, not another thing of the reports
    left = re.search("[一-鿿]{2}$", ours[:at])
    right = re.match("[一-鿿“]{2}", ours[at + len(said) :])
    if right is None:
        return None
    before = (
        re.escape(left.group()) if left else "(?:^|(?<=[，,；;。、]))" if at == 0 or ours[at - 1] in "，、" else None
    )
    if before is None:
        return None
    other = re.search(rf"{before}(?P<it>[一-鿿]{{2,6}}?){re.escape(right.group())}", text)
    if other is None or other["it"] in ours or (left is None and not (said[-1] in _BODY and other["it"][-1] in _BODY)):
        return None
    return prompts.DIFFERENT_NAME.format(stated=said, right=other["it"]), claim.replace(said, other["it"])


_GRADE = "甲乙丙丁一二三四五上中下初高大小东西南北左右前后内外正副男女老少"


def _graded(claim: str, source: Source) -> tuple[str, str] | None:
    """三级甲等 against 三级乙等: one character of a grade or side in another's place."""
    text = source.text
    ours, theirs = normalise(claim), normalise(text)
    for at in range(1, len(ours) - 1):
        if ours[at] not in _GRADE or ours[at - 1 : at + 2] in theirs:
            continue
        other = re.search(rf"{re.escape(ours[at - 1])}([{_GRADE}]){re.escape(ours[at + 1])}", theirs)
        if (
            other
            and other.group() not in ours
            and other.group()[1:] not in ours
            and "\n" not in other.group()
            and re.fullmatch("[一-鿿]{3}", other.group())
        ):
            return prompts.DIFFERENT_NAME.format(stated=ours[at - 1 : at + 2], right=other.group()), text
    return None


_DOER = re.compile(
    "(?P<who>[一-鿿]{1,8}?[局委院校部厅办司社])(?P<verb>首创|牵头|主办|承办|研制|完成|组织|推广|负责|制定|建设|开设|发布|组建|发起|主持)"
)


_WITH = re.compile("(?<![参赠给授])[与和同跟](?P<who>[一-鿿]{2,10}?)(?P<verb>共建|合作|合办|联合|签约|签订|共同)")


def _doer(claim: str, source: Source) -> tuple[str, str] | None:
    """由甲局牵头 against 乙局牵头, 与甲校合作 against 与乙校合作: another body before the same verb."""
    for who in (_DOER, _WITH):
        for mine in who.finditer(normalise(claim)):
            theirs = [found["who"] for found in who.finditer(normalise(source.text)) if found["verb"] == mine["verb"]]
            if any(re.search(".*".join(map(re.escape, other)), mine["who"]) for other in theirs):
                continue  # 县公安局 for 县局
            if theirs and not any(lacking(mine["who"][-4:], other) == () for other in theirs):
                return prompts.DIFFERENT_NAME.format(stated=mine["who"], right=theirs[0]), source.text
    return None


_BY = re.compile("(?<![理自缘])(?:被|由|受到?|经)")


def _agent(claim: str, source: Source) -> tuple[str, str] | None:
    """由省政府办公厅推广 against 被国务院办公厅推广."""
    text = source.text
    ours, theirs = normalise(claim), normalise(text)
    for here in _BY.finditer(ours):
        after = re.match(r"[一-鿿]+", ours[here.end() :])
        for there in _BY.finditer(theirs):
            other = re.match(r"[一-鿿]+", theirs[there.end() :])
            if after is None or other is None:
                continue
            mine, right = after.group(), other.group()
            for cut in range(2, min(len(mine), 14) - 1):
                verb = mine[cut : cut + 4]
                at = right.find(verb)
                if len(verb) < 4 or at < 2 or at > 14:
                    continue
                who, really = mine[:cut], right[:at]
                if really[:2] in who[2:]:
                    break  # 安坪市计量所 of 市计量所
                if cover(who, theirs).missing or cover(who, really).share < ALIKE:
                    return prompts.DIFFERENT_NAME.format(stated=who, right=really), text
                break
    return None


_TURN = re.compile(
    r"(?:由|从)(?P<a>“[^”]+”|[^，,。；“”]{2,14}?)(?:[，,])?(?:转变|转型|转|变|改|升级|退回?|向|到|朝)(?:成|为|到|向|至)?(?:[^，,。；“”]{0,4}(?=“))?(?P<b>“[^”]+”|[^，,。；“”]{2,14})"
)


_QUOTED_TURN = re.compile("(?P<a>“[^”]+”)(?:向|到|变|转)[^，,。；]{0,4}?(?P<b>“[^”]+”)(?:[的]?(?:转|变|过渡))?")


def _turned(claim: str, source: Source) -> tuple[str, str] | None:
    """从“服务商”转成“平台商” against 由“平台商”向“服务商”转变."""
    text = source.text
    mine, theirs = (_TURN.search(words) or _QUOTED_TURN.search(words) for words in (claim, text))
    if mine is None or theirs is None:
        return None
    a, b = (mine[name].strip("“”") for name in "ab")
    c, d = (theirs[name].strip("“”") for name in "ab")
    if (a in d and a not in c) or (b in c and b not in d):
        return prompts.DIFFERENT_DIRECTION.format(stated=mine.group(), right=theirs.group()), theirs.group()
    return None


_CLEFT = re.compile(r"(?P<done>.{6,})的(?:正)?是(?P<who>[^，,。；！？“”]{3,16}|“[^”]{2,16}”)[。！]?$")


def misattributed(claim: str, source: Source, known: bool) -> Contradiction | None:
    """支持甲公司的是乙中心 where the sentence tells of 甲公司 and the reports know 乙中心 from elsewhere alone."""
    cleft = _CLEFT.search(claim)
    if cleft is None or not known:
        return None
    held = source.held
    if cover(cleft["done"], held).share < 0.85 or not cover(cleft["who"], held).missing:
        return None
    told = prompts.DIFFERENT_NAME.format(stated=cleft["who"].strip("“”"), right=source.text)
    return Contradiction(told, source.text, (source.number,))


def cleft_name(claim: str) -> str | None:
    """The name that 做某事的是X puts last; None where the claim is not of that form."""
    cleft = _CLEFT.search(claim)
    return cleft["who"].strip("“”") if cleft else None


# --- which of two is more --------------------------------------------------------------------------------------------


_COMPARED = re.compile(
    r"^(?P<a>.+?)(?:(?P<less>少于|低于|小于|慢于|落后于|不如|不及|没有)|(?P<more>超过了?|多于|高于|大于|快于|多过|快过|高过)|比)(?P<b>.+?)"
    r"(?:(?:还要?|更|都|要)?(?P<up>多|高|大|长|快)|(?:还要?|更|都|要)?(?P<down>少|低|小|短|慢))?[了些。！]*$"
)


_YEAR = re.compile("(?:19|20)[0-9]{2}年度?")
_RATES = re.compile("增长?速度?|增幅|涨幅|降幅|(?:提升|提高|增长|上升|下降)的?幅度|升幅|增长率|涨得|增长得|升得|降得")
_MOVES = re.compile("增|减|升|降|涨|跌|新")
_SPANS = {"小时", "分钟", "天"}
_NO_THING = re.compile(rf"(?:{TIME}|{SCOPE})(?:的?同期|的?时候|末|底)?的?")
_MEASURED_BY = re.compile(rf"的?(?:{_RATES.pattern}|金额|数量|总数|总量|规模)$")
_SAYS_MORE = re.compile(
    "高于|低于|多于|少于|大于|小于|快于|慢于|超过|超出|领先|落后|不如|不及|反超|高出|多出|(?<![同环占对])比(?![例重率较上去前]|年初|20)"
)


_OWN = 0.25  # what a character more of a half that is said of its own figure, not of the other, adds to their fit
_OWN_MOST = 4  # such characters that count


@dataclass(frozen=True)
class Comparison:
    """Whether a claim that one thing is more than another is true, and the report's two figures in words."""

    true: bool
    told: str
    sources: tuple[int, ...]
    figures: tuple[Figure, ...]


def compare(claim: str, sources: Sequence[Source]) -> Comparison | None:
    """Decide 场景比业务系统多 by the report's figures; None where the claim compares nothing or they are not found."""
    match = _comparison(claim)
    if match is None:
        return None
    a, b = (_MEASURED_BY.sub("", match[side]) for side in "ab")
    if "平均" in b or any(_NO_THING.fullmatch(half) for half in (a, b)):  # 比去年少, 比全省高: not there
        return None
    entries = [
        (source, entry)
        for source in sources
        for entry in ledger(source.text)
        if entry.figure.kind is not Kind.DATE and entry.figure.role is not Role.FROM and entry.figure.value is not None
        if grows(entry) == (_RATES.search(claim) is not None)
        and (_RATES.search(claim) or _MOVES.search(claim) or not is_change(entry))
    ]
    years = _YEAR.search(claim)
    own_a = re.split("[，,]", a if _YEAR.search(b) else _YEAR.sub("", a))[-1]  # 2021年度甲高于乙: of both
    if b.endswith("的"):
        own_a = re.sub("的.+", "", own_a)  # 修改的文件 beside 废止的: what both are does not tell them apart
    best: tuple[float, Comparison] | None = None
    for s1, e1 in entries:
        for s2, e2 in entries:
            if e1 is e2 or not comparable_counts(e1.figure, e2.figure):
                continue
            if not years and s1.planned is not s2.planned:
                continue
            if heavy(lacking(a, f"{s1.text}\n{s1.headings}")) or heavy(lacking(b, f"{s2.text}\n{s2.headings}")):
                continue
            fits = _fit(a, b, e1, s1), _fit(b, a, e2, s2)
            if min(fits) < 1.2:
                continue
            first, second = _called(e1, alone=s1 is s2), _called(e2, alone=s1 is s2)
            halves = _apart(own_a, first, second), _apart(b, second, first)
            own = sum(halves) if min(halves) >= 0 else 0
            fit = sum(fits) + _OWN * min(own, _OWN_MOST)
            if (own <= 0 and not years) or (best is not None and fit <= best[0]):
                continue
            x, y = e1.figure.value or 0, e2.figure.value or 0
            claims_more = bool(match["more"] or match["up"]) and not match["less"]
            told = "，".join(f"{noun_of(e)}{e.figure.text}" for e in (e1, e2))
            sources_used = tuple(dict.fromkeys((s1.number, s2.number)))
            best = fit, Comparison(x > y if claims_more else x < y, told, sources_used, (e1.figure, e2.figure))
    return best[1] if best else None


_REST = re.compile(
    "(?<![并除无是])非(?![常遗法洲凡同]|物质|机动|公有|公企|税收入)(?P<of>[一-鿿]{2})|以外的?|之外的?|除外"
)


def of_the_rest(claim: str, held: str) -> bool:
    """Whether a claim is of what is not so, 非连锁门店, 国家级以外的, where a text speaks of none but what is."""
    return any(rest.group()[: 3 if rest["of"] else 2] not in held for rest in _REST.finditer(claim))


def is_exchanged(claim: str, sources: Sequence[Source], mentions: Callable[[str], bool]) -> bool:
    """Whether a claim has another thing in the place of the report's: 举报平均时长 of 投诉平均时长."""
    text = "\n".join(source.text for source in sources)
    words = without_polarity(without_figures(claim))
    of_all = "\n".join(source.headings for source in sources)  # its place is not named again in every sentence
    for piece in heavy(lacking(words, f"{text}\n{of_all}")):
        after = words[words.find(piece) + len(piece) :][:2]
        if not re.fullmatch("[一-鿿]{2}", after) or (len(piece) < 2 and not mentions(piece + after)):
            continue
        size = min(2, len(piece))
        others = [text[max(0, at - size) : at] for at in range(2, len(text)) if text.startswith(after, at)]
        others = [other for other in others if re.fullmatch("[一-鿿]+", other)]
        if others and all(other not in claim and (size < 2 or heavy([other])) for other in others):
            return True
    return False


_AGAINST = re.compile(
    "(?P<a>[^，,；;。]{2,}?)(?:(?P<up>快于|高于|多于|大于|优于|高出|超过)|(?P<down>低于|慢于|少于|小于)|"
    "比(?=[^，,；;。]{2,}?(?:(?P<more>[高快多大])|[低慢少小])))(?P<b>[一-鿿]{2,8})"
)


def is_swapped(claim: str, text: str) -> bool:
    """Whether of two that a claim compares it has the one in the other's place: 甲快于乙 where 乙快于甲."""
    mine = _AGAINST.search(claim)
    if mine is None:
        return False
    for theirs in _AGAINST.finditer(text):
        higher, lower = (bool(one["up"] or one["more"]) for one in (mine, theirs))
        before, after = _pairs_of(f"{text[: theirs.start()]}{theirs['a']}"), _pairs_of(theirs["b"])
        a, b = _pairs_of(mine["a"]), _pairs_of(mine["b"])
        crossed = bool((a - b) & (after - before)) or bool((b - a) & (before - after) and not (a - b) & before)
        straight = bool((b - a) & (after - before))
        if crossed and not straight and higher is lower:
            return True
    return False


def _pairs_of(words: str) -> set[str]:
    return {"".join(pair) for pair in pairwise(re.sub("平均|水平", "，", words)) if "，" not in pair}


def compares(claim: str, told: str) -> bool:
    """Whether a claim says that one thing is more than another, where the sentences told say nothing of the sort."""
    return _comparison(claim) is not None and _SAYS_MORE.search(told) is None


def _comparison(claim: str) -> re.Match[str] | None:
    """The halves of a claim that compares two things and gives no figure."""
    match = _COMPARED.match(claim.strip())
    figures = (e.figure for e in ledger(claim) if e.figure.kind is not Kind.DATE)
    if match is None or any(not (figure.unit in _SPANS and figure.counted) for figure in figures):
        return None  # 24小时书房 is what it is called
    by_how = match["up"] or match["down"]
    return match if by_how or match["more"] or (match["less"] and match["less"] != "没有") else None


def _called(entry: LedgerEntry, *, alone: bool) -> str:
    """The words about a figure, and unless it is `alone` those that its sentence begins with."""
    at = entry.figure.start - entry.sentence_start
    floor = max((f.end for f in read_figures(entry.sentence) if f.end <= at), default=0)
    opening = "" if alone else re.split("[，,；;、]", entry.sentence)[0]
    before = re.split("[，,；;、]", entry.sentence[floor:at])[-1]
    return f"{opening}\n{before}\n{entry.subject}\n{entry.figure.counted[:8]}"


def _apart(words: str, own: str, other: str) -> int:
    """By how many characters the longest run that words share with what is theirs is longer than with the other."""
    return _longest(words, own) - _longest(words, other)


def _longest(words: str, held: str) -> int:
    starts = range(len(words) - 1)
    return max((n for i in starts for n in range(2, len(words) - i + 1) if words[i : i + n] in held), default=0)


def _fit(words: str, other: str, entry: LedgerEntry, source: Source) -> float:
    """How well a figure fits one half of a comparison: its noun named, its sentence's words, its year; 0 to 3."""
    years = {int(year[:4]) for year in _YEAR.findall(words)}
    if years and not years & entry_years(entry, source):
        return 0.0
    noun = entry.figure.counted[:8] or entry.subject
    named = names(noun, words)
    if years and named < ALIKE:
        named = names(noun, other)
    held = cover(words, source.held).share
    return named + held + (not lacking(words, clause_before(entry) + entry.figure.counted))
