"""Does the very clause that supports a claim vouch for each thing that the claim commits itself to?

That the words of a claim stand in a sentence is not enough to call it supported: 市本级1987项、市区两级11918项 does not
vouch for 市本级11918项, nor 增至3家 for 新增3家. Asked last, of claims that all else bears out: each figure must stand
beside the words that the claim gives it, each date in its clause, and what is added, forbidden, planned, said of all or
of the whole must be so there. Whatever is not vouched for leaves the claim open; nothing is refuted here.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from index.embedding import embedded
from index.figures import Figure, Kind, LedgerEntry, Role, same_value
from index.lexical import normalise, pairs
from qa.checks.binding import Fault, Rest, Unbound, opening, scope_at
from qa.checks.contradicting import clauses_of, counts_others, denies, first_negation, negated
from qa.checks.differing import TOTAL, units_agree
from qa.checks.measuring import Shared, compares_otherwise, done_too_soon, measured_otherwise, otherwise_caused
from qa.language.covering import cover, heavy, lacking
from qa.language.picking import ledger
from qa.language.subjects import YEAR_BEFORE, Source, without_figures

Agreed = Sequence[tuple[Figure, Figure, int]]  # the claim's figure, the report's, the number of its sentence


def unvouched(
    claim: str,
    context: str,
    rests: Sequence[Rest],
    agreed: Agreed,
    sources: Sequence[Source],
    mentions: Callable[[str], bool],
    left: frozenset[int] = frozenset(),
) -> Unbound | None:
    """Find what a claim commits itself to that the clauses it rests on do not say; None where they say it all.

    `agreed` and `left` as in `qa.checks.binding.bind`, `rests` what it found; `mentions` says whether the reports hold
    some words.
    """
    for stated, own, number in agreed:
        if stated.start in left:
            continue
        source = next(source for source in sources if source.number == number)
        at = stated.start - len(context)
        clause = scope_at(source.text, own.start).clause.strip()
        neighbour = (
            stated.kind is own.kind and same_value(stated, own) and _is_of_neighbour(claim, at, own, source.text)
        )
        if stated.kind is own.kind and same_value(stated, own):
            neighbour = neighbour or _is_in_anothers_turn(claim, own, source.text)
            neighbour = neighbour or _is_of_elders(claim, own, source.text)
        if neighbour or _is_turned(claim, at, stated, own, source.text):
            return Unbound(Fault.CONTRARY, claim, clause, number, clause)
        listed = clause if _LIST.search(clause) else source.text
        if stated.kind is Kind.RANK and any(heavy(lacking(name, listed)) for name in _LIST.findall(claim)):
            return Unbound(Fault.WORDS, claim, clause, number, clause)
        if measured_otherwise(Shared(claim, at, stated, own, source)):
            return Unbound(Fault.WORDS, claim, clause, number, clause)
        if _counts_otherwise(stated, own) or _levels_differ(_label(claim, at), _label(source.text, own.start)):
            return Unbound(Fault.WORDS, claim, clause, number, clause)
    if len({rest.source.number for rest in rests}) > 1 and _BECAUSE.search(claim):
        return Unbound(
            Fault.WORDS, claim, "", rests[0].source.number, ""
        )  # no sentence says that one came of the other
    if _is_reversed(claim, context, agreed):
        _, own, number = agreed[0]
        return Unbound(Fault.CONTRARY, claim, "", number, "")
    for rest in rests:
        mine = [own for stated, own, _ in agreed if 0 <= stated.start - len(context) - rest.start < len(rest.clause)]
        clause, number = rest.scope.clause.strip(), rest.source.number
        dated = _is_otherwise_dated(rest, mine)
        if any(asks(rest) for asks in _CONTRARY) or (dated and not _knows_dates(rest)):
            return Unbound(Fault.CONTRARY, rest.clause.strip(), clause, number, clause)
        if dated:
            return Unbound(Fault.WORDS, rest.clause, clause, number, clause)
        if any(asks(rest) for asks in _OPEN) or _is_of_other_sort(rest, mentions):
            return Unbound(Fault.WORDS, rest.clause, clause, number, clause)
        theirs = rest.scope.clause
        if done_too_soon(rest.clause, theirs) or otherwise_caused(rest.clause, rest.source.held):
            return Unbound(Fault.WORDS, rest.clause, clause, number, clause)
        if not agreed and compares_otherwise(rest.clause, theirs):
            return Unbound(Fault.WORDS, rest.clause, clause, number, clause)
        if not agreed and cover(without_figures(rest.clause), rest.source.text).share < _OWN and not rest.light:
            return Unbound(Fault.WORDS, rest.clause, clause, number, clause)
        if any(_is_unknown(entry, rest, context, agreed) for entry in ledger(rest.clause)):
            return Unbound(Fault.WORDS, rest.clause, clause, number, clause)
    return None


_BECAUSE = re.compile("因为|由于|之所以|才(?=[冲升降达提增减能]|得以|使)|从而|使得|导致|促使|得益于|归功于")


def _is_reversed(claim: str, context: str, agreed: Agreed) -> bool:
    """由7家增加到18家 of 18家重组为7家."""
    turn = re.search("[由从](?P<was>[^，,；;。由从]+?)(?:至|到|为|成)(?P<now>[^，,；;。]+)", claim)
    if turn is None:
        return False
    owns = [
        [
            (own.start, number)
            for stated, own, number in agreed
            if turn.start(end) <= stated.start - len(context) < turn.end(end)
        ]
        for end in ("was", "now")
    ]
    return any(n == m and was > now for was, n in owns[0][:1] for now, m in owns[1][:1])


_LIST = re.compile("(?:(?![在的上入选获评居列为由被是])[一-鿿]){2,4}(?:榜|百强|指数|排行|测评|考评)")
"""What a rank is held in: no rank of one list vouches for one of another."""
_OWN = 0.5  # share of a clause without figures that the sentence itself, without its headings, must hold


# --- figures ---------------------------------------------------------------------------------------------------------


def _pairs(words: str) -> set[str]:
    return pairs(normalise(words))


def _label(text: str, at: int) -> str:
    """The words beside a figure, cut at brackets too: （其中市本级1987项、市区两级11918项）."""
    figures = [e.figure for e in ledger(text) if e.figure.kind is not Kind.DATE and e.figure.unit != "级"]
    figure = next((f for f in figures if f.start == at), None)
    if figure is None:
        return ""
    before = max([f.end for f in figures if f.end <= at], default=0)
    after = min([f.start for f in figures if f.start >= figure.end], default=len(text))
    head = re.split("[，,；;。：:、（）()\n]|其中|(?<![共总])和(?!平|谐)", text[before:at])[-1]
    tail = re.split("[，,；;。：:、（）()\n]|(?<![共总])和(?!平|谐)", text[figure.end : after])[0]
    return f"{head}\n{tail}"


def _is_of_neighbour(claim: str, at: int, own: Figure, text: str) -> bool:
    """Whether a claim names what tells another figure of the sentence from its own, and nothing that tells its own."""
    if re.match("[^，,；;。]{1,12}?(?:里头?|里面|当?中|之中)", claim[at:]):
        return False  # 218家单位中，中介机构…: it is the whole that is meant
    end = re.search("[，,；;。]|$", claim[at:])
    said, here = _pairs(claim[: at + (end.start() if end else 0)]), _label(text, own.start)
    stated = [e.figure for e in ledger(claim)]
    for entry in ledger(text):
        other = entry.figure
        if other.start == own.start or other.kind is not own.kind or same_value(other, own):
            continue
        if text[: other.start].count("“") > text[: other.start].count("”"):
            continue  # “一件事” is a name
        if not units_agree(other, own) or any(same_value(one, other) for one in stated):
            continue
        if {other.role, own.role} == {Role.FROM, Role.TO}:
            continue  # what stands before a turn is said of both its ends
        there = _label(text, other.start)
        telling = _pairs(_MEASURE.sub("，", here)) - _pairs(there)
        if here.strip() and not heavy(lacking(_MEASURE.sub("，", here), "")):
            continue  # 累计超过7.8亿件 is of the thing before
        apart = _pairs(there) - _pairs(here)
        if apart and apart <= said and "其中" in text[max(0, other.start - len(there) - 3) : other.start]:
            return True  # the part that the claim names, and not the whole
        beside = _pairs(_MEASURE.sub("，", there)) - _pairs(here)
        if beside & said and not telling & said and lacking(here, claim):
            return True
    return False


def _is_in_anothers_turn(claim: str, own: Figure, text: str) -> bool:
    """城市低保520元 of 城市低保1860人，农村低保12940人，标准分别为720元和520元."""
    at = max(text.rfind(word, 0, own.start) for word in ("分别", "依次"))
    if at < 0 or re.search("[，,；;。]", text[at : own.start]):
        return False
    end = re.search("[，,；;。]|$", text[at:])
    last = at + (end.start() if end else 0)
    row = [e for e in ledger(text) if e.figure.kind is not Kind.DATE and at < e.figure.start < last]
    things = [_pairs(entry.subject) for entry in row]
    turn = next((n for n, entry in enumerate(row) if entry.figure.start == own.start), None)
    if turn is None:
        return False
    said = _pairs(claim)
    telling = [thing - set().union(*(other for other in things if other is not thing)) for thing in things]
    shares = [len(words & said) / (len(words) or 1) for words in telling]
    return any(share > shares[turn] for n, share in enumerate(shares) if n != turn)


_AGED = re.compile("[0-9]+(?:至[0-9]+)?(?=周?岁)")


def _is_of_elders(claim: str, own: Figure, text: str) -> bool:
    """80周岁以上的25.4% of 60周岁以上占25.4%，80周岁以上1.86万人: the last age named before a figure is its own."""
    mine, before = _AGED.findall(claim), _AGED.findall(text[: own.start])
    return bool(mine and before) and before[-1] not in mine and "岁" not in own.text


_MEASURE = re.compile(f"{TOTAL.pattern}|每[年月天人生户家亩]|新增|净增|同比|[比较]上年[多少高低快慢增减升降]?|超过")
_ADDED = re.compile(
    "(?:新[一-鿿]?(?:增|建|添|设|开|办|晋|辟|上线|登记|注册|入驻|引进|落户|打造|改)|净增|增设|增加(?!到|至|值)|增长(?!到|至)|多了|增添)(?!企业|公司)"
)
_LESSENED = re.compile("(?:减少|下调|缩短|压缩|压减|下降|降低|减|降|少|短)了?[约近超过逾]*$")
_REACHED = re.compile(
    "增至|(?:增加|增长|扩大|提高|提升|上升|上调|下调|发展|壮大|拓展|扩展|缩短|压缩|压减|下降|减少|降低|(?<!新)增|扩|升|降|减|缩)(?:到|至|为)|累计|历年|总(?:数|量|里程|面积|额|长|库容)|总计|总共|一共|共计|合计|共有|现有|已有|达到"
)
_SUM = re.compile("累计|历年|总数|总量|总计|总共|一共|共计|合计|至今")
_YEARLY = re.compile("去年|当年|年内|今年|一年|全年|这年|20[0-9]{2}年")


_MEASURED = frozenset(
    (
        "亩",
        "平方米",
        "平方公里",
        "公顷",
        "公里",
        "米",
        "吨",
        "公斤",
        "天",
        "小时",
        "分钟",
        "年",
        "个月",
        "元",
        "美元",
        "升",
    )
) | {"立方米", "类", "级", "倍", "人次", "张次"}


def _counts_otherwise(stated: Figure, own: Figure) -> bool:
    """不低于400亩 of 不低于400平方米, 8类 of 8项."""
    units = {stated.unit, own.unit}
    return stated.value == own.value and len(units) > 1 and not units & {"", "种"} and bool(units & _MEASURED)


def _kind_of_count(text: str, at: int) -> tuple[str, str]:
    """Whether a figure is what was added or what was reached, by the last word for either before it in its clause, and
    that clause before it; "" where there is none."""
    before = re.split("[，,；;。：:(（]", text[:at])[-1]
    said = [(m.start(), "added") for m in _ADDED.finditer(before)]
    said += [(m.start(), "lessened") for m in _LESSENED.finditer(before)]
    said += [(m.start(), "reached") for m in _REACHED.finditer(before) if m.group() != "达到" or not said]
    return max(said, default=(0, ""))[1], before


_SPANS = {"小时", "分钟", "天", "年", "个月", "岁"}


def _is_turned(claim: str, at: int, stated: Figure, own: Figure, text: str) -> bool:
    """新增3家 of 增至3家, 累计22座 of 新建22座, 去年建了86座 of 累计建成86座."""
    if {stated.kind, own.kind} & {Kind.RANK, Kind.DATE, Kind.RATIO} or not same_value(stated, own):
        return False
    if own.unit in _SPANS and own.counted:
        return False  # 24小时书房 is what it is called
    mine, before = _kind_of_count(claim, at)
    theirs, there = _kind_of_count(text, own.start)
    inherited = theirs or _kind_of_count(text.replace("，", "、").replace(",", "、"), own.start)[0]
    if mine == "lessened":
        return theirs == "reached" and not re.search("达到|累计|总|共", there)
    if own.kind not in (Kind.COUNT, Kind.MONEY):
        return mine == "added" and theirs == "reached" and ("占" in there or not re.search("达到|累计|总|共", there))
    if mine == "added":
        return inherited != "added" and "新" not in re.split("[，,；;。]", text[own.end : own.end + 8])[0]
    if mine == "reached":
        return theirs == "added" and not _ADDED.search(before)
    if theirs == "added" and re.search("(?:总共|一共|共|现|已|拥)有|(?<![没所])有$|[为是]$", before):
        return not (_YEARLY.search(claim) or re.search("[新增添]", claim))
    return bool(_SUM.search(there) and _YEARLY.search(claim) and not re.search("截至|到|底|末|至", claim))


def _is_unknown(entry: LedgerEntry, rest: Rest, context: str, agreed: Agreed) -> bool:
    """Whether a figure that none of the report bears out does not stand, as written, in the clauses themselves."""
    figure = entry.figure
    if (
        figure.kind is Kind.DATE
        or figure.unit == "级"
        or any(stated.start == figure.start + rest.start + len(context) for stated, _, _ in agreed)
    ):
        return False
    if YEAR_BEFORE.search(rest.clause[: figure.start + 2]) or re.match("首|一[^-9]?$|第一[次回]", figure.text):
        return False
    return normalise(figure.text) not in normalise(rest.scope.text)


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RATIO = re.compile(r"[0-9.]+(?:[:∶：比][0-9.]+)+")
_SPAN = re.compile(r"([0-9.]+[万亿]?)[^0-9，,。；、]{0,4}[至到~—－-](?:[^0-9，,。；、]{0,2})([0-9.]+[万亿]?)")
_UNDER = re.compile("(?:不到|不足|不满|少于|低于)$")
_OVER = re.compile("(?:超过了?|逾|多于|高于|突破)$")


_WITHIN = re.compile("[一二两三四五六七八九十0-9]+(?:年|个月|天)(?=时间|之?内)")


def _has_other_numbers(rest: Rest) -> bool:
    """Whether a ratio, a span or a bound of a claim is not, number by number, that of the sentence: 42至64周岁."""
    mine, theirs = normalise(rest.clause), normalise(rest.source.text)
    flat = re.sub("[∶：]", ":", theirs)
    if any(re.sub("[∶：比]", ":", match.group()) not in flat for match in _RATIO.finditer(mine)):
        return True
    if any(re.search("[0-9]", name) and name not in theirs for name in re.findall("《[^《》]+》", mine)):
        return True
    spans = {match.groups() for match in _SPAN.finditer(theirs)}
    turned = re.search("由|从|自", mine)
    for match in _SPAN.finditer(mine):
        if not turned and match.groups() not in spans:
            return True
        if not turned and (_UNDER.search(mine[: match.start()]) or _OVER.search(mine[: match.start()])):
            return True
    for match in _WITHIN.finditer(mine):
        if match.group() not in theirs and _WITHIN.search(theirs):
            return True
    for match in re.finditer(r"[0-9.]+[一-鿿]{0,4}?内以上|(?:不到|超过|不足)[0-9]+(?=时(?!间))", mine):
        if match.group() not in theirs:
            return True
    return False


# --- dates -----------------------------------------------------------------------------------------------------------


def _parts(date: Figure) -> tuple[str, int, int, int] | None:
    """The sort of a date, its year, month and day, 0 where it names none."""
    if date.value is None or date.relative or date.unit in ("时", "分"):
        return None
    value = int(date.value)
    sort = date.unit if date.unit in ("季度", "半年") else "月" if value // 100 % 100 else "年"
    return sort, value // 10000, value // 100 % 100, value % 100


def _dates(text: str) -> Iterator[tuple[int, tuple[str, int, int, int]]]:
    for entry in ledger(text):
        if entry.figure.kind is Kind.DATE and (parts := _parts(entry.figure)) is not None:
            yield entry.figure.start, parts
            sort, year, month, _ = parts
            last = int(entry.figure.upper or 0) // 100 % 100 if sort == "月" else 0
            yield from ((entry.figure.start, (sort, year, between, 0)) for between in range(month + 1, last + 1))


def _is_otherwise_dated(rest: Rest, figures: Sequence[Figure]) -> bool:
    """Whether a clause of a claim gives a date that is not the one in force where it rests."""
    scope, source = rest.scope, rest.source
    at = scope.start + source.text[scope.start :].find(scope.clause)
    first, last = at, at + len(scope.clause)
    if figures:
        first, last = min(first, figures[0].start), max(last, figures[0].end)
    known = list(_dates(source.text))
    for _, (sort, year, month, day) in _dates(rest.clause):
        here = [parts for place, parts in known if first <= place < last and parts[0] == sort]
        here = here or [parts for place, parts in known if place < first and parts[0] == sort][-1:]
        if sort == "年":
            others = [parts[1] for place, parts in known if first <= place < last and parts[1]]
            if others and year not in others:
                return True
            continue
        here = here or [parts for _, parts in _dates(source.context) if parts[0] == sort][-1:]
        if not any(
            month == theirs[2]
            and (not day or not theirs[3] or day == theirs[3])
            and (not year or (year == theirs[1] if theirs[1] else year in source.years))
            for theirs in here
        ):
            return True
    return False


def _knows_dates(rest: Rest) -> bool:
    """Whether the sentence gives each date of a clause, though of another thing that it gives a date for alone."""
    if any(True for _ in _dates(rest.scope.clause)):
        return False
    known = {(sort, month, day) for _, (sort, _, month, day) in _dates(rest.source.text)}
    return all((sort, month, day) in known for _, (sort, _, month, day) in _dates(rest.clause))


# --- words -----------------------------------------------------------------------------------------------------------


_OWNLESS = re.compile("^(?:其中|该|这|此|其(?!他|余)|同时|累计|另外?|并|还|为此|对此)")


def _is_of_another(rest: Rest) -> bool:
    """Whether what a clause speaks of stands only in the sentences before the one that it rests on."""
    own = f"{rest.source.text}\n{rest.source.headings}"
    lost = heavy(lacking(without_figures(rest.clause), own))
    if _OWNLESS.match(rest.source.text) or not opening(rest.source.text):
        return False
    first = re.split("[，,；;。]", rest.source.text)[0]
    short = next(
        (noun for noun in re.findall("^(?:[一-鿿]{2})", first) if noun in rest.clause), ""
    )  # 平台 for 数据平台
    if short and re.search(f"[一-鿿]{short}", rest.clause):
        return False
    return any(
        not lacking(piece, rest.source.before) and not _is_place(piece, rest.source) for piece in lost if piece[1:]
    )


def _is_place(piece: str, source: Source) -> bool:
    """Whether a piece names the place that a whole report is of: 青岛 where the sentence says 我市."""
    return re.search(f"{re.escape(piece)}[省市县区]|{re.escape(piece)}$", source.before) is not None or (
        re.search("我[省市县区]|全[省市县区]|本[省市县区]", source.text) is not None and len(piece) == 2
    )


def _is_of_other_sort(rest: Rest, mentions: Callable[[str], bool]) -> bool:
    """民用汽车 of 新能源汽车, 生猪存栏 of 生猪出栏: a thing beside the one that the sentence tells of."""
    text = rest.source.text
    for match in re.finditer("(?=([一-鿿]{2})([一-鿿]{2}))", re.sub("[的了在是有和与]", "，", rest.clause)):
        one, two = match.groups()
        if one + two in f"{text}\n{rest.source.headings}":
            continue
        for same, other, beside in ((two, one, f"([一-鿿]{{2}}){two}"), (one, two, f"{one}([一-鿿]{{2}})")):
            others = re.findall(beside, text)
            if other in text or not others or len(others) < text.count(same):
                continue
            if any(_COUNTING.search(word) or word in rest.clause or not heavy([word]) for word in others):
                continue
            if not all(map(embedded().is_word, others)):
                continue  # two characters that are no word: 均数 of 日均数据
            if heavy([other]) and not _COUNTING.search(other) and lacking(other, text) and mentions(one + two):
                return True
    return False


_COUNTING = re.compile("[个项多余家类条件名位万亿千百几种处座台]")


_BY = re.compile(
    "由(?P<who>[一-鿿]{2,8}?)(?:自己|自行)?(?=承担|负担|垫付|支付|买单|赔付|兜底|出资|牵头|负责|主办|承办|承建|开发|推行|运营|运维|维护|建设|管理|组织|实施|办理|审批|表彰|授予)"
)


_LED = re.compile("(?:^|[，,；;。：:])(?P<who>[一-鿿]{2,10}?)(?P<does>牵头|承建|主办|承办)")


def _is_by_another(rest: Rest) -> bool:
    """由企业承担 of 由县财政承担, 由甲公司牵头 of 乙学院牵头，联合甲公司."""
    for by in _BY.finditer(rest.clause):
        does = rest.clause[by.end() : by.end() + 2]
        led = [theirs["who"] for theirs in _LED.finditer(rest.source.text) if theirs["does"] == does]
        if led and not any(by["who"][:4] in who or who[:4] in by["who"] for who in led):
            return True
    return any(
        lacking(by["who"], rest.scope.text) or f"由{by['who'][:2]}" not in theirs.group()
        for by in _BY.finditer(rest.clause)
        for theirs in _BY.finditer(rest.scope.text)
        if by["who"] not in theirs.group()
    )


def _is_compound(rest: Rest) -> bool:
    """出口 of 进出口."""
    return any(
        whole in rest.source.text and not re.search(f"(?<!{whole[0]}){part}", rest.source.text)
        for part, whole in (("出口", "进出口"), ("进口", "出进口"), ("国有", "非国有"), ("公办", "非公办"))
        if part in rest.clause and whole not in rest.clause
    )


_FORBIDS = re.compile("(?<!不)不得(?!不|已)|禁止|严禁|不准|不许|不可(?!或缺|分|少)|不允许|不予(?!处罚)|不能(?!不)")
_ALLOWS = re.compile("有权|可以|允许|准许|能够|自愿|可选择")
_OBLIGES = re.compile("必须|应当|务必|强制|仍[要须需]|还[要须需]|非得|一律|需要|须(?!知)")
_EXEMPTS = re.compile("无需|无须|不必|不用|不需要|不再|取消|免(?!疫|去职)|不收|告别")
_PAID = re.compile("(?<![免不低])收费|付费|自费")
_DENIES = re.compile(f"{_FORBIDS.pattern}|{_EXEMPTS.pattern}")


def _is_otherwise_bound(rest: Rest) -> bool:
    """不得 of 有权, 可以 of 不得, 必须 of 无需."""
    mine, theirs = rest.clause, rest.scope.text
    denied = _DENIES.search(theirs) is not None or first_negation(rest.scope.clause)
    if _FORBIDS.search(mine):
        return not denied or (_ALLOWS.search(theirs) is not None and not _FORBIDS.search(theirs))
    if _ALLOWS.search(mine) and _FORBIDS.search(theirs) and not _ALLOWS.search(theirs):
        return True
    if _PAID.search(mine) and "免费" in theirs and "免费" not in mine:
        return True
    if _OBLIGES.search(mine) and _DENIES.search(theirs) and not _OBLIGES.search(theirs):
        return not first_negation(mine)
    return bool(_EXEMPTS.search(mine) and not denied and not re.search("免|零|不|无", theirs))


def _is_denied(rest: Rest) -> bool:
    """Whether the clause that a claim rests on denies something and the claim nothing."""
    theirs, mine = rest.scope.clause, without_figures(rest.clause)
    if first_negation(mine) or re.search("[不没无未免零非缺差尚否]", mine):
        return False
    return (
        first_negation(without_figures(theirs))
        and re.search("^[^，]*?(?:未|没有|不再|不得|无法|尚未)", theirs) is not None
    )


def _is_wrongly_denied(rest: Rest) -> bool:
    """Whether a claim denies the very words that its clause asserts: 并未通过 of 通过."""
    theirs = clauses_of(rest.scope.text)
    for clause in clauses_of(rest.clause):
        for _, denied in negated(clause):
            if counts_others(clause, normalise(rest.scope.clause)):
                continue
            if len(denied) > 1 and denied[:2] in rest.scope.text and not any(denies(one, denied) for one in theirs):
                return True
    return False


_ALL = re.compile(
    "都(?!市|江|会)|均(?!衡|价|水平|等)|全部|所有|悉数|一律|皆|无一例外|清一色|个个|每一|各(?:县|区|镇|乡|街道|村|市)"
)
_ALL_TOO = re.compile(
    "全部|所有|全都|悉数|一律|均(?!衡|价|水平|等)|都(?!市|江)|全域|全覆盖|全面|全(?![市省县区国年球])|100%|每|凡|各|皆|清零|零|无|未|没有|总体"
)


_SOME = re.compile("部分(?!地)|少数|有的|个别|一些")
_EVERY = re.compile("全部|所有|悉数|一律|全覆盖|无一例外")


def _is_of_all(rest: Rest) -> bool:
    """部分取消 of 全部取消, 又一家 of 唯一一家."""
    if re.search("又一|之一|另一|其中一", rest.clause) and re.search("唯一|独家", rest.scope.clause):
        return True
    return bool(_SOME.search(rest.clause) and _EVERY.search(rest.scope.clause) and not _EVERY.search(rest.clause))


def _is_of_some(rest: Rest) -> bool:
    """都取得了许可证 of 已取得许可证的1516家."""
    each = re.search("每[一]?(?P<unit>[个家座位名所处])", rest.clause)
    some = [e.figure for e in ledger(rest.scope.clause) if e.figure.kind is Kind.COUNT]
    if each and any(f.unit == each["unit"] and f.text not in rest.clause for f in some):
        return True
    listed = re.search("[和与、及跟][^，,]*(?:都|均|皆)", rest.clause) and not re.search("全|所有|一律|每", rest.clause)
    return not listed and _ALL.search(rest.clause) is not None and not _ALL_TOO.search(rest.scope.text)


_LEVELS = re.compile("全国|全省|全市|全县|全区|全球|世界|市本级|市级|县级|省级|国家级|区级|市区两级")
_HIGHEST = re.compile(
    "最[多高大快强早好低少慢小](?![0-9一二两三四五六七八九十])|第一|首位|榜首|居首|首个|首家|首创|唯一|率先|领先"
)


def _levels_differ(claim: str, text: str) -> bool:
    said, theirs = (set(_LEVELS.findall(words)) for words in (claim, text))
    return bool(said - theirs and theirs - said)


def _is_of_other_level(rest: Rest) -> bool:
    """全市最多 of 全省最多, 全市公交车 of 市本级公交车."""
    said = set(_LEVELS.findall(rest.clause))
    if _levels_differ(rest.clause, rest.scope.clause):
        return True
    top = _HIGHEST.search(rest.clause)
    if top and said:
        there = [c for c in re.split("[，,；;。]", rest.scope.text) if _HIGHEST.search(c) or re.search("第[一1]|首", c)]
        return bool(there) and not any(level in c for level in said for c in there)
    return False


_ALONE = re.compile("一家就|单独|单是|光是|仅.{0,6}一[家个]|一[家个](?:去年|全年|当年|就)|本身就|独自")


_DOES = re.compile(
    "新[建增设添]|建成|建设|完成|实现|开展|累计|共|现有|拥有|举办|发放|办理|培训|设立|开通|接待|处理|查处|投入|获|有"
)


_PEOPLE = re.compile("居民|人口|群众|市民|农村|城镇|常住|户籍|老年人|企业|财政|地区")


def _is_part_of_whole(rest: Rest) -> bool:
    """市博物馆 of 全市博物馆; a county that its own report speaks of is no part of 全县."""
    text = rest.source.text
    for match in re.finditer("(?<![全各])[省市县区镇](?=([一-鿿]{2}))", rest.clause):
        named = rest.clause[max(0, match.start() - 3) : match.end()]
        own = any(named[i:] in rest.source.headings for i in range(len(named) - 1))
        if own and (_DOES.match(rest.clause, match.end()) or _PEOPLE.match(rest.clause, match.end())):
            continue  # 云溪县新建 is how others say what its own report calls 全县新建
        words = match.group() + match.group(1)
        there = [m.start() for m in re.finditer(words, text)]
        if there and all(text[at - 1 : at] == "全" for at in there if at) and there[0]:
            return True
    if "本级" in rest.clause and "本级" not in rest.scope.clause:
        return True
    return _ALONE.search(rest.clause) is not None and not _ALONE.search(text)


_MOSTLY = re.compile("过半|大半|多数|大部分|半数以上|一大半")
_FEW = re.compile("少数|小半|不到一半|未过半|小部分")


def _is_other_share(rest: Rest) -> bool:
    """多数 of 45.8%."""
    most, few = _MOSTLY.search(rest.clause), _FEW.search(rest.clause)
    if not most and not few:
        return False
    if any(word in rest.scope.text for word in ("多数", "少数", "过半", "半数", "大部分")):
        return False
    shares = [e.figure.value or 0 for e in ledger(rest.scope.text) if e.figure.kind is Kind.PERCENT]
    return not any(share >= 50 if most else share < 50 for share in shares)


_MAINLY = re.compile(
    "以(?P<a>[^，,。以]{2,12}?)(?:居多|为主|占多数|占大头)|"
    "(?:大多数?|多半|多数|大部分|绝大部分|主要|基本上?)[都是]*(?:来自|出[在自]|集中在|分布在|投[给向]|用[于来]|面向|属于|[是为])于?"
    "(?P<b>[^，,。]{2,14})|"
    "(?:里头?|里面|当中|其中)(?:也|还|就)?有(?P<c>[^，,。0-9几多]{2,10})"
)
"""Says what most of some things are, or one of them: a sentence that counts them without naming it leaves that open."""


def _is_of_unnamed(rest: Rest) -> bool:
    """以本地企业居多 of 吸引44家企业入驻."""
    kinds = (match["a"] or match["b"] or match["c"] for match in _MAINLY.finditer(rest.clause))
    return any(heavy(lacking(kind, rest.source.held)) for kind in kinds)


_CONTRARY = (
    _is_otherwise_bound,
    _is_of_all,
    _is_part_of_whole,
    _has_other_numbers,
    _is_wrongly_denied,
    _is_by_another,
)
_OPEN = (
    _is_compound,
    _is_of_another,
    _is_of_some,
    _is_denied,
    _is_of_other_level,
    _is_other_share,
    _is_of_unnamed,
)
"""What is asked of each clause: where the answer is yes the sentence says the contrary, or leaves the matter open."""
