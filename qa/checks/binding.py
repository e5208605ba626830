"""Are the words of a claim said of each other in a sentence of a report, or do they only stand near each other?

A sentence of a work report tells of several things: 甲院完成首例手术，乙院通过评审. To bear a claim out its words must
stand in the clause that the claim speaks of, with the subject that governs it; a figure must be that of the noun beside
it; 全部 and 全省 must be said there; a plan is not a deed. Whoever finds the words covered asks here whether they bind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from index.figures import Figure, Kind, LedgerEntry, Role, same_value
from index.lexical import normalise
from qa.checks.contradicting import contrary_words, first_negation, without_polarity
from qa.checks.differing import TOTAL, same_periods
from qa.language.covering import heavy, lacking, names
from qa.language.picking import ledger, units_alike
from qa.language.subjects import Source, role_of, without_figures

_SHORT = 2  # characters; a shorter subject may be none


# --- clauses and what governs them -----------------------------------------------------------------------------------


_CLAUSE = re.compile(r"(?:[^，,；;。：:！!？?\n]|(?<=[0-9]),(?=[0-9]{3}))+")
_VERB = re.compile(
    "获评|荣获|获得|入选|当选|位列|位居|列入|纳入|入榜|跻身|进入|完成|通过|实现|达到|成为|建成|建设|新建|组建|创建|打造|搭建|构建|设立|"
    "成立|设置|开设|开通|开展|举办|召开|印发|出台|制定|推出|推进|推动|启动|实施|接入|整合|归集|汇聚|汇入|吸引|引进|招录|选派|派出|配备|"
    "部署|安装|提供|服务(?=全|市|企|群|用|居)|支持|覆盖|受理|办理|查处|整改|修复|发放|投放|放款|审核|组织|承担|提高到|提升至|降至|缩短|扩大|"
    "增长|增加|增至|增幅|减少|下降|上升|上涨|下调|上调|提高|降低|提升|延长|压缩|压减|由|从|被|把|将|让|使|令|与|向|对|为|在|比|占|是|有(?!关|效|线|限)|"
    "推行|节约|拨打|完工|竣工|落成|封顶|毁|废止|离职|流失|关停|停办|停用|撤销|退出|免去|解除|采购|出售|投诉|收回|聘任|聘用|"
    "公示|公布|公开|改造|增设|成功|受益|借助|利用|依托|消除|打破|打通|搭载|缓解|发布|下发|评为|评上|拿到|出现|产生|带来|做了|办了|办成|"
    "聚焦|梳理|形成|归纳|围绕|基于|通知|来自|加快|加强|深化|完善|健全|优化|升级|改造|拓展|助力|促进|保障|落实|探索|争取|力争|计划|拥护|"
    "编制|修编|出版|投资|贷款|救治|筛查|抽查|查出|取得|赢得|保持|处于|位于|属于|具有|拥有|供应|运行|运营|监测|采集|清理|排查|化解|"
    "没有|尚未|未能|未|已|均|都|全部|累计|分别|超过|居|列|共建|研制|发现|确诊|检出|挂牌|投用|投产|开工|集中|需要|必须|破解|开放|使用|通车|贯通|"
    "接待|签约|签订|带动|拥有|享受|转变|存在|解决|取消|停止|关闭|能够|能|可"
)
_OPENING = re.compile(
    "^(?:其中|同时|此外|另外|目前|截至[^，,]{0,8}|全年|当年|年末|年底|年初|今年以来|今年|去年|上年|本年|我市|全市|全省|本市|市里|累计|新增|"
    "(?:19|20)[0-9]{2}年|全面|深入|大力|积极|持续|进一步|有效|切实|扎实|着力|不断|逐步|成功|统筹|同步|及时|共同|初步|另一个|一个|其余|先后|[0-9]+月起?|一是|二是|三是|四是|五是|已|也|还|在)+"
)


@dataclass(frozen=True)
class _Clause:
    text: str
    start: int
    subject: str  # "" where it has none of its own
    acts: bool  # whether a verb follows its subject, and not a figure


@lru_cache(maxsize=4096)
def _clauses(text: str) -> tuple[_Clause, ...]:
    return tuple(_Clause(m.group(), m.start(), *_subject(m.group())) for m in _CLAUSE.finditer(text))


def _subject(clause: str) -> tuple[str, bool]:
    """The words before the first verb or figure of a clause, and whether it was a verb."""
    bare = re.sub("[“”‘’]", "", _OPENING.sub("", clause))
    figures = [e.figure.start for e in ledger(bare) if e.figure.kind is not Kind.DATE and e.figure.unit != "级"]
    verb = _VERB.search(bare)
    at = min([verb.start() if verb else len(bare), *figures])
    subject = bare[:at].strip("的了和与、 （）()")
    acts = verb is not None and verb.start() == at
    names_it = len(re.findall("[一-鿿a-zA-Z]", subject)) > 1 and bare[0] != "除" and bool(heavy(lacking(subject, "")))
    return (subject, acts) if names_it else ("", acts)


def names_one(subject: str) -> bool:
    """Whether what was read as a subject is the name of one thing, and not a clause or the whole of a place."""
    return len(subject) <= _LONG and not _VERB.search(subject) and not re.match("全[省市县区]", subject)


_LONG = 12  # characters; a longer subject holds more than a name


def opening(text: str) -> str:
    """What the first clause of a sentence speaks of, "" where it names nothing before its verb."""
    clauses = _clauses(text)
    return clauses[0].subject if clauses else ""


_TELLING = set(
    "一二三四五六七八九十首甲乙丙丁省市县区镇乡村国男女老幼大中小高低上下内外前后新旧公私民硬软正副停撤退拒废毁"
)
"""Characters that tell one thing from its neighbour by themselves: 三级 and 二级, 省级 and 市级."""


def named(words: str, held: str) -> bool:
    """Whether some words name what `held` names: no word of theirs is lacking, nor a character that tells apart."""
    missing = lacking(words, held)
    return all(len(piece) == 1 and piece not in _TELLING for piece in missing) and len(missing) <= 1


@dataclass(frozen=True)
class Scope:
    """The clauses of a sentence, text[start:end], that a clause of a claim is held against.

    `clause` is the one it rests on, `upto` what stands there from the first to that one, `subject` what governs it,
    `own` whether that is its own.
    """

    text: str
    subject: str
    clause: str
    upto: str
    start: int
    end: int
    own: bool


def scope_at(text: str, at: int) -> Scope:
    """What is said together with the clause at a place of a sentence: back to its subject, on to the next."""
    clauses = _clauses(text)
    here = max((n for n, clause in enumerate(clauses) if clause.start <= at), default=0)
    first = here
    while first and not clauses[first].subject:
        first -= 1
        while first and not clauses[first].acts:
            first -= 1  # 注册用户近900万，为市民提供服务: users do not serve
    last = here
    while last + 1 < len(clauses) and not clauses[last + 1].subject:
        last += 1
    start, end = clauses[first].start, clauses[last].start + len(clauses[last].text)
    governs = clauses[first].acts or first == here
    upto = text[start : clauses[here].start + len(clauses[here].text)]
    subject = clauses[first].subject if governs else ""
    return Scope(_levels(text[start:end]), subject, clauses[here].text, _levels(upto), start, end, first == here)


def _levels(text: str) -> str:
    """A text with 市、县两级 written out: 市级, 县级."""
    rows = re.findall("((?:[省市县区镇乡村](?:[(（][^)）]*[)）])?[、和]?){2,})[两二三四]?级", text)
    return "\n".join((text, *(f"{level}级" for row in rows for level in re.findall("[省市县区镇乡村]", row))))


# --- the gate --------------------------------------------------------------------------------------------------------


class Fault(Enum):
    """Why a sentence that holds the words of a claim does not bear it out."""

    SUBJECT = "subject"  # it says so of another thing
    WORDS = "words"  # it lacks some of them that count, or does not deny what is denied
    REACH = "reach"  # it does not say so of all, or of the whole country
    PLAN = "plan"  # it only plans what is claimed to be done
    DEED = "deed"  # it has done what is claimed to be planned
    FIGURE = "figure"  # the figure is that of another noun
    CONTRARY = "contrary"  # it says so of a neighbour, of some, at another time, or allows what is forbidden


@dataclass(frozen=True)
class Unbound:
    """A fault with the claim's words, the report's own, the number of the sentence, and its clause.

    `figures` are those of the claim that belong to other nouns, each with the one that it should be.
    """

    fault: Fault
    stated: str
    right: str
    number: int
    clause: str
    figures: tuple[tuple[Figure, Figure], ...] = ()


@dataclass(frozen=True)
class Rest:
    """A clause of a claim, its place there, and the clauses of a sentence that it rests on.

    `light` where it names nothing besides its figures and levels: 全省数量最多.
    """

    clause: str
    start: int
    scope: Scope
    source: Source
    light: bool = False


@dataclass(frozen=True)
class Bond:
    """What binds a claim to the sentences it rests on: what forbids it, None where nothing does; for each clause of the
    claim what it rests on."""

    fault: Unbound | None
    rests: tuple[Rest, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The clauses that each clause of the claim is held against."""
        return tuple(rest.scope.text for rest in self.rests if not rest.light)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The one clause alone that each rests on."""
        return tuple(rest.scope.clause for rest in self.rests if not rest.light)


def bind(
    claim: str,
    context: str,
    sources: Sequence[Source],
    agreed: Sequence[tuple[Figure, Figure, int]],
    follows: frozenset[int] = frozenset(),
    left: frozenset[int] = frozenset(),
) -> Bond:
    """Hold each clause of a claim against the clauses of the sentences that it rests on.

    `agreed` pairs each figure of the claim (places in context + claim) with the report's and its sentence's number;
    `follows` are the places of those that are worked out of the report's, `left` of those that are what is left.
    """
    subject = ""
    for clause in _clauses(context):
        subject = clause.subject or subject
    wrong: list[tuple[Figure, Figure]] = []
    for stated, own, number in agreed:
        if stated.start in follows or (
            stated.kind in (Kind.PERCENT, Kind.POINTS) and own.kind in (Kind.COUNT, Kind.MONEY)
        ):
            continue  # worked out of several
        source = next(source for source in sources if source.number == number)
        other = neighbour(claim, stated.start - len(context), own, source)
        if other is not None:
            wrong.append((stated, other.figure))
        elif _modifies_another(claim, stated.start - len(context), own, source.text):
            return Bond(Unbound(Fault.WORDS, stated.text, "", number, ""))
    places = {(number, own.start, stated.value): stated.start for stated, own, number in agreed}
    if len(places) < len({stated.start for stated, _, _ in agreed}):
        return Bond(Unbound(Fault.WORDS, "", "", agreed[0][2], ""))  # two figures of a claim are not one of the report
    if any(_are_crossed(claim, one, other) for one in agreed for other in agreed):
        return Bond(Unbound(Fault.WORDS, "", "", agreed[0][2], ""))
    if wrong:
        return Bond(Unbound(Fault.FIGURE, "", "", agreed[0][2], "", tuple(wrong)))
    rests: list[Rest] = []
    for clause in _clauses(claim):
        subject = clause.subject or subject
        if not lacking(without_figures(clause.text), "") and not any(_within(f, clause, context) for f, _, _ in agreed):
            rests.append(Rest(clause.text, clause.start, *_where(clause.text, [], sources), light=True))
            continue
        held = [(own, n) for stated, own, n in agreed if _within(stated, clause, context)]
        scope, source = _where(clause.text, held, sources)
        if agreed and not held:  # what it speaks of may stand beside the figures of the claim
            more, other = _where(clause.text, [(own, n) for _, own, n in agreed], sources)
            if other is source:
                scope = replace(scope, text=f"{scope.text}\n{more.text}", end=max(scope.end, more.end))
        foreign = _is_foreign(subject, clause.text, scope, source)
        here = [f.start for f, _, _ in agreed if _within(f, clause, context)]
        found = _unsaid(clause.text, claim, subject, scope, source, foreign, not follows.isdisjoint(here))
        if found is not None and found[0] is Fault.WORDS and found[1] == clause.text and not left.isdisjoint(here):
            found = None
        if found is not None:
            fault, stated, right = found
            return Bond(Unbound(fault, stated, right, source.number, scope.clause))
        rests.append(Rest(clause.text, clause.start, scope, source))
    return Bond(None, tuple(rests))


def _are_crossed(claim: str, one: tuple[Figure, Figure, int], other: tuple[Figure, Figure, int]) -> bool:
    """Whether two figures of one list of a claim stand the other way round in the sentence: 分别为5项和3项."""
    (first, own, number), (second, theirs, n) = one, other
    if number != n or first.start >= second.start or own.kind is not theirs.kind or own.start <= theirs.start:
        return False
    between = claim[claim.find(first.text) + len(first.text) : claim.find(second.text)]
    return re.search("分别|依次", claim) is not None and re.fullmatch("[^，,；;。]{1,24}", between) is not None


def _within(figure: Figure, clause: _Clause, context: str) -> bool:
    return clause.start <= figure.start - len(context) < clause.start + len(clause.text)


def _where(clause: str, held: Sequence[tuple[Figure, int]], sources: Sequence[Source]) -> tuple[Scope, Source]:
    """The clauses that a clause of a claim rests on: those of its figure, else those that hold most of its words."""
    if held:
        figure, number = held[0]
        source = next(source for source in sources if source.number == number)
        scope = scope_at(source.text, figure.start)
        for other, n in held[1:]:
            if n == number and not scope.start <= other.start < scope.end:
                more = scope_at(source.text, other.start)
                start, end = min(scope.start, more.start), max(scope.end, more.end)
                text = source.text[start:end]
                scope = Scope(_levels(text), scope.subject, scope.clause, _levels(text), start, end, scope.own)
        return scope, source
    tries = [(scope_at(source.text, part.start), source) for source in sources for part in _clauses(source.text)]
    words = without_figures(clause)
    tail = words[len(words) // 2 :]

    def lost(scope: Scope) -> int:
        return (
            sum(map(len, lacking(words, scope.text)))
            + 2 * sum(map(len, lacking(tail, scope.clause)))
            + 3 * (first_negation(clause) and not first_negation(scope.clause))
            + 2 * (bool(scope.subject) and not named(scope.subject, clause))
        )

    return min(tries, key=lambda one: lost(one[0]))


def _is_foreign(subject: str, clause: str, scope: Scope, source: Source) -> bool:
    """Whether what a clause of a claim speaks of and what governs the clauses it rests on do not name each other."""
    title = source.headings.rpartition("\n")[2]
    understood = not scope.own and named(subject, source.headings)  # the city itself
    return bool(
        subject
        and scope.subject
        and not understood
        and not named(scope.subject, subject + clause)
        and not named(subject, f"{scope.upto}\n{title}")
    )


def _unsaid(
    clause: str, claim: str, subject: str, scope: Scope, source: Source, foreign: bool, follows: bool
) -> tuple[Fault, str, str] | None:
    """What forbids that one clause of a claim is said in the clauses it rests on, with its words and the report's.

    `follows`: its figure is worked out of the report's, and so are the words for more and less.
    """
    words = without_polarity(without_figures(clause))
    told = foreign and len(scope.subject) > _SHORT and _SINGLES_OUT.search(clause) is not None
    another = lacking(subject, scope.text) or not names(subject, scope.subject)
    if told and heavy([subject]) and another and not lacking(subject, source.held):
        rest = words.replace(subject, "\n", 1)
        if not lacking(rest, scope.text):
            return Fault.SUBJECT, subject, scope.subject
    for mine, theirs, within in _REACHES:
        said = mine.search(clause)
        if said and follows and said.group() in ("总数", "总量", "只有", "仅有", "仅"):
            continue
        if said and within and _is_said_of_all(clause[said.start() :], theirs, source.text):
            continue
        if said and not theirs.search(scope.clause if within else scope.text):
            there = (_LEVEL.search(scope.clause) or _LEVEL.search(scope.text)) if _LEVEL.match(said.group()) else None
            return Fault.REACH, said.group(), there.group() if there else ""
    if any(re.search("[0-9a-z]", piece) for piece in lacking(words, source.held)):
        return Fault.WORDS, clause, ""
    apart = _told_apart(words, source.held)
    if apart:
        return Fault.WORDS, apart, ""
    lost = [piece if piece[1:] else _pair(piece, words, source.text) for piece in lacking(words, scope.text)]
    elsewhere = [piece for piece in lost if len(piece) > 1 and not lacking(piece, source.text)]
    upto = source.text[: scope.end] + source.headings
    strays = [p for p in elsewhere if (_NAMED.search(p) and p not in _last_body(source, scope)) or lacking(p, upto)]
    if strays:  # said in the sentence, of another thing
        return Fault.WORDS, "、".join(strays), ""
    if contrary_words(clause, scope.clause) or any(
        mine.search(clause) and not theirs.search(scope.text) for mine, theirs in _WEIGHTY if not follows
    ):
        return Fault.WORDS, clause, ""
    counts = any(entry.figure.kind is not Kind.DATE for entry in ledger(clause))
    if (
        not counts
        and _COMPARES.search(clause)
        and (not _COMPARES.search(scope.text) or heavy(lacking(words, scope.text)))
    ):
        return Fault.WORDS, clause, ""
    if _YEAR_LONG.search(clause) and _FOR_A_WHILE.search(scope.text) and not _FOR_A_WHILE.search(clause):
        return Fault.WORDS, clause, ""
    if _REASON.search(clause) and heavy(lacking(words, source.held)):
        return Fault.WORDS, clause, ""
    denied = first_negation(without_figures(clause))
    if (denied and not first_negation(scope.text)) or (_ENDS.search(clause) and not _ENDS.search(scope.text)):
        return Fault.WORDS, clause, ""
    tense = modality(clause, claim, scope, source)
    return (tense, clause, scope.clause) if tense is not None else None


def _is_said_of_all(words: str, of_all: re.Pattern[str], text: str) -> bool:
    """Whether another clause of a sentence says so of all: 每个县都有 of 县级全覆盖, 全部覆盖 of 建成率达100%."""
    if re.match("全部覆盖|全覆盖", words) and "率达100%" in text:
        return True
    each = re.match("每[个一](?P<noun>[一-鿿][（一-鿿])", words)
    return each is not None and any(each["noun"] in c and of_all.search(c) for c in re.split("[，,；;。]", text))


def _last_body(source: Source, scope: Scope) -> str:
    """The last place or body that governs a clause before some others of a sentence: 古渡夜市获评…，摊位增加到152个."""
    before = [clause.subject for clause in _clauses(source.text) if clause.start < scope.start]
    return next((subject for subject in reversed(before) if re.search(_KIND_OF_BODY, subject)), "")


def _pair(char: str, words: str, text: str) -> str:
    """A character with one beside it, where a text has the two: 住 as 住院."""
    at = words.find(char)
    pairs = (words[max(0, at - 1) : at + 1], words[at : at + 2])
    return next((pair for pair in pairs if len(pair) > 1 and pair in text), char)


_KIND_OF_BODY = "[省市县区镇乡村局委院校部厅司所馆站]"
_NAMED = re.compile(f"{_KIND_OF_BODY}$")
"""How the names of places and bodies end."""
_WEIGHTY = tuple(
    (re.compile(mine), re.compile(theirs or mine))
    for mine, theirs in (
        ("仍(?!有)|还在|依旧|依然|尚在", "仍|还|尚|依|至今|存在|未|继续|保持"),
        ("单独|独自|自行", ""),
        ("等待|有待|尚待|待(?=[改整建修])", "待|未|尚"),
        ("比[^，,]{1,14}?[低少慢小短][了出]?[约近]?[0-9一二两三四五六七八九十半]", "[低少慢小短降减缩退跌]"),
        ("比[^，,]{1,14}?[高多快大长][了出]?[约近]?[0-9一二两三四五六七八九十半]", "[高多快大长增升涨扩超延前]"),
        ("对半|五五|平分|均分|各半|成倍|过半|大半|多数|少数", "对半|五五|平分|均分|各半|倍|半|多数|少数|[0-9.]%"),
    )
)
"""What a claim may say in a few characters that turns all of it, and what of a report says as much."""
_COMPARES = re.compile("高于|低于|超过|多于|少于|快于|慢于|优于|不如|不及|落后于|比(?![例如重上去年])")
_REASON = re.compile("因为|由于|原因|因(?=[一-鿿]{2,}[而没未无])|出于|归功于|得益于|受.{1,8}影响")
_YEAR_LONG = re.compile("全年|一年(?!级)|整年|年度")
_FOR_A_WHILE = re.compile("首月|首日|首周|当月|当天|上半年|下半年|季度|[0-9]+月单月")
_SINGLES_OUT = re.compile("[0-9“《]|首|第|获|评|当选|入选|通过|共建|承办|研制")
"""What is told of one thing alone, so that to tell it of another is wrong."""
_ENDS = re.compile("停止|取消|拒绝|禁止|暂停|叫停|告别|撤销|退出|关闭|终止|驳回")
_LEVEL = re.compile("全国|全省|全市|全球")
_REACHES = tuple(
    (re.compile(mine), re.compile(theirs or mine), within)
    for mine, theirs, within in (
        (
            "全部|所有|全都|悉数|一律|无一例外|个个|每个|每一|所有人|人人",
            "全部|所有|全都|悉数|一律|均|都|全域|全覆盖|全面|全(?=[一-鿿])|100%|每|凡|总体",
            True,
        ),
        ("完全|彻底", "完全|彻底|100%|全(?=[一-鿿])|零|清零", False),
        (
            "只有(?![0-9一二两三四五六七八九十百])|仅有?(?![次0-9一二两三四五六七八九十百])|唯一|独家|仅此",
            "只|仅|唯一|独家",
            False,
        ),
        ("首个|首家|首创|首批|首例|率先|头一[家个]", "头一|首个|首家|首创|首批|首例|率先|首次|第一", False),
        ("全国|国内", "全国|国内|中国|国家", True),
        ("全省|省内|省里", "省", False),
        ("全球|世界|国际", "全球|世界|国际", False),
        ("史上|历史", "史", False),
        (
            "领先|第一(?![批次个届季])|最[多高大快](?![^，,]{0,4}[0-9一二两三四五六七八九十百])|居首",
            "领先|第一|最|首|头|峰值",
            False,
        ),
        ("总数|总量|总共", "总|共|累计|合计|[^的]{2,}[0-9.]+[余多]?万?亿?[一-鿿]?$", True),
    )
)
"""What a claim may say of how far a thing reaches, what of a report says as much, and whether in the same clause."""


# --- plans and deeds -------------------------------------------------------------------------------------------------


_WILL = re.compile(
    f"(?<![规策单”》])(?<!年度)(?<![全超原]年)(?<!超过)计划(?!生育|单列|”|》)|力争|打算|拟(?!定)|预计|预期目标|届时|有望|争取|筹备|即将|明年|准备(?!金)|将(?=继续|进一步|会|要|于|{_VERB.pattern})"
)
_AHEAD = re.compile(f"{_WILL.pattern}|将(?!来|军)|准备(?!金)|目标|下一步|要(?!求|素|闻)|规划")
DONE = re.compile("已(?![知])|[成到完用现]了|全面完成|如今|目前|现在")
_ATTEMPT = re.compile("探索|尝试|试点|力争|争取|推进|推动")


def _repeats(clause: str, scope: Scope) -> bool:
    """Whether a claim says a plan over word for word, naming no year: it is as much a plan as the report's."""
    words = re.sub(r"[\W\d_]", "", without_figures(normalise(clause)))
    return not re.search("20[0-9]{2}年", clause) and words in re.sub(r"[\W\d_]", "", without_figures(scope.text))


