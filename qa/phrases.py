"""Which words of a passage are the answer, where no figure is asked for: a name, a row of names, a place, a clause.

A wrong short answer is worse than none: where nothing fits, nothing is picked.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from index.lexical import normalise
from qa.asking import Ask, Asked, Wanted
from qa.kinds import KINDS
from qa.picking import Likeness, Span, Weights, unlike
from qa.scope import GENERIC_PLACES

# --- names -----------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"“([^“”]{2,40})”|《([^《》]{2,60})》")
_BEGINS = re.compile(
    "(?:的|了|在(?!线)|由|被|把|将|向|与|和|及|以及|从|给|让|使|已|并|其中|通过|利用|依托|基于|围绕|"
    "推动|推进|开展|举办|召开|建设|建成|建立|打造|创建|完成|实现|支持|提供|整合|接入|汇入|纳入|获评|荣获|印发|出台|成立|组建|启动|实施|发布|升级|改造|完善|入选|入榜|落实|聚焦|承办|参加|引进|引入|开通|上线|投用|搭建|构建|全面|积极|成功|持续|深入|大力|加快)"
)
_NAME_CHAR = r"[一-鿿A-Za-z0-9·\-+（）()]"


def pick_name(ask: Ask, asked: Asked, text: str, weights: Weights) -> Span | None:
    """Pick the name that an ask for a name wants: a quoted title or the words that end in a fitting noun."""
    noun = ask.noun or _noun_before(asked.question[: ask.start])
    if noun.endswith(_TITLES):
        return _pick_title(text, weights)
    listed = _pick_listed(noun, text, weights) if ask.wanted is Wanted.NAMES and noun else None
    if listed is not None:
        return listed
    if ask.wanted is Wanted.NAMES and ask.noun not in KINDS:
        return _pick_enumeration(text, weights)
    best: Span | None = None
    question = normalise(asked.question)
    if ask.noun and ask.noun not in KINDS:  # 怎样一座都市出力
        noun = next((noun[:size] for size in range(len(noun), 1, -1) if noun[:size] in text), noun)
    names = [n for n in _names(noun, text) if not _is_told(normalise(text[n[0] : n[1]]), question)]
    becomes = _BECOMES.search(asked.question[: ask.start]) is not None
    several = ask.wanted is Wanted.NAMES and sum(typed for *_, typed in names) > 1
    for start, end, typed in names:
        if ask.noun in KINDS and (not typed or (ask.wanted is Wanted.NAMES and not several)):
            continue
        if several:
            start, end = _with_neighbours(start, end, names, text)
        fit = 2.0 * typed + _around(text, start, end, weights)
        if becomes and re.search("[向为成到]“?$", text[:start]):
            fit += 2.0
        if best is None or fit > best.fit:
            best = Span(start, end, fit)
    alone = sum(not typed for *_, typed in names) == 1
    if best is not None and best.fit >= (LEAST_ALONE if alone else LEAST_NAME):
        return best
    return _pick_following(ask, asked.question, text, weights) if ask.noun and ask.noun not in KINDS else None


def _is_told(name: str, question: str) -> bool:
    """Whether a question says a name itself, if not in one piece, so that the name tells nothing new."""
    name = name.removeprefix("市")
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    return name in question or (len(pairs) > _FEW and sum(pair in question for pair in pairs) > TOLD_SHARE * len(pairs))


_FEW = 5  # pairs of characters; a shorter name may share them by chance
TOLD_SHARE = 0.7  # share of a name's pairs of characters from which on the question has said it
LEAST_NAME = 1.0  # a name that fits less is no answer
LEAST_ALONE = 0.4  # the same for the only quoted name of a passage
_BECOMES = re.compile(r"(?:变成|变为|转向|转为|转变为|转变成|成为|改为|升级为|改成)(?:了)?$")


def _pick_following(ask: Ask, question: str, text: str, weights: Weights) -> Span | None:
    """Pick what follows in the passage upon the words that stand before the interrogative: 汇入了哪个功能."""
    before = question[: ask.start]
    for at in range(len(before) - 2, max(-1, len(before) - 12), -1):
        spans = [(m.end(), m.end()) for m in re.finditer(re.escape(before[at : at + 2]), text)]
        if not spans or not re.fullmatch(r"[一-鿿A-Za-z0-9]{2}", before[at : at + 2]):
            continue
        start = max(spans, key=lambda span: _around(text, span[0], span[1], weights))[0]
        match = re.compile(r"[”》了的]*(?P<name>[一-鿿A-Za-z0-9]{2,12})(?=[，,。；;、“]|$)").match(text, start)
        if match is not None and match["name"] not in question:
            return Span(match.start("name"), match.end("name"), LEAST_NAME)
    return None


_PLACE_ENDINGS = {"市", "区", "县", "镇", "村"}
_OFFICES = {"局", "委", "厅", "部"}
_HALF = 6  # characters before 和 in the name of an office
_WHOLE = {"部": "(?![署分门])", "局": "(?![面部势])", "中心": "(?!城)", "院": "(?!士|校)"}
"""What does not follow upon an ending that ends a name: 战略部署 is no 部."""
_NO_NAME = re.compile(r"[为以]|.*[不没]|.*(?:城市|全部|内部|外部|干部|[东西南北中总]部)$|[我本全各该].*市$")


def _names(noun: str, text: str) -> list[tuple[int, int, bool]]:
    """The candidate names of a text as (start, end, of the kind asked for)."""
    endings = KINDS.get(noun) or ((noun, noun[-2:]) if noun else ())
    found: list[tuple[int, int, bool]] = []
    for match in _QUOTED.finditer(text):
        typed = any(match.group().strip("“”").endswith(e) or text.startswith(e, match.end()) for e in endings)
        inside = match.group().startswith("“")
        found.append((match.start() + inside, match.end() - inside, typed))
    for ending in endings:
        if ending == "》":
            continue
        for match in re.finditer(rf"{_NAME_CHAR}*?{re.escape(ending)}{_WHOLE.get(ending, '')}", text):
            begin = match.start()
            for cut in _BEGINS.finditer(text, match.start(), match.end() - len(ending)):
                joined = cut.group() in "和与" and ending in _OFFICES and not text[: cut.start()].endswith(ending)
                if not (joined and cut.start() - begin <= _HALF):  # 县文化和旅游局 is one
                    begin = cut.end()
            begin += text[begin] in "为以" and match.end() - begin > len(ending) + 2  # 为现代化城市
            generic = ending in _PLACE_ENDINGS and text[begin : match.end()].endswith(GENERIC_PLACES)
            if match.end() - begin > len(ending) + 1 and not generic and not _NO_NAME.match(text[begin : match.end()]):
                found.append((begin, match.end(), True))
    return found


_ITEM = r"[^，,。；;：:、！？“”《》]"
_ENUMERATION = re.compile(
    rf"{_ITEM}{{2,14}}(?:、{_ITEM}{{2,16}})+|{_ITEM}{{2,14}}、{_ITEM}{{2,16}}(?:和|及|以及|与){_ITEM}{{2,16}}|“[^“”]{{2,30}}”(?:[、和]?“[^“”]{{2,30}}”)+|"
    rf"{_ITEM}{{2,10}}(?:和|与|及){_ITEM}{{2,10}}"
)


def _pick_enumeration(text: str, weights: Weights) -> Span | None:
    """Pick the things that stand side by side where the question points: 贷前审查、贷中放款和贷后跟踪."""
    return _best_row(_ENUMERATION.finditer(text), text, weights)


_HOLDS = re.compile("开放|涵盖|包括|涉及|覆盖")


def _best_row(rows: Iterable[re.Match[str]], text: str, weights: Weights) -> Span | None:
    """The row of things nearest to what the question says, cut where it begins inside a clause."""
    best: Span | None = None
    for match in rows:
        begin, end = match.span()
        if not text.startswith("“", begin):
            first = re.split("[、和与及]", match.group())[0]
            for cut in (*_BEGINS.finditer(first), *_HOLDS.finditer(first)):
                begin = match.start() + cut.end() if cut.end() < len(first) - 1 else begin
        if begin == match.start() and begin and text[begin - 1] not in "，,。；;：:“（(":
            continue  # it would begin inside a word
        etcetera = text.find("等", begin, end)
        after = _BEGINS.search(text, etcetera + 2, end) if etcetera >= 0 else None
        end = after.start() if after is not None else end
        fit = 1.0 + _around(text, begin, end, weights)
        if best is None or fit > best.fit:
            best = Span(begin, end, fit)
    return best


_TITLES = ("称号", "荣誉", "牌子", "奖", "奖项", "头衔", "名头", "招牌")
_TITLE = re.compile(
    r"(?:评为|授予|获评|荣获|获得|入选|跻身|命名为|认定为|列为|斩获)(?P<name>“[^“”]{2,30}”|[^，,。；;、“”]{2,24}?)(?:称号|荣誉)?(?=[，,。；;、和]|$)"
)


def _pick_title(text: str, weights: Weights) -> Span | None:
    """Pick the honour that was won: 入选省级旅游示范区."""
    found = [match.span("name") for match in _TITLE.finditer(text)]
    spans = [Span(start + (text[start] == "“"), end - (text[end - 1] == "”"), 0.0) for start, end in found]
    return max((replace(s, fit=1 + _around(text, s.start, s.end, weights)) for s in spans), key=_fit, default=None)


def _fit(span: Span) -> float:
    return span.fit


def _pick_listed(noun: str, text: str, weights: Weights) -> Span | None:
    """Pick the names that stand before their kind: 民政、医保、教育等9个部门, where departments are asked for."""
    number = "[0-9二两三四五六七八九十]+[个家所座位名项条类种支款部件处场套大][^，,。；;、]{0,4}"
    kind = f"(?:等[^，,。；;、]{{0,8}}|{number}){re.escape(noun)}"
    row = rf"{_ITEM}{{2,16}}(?:、{_ITEM}{{2,14}}?)+(?:(?:和|及|以及){_ITEM}{{2,14}}?)?(?={kind})"
    found = _best_row(re.finditer(row, text), text, weights)
    return found and replace(found, fit=found.fit + LISTED)


def names_row(noun: str, text: str) -> bool:
    """Whether a passage names some of a kind: 市场监管等领域 for 领域; some places where 场所 are asked for."""
    if _ASKS_SITES.fullmatch(noun):
        return any(_is_of_sites(match.group()) for match in _ENUMERATION.finditer(text))
    return len(noun) > 1 and re.search(f"等(?:[0-9]+[多余]?)?[^，,。；;、]{{0,2}}{re.escape(noun)}", text) is not None


_ASKS_SITES = re.compile("场所|场合|地方|去处|地点")
_SITE = re.compile("(?:中心|机构|商超|[区院馆站场店厅园校])(?=[、和与及实提设可全]|$)")


def _is_of_sites(row: str) -> bool:
    return len(_SITE.findall(row)) > 1


def is_kind(noun: str) -> bool:
    """Whether the names of a kind can be told by how they end: 平台, 医院."""
    return noun in KINDS


LISTED = 2.0  # what a row of names gains whose kind follows it


_LOCATED = re.compile(
    r"(?:在(?![线校建职读册此])|位于|坐落[于在]|落户|选址)(?P<place>[^，,。；;、：:在]{2,16}?)"
    r"(?=设立|设置|举办|举行|召开|开展|启动|开工|建成|建设|建立|成立|开通|挂牌|揭牌|投用|试点|推广|率先|上线|落地|[，,。；;、]|$)"
)
_NO_PLACE = re.compile(r".*(?:[中上下时后前间]|以来|条件)$|.*(?:过程|基础|方面|期间|同时|前提)|全[国省市区县]")


def pick_place(text: str, weights: Weights) -> Span | None:
    """Pick where something is: 在湿地公园设立驿站."""
    found = [m for m in _LOCATED.finditer(text) if not _NO_PLACE.match(m["place"])]
    spans = [Span(*m.span("place"), 1 + _around(text, *m.span("place"), weights)) for m in found]
    return max(spans, key=_fit, default=None)


def _with_neighbours(start: int, end: int, names: list[tuple[int, int, bool]], text: str) -> tuple[int, int]:
    """Stretch a name over those that stand beside it: 甲公司、乙公司和丙公司."""
    for first, last, _ in sorted(names):
        if 0 <= first - end <= 3 and re.fullmatch("[”》]?[、和与及“《]*", text[end:first]):
            end = last
    return start, end


def _noun_before(words: str) -> str:
    """The noun that 叫什么 and 是什么 ask the name of: …的那场智慧城市峰会，完整名称 → 峰会."""
    words = re.sub(
        r"(?:完整|具体|正式)?(?:的)?(?:名称|名字|全名|全称|题目)?(?:又|都|分别)?(?:是|叫|为)?$",
        "",
        words.rstrip("，, "),
    )
    run = re.search(r"[一-鿿]+$", words.rstrip("，, ”》"))
    if run is None:
        return ""
    pointed = re.search(r"[那这该][座个家所条项种部本份场次]?(?P<noun>[一-鿿]{1,6})$", run.group())
    noun = pointed["noun"] if pointed else run.group()
    return noun if noun in KINDS else noun[-2:]


def _around(text: str, start: int, end: int, weights: Weights) -> float:
    """How near the question's terms stand to [start, end), 0 to about 3."""
    total = sum(weights.values())
    folded = normalise(text)
    if not total or len(folded) != len(text):
        return 0.0
    near = 0.0
    for term, weight in weights.items():
        distances = [max(0, start - match.end(), match.start() - end) for match in re.finditer(re.escape(term), folded)]
        near += weight / (1 + min(distances) / 6) if distances else 0.0
    return 3 * near / total


