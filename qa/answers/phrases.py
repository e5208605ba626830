"""Which words of a passage are the name, or the row of names, that is asked for.

    candidates   what may be a name: “quoted”, 《titled》, words ending as names of the kind end, who did something,
                 what was won
    the choice   the candidate that fits best: of the kind and on the side asked for (who won, or what), near the words
                 that the question shares with the passage, not said by the question itself, short

Where nothing fits, nothing is picked. What is shown as the short answer is decided in spans.py, with this in view.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from index.lexical import normalise
from index.patterns import pattern
from qa.answers.candidates import Name, Side, candidates
from qa.language.asking import Ask, Asked, Wanted
from qa.language.kinds import KINDS
from qa.language.picking import Span, Weights
from qa.language.rows import MANY, rows

# What a candidate gains or loses.
TYPED = 2.0
SIDE = 1.2  # on the side asked for; loses as much on the other
PERSON = 1.0  # a person where one is asked for
LENGTHY = 0.05  # for every character beyond _BRIEF
_BRIEF = 10
LEAST_NAME = 1.0  # what fits less is no answer
LEAST_ALONE = 0.4  # the same for the only quoted name of a passage
LISTED = 2.0  # what a row gains whose kind follows it: 民政、医保等9个部门
COUNTED = 1.0  # what a row gains that has as many items as were asked for


def is_kind(noun: str) -> bool:
    """Whether the names of a kind can be told by how they end: 平台, 医院."""
    return noun in KINDS


# --- names -----------------------------------------------------------------------------------------------------------

_TITLES = ("称号", "荣誉", "牌子", "奖", "奖项", "头衔", "名头", "招牌")


def pick_name(ask: Ask, asked: Asked, text: str, weights: Weights) -> Span | None:
    """Pick the name that an ask for a name wants, the names where it asks for several; None for any other ask."""
    if ask.wanted not in (Wanted.NAME, Wanted.NAMES):
        return None
    want = _Sought(ask, asked.question)
    noun = ask.noun or ("" if want.person else _noun_before(asked.question[: ask.start]))
    known = ask.noun in KINDS and (KINDS[ask.noun] != ("》",) or "《" in text)
    several = ask.wanted is Wanted.NAMES
    row = None
    if several or (ask.noun and not known):  # 集成了什么功能 may want a row too, where its kind follows
        row = _pick_row(ask, asked, noun, text, weights, known=known or not several)
    one = not several or asked.question.startswith("有", ask.start)  # 有什么 may want one
    if row is not None or not (one or known):
        return row
    if ask.noun and not known:  # 怎样一座都市出力
        noun = next((noun[:size] for size in range(len(noun), 1, -1) if noun[:size] in text), noun)
    titles = noun.endswith(_TITLES) and want.side is not Side.DOER
    names = [n for n in candidates(noun, text, weights, titles=titles) if not want.is_told(text[n.start : n.end])]
    typed = [n for n in names if n.typed]
    if not one and len(typed) < _SEVERAL:
        return None
    spoken = noun in text or noun not in KINDS
    names = typed if known else [n for n in names if n.typed or (spoken and want.allows(n))]
    best = max((Span(n.start, n.end, want.fit(n, text, weights)) for n in names), key=_fit, default=None)
    alone = len(names) - len(typed) == 1
    if best is not None and best.fit >= (LEAST_ALONE if alone else LEAST_NAME):
        return best if one else _with_neighbours(best, typed, text)
    follows = ask.noun and not known and not want.person
    return _pick_following(ask, asked.question, text, weights) if follows else None


_SEVERAL = 2


class _Sought:
    """What an ask for a name tells of the name: its side, whether it is a person, what it cannot be."""

    def __init__(self, ask: Ask, question: str) -> None:
        self._question = normalise(question)
        self._named = bool(ask.noun)
        self.side = _side_asked(ask, question)
        self.person = _asks_person(ask, question)
        self._becomes = _BECOMES.search(question[: ask.start]) is not None

    def is_told(self, name: str) -> bool:
        """Whether the question says a name itself, if not in one piece, so that the name tells nothing new."""
        name, question = normalise(name).removeprefix("市"), self._question
        pairs = [name[i : i + 2] for i in range(len(name) - 1)]
        told = sum(pair in question for pair in pairs)
        return name in question or (len(pairs) > _FEW and told > TOLD_SHARE * len(pairs))

    def allows(self, name: Name) -> bool:
        """Whether whoever did something may be meant: only where that is asked, or just what it is called."""
        if name.quoted or name.side is not Side.DOER:
            return True
        return self.side is Side.DOER or self.person or (self.side is None and not self._named)

    def fit(self, name: Name, text: str, weights: Weights) -> float:
        """How well a name answers: the sum of what it gains and loses."""
        fit = TYPED * name.typed + max(_around(text, name.start, name.end, weights), 3 * name.said)
        fit -= LENGTHY * max(name.end - name.start - _BRIEF, 0)
        if name.side is self.side is not None:
            fit += SIDE
        elif (name.side is Side.DEED and not name.title) or (name.side and self.side):
            fit -= SIDE
        becomes = self._becomes and re.search("[向为成到]“?$", text[: name.start]) is not None
        return fit + PERSON * (self.person and name.person) + TYPED * becomes


def _with_neighbours(best: Span, names: list[Name], text: str) -> Span:
    """Stretch a name over those of its kind that stand beside it: 甲公司、乙公司和丙公司."""
    beside = re.compile("[”》]?[、和与及“《]+")
    start, end = best.start, best.end
    for name in sorted(names, key=lambda name: name.start):
        end = name.end if name.start > end and beside.fullmatch(text, end, name.start) else end
    for name in sorted(names, key=lambda name: -name.start):
        start = name.start if name.end < start and beside.fullmatch(text, name.end, start) else start
    return replace(best, start=start, end=end)


_DONE = pattern("(?:[是给被让也都又才最])*[一-鿿]{2,}")


_DOES = pattern("(?<!的)(?:[了到过上出成得有取获评]|获评|评为|授予)(?:[一些]?[个些])?$")


def _side_asked(ask: Ask, question: str) -> Side | None:
    """Whether a question asks who did something (哪个馆评上的, 归谁管) or what was done (评上了什么); None: neither."""
    before, after = question[: ask.start], re.split("[，,。？?]", question[ask.end :])[0]
    after = re.sub("^[的了呢吗啊呀来着的]+", "", after)
    if re.search("[由归被是]$|^$|[，,。？?]$", before) and (_DONE.match(after) or re.search("[由归被]$", before)):
        return Side.DOER
    if ask.wanted is Wanted.NAME and question.startswith("谁", ask.start):
        return Side.DOER
    return Side.DEED if _DOES.search(before) and not _DONE.match(after) else None


_ASKS_PERSON = pattern(
    "[那这]位|(?:人员|教师|老师|医生|护士|司机|专家|干部|师傅|村民|学生|[县乡镇村市省局]长|书记|主任)[，,]?(?:又|都)?是?$"
)


def _asks_person(ask: Ask, question: str) -> bool:
    own = question[ask.start : ask.end]
    return own.startswith("谁") or ask.unit in ("位", "名") or _ASKS_PERSON.search(question[: ask.start]) is not None


_FEW = 5  # pairs of characters; a shorter name may share them by chance
TOLD_SHARE = 0.7  # share of a name's pairs of characters from which on the question has said it
_BECOMES = pattern(r"(?:变成|变为|转向|转为|转变为|转变成|成为|改为|升级为|改成)(?:了)?$")


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


def _noun_before(words: str) -> str:
    """The noun that 叫什么 and 是什么 ask the name of: …的那场智慧城市峰会，完整名称 → 峰会."""
    words = re.sub(
        r"(?:完整|具体|正式)?(?:的)?(?:名称|名字|全名|全称|题目|叫法|称呼|官名|大名)?(?:又|都|分别|到底)?(?:是|叫|为)?$",
        "",
        words.rstrip("，, "),
    )
    run = re.search(r"[一-鿿]+$", words.rstrip("，, ”》"))
    if run is None:
        return ""
    pointed = re.search(r"[那这该][座个家所条项种部本份场次块]?(?P<noun>[一-鿿]{1,6})$", run.group())
    noun = pointed["noun"] if pointed else run.group()
    if noun in KINDS:
        return noun
    return noun[-2:] if len(noun) > 1 and not noun.endswith(("的", "了")) else ""


# --- rows of names ---------------------------------------------------------------------------------------------------


def _pick_row(ask: Ask, asked: Asked, noun: str, text: str, weights: Weights, *, known: bool) -> Span | None:
    """Pick the names that stand side by side where the question points; best where their kind follows."""
    number = _NUMBER.search(asked.question[: ask.end].removesuffix(ask.noun))
    most = _NUMERALS.find(number["number"]) if number else -1
    listed = re.compile(rf"(?:等[^，,。；;、]{{0,8}}|{MANY}){re.escape(noun)}") if noun else None
    endings = KINDS.get(noun) or ((noun,) if noun else ())
    question = normalise(asked.question)
    best: Span | None = None
    for row in rows(text):
        words = text[row.start : row.end]
        items = [item.strip("“”") for item in _BETWEEN.split(words)]
        typed = endings and sum(item.endswith(endings) for item in items) > 1
        kind = listed is not None and listed.search(text, row.end - 12, row.end + 14) is not None
        told = sum(normalise(item) in question for item in items)
        if (known and not typed and not kind) or 2 * told >= len(items):
            continue
        fit = LEAST_NAME + _around(text, row.start, row.end, weights)
        fit += LISTED * bool(kind or typed) + COUNTED * (row.items == most)
        fit -= COUNTED / 2 * (text[: row.start].endswith("“") and text[row.end :].startswith("”"))  # mostly one name
        fit -= COUNTED * (re.search("[0-9]", words) is not None)
        if best is None or fit > best.fit:
            best = Span(row.start, row.end, fit)
    return best


_BETWEEN = pattern("[、和与及]|以及|(?<=”)(?=“)")
_NUMERALS = "零一二三四五六七八九十"
_NUMBER = pattern("(?P<number>[二三四五六七八九十])[个家所座位名项条类种支款部件处场套大张道样级块]?[^，,。？?]{0,8}$")


def names_row(noun: str, text: str) -> bool:
    """Whether a passage names some of a kind: 市场监管等领域 for 领域; some places where 场所 are asked for."""
    if _ASKS_SITES.fullmatch(noun):
        return any(_is_of_sites(text[row.start : row.end]) for row in rows(text))
    return len(noun) > 1 and re.search(f"等(?:[0-9]+[多余]?)?[^，,。；;、]{{0,2}}{re.escape(noun)}", text) is not None


_ASKS_SITES = pattern("场所|场合|地方|去处|地点")
_SITE = pattern("(?:中心|机构|商超|[区院馆站场店厅园校])(?=[、和与及实提设可全]|$)")


def _is_of_sites(row: str) -> bool:
    return len(_SITE.findall(row)) > 1


def _fit(span: Span) -> float:
    return span.fit


def _around(text: str, start: int, end: int, weights: Weights) -> float:
    """How near the question's terms stand to [start, end), 0 to about 3."""
    total = sum(weights.values())
    folded = normalise(text)
    if not total or len(folded) != len(text):
        return 0.0
    near = 0.0
    for term, weight in weights.items():
        places = _places(term, folded)
        distances = [max(0, start - place - len(term), place - end) for place in places]
        near += weight / (1 + min(distances) / 6) if distances else 0.0
    return 3 * near / total


def _places(term: str, text: str) -> Iterator[int]:
    """Where a term stands in a text."""
    place = text.find(term)
    while place >= 0:
        yield place
        place = text.find(term, place + len(term))