def modality(clause: str, claim: str, scope: Scope, source: Source) -> Fault | None:
    """Whether a claim takes a plan for a deed or a deed for a plan."""
    text = scope.text
    planned = source.planned or _WILL.search(text) is not None
    spoken = f"{source.text}\n{source.headings.rpartition(chr(10))[0]}"
    of_year = any(year in spoken for year in re.findall("20[0-9]{2}年", clause))
    if planned and (DONE.search(clause) or not (_AHEAD.search(claim) or of_year or _repeats(clause, scope))):
        return Fault.PLAN
    if (
        _ATTEMPT.search(text)
        and re.search("已经?(?![有知])|全面完成", clause)
        and "已" not in text
        and not re.search("累计|成功|[办建]成|获", scope.clause)
    ):
        return Fault.PLAN
    coming = source.planned or _WILL.search(scope.upto)
    if not coming and _WILL.search(clause) and not _ATTEMPT.search(text):
        return Fault.DEED
    return None


# --- the noun beside a figure ----------------------------------------------------------------------------------------


def neighbour(claim: str, at: int, own: Figure, source: Source) -> LedgerEntry | None:
    """The figure of the same sentence that the words beside the claim's figure name rather than the one it gives."""
    entries = [e for e in ledger(source.text) if e.figure.kind is not Kind.DATE]
    mine = next((e for e in entries if e.figure.start == own.start), None)
    if mine is None:
        return None
    unit = next((e.figure.unit for e in ledger(claim) if e.figure.start == at), "")
    beside = beside_of(claim, at)
    counted = beside.partition("\n")[2].partition("的")[0]
    beside = counted if lacking(counted, "") else beside  # what stands before a list is said of all of it
    turn = None if "分别" in claim else _respective(beside, mine, entries, source.text)
    if turn is not None:
        return turn
    here = beside_of(source.text, own.start)
    lost = len("".join(lacking(beside, here)))
    if not lost or not lacking(here, ""):
        return None  # a figure without words of its own is of the thing before: 流转量超过8400万件，累计超过7.8亿件
    inherited = len("".join(lacking(beside, _spoken_of(source.text, own.start))))
    for entry in entries:
        other = entry.figure
        comparable = other.kind is own.kind and units_alike(other, own)
        if (
            other.direction is not own.direction
            or (unit == own.unit and (unit in _SORTS) is not (other.unit in _SORTS))
            or other.start == own.start
            or not comparable
            or role_of(entry) is Role.FROM
            or same_value(other, own)
        ):
            continue
        there = beside_of(source.text, other.start)
        if same_periods(claim, "".join(own.aspect)) and not same_periods(claim, "".join(other.aspect)):
            continue
        bounds = all(source.text.startswith("的", f.end) for f in (own, other))
        if (own.kind is Kind.RANK or bounds) and len("".join(lacking(here, claim))) < len(
            "".join(lacking(there, claim))
        ):
            continue  # the claim names the list that its own rank is held in, or those whom its bound tells apart
        if all(map(TOTAL.search, (beside, here))) and not TOTAL.search(there):
            continue
        theirs = lacking(beside, there)
        if len("".join(theirs)) < lost and len("".join(theirs)) <= inherited and not _TELLING & set("".join(theirs)):
            return entry
    return None