# --- clauses ---------------------------------------------------------------------------------------------------------

_CLAUSE = re.compile(r"[^，,；;。！？!?：:]+")
LONGEST_SHORT = 30  # characters of a short answer


def pick_clause(text: str, weights: Weights, question: str = "", like: Likeness = unlike) -> Span | None:
    """Pick the clause, short enough for a short answer, that says most of what is asked in words and in meaning."""
    best: Span | None = None
    for match in _CLAUSE.finditer(text):
        if not _LEAST_CLAUSE < match.end() - match.start() <= LONGEST_SHORT:
            continue
        fit = (_said(match.group(), weights)) + like(question, match.group())
        if best is None or fit > best.fit:
            best = Span(match.start(), match.end(), fit)
    if best is None or best.fit <= LEAST_SAID:
        return None
    change = _CHANGE_AFTER.match(text, best.end) if _ASKS_CHANGE.search(question) else None
    longer = change is not None and change.end() - best.start <= LONGEST_SHORT
    return replace(best, end=change.end()) if change is not None and longer else best


_ASKS_CHANGE = re.compile("[比跟和较](?:去年|上年|前年|往年|以前|过去|从前|之前|上一年|前一年)|同比")
_CHANGE_AFTER = re.compile("[，,](?:比上年|较上年|同比)[^，,；;。]+")


_LEAST_CLAUSE = 3  # characters
LEAST_SAID = 0.3  # a clause that says less of what is asked is no answer


def _said(words: str, weights: Weights) -> float:
    """Share of what a question says that some words say too, 0 to 1."""
    total, folded = sum(weights.values()), normalise(words)
    return sum(weight for term, weight in weights.items() if term in folded) / total if total else 0.0
