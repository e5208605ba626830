"""One question, several things asked: it is split into questions that stand alone, each sought by itself.

    甲馆和乙馆的藏书分别是多少          甲馆的藏书是多少 | 乙馆的藏书是多少
    书屋有几家？去年有多少人来过？        书屋有几家 | 书屋，去年有多少人来过
    书屋几家、驿站几座，明年各到多少      书屋几家 | 驿站几座 | 书屋，明年到多少 | 驿站，明年到多少
    借书证办了多少张，读者卡呢           借书证办了多少张 | 读者卡多少张

A part that does not say itself what it asks about gets the topic of the first. What only announces how many things are
asked (问两件事：) and a clause that asks nothing are no part of any.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from qa.language.asking import FIGURES, Ask, Asked, Wanted, implied, read_question
from qa.questions.arithmetic import NUMBERS

_EACH = re.compile(
    r"(?:数量上|上)?(?:又)?(?:(?:分别|各自|各)(?=是|有|为|达|占|往|提|写|讲|要|[一-鿿]{0,3}(?:多少|几)|说|指|属|由|[叫用靠拿取得])|"
    r"(?:分别|各自)(?=[怎如])|各(?=以))|(?:两者|二者)(?:分别|各)?"
)
_JOINED = re.compile(
    r"[，,]?(?:和|与|以及|及|跟|同(?!比)|还有|另外)|、|[，,](?=[^，,]{3,}[，,]?(?:数量上|上)?(?:分别|各))"
)
_STEPS = re.compile(
    r"从(?P<steps>[^，。？、]{2,6}(?:、[^，。？、]{2,6})*)、?(?:再)?(?:到|直到)(?P<last>[^，。？、]{2,6}?)(?=[，,]|都)"
)
_LEAD = re.compile(r"(?P<lead>[^：:，,？?；;]{2,30})[：:](?=.{4})")
_ANNOUNCES = re.compile(r"问|[两二三四五几2-5](?:[个件样项条点]|方面)[^的]{0,3}$")
"""A lead that announces questions and says nothing of what they are about: 我想问两件事, 给我三个数."""
_COUNTS_OFF = re.compile("(?:我)?(?:既|一是|一要|第一)")
_TIME = re.compile(
    r"(?:截至|截止|到|在)?(?:(?:19|20)\d\d年?|今年|去年|明年|来年)[底末初]?(?:之?前)?|"
    r"(?:这|上|前|下|新)的?一?年|年[底末初]|现在|目前|眼下|如今|已经|原来|之前|往后|下一步|接下来|今后"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}年|[今去明来前上]年")
_OTHER_TIME = re.compile(r"(?:19|20)\d\d|下一步|接下来|今后|往后|打算|计划|目标|[明今去来]年|[下上新]的?一?年")
_BACK = re.compile(r"(?:(?:这|那)?(?:[两二三四五2-5](?:[个样项件者处块]|个?数|方面)|些)|它们|他们)?[都在到]*")
"""What points back to all that was asked about: 这两样在."""


def split_question(asked: Asked) -> list[Asked]:
    """Split a question that asks about several things into one question for each; most questions stay whole.

    A的数量和B的数量分别是多少 asks about A and about B; 第一个在哪，第二个有多少 asks in each of its clauses.
    """
    found = _LEAD.match(asked.question)
    lead, question = (found["lead"], asked.question[found.end() :]) if found else ("", asked.question)
    announced = _ANNOUNCES.search(lead) is not None or _COUNTS_OFF.match(question) is not None
    lead = "" if announced else lead
    if not asked.asks and not announced:
        return [_read(asked.question)]
    parts = (
        _of_ones(asked.question)
        or _of_each(question, lead)
        or _of_steps(asked)
        or _of_clauses(question, lead, announced)
    )
    return [_read(part) for part in parts] if len(parts) > 1 else [asked if asked.asks else _read(asked.question)]


def _read(question: str) -> Asked:
    """A question as read; a bare topic asks for what it implies."""
    asked = read_question(question)
    return asked if asked.asks else replace(asked, asks=tuple(implied(question)))


# --- things side by side ---------------------------------------------------------------------------------------------


def _of_each(question: str, lead: str) -> list[str]:
    """A question about each of the things that stand side by side before 分别; [] where none do."""
    each = _EACH.search(question)
    if each is None:
        return []
    clauses, words = _asking_clauses(question[: each.start()])
    rest = question[each.end() :]
    if len(clauses) > 1 and _BACK.fullmatch(_TIME.sub("", words)):  # 甲多少、乙多少，这两样明年各多少
        time = "".join(match.group() for match in _TIME.finditer(words))
        return [*clauses, *(_under(_topic(clause), f"{time}{rest}") for clause in clauses)]
    topic = _topic(clauses[0]) if clauses else lead
    things = _things(words or topic)
    if len(things) < 2:
        count = _SEVERAL.search(words)
        return [question] * NUMBERS[count.group()] if count and read_question(question).wanted in FIGURES else []
    return [
        _under(topic if words and len(_TIME.sub("", thing)) < _OWNERS else "", f"{thing}{rest}") for thing in things
    ]


_ONE = "(?:有|其)?一(?P<{name}>[个项份处场家座边头种条样回])"
_ONES = re.compile(
    rf"(?P<before>.*?)(?:^|(?<=[，,：:、]))(?P<ones>{_ONE.format(name='sort')}[^。？?]+?[，,]?(?:有|其)?一(?P=sort)[^，,。？?]+)"
    rf"[，,]?(?P<both>[^，,。？?]*?)(?P<each>分别|各自|各(?![类种级个项省市区县部地方处位镇乡街村校院家人界族]))(?P<rest>.+)"
)
_IS = re.compile("^(?:是|指|讲|叫|为|说)")
_WHOSE = (
    "的?(?:这|那)?[两二三](?:个|项|份|处|场|家|座|种|条|样)"
    "(?P<noun>(?![讲用说提])[一-鿿]{0,6}?(?=[，,：:]|$|[叫是有各]))?"
)


def _of_ones(question: str) -> list[str]:
    """A question about each of those told one by one: 两份文件，一份管住宅，一份管数据，名称各是什么; [] where none."""
    found = _ONES.fullmatch(question.rstrip("？?。"))
    if found is None or re.search("多少|几", found["ones"]) or found["ones"].count("“") != found["ones"].count("”"):
        return []
    ones = re.split(rf"[，,、]?(?:有|其)?一{found['sort']}", found["ones"])[1:]
    if any(one.strip("，, ").endswith(("和", "与", "及", "”")) for one in ones):
        return []
    several, again = re.search(_WHOSE, found["before"]), re.match(_WHOSE, found["both"])
    noun = (again and again["noun"]) or (several and several["noun"]) or ""
    both = found["both"][again.end() :] if again else found["both"]
    quoted = re.search("“[^”]+”", found["before"])
    parts: list[str] = []
    for one in ones:
        thing = _IS.sub("", one.strip("，, "))
        link = "" if len(noun) < 2 or thing.endswith(noun) or noun in thing else "的"
        named = thing if noun in thing else f"{thing}{link}{noun}"
        about = f"{quoted.group()}，{named}" if quoted else named
        parts.append(f"{about}{'，' if both or len(named) > _OWNERS else ''}{both}{found['rest']}")
    return parts


_SEVERAL = re.compile("[两三四](?=期|批|轮|个?阶段|档|次)")
"""Several of one thing that are not named: 大桥两期的投资分别是多少 asks for two figures."""
_TOGETHER = re.compile("[，,]?(?:这|那)?[两二2](?:处|块|方面|个方面|个地方|项|者|样|件)[一-鿿]{0,3}$")
_OWNERS = 7  # characters; what is shorter and stands side by side has the noun that follows in common


def _things(words: str) -> list[str]:
    """The things that stand side by side before 分别: 甲的户数和人数 → 甲的户数, 甲的人数."""
    things = [piece.strip("，, ") for piece in _JOINED.split(words)]
    if any(len(thing) < 2 for thing in things) or ("“" in words and any(t.count("“") != t.count("”") for t in things)):
        return [words]
    first, last = things[0], _TOGETHER.sub("", things[-1])
    things[-1] = last
    lead, at, own = first.rpartition("，在")  # 教育方面，在改革和应用两处
    if at and len(own) > 1:
        return [f"{lead}，{thing}" for thing in (own, *things[1:])]
    if "的" not in first and "的" in last and len(first) < _OWNERS:  # 门诊和住院的次均费用
        return [*(f"{thing}{last[last.find('的') :]}" for thing in things[:-1]), last]
    year = _YEAR.search(first)
    if year is not None and year.start() > 1:  # 质押融资2022年的金额和2023年的目标
        things[1:] = [f"{first[: year.start()]}{one}" if _YEAR.match(one) else one for one in things[1:]]
    shared = first[: first.rfind("的") + 1]
    return [first, *(thing if len(thing) > 6 or "的" in thing else f"{shared}{thing}" for thing in things[1:])]


def _of_steps(asked: Asked) -> list[str]:
    """A question about each step of 从挂号、交费到进门; [] where there are none."""
    steps = _STEPS.search(asked.question)
    if steps is None or asked.wanted not in (Wanted.NAMES, Wanted.MANNER):
        return []
    before, after = asked.question[: steps.start()], asked.question[steps.end() :]
    return [f"{before}{step}{after}" for step in (*steps["steps"].split("、"), steps["last"])]


# --- clauses that each ask -------------------------------------------------------------------------------------------


def _of_clauses(question: str, lead: str, announced: bool) -> list[str]:
    """The clauses that ask, each with the topic of the first where it does not say itself what it is about."""
    clauses, _ = _asking_clauses(question, announced)
    if len(clauses) < 2 or all(_is_doubt(clause) for clause in clauses):
        return []
    topic = _topic(clauses[0])
    topic = topic if not lead or len(topic) >= _LEAST_SAID else f"{lead}，{topic}".strip("，")
    first = clauses[0] if _speaks_for_itself(clauses[0]) else _under(lead, clauses[0])
    parts = [first]
    for clause in clauses[1:]:
        also = _AND_THIS.fullmatch(clause)
        if also is not None:  # 办了多少张，补办呢
            asks = read_question(parts[-1]).asks
            clause = also["thing"] + (parts[-1][asks[-1].start : asks[-1].end] if asks else "")
        alone = _speaks_for_itself(clause, _LEAST_ANNOUNCED if announced else _LEAST_SAID) or (
            also is not None and _TIME.sub("", also["thing"]) != ""
        )
        other = _ANOTHER.match(clause)
        alone = alone or (other is not None and not _TIME.search(clause) and len(_FUNCTION.sub("", other["thing"])) > 2)
        parts.append(clause if alone else _under(topic, clause))
    return parts


def _asking_clauses(question: str, announced: bool = False) -> tuple[list[str], str]:
    """The clauses that each ask something, with what leads up to them, and what follows upon the last of them.

    A bare topic (图书馆的读者人数) is asked for at the end of a sentence; anywhere where questions are announced.
    """
    clauses: list[str] = []
    rest = ""
    sentences = [sentence for sentence in re.split("[？?。]", re.sub("[，,]?以及", "，", question)) if sentence]
    for i, sentence in enumerate(sentences):
        if _is_doubt(sentence) and (i + 1 < len(sentences) or _is_aside(sentence)):  # 降了没有？从多少降到多少？
            sentences[i + 1 : i + 2] = [f"{sentence}，{after}" for after in sentences[i + 1 : i + 2]]
            continue
        asks = _asks(sentence)
        start = 0
        for mark in _MARK.finditer(sentence):
            piece = sentence[start : mark.start()]
            asking = any(start <= ask.start < mark.start() for ask in asks)
            topic = implied(piece) and (announced or (clauses and not mark.group() and _speaks_for_itself(piece)))
            also = clauses and _AND_THIS.fullmatch(_stripped(piece))
            if not asking and not topic and not also:
                continue
            parts = mark.group() in _STOPS or (announced and topic) or _goes_on_asking(asks, mark, sentence)
            if not parts:  # 有哪些医院、学校参加
                continue
            clauses.append(_stripped(piece))
            start = mark.end()
        rest = _stripped(sentence[start:])
    return clauses, rest


_ANOTHER = re.compile(
    "(?P<thing>(?![^，,]*(?:目标|任务|占比|比例|增[速幅]|其中))[^，,多少几]{3,12}?(?<!的))[，,]?又[是有]"
)
"""Asks the same of another thing: 警务站有几个？司法所，又是几个."""
_AND_THIS = re.compile("那?么?(?P<thing>[^，,]{1,11}?[^，,多少了])又?呢")
_MARK = re.compile("[，,；;、]|[，,]?(?:还有|和|与)|$")
_STOPS = ("，", ",", "；", ";", "")
_OPENS = re.compile(
    "^(?:另外|还有|此外|再(?:问|就是)(?:[^，]{0,3}[，,])?|[一二三四]是|以及|其次|[既又]?[想要](?:知道|问)|[一二三四]要(?:知道)?|第[一二三四](?=[，,])|请(?:问|告诉我)|(?:我)?想(?:知道|问))[，,]?"
)


def _stripped(clause: str) -> str:
    clause = clause.strip("，,；;、 ")
    return _OPENS.sub("", clause) or clause


def _asks(sentence: str) -> list[Ask]:
    """What a sentence asks, in order: read as a whole, and for figures clause by clause as well."""
    asks = list(read_question(sentence).asks)
    for match in re.finditer("[^，,；;]+", sentence):
        for ask in read_question(match.group()).asks:
            start, end = match.start() + ask.start, match.start() + ask.end
            if ask.wanted in FIGURES and not any(a.start < end and start < a.end for a in asks):
                asks.append(replace(ask, start=start, end=end))
    return sorted(asks, key=lambda ask: ask.start)


def _goes_on_asking(asks: list[Ask], mark: re.Match[str], sentence: str) -> bool:
    """Whether 、 or 和 parts two questions: what comes next asks too, and says of what."""
    last = max((ask for ask in asks if ask.start < mark.start()), key=lambda ask: ask.start, default=None)
    following = next((ask for ask in asks if ask.start >= mark.end()), None)
    if last is None or following is None or (last.wanted is Wanted.MANNER and mark.group()[0] not in "、，,"):
        return False
    before = sentence[mark.end() : following.start]
    if re.search("[，,；;]", before) and (last.wanted not in FIGURES or last.end < mark.start()):
        return False  # 哪些学校、医院设了书屋，多少人去过; but 有多少人、到年底，书屋有几家
    after = "" if mark.group() in "和与" else re.split("[，,；;、]", sentence[following.end :])[0]
    return len(_FUNCTION.sub("", before + after)) > 1


def _is_doubt(clause: str) -> bool:
    asks = read_question(clause).asks
    return bool(asks) and all(ask.wanted is Wanted.YES_NO for ask in asks)


def _is_aside(doubt: str) -> bool:
    """Whether a last sentence that asks yes or no only doubts what was said before it: 对吗, 不就是换个名字吗."""
    return not _speaks_for_itself(doubt) or re.match("(?:这|那)?不就是|难道|我好", doubt) is not None


def _topic(clause: str) -> str:
    """What a clause asks about, without what it asks."""
    return _without(((ask.start, ask.end) for ask in read_question(clause).asks), clause).strip("，, 有是为现")


def _under(topic: str, clause: str) -> str:
    """A clause with what it is about before it; its own time replaces that of the topic."""
    if _OTHER_TIME.search(clause):
        topic = _TIME.sub("", topic).strip("，, ")
    headless, head = _HEADLESS.match(clause), _HEAD.search(topic)
    if headless is not None and head is not None:  # 借出的书有几本，归还的又有几本
        return f"{headless.group()}{head['noun']}{clause[headless.end() :]}"
    return f"{topic}，{clause}" if topic else clause


_HEADLESS = re.compile("[^，,的]{2,10}的(?=[又也有是要呢]|$)")
_HEAD = re.compile("的(?P<noun>[^的是“”]{1,6})$")
_LACKS_SUBJECT = re.compile("(?:离|比|较|单看|其中(?!的)|[它他她])")
_FUNCTION = re.compile(r"[的了是在有又也还都和与，,其它他们这那再合计共总一属分中同时想要到冲\s]|打算|计划|目标|力争")
_LEAST_SAID = 5  # characters
_LEAST_ANNOUNCED = 2  # the same where questions are announced, each of its own


def _speaks_for_itself(clause: str, least: int = _LEAST_SAID) -> bool:
    """Whether a clause names what it asks about, so that it is understood without the one before."""
    words = _without(((ask.start, ask.end) for ask in read_question(clause).asks), clause)
    return not _LACKS_SUBJECT.match(clause) and len(_FUNCTION.sub("", _TIME.sub("", words))) >= least


def _without(spans: Iterable[tuple[int, int]], text: str) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text