_SORTS = ("类", "种")
"""Units of sorts, which nobody gives for things: 7900多项服务 are not 42类证照."""


def _spoken_of(text: str, at: int) -> str:
    """What stands beside a figure, with the clauses before where it names nothing itself: 累计30台, 每万人5件."""
    beside = beside_of(text, at)
    if len("".join(lacking(_MEASURES.sub("，", beside), ""))) >= _SHORT:
        return beside
    scope = scope_at(text, at)
    return f"{without_figures(scope.upto)}\n{beside}"


_MEASURES = re.compile(
    f"{TOTAL.pattern}|新增|净增|增加|增长|上升|提高|下降|减少|降低|缩短|同比|比上年末?|比去年|平均|人均|日均|每[百千万]?[人天日月年户次]"
)
_UNCLAIMED = 0.5  # what a character beside a report's figure weighs that the claim lacks


def distance(beside: str, claim: str, entry: LedgerEntry, source: Source) -> float:
    """In characters: what stands beside a claim's figure and not about the report's, and beside that and not in the
    claim."""
    at = entry.figure.start
    own = beside_of(source.text, at)
    about = f"{_spoken_of(source.text, at)}\n{source.headings}"
    lost, unclaimed = lacking(beside, about), lacking(own, f"{claim}\n{source.headings}")
    return len("".join(lost)) + _UNCLAIMED * len("".join(unclaimed))


def _told_apart(words: str, held: str) -> str:
    """What tells a claim's thing from the one that a text has in its place: 三级医院 where that has 二级医院."""
    within, words = normalise(held), normalise(words)
    for piece in lacking(words, held):
        row = next((row for row in _ROWS if piece in row), None)
        at = words.find(piece)
        if row is None or at < 0:
            continue
        after, before = words[at + len(piece) :][: len(piece)], words[:at][-2:]
        for other in row:
            follows = re.fullmatch("[一-鿿]+", after) and other + after in within
            if other != piece and (follows or (re.fullmatch("[一-鿿]{2}", before) and before + other in within)):
                return piece
    return ""


def _modifies_another(claim: str, at: int, own: Figure, text: str) -> bool:
    """Whether what tells a claim's figure apart stands beside another figure alone: 国家级县城2个、省级乡镇15个."""
    others = [beside_of(text, e.figure.start) for e in ledger(text) if e.figure.start != own.start]
    for row in _ROWS[:4]:
        mine, theirs = ({word for word in row if word in beside_of(*one)} for one in ((claim, at), (text, own.start)))
        if theirs - mine and any(word in other for word in mine - theirs for other in others):
            return True
    return False


_ROWS = tuple(
    row.split()
    for row in (
        "国 省 市 县 区 镇 乡 村 街道 国家 中央 全国 全省 全市",
        "甲 乙 丙 丁",
        "男 女",
        "一 二 三 四 五 六 七 八 九 十",
        "前 后",
        "上 下",
        "内 外",
        "新 旧 老",
        "公 私 民",
        "软 硬",
        "正 副",
        "大 中 小",
        "高 低",
        "东 西 南 北",
        "线上 线下",
    )
)
"""Words of which one excludes the others."""


def beside_of(text: str, at: int) -> str:
    """The words of a clause between the figures before and after the one at a place, without that one."""
    entries = [e.figure for e in ledger(text) if e.figure.kind is not Kind.DATE]
    figure = next((f for f in entries if f.start == at), None)
    if figure is None:
        return ""
    first, last = at, figure.end
    while (one := next((f for f in entries if f.end == first), None)) is not None:
        first = one.start  # 97类6.4亿条数据 are counted twice
    while (one := next((f for f in entries if f.start == last), None)) is not None:
        last = one.end
    before = max([f.end for f in entries if f.end <= first], default=0)
    after = min([f.start for f in entries if f.start >= last], default=len(text))
    head = re.split("[，,；;。：:、\n]|(?<![共总])和(?!平|谐)", text[before:first])[-1]
    tail = re.split("[，,；;。：:、\n]|和(?!平|谐)", text[last:after])[0]
    return f"{head}\n{tail}"


def _respective(beside: str, mine: LedgerEntry, entries: Sequence[LedgerEntry], text: str) -> LedgerEntry | None:
    """高血压、糖尿病人数分别为48.6万人和17.9万人: the figure in the turn of the thing that a claim names."""
    at = text.rfind("分别", 0, mine.figure.start)
    if at < 0 or re.search("[，,；;。]", text[at : mine.figure.start]):
        return None
    row = [e for e in entries if e.figure.start > at and not re.search("[，,；;。]", text[at : e.figure.start])]
    for things in _listed(text[:at], len(row)):
        held = [thing[:2] in normalise(beside) or thing[0] == beside[:1] for thing in things]
        if sum(held) == 1 and held.index(True) != row.index(mine):
            return row[held.index(True)]
        if sum(held) == 1:
            return None
    return None


_LED = re.compile(f"^(?:{_VERB.pattern})+")


def _listed(before: str, size: int) -> Iterator[list[str]]:
    """The lists of so many things before 分别, the nearest first; the clauses before, where it opens its own."""
    clauses = [_LED.sub("", _OPENING.sub("", clause)) for clause in _CLAUSE.findall(before)]
    if size > 1 and len(clauses) >= size and before.rstrip().endswith(("，", ",")) and all(clauses[-size:]):
        yield [normalise(clause).strip() for clause in clauses[-size:]]
    for clause in reversed(_CLAUSE.findall(before)):
        things = [normalise(thing).strip() for thing in re.split("[、和与]", _OPENING.sub("", clause))]
        if len(things) == size > 1 and all(things):
            yield things
