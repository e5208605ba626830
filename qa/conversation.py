"""A follow-up becomes a question that stands alone: 那业务系统呢？ → 城市云脑的业务系统有多少？

    the same, of another thing    “一个场景”呢  三期呢  2024年呢    the last question, with this in its place
    another side of the thing     业务系统呢    同比呢            what the talk is about, and what is asked of it
    a pronoun                     它、他们、这些、这个数             what it stands for: the thing, those counted
    two figures of the talk       这两个数差了多少                  8.8万和3.8万差了多少
    a doubt                       不对吧  我怎么记得是63个           the last question, with the doubt behind it
    examples                      比如呢  举几个听听                which there are of what was counted last
    ways                          怎么做到的  靠什么                all that was asked last, and this behind it
    a slip put right              说错了，我要问的是……              what is meant, as if it had been asked before
    a change of subject           换个问题，……  不说这个了，……       what follows, by itself

Whatever else is short and names nothing that the reports know is asked of the thing that the talk is about (topics.py
says what that is). The writing out need not be perfect: the words typed now are looked for besides, and the passages
just talked about come nearer (`Restated`). Nothing here knows how an answer is found: the talk is read from its
questions, its short answers and the sentences they cite.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.figures import Figure, Kind, read_figures, same_value
from qa.answer import Answer, Status
from qa.language.asking import FIGURES, Asked, Wanted, read_question
from qa.language.kinds import KINDS
from qa.language.picking import units_alike
from qa.language.tense import ASKS_AHEAD
from qa.questions.arithmetic import ADDED, asks_change
from qa.questions.topics import END, QUOTED, SCOPE, TIME, all_asked, thing_counted, thing_found, thing_named

MOST_TURNS = 8  # turns kept; older ones are forgotten
MOST_QUOTES = 3  # quoted sentences kept of a turn
LONGEST_QUOTE = 400  # characters kept of a quoted sentence
LONGEST = 150  # characters of a question written out; what would be longer is asked as it was typed
_NAMED = 4  # characters in a row that a question shares with the report when it names its subject
LONGEST_NAME = 16  # characters of an answer that 它 may stand for
_LONG = 16  # characters; a longer question without pronoun says itself what it is about

Finder = Callable[[str], Sequence[str]]
"""Gives the texts of the passages that some words find, best first."""


@dataclass(frozen=True)
class Turn:
    """One question as it stood alone, and its answer: the short one, what it cites, and what both were about."""

    standalone: str
    short: str | None
    quotes: tuple[str, ...]
    passages: tuple[str, ...]
    answered: bool
    subject: str
    year: int | None = None  # of the report that the talk is about, where its title says so

    @property
    def topic(self) -> str:
        """All that the question asked for, as a noun phrase: 公共数据服务平台开放的数据目录."""
        return all_asked(self.standalone, self.subject)


@dataclass(frozen=True)
class Conversation:
    """The latest turns of one person's talk, oldest first; bounded in turns and in characters."""

    turns: tuple[Turn, ...] = ()

    def after(self, answer: Answer) -> "Conversation":
        """Give the conversation with one more turn; questions that were none leave it as it is."""
        if answer.status in (Status.INVALID_INPUT, Status.OUT_OF_SCOPE, Status.OVERLOADED, Status.ERROR):
            return self
        question = answer.standalone_question
        quotes = tuple("".join((*c.section[-1:], c.quote))[:LONGEST_QUOTE] for c in answer.citations[:MOST_QUOTES])
        passages = tuple(c.passage_id for c in answer.citations[:MOST_QUOTES])
        subject = thing_found(question, answer.short) or self._subject(question, quotes, passages)
        turn = Turn(
            question,
            answer.short,
            quotes,
            passages or (self.turns[-1].passages if self.turns and self.turns[-1].subject == subject else ()),
            answer.status in (Status.ANSWERED, Status.PARTIAL),
            subject,
            next((int(year.group()) for c in answer.citations if (year := _YEAR.search(c.title))), self._year),
        )
        return Conversation((*self.turns, turn)[-MOST_TURNS:])

    @property
    def _year(self) -> int | None:
        return self.turns[-1].year if self.turns else None

    def _subject(self, question: str, quotes: Sequence[str], passages: Sequence[str]) -> str:
        """What a question is about: what the turn before was, where it says so, or names nothing or a side of that."""
        before = self.turns[-1].subject if self.turns else ""
        if before and before in question:
            own = question.removeprefix(f"{before}，")
            return (_moved_on(own, before, quotes) if own != question else "") or before
        named = _told_of(question, quotes)
        if not before:
            return named or thing_counted(question, quotes)
        last = self.turns[-1]
        if not named and (not passages or set(passages) & set(last.passages)):
            return before
        other = last.standalone.replace(before, named) == question  # the same was asked of another thing
        beside = named and not other and any(before in quote and named in quote for quote in quotes)
        return before if beside else named or thing_counted(question, quotes)


def _told_of(question: str, quotes: Sequence[str]) -> str:
    """The thing that a question names, or what it counts where the answer speaks of that alone."""
    named, counted = thing_named(question, quotes), thing_counted(question, quotes)
    held = "\n".join(quotes)
    return counted if _shares(counted, held) and not _shares(named, held) else named


def _shares(words: str, held: str) -> bool:
    return any(words[i : i + 2] in held for i in range(len(words) - 1))


def _moved_on(own: str, before: str, quotes: Sequence[str]) -> str:
    """The thing that a follow-up asked about by itself, where its answer says nothing of what the talk was about."""
    held = "\n".join(quotes)
    if not held or _shares(before, held):
        return ""
    named = thing_named(own, quotes) or thing_counted(own, quotes)
    return named if len(named) > 1 and named in held else ""


@dataclass(frozen=True)
class Restated:
    """A question that stands alone.

    Where it leans on the turns before, `own` are the words that were typed now, `stays` the ids of the passages that
    the talk was just about, `told` the figures that earlier answers gave (a follow-up seldom asks for them again), and
    `last` is the turn before.
    """

    question: str
    own: str = ""
    stays: tuple[str, ...] = ()
    told: tuple[Figure, ...] = ()
    last: Turn | None = None

    @property
    def adds(self) -> str:
        """The words typed now, where they name anything to look for: not 今年的打算呢."""
        return "" if _names_nothing(self.own) and not _SUMMED.search(self.own) else self.own

    @property
    def follows(self) -> bool:
        """Whether the question leans on the turns before."""
        return bool(self.own)


_LEAD = re.compile(
    r"^(?:(?:那么|那(?!个|些|家|座|种|边|里|条|位|项|次|份|两|几|段|场(?!景))|这(?=算|样|就|又)|(?:嗯|哦|噢|对了|(?:好|行|明白|知道)[的了吧]?)"
    r"(?=[，,。！!]|不)|好的?[，,]|请问|再问一下|(?:照|按)这[么样](?:算|说|看)(?:下?来)?|这么(?:说|算|看)来?(?=[，,])|"
    r"也就是(?:说(?=[，,]))?)[，,。！!]?)+"
)
_SWITCH = re.compile(
    r"^(?:(?:咱们?|我们?)?(?:换|改)(?:一?个)(?:问题|话题|事儿?|方面)(?:问问?|说说?|聊聊?)?(?:吧|啊)?|"
    r"(?:另外|顺便|再)?(?:问|说|聊)(?:一?个)?(?:别的|其他的?|另外的?)(?:事儿?|问题)?(?:吧|啊)?|"
    r"(?:先|就)?不(?:说|聊|问|谈|管)[^，,。！!？?]{0,8}了(?=[，,。！!])|"
    r"(?:另外|顺便)(?:再)?问(?:一?下|一句|个事儿?|问|您|你)*)[，,：:。！!]?"
)
_CORRECTED = re.compile(
    r"^(?:(?:不是|不对|哎呀?)[，,])?(?:我?(?:刚才?)?(?:说|问|打|写)错了[，,。！!]?(?:我?(?:要|想|是)?(?:问|说|指)的?(?:其实)?是)?|"
    r"(?:我(?:要|想|是)?|其实)(?:问|说|指)的(?:其实)?是)"
)
_WRONG = "(?:[你您]|是不是|怕是)+[搞弄看记说算]错"
_DOUBT = re.compile(
    rf"^(?:不对吧?|错了吧?|不是吧|不会吧|真的吗?|真的假的|你?确定吗?|搞错了吧?|弄错了吧?|{_WRONG}了吧?|没搞错吧?|有没有搞错|是吗)"
    r"(?=[，,。？?！!啊呀]|$)[，,。？?！!啊呀]*"
)
_RECALLED = re.compile(
    r"(?P<recalled>(?:可是?|但是?)?我(?:怎么|明明|好像)*(?:记得|听说|印象[中里]|[看听查]到的?)(?:好像|明明)?(?:只?[是有])?(?P<stated>[^，,。？?！!]+?))"
    rf"了?(?:来着)?[呢吧呀啊吗]?(?:[，,](?:不?[对是]吗|不是吗|{_WRONG}[^，,]{{0,4}}))?"
)
_EXAMPLES = re.compile(
    "那?(?:(?:比如|例如|譬如)说?|(?:能|可以|给我|请)*举[几两俩一些]*个?例子?(?:说明)?|举[几两俩些]个?(?=听|看|说))"
    "都?[是有]?(?:哪些|什么|啥)?(?:听听|看看|说说|呢|吗|吧)*[，,]?(?:举[几两俩一]个)?"
)
_WHY = re.compile(
    r"(?:后来)?(?:(?:主要)?[靠凭图][的个]?是?[什啥]么?|是?[怎咋]么?[做办]到的|是?[什啥]么?(?:原因|缘故)(?:造成的)?|是?[怎咋]么?回事)[呢呀啊]?"
)
_LOOSE = re.compile("[，,]?(?:各自?|分别|在[^，,的]{1,4})$")
_LATTER = re.compile(r"后(?:头|面|边|者|一个)的?(?:这个?|那个?)?比前(?:头|面|边|者|一个)的?(?:这个?|那个?)?")
_FORMER = re.compile("前者|后者")
_EACH = re.compile(
    r"(?:^|[的，,])(?P<former>[一-鿿A-Za-z]{2,8}?)[和与跟及](?P<latter>[一-鿿A-Za-z]{2,8}?)(?:各|分别|一共|都|是|有|为)"
)
_THE = "(?:(?:这|那|前|上)(?:面|边)?)?的?"
_TWO = re.compile(
    rf"(?:按|照|用|拿)?{_THE}(?:两|2|俩)个?(?:数字?|数据|数值|数目|比例|百分比|金额|指标|结果|标准(?![箱化厂])|者|项|样|年(?=加|合(?=计|起来|一共)|一共|总共))|"
    r"(?:它|他|她)们?(?:俩|两)个?|二者"
)
_BOTH = re.compile(
    rf"{_THE}两(?:[边头拨类家批]|个(?!月|季度|小时|星期|学期)[一-鿿]{{1,3}}?(?<!相))"
    r"(?=(?:一共|总共)?(?:加|合)(?:在一|一块|一起|起来|计)|(?:相差|差了?)多少)"
)
"""Two things that the two figures just told are of, where those are alike: 两边差多少, 两个假期加起来."""
_THAN_THAT = re.compile("(?<=比)[这那它](?:个数)?(?=[还又要得]*[多少高低大小快慢])")
_COMPARES = re.compile("[比跟和与](?![上去前往同年今])[^，,]{2,}?(?:多|少|高|低|大|小|差)[^，,]{0,3}(?:多少|几)")
_REST = re.compile(
    "(?:其余|其他|剩下|余下)的?[^，,]{0,8}?(?:(?:[加合]起来|一共|总共|合计)(?:有?多少[一-鿿]?)?呢?|呢|有?多少[一-鿿]?)|没[^，,]{1,4}的(?:有|还有|差)?(?:呢|多少[一-鿿]?)"
)
_YET_MORE = re.compile("(?:还?[得要]|就是|意思是)(?:再|又)?[多少][一-鿿]{0,2}?(?:多少|几)[一-鿿]{0,3}")
_FIGURE = re.compile(
    r"(?:这|那|该)一?个?(?:数字|数目|数据|数值|数量|数(?![据量字目])|比例|比率|名次|排名|位次|金额|结果)"
)
_THESE = re.compile(r"(?:这|那)(?:些|(?:几|两)?(?:个|家|项|套|座|份|件|条|类|种|位|场|批|台|处|次))")
_ANY = re.compile(
    "项目|平台|系统|工程|活动|会议|单位|部门|机构|企业|公司|城市|数据|服务|地方|事儿?|工作|情况|问题|方面|内容|人|"
)
_THEY = re.compile(r"(?:它|他|她)们")
_IT = re.compile(r"它|(?<!应)该(?=平台|系统|项目|工程|中心|机构|部门|公司|活动|会议|政策)|前者|后者")
_HERE = re.compile(r"^(?:在?(?P<at>上面|里面|里头)|在?(?:这|那)(?P<in>里面?|里头|上面|边)|其中)")
_BARE = re.compile(r"(?P<thing>.+?)(?:又|都)?呢[？?。！!]*")
_LED = re.compile(r"(?P<thing>[^，,。？?]{1,10}?)呢[，,。？?](?=.)")
_NUMBERED = re.compile(r"第?[一二三四五六七八九十0-9]+[期号批轮届级]")
_MORE = re.compile(
    r"(?:那)?(?:除了?(?:这个?|这些|此|它)(?:之外|以外)?[，,]?)?(?:还|另外)(?:有)?(?:没有|有没有)?(?:别的|其他的?|其它的?|什么|哪些|呢|更多的?)?(?:了)?(?:吗|呢|没有|没|么|不)?[？?。]*"
)
_BESIDE = re.compile(
    r"^(?:[比跟和与]?(?:上|去|前|头)一?年|同比|环比)|^(?:连上|连同|再?加上|算上|其余|其他|其它|剩下|余下|另外那)|"
    r"^(?:排在?)?(?:(?:咱|我|它|他)们?)?(?:前头|前面|后头|后面|前一名|后一名|前边|后边)"
)
_EARLIER = re.compile(
    r"(?:(?:再|更)?(?:往前|早)(?:推|数)?一年|(?:再)上一年(?:的)?|大前年)(?:的)?(?P<at>年初|年底|年末)?"
)
_LAST_YEAR = re.compile(r"[上头前]一?年|当初|原来|之前|以前|从前|最初|年初")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_PLANNED = re.compile(r"(?<=\d年)的?(?:计划|目标|打算|安排|预期)(?:值|数)?$")
_SAME = (re.compile(TIME), re.compile(SCOPE))
_SIDE = re.compile(
    rf"(?:(?:放(?:到|在)|跟|和|与|比|比起|到|在|从|按|截至|算上|加上|才|只|又|再|还|要|了|的|一共|总共|合计|总的?|累计|历年|历来|加起来|"
    rf"加一块儿?|加在一起|同期|平均|人均|户均|每年|每月|每天|每个?人?|多少|几|{TIME}|{SCOPE}|相比|同比|环比|增长|增速|增幅|涨幅|涨|降|"
    r"增加|提高|上升|下降|变化|率|是|有|达到?|占|算下来|提升|(?<=[少几])[天户座辆张台所亩吨套件名位场米元万亿]|个|家|项|条|次|点|添|多|少|呢|吗|[，,？?。\s])+)?"
)
_GOAL = re.compile(
    rf"(?:{TIME})?的?(?:想|打算|计划|力争|准备|又|再|还|得|接着|继续)*(?:目标|任务|指标|计划)?(?:本来|原来|原先)?(?:是|定|想|要|争取|提高到|"
    r"增加到|控制到|[一-鿿]?到|[加添增改建新开招]+)*(?P<many>多少|几)呢?"
)
_PLANS = re.compile("想|打算|计划|目标|任务|指标|准备|安排|让它?|定|做")
_SUMMED = re.compile("累计|[人户平]均")
_THAN = re.compile(r"(?<=[一-鿿]{2})(?<![提升最增减变降调])(?:多|少|高|低|大|小|快|慢)(?:出来?|了|出了)?(?:多少|几)")
_RATE = re.compile(r"(?:率|比例|占比|比重|幅|增速|百分比)$")
_AMOUNT = re.compile(r"(?:[值额量]|面积|收入|支出|人数|总数)$")
_PLACED = re.compile("放|在|跟|和|与|比")
_NOUN = re.compile(r"(?![其给放按从]|在(?!线|校|建|职|读|册))[一-鿿A-Za-z]{1,8}(?<![的给放算])")
_AFTER_NOUN = re.compile("[，,的了被纳汇接]|利用|使用|用于")


def restate(question: str, conversation: Conversation, find: Finder) -> Restated:
    """Write a question out so that it is understood without the turns before; one that stands alone stays as it is.

    `find` is asked what the question finds by itself.
    """
    earlier = conversation.turns
    if not earlier:
        return Restated(question)
    words = _LEAD.sub("", question).strip()
    switched = _SWITCH.sub("", words).strip()
    if switched != words and switched:
        return Restated(_LEAD.sub("", switched) or switched)
    written = _write_out(words, earlier, find)
    if not written or written == question or len(written) > LONGEST:
        return Restated(question, stays=_drawn_to(words, question, earlier[-1]))
    asked_again = [turn for turn in earlier if turn.standalone.rstrip(END) in written]
    told = tuple(f for turn in earlier if turn not in asked_again for f in read_figures(turn.short or ""))
    stays = _drawn_to(words, written, earlier[-1])
    if stays and _computes_with(written, earlier):
        stays = (*earlier[-2].passages, *stays)
    return Restated(written, words, stays, told, earlier[-1])


def _computes_with(written: str, earlier: Sequence[Turn]) -> bool:
    """Whether a question written out states a figure that the last turn but one told."""
    told = read_figures(earlier[-2].short or "") if len(earlier) > 1 else []
    return any(same_value(figure, other) for figure in read_figures(written) for other in told)


def _drawn_to(words: str, written: str, last: Turn) -> tuple[str, ...]:
    """The passages just talked about, where they may answer: not of plans, nor of a thing they do not name."""
    subject = thing_named(written, ())
    other = subject and last.subject not in written and not any(subject in quote for quote in last.quotes)
    return () if other or ASKS_AHEAD.search(words) else last.passages


def _write_out(words: str, earlier: Sequence[Turn], find: Finder) -> str | None:
    """The words with what they leave out; None where they stand alone."""
    last = earlier[-1]
    words = _EARLIER.sub(lambda match: _year_before(match["at"] or "", last), words, count=1)
    words = words.replace("前年", "前一年") if "去年" in last.standalone and "大前年" not in words else words
    meant = _CORRECTED.sub("", words)
    if meant != words and meant.strip(END):
        named = re.split("[，,]", meant.strip(END))[-1]
        return meant if read_question(meant).asks else _another(named, earlier, find)
    if _DOUBT.search(words):
        return _doubted(last, _DOUBT.sub("", words).strip(END))
    recalled = _RECALLED.fullmatch(words.strip(END))
    if recalled is not None and _may_answer(recalled["stated"], last):
        return _doubted(last, recalled["recalled"])
    two = _LATTER.match(words) or _TWO.search(words) or _BOTH.match(words)
    figures = _two_figures(earlier, alike=two.re is _BOTH) if two is not None else None
    if two is not None and figures is not None:
        one, other = figures
        words = f"{words.rstrip(END).removesuffix('呢')}是多少？" if not read_question(words).asks else words
        rest = (words[: two.start()] + words[two.end() :]).removeprefix("来").removeprefix("算").lstrip("，, ")
        asked = f"{other}比{one}{rest}" if two.re is _LATTER else f"{one}和{other}{rest}"
        return f"{last.subject}，{asked}" if last.subject else asked
    whole, part = _whole(earlier) if _REST.fullmatch(words.strip(END)) else None, _figure_told(last)
    if whole is not None and part is not None:
        return f"{last.subject or last.topic}，{whole.text}扣除{part.text}还剩多少？"
    more = _two_figures(earlier[-2:], alike=True) if _YET_MORE.fullmatch(words.strip(END)) else None
    if more is not None:
        one, other = more
        return f"{last.subject or last.topic}，{other}比{one}{words[words.index('多') :] if '多' in words else words}"
    if _MORE.fullmatch(words):
        told = f"除了{last.short}" if last.short else ""
        return f"{last.topic}，{told}还有哪些？"
    if _EXAMPLES.fullmatch(words.strip(END)):
        subject = last.subject or last.topic
        noun = next((ask.noun for ask in read_question(last.standalone).asks if ask.noun not in subject), "")
        return f"{subject}{noun and f'的{noun}'}有哪些？"
    led = _LED.match(words)
    alike = _alike(led["thing"], last) if led is not None else ""
    if led is not None and alike:
        return f"{alike}，{words[led.end() :]}"
    bare = _BARE.fullmatch(words)
    if bare is not None and not read_question(bare["thing"]).asks:
        return _another(bare["thing"].strip("，, "), earlier, find)
    replaced = _without_pronoun(words, earlier, find)
    if replaced is not None:
        return replaced
    if _COMPARES.match(words):
        return f"{last.topic}{words}"
    return None if _stands_alone(words, last, find) else _prefixed(words, earlier)


def _year_before(at: str, last: Turn) -> str:
    """The year that 再往前一年 means: the one before last year's where the talk is of that already, else 上年."""
    if last.year is None or not (at or _LAST_YEAR.search(last.standalone)):
        return f"上年{at}"
    return f"{last.year - (1 if at else 2)}年{at}"


def _prefixed(words: str, earlier: Sequence[Turn]) -> str:
    """The words after what they are about: the thing, or all that was asked of it where they add nothing."""
    last = earlier[-1]
    subject = last.subject or last.topic
    goal = _GOAL.fullmatch(words.strip(END))
    if goal is not None:
        words = f"{words[: goal.end('many')]}{_unit_asked(last)}？"
    if goal is not None or _adds_little(words):
        same = (turn for turn in reversed(earlier) if turn.subject == last.subject)
        subject = next((turn for turn in same if not asks_change(read_question(turn.standalone))), last).topic
    if _WHY.fullmatch(words.strip(END)):
        subject = _LOOSE.sub("", last.topic)
    if re.search(TIME, words):
        subject = re.sub(rf"(?:{TIME})底?的?", "", subject).rstrip(END)
    than = _THAN.search(words)
    if than is not None and "比" not in words[: than.start()]:
        words = f"{words[: than.start()]}比{_head(last)}{words[than.start() :]}"
    if not subject or subject in words:
        return words
    tail = _tail(subject, words)
    return f"{subject}{words[len(tail) :]}" if tail else f"{subject}，{words}"


def _unit_asked(turn: Turn) -> str:
    """The classifier that the last question asked for: 家; "" where it asked for none."""
    ask = next((ask for ask in read_question(turn.standalone).asks if ask.wanted is Wanted.COUNT), None)
    said = turn.standalone[ask.start : ask.end + len(ask.unit)] if ask is not None else ""
    return ask.unit if ask is not None and re.match(f"(?:多少|几){re.escape(ask.unit)}", said) else ""


def _tail(name: str, words: str) -> str:
    """The end of a name with which words begin, of 2 characters at least: 平台 of 数据服务平台; "" where none."""
    return next((name[-n:] for n in range(len(name), 1, -1) if words.startswith(name[-n:])), "")


def _head(turn: Turn) -> str:
    """The noun that the last question asked about, to compare with: 机关用户."""
    return next((ask.noun for ask in read_question(turn.standalone).asks if ask.noun), "") or turn.subject


def _adds_little(words: str) -> bool:
    """Whether words name nothing but a time, a place, a comparison or a number: 年初才多少, 2024年还要再添几家."""
    return _SIDE.fullmatch(words.strip(END)) is not None


def _names_nothing(words: str) -> bool:
    """Whether words add little, and but for that they speak of plans: 今年的打算, 2024年的目标."""
    return _adds_little(_PLANS.sub("", words))


# --- doubts, figures -------------------------------------------------------------------------------------------------


def _doubted(last: Turn, doubt: str) -> str:
    asked = read_question(last.standalone)
    if doubt or last.short is None or len(asked.asks) != 1:
        return f"{last.standalone.rstrip(END)}，{doubt or '对吗'}？"
    ask = asked.asks[0]
    noun = ask.noun if ask.noun in last.standalone[ask.start : ask.end] else ""
    stated = last.standalone[: ask.start] + last.short.removesuffix(noun) + noun + last.standalone[ask.end :]
    return f"{stated.rstrip(END)}，对吗？"


def _may_answer(words: str, last: Turn) -> bool:
    """Whether words are one figure and nothing else, of a sort that the last question asked for: 57万, 一万八千多处."""
    figures, wanted = read_figures(words), read_question(last.standalone).wanted
    if wanted not in FIGURES or len(figures) != 1 or figures[0].text != words:
        return False
    kind = figures[0].kind
    return (kind is Kind.RANK) is (wanted is Wanted.RANK) and (kind is Kind.DATE) is (wanted is Wanted.DATE)


def _two_figures(earlier: Sequence[Turn], alike: bool) -> tuple[str, str] | None:
    """The two latest figures that answers gave, different ones, in the order given; `alike`: of one unit, or none."""
    found: list[Figure] = []
    for turn in reversed(earlier):
        for figure in reversed(read_figures(turn.short or "")):
            if figure.kind is not Kind.DATE and not any(same_value(figure, other) for other in found):
                found.append(figure)
    if len(found) < 2 or (alike and not units_alike(found[0], found[1])):
        return None
    return found[1].text, found[0].text


def _whole(earlier: Sequence[Turn]) -> Figure | None:
    """The figure told before of which the last answer's is a part: the one just before, or of its sentence."""
    last = earlier[-1]
    part = _figure_told(last)
    held = [figure for quote in last.quotes for figure in read_figures(quote)]
    for turn in reversed(earlier[:-1]):
        whole = _figure_told(turn)
        near = turn is earlier[-2] or (whole and any(same_value(whole, figure) for figure in held))
        if part and whole and near and units_alike(part, whole):
            return whole if (whole.value or 0) > (part.value or 0) else None
    return None


# --- the same of another thing, another side of the same -------------------------------------------------------------


def _another(thing: str, earlier: Sequence[Turn], find: Finder) -> str:
    """What X呢 asks: the last question with X in the place of what is like it, else X of what the talk is about."""
    last = next(
        (turn for turn in reversed(earlier) if turn.answered and turn.subject == earlier[-1].subject), earlier[-1]
    )
    thing = _PLANNED.sub("", thing)
    if _adds_little(thing):
        last = next((turn for turn in reversed(earlier) if read_question(turn.standalone).wanted in FIGURES), last)
    before = last.standalone
    quoted = QUOTED.findall(before)
    if QUOTED.fullmatch(thing) and quoted:
        return before.replace(quoted[-1], thing)
    for same in _SAME:
        theirs = same.search(before)
        if same.fullmatch(thing):
            return before.replace(theirs.group(), thing, 1) if theirs else f"{thing}{before}"
    beside, theirs = _sibling(thing, last)
    if beside:
        return before.replace(theirs, beside)
    other = _alike(thing, last) or _kind_of(thing, last, find)
    if other and last.subject and last.subject in before:
        return before.replace(last.subject, other)
    if last.subject and last.subject in before and _is_peer(thing, last, find):
        return before.replace(last.subject, thing)
    asked = read_question(before)
    if asked.wanted in (None, Wanted.YES_NO):
        asks = (read_question(turn.standalone) for turn in reversed(earlier))
        asked = next((one for one in asks if one.wanted in FIGURES), asked)
    if _adds_little(thing):
        about = last.subject if _PLACED.match(thing) and last.subject else last.topic
        return f"{about}，{thing}{_predicate(thing, asked)}"
    subject = last.subject or last.topic
    pronoun = _IT.match(thing) or _THEY.match(thing)
    if pronoun is not None:
        thing = thing[pronoun.end() :].removeprefix("的")
    thing = _as_counted(thing, last) or thing
    link = "的" if _NOUN.fullmatch(thing) else "，"
    said = _predicate(thing, asked)
    if thing.endswith("的") and asked.asks and asked.asks[0].unit and said == "有多少？":
        said = f"有多少{asked.asks[0].unit}？"
    return f"{subject}{link}{thing}{said}"


def _alike(thing: str, last: Turn) -> str:
    """Another of the same name as the talk is about: 湖滨学校三期 for 三期, after 湖滨学校二期; "" where none."""
    name = last.subject
    if _NUMBERED.fullmatch(thing):
        theirs = re.search(rf"{_NUMBERED.pattern}$", name)
        return name[: theirs.start()] + thing if theirs and theirs.group()[-1] == thing[-1] else ""
    at = name.find(thing[-2:]) if len(thing) > 2 and thing not in name else -1
    return thing + name[at + 2 :] if at >= 0 else ""


def _kind_of(thing: str, last: Turn, find: Finder) -> str:
    """The report's own words for another of the same kind: 离婚登记 for 离婚的, after 结婚登记; "" where none."""
    if not thing.endswith("的") or len(thing) < 3:
        return ""
    kind = last.subject[-2:]
    for quote in (*last.quotes, *find(thing[:-1] + last.subject)[:3]):
        found = re.search(rf"{re.escape(thing[:-1])}[一-鿿]{{0,6}}?{re.escape(kind)}", quote)
        if found is not None and kind:
            return found.group()
    return ""


def _sibling(thing: str, last: Turn) -> tuple[str, str]:
    """What stands beside a thing of the last question in its answer, and that thing: 糖尿病的 of 高血压、糖尿病."""
    other = thing.removesuffix("的")
    if len(other) < 2:
        return "", ""
    name = "(?P<theirs>[一-鿿A-Za-z]{2,8})"
    row = re.compile(
        f"(?={name}[、和与及]{re.escape(other)})|{re.escape(other)}[、和与及]{name.replace('theirs', 'after')}"
    )
    for quote in last.quotes:
        for match in row.finditer(quote):
            theirs = match["theirs"] or match["after"]
            sizes = range(len(theirs), 1, -1)
            held = [theirs[-n:] if match["theirs"] else theirs[:n] for n in sizes]
            found = next((piece for piece in held if piece in last.standalone), "")
            if found:
                return other, found
    return "", ""


def _as_counted(thing: str, last: Turn) -> str:
    """The report's own words for another of those counted: 移动办公用户 for 移动端的, after 机关用户; "" where none."""
    noun = _head(last)
    pairs = {thing[i : i + 2] for i in range(len(thing) - 1)}
    for quote in last.quotes:
        for figure in read_figures(quote):
            counted = _cut_counted(figure)
            if counted[-2:] == noun[-2:] and counted != noun and any(pair in counted[:-2] for pair in pairs):
                return counted
    return ""


def _cut_counted(figure: Figure) -> str:
    return _AFTER_NOUN.split(figure.counted)[0][:8]


def _is_peer(thing: str, last: Turn, find: Finder) -> bool:
    """Whether a thing is another one like the last: the reports name it, but not in what was just cited."""
    if len(thing) < 2 or any(thing in quote for quote in last.quotes) or _RATE.search(thing):
        return False
    return len(thing) > 2 and any(thing in text for text in find(thing)[:3])


def _predicate(thing: str, before: Asked) -> str:
    """What 呢 stands for: the kind of question asked before."""
    if _RATE.search(thing) or thing.endswith("比") or (before.wanted is Wanted.RANK and _AMOUNT.search(thing)):
        return "是多少？"
    if before.wanted is Wanted.RANK:
        return "排第几？"
    if before.wanted is Wanted.MONEY:
        return "有多少钱？"
    if before.wanted in FIGURES:
        return "有多少？"
    return "是什么情况？" if before.wanted is not Wanted.NAMES else "有哪些？"


# --- pronouns --------------------------------------------------------------------------------------------------------


def _without_pronoun(words: str, earlier: Sequence[Turn], find: Finder) -> str | None:
    """The words with their pronoun spelled out; None where they have none."""
    last = earlier[-1]
    than = _THAN_THAT.search(words)
    before = _figure_told(last)
    if than is not None and before is not None:
        asked = words[: than.start()] + before.text + words[than.end() :]
        about = last.topic if _names_nothing(words[: than.start()]) else last.subject or last.topic
        return asked if _stands_alone(words, last, find) else f"{about}，{asked}"
    figure = _FIGURE.search(words)
    if figure is not None:
        named = _counted(last) or f"{last.topic}，{figure.group()}（{last.short}）" if last.short else last.topic
        return words[: figure.start()] + named + words[figure.end() :]
    they = _THEY.search(words)
    if they is not None:
        two = _two_figures(earlier, alike=False) if ADDED.search(words) else None
        if two is not None and not _both(earlier):
            return f"{last.topic}，{two[0]}和{two[1]}{words[they.end() :]}"
        named = _both(earlier) or _theirs(last) or last.subject
        return words[: they.start()] + named + words[they.end() :]
    these = _THESE.search(words)
    if these is not None and not words[: these.start()].endswith("的"):
        rest = words[these.end() :]
        theirs = _theirs(last)
        named = next((name for name in (last.subject, theirs) if _tail(name, rest)), "") or theirs or last.subject
        own = rest[:_NAMED]
        noun = _tail(named, rest) or _any(rest)
        if not named or (not noun and any(own in text for text in find(words))):
            return None
        if not noun and rest[:2] in named:  # 这个柚子的牌子: it says itself which
            return words[: these.start()] + rest
        return words[: these.start()] + named + rest[len(noun) :]
    sides = _sides(last) if _FORMER.search(words) else None
    if sides is not None:
        return _FORMER.sub(lambda match: sides[match.group() == "后者"], words)
    it = _IT.search(words)
    if it is not None and last.subject:
        return words[: it.start()] + (_named_by(last) or last.subject) + words[it.end() :]
    here = _HERE.search(words)
    if here is None or (last.subject and last.subject in words):
        return None
    at = here["at"] or here["in"]
    return f"{last.subject or last.topic}{at}{words[here.end() :]}" if at else f"{last.topic}，{words}"


def _figure_told(turn: Turn) -> Figure | None:
    """The figure that a turn's answer gave, where it was one."""
    figures = [figure for figure in read_figures(turn.short or "") if figure.kind is not Kind.DATE]
    return figures[0] if len(figures) == 1 else None


def _sides(turn: Turn) -> tuple[str, str] | None:
    """The two things that the last question asked of, or its answer names: 注册用户 and 月活 of …和月活各是多少."""
    asked = _EACH.search(turn.standalone)
    if asked is not None:
        return asked["former"], asked["latter"]
    named = re.split("[、和与]", turn.short or "")
    two = len(named) == 2 and min(map(len, named)) > 1 and not read_figures(turn.short or "")
    return (named[0], named[1]) if two else None


def _named_by(turn: Turn) -> str:
    """The one that the last answer names, where the question asked which of several is meant; else ""."""
    asks = read_question(turn.standalone).asks
    short = turn.short or ""
    which = len(asks) == 1 and asks[0].wanted is Wanted.NAME and re.match("哪|谁", turn.standalone[asks[0].start :])
    asked = next((short[-n:] for n in range(len(short), 1, -1) if short[-n:] in turn.standalone), "")
    short = short.removesuffix(asked)  # 澜北产业园二期投资最大, where it was asked which 投资最大
    if not which or not 2 < len(short) <= LONGEST_NAME or re.search(r"[\d，,、；;将的]", short):
        return ""
    endings = KINDS.get(asks[0].noun, ())
    return short if short.endswith(endings) or (not endings and (asked or len(short) <= _NAMED * 2)) else ""


def _theirs(turn: Turn) -> str:
    """Those that the last answer counted, with whose they are: 公共数据服务平台的44家企业."""
    counted = _counted(turn)
    return f"{turn.subject}的{counted}" if counted and turn.subject and turn.subject not in counted else counted


def _any(words: str) -> str:
    """The noun for anything with which words begin: 项目, 系统, 事; "" where none."""
    noun = _ANY.match(words)
    return noun.group() if noun else ""


def _both(earlier: Sequence[Turn]) -> str:
    """“一件事”和“一个场景”, where the last two turns asked the same of two things; else ""."""
    if len(earlier) < 2:
        return ""
    one, two = earlier[-2], earlier[-1]
    if not one.subject or not two.subject or one.subject == two.subject:
        return ""
    same = two.standalone == one.standalone.replace(one.subject, two.subject)
    return f"{one.subject}和{two.subject}" if same else ""


def _counted(turn: Turn) -> str:
    """Those that the last answer counted: 18家金融机构; "" where it counted nothing."""
    figures = [f for f in read_figures(turn.short or "") if f.kind in (Kind.COUNT, Kind.RANK)]
    asks = [ask for ask in read_question(turn.standalone).asks if ask.wanted in (Wanted.COUNT, Wanted.RANK)]
    if len(figures) != 1 or not asks:
        return ""
    figure, noun = figures[0], asks[0].noun
    if figure.kind is Kind.RANK:
        return f"{turn.subject}{figure.text}"
    for quote in turn.quotes:
        for other in read_figures(quote):
            if other.text == figure.text and other.counted:
                near = noun and other.counted.startswith(noun)
                return figure.text + (noun if near else _cut_counted(other))
    return figure.text + noun if len(noun) > 2 else ""


# --- what is it about ------------------------------------------------------------------------------------------------


def _stands_alone(words: str, last: Turn, find: Finder) -> bool:
    """Whether words say themselves what they are about: they are long, or name what the reports know."""
    if _BESIDE.search(words):
        return False
    if len(words.rstrip(END)) >= _LONG:
        return True
    rest = words
    for ask in reversed(read_question(words).asks):
        rest = f"{rest[: ask.start]}\n{rest[ask.end - len(ask.noun) :]}"
    if len(last.subject) > 2 and last.subject in rest:
        return True
    pieces = [rest[i : i + _NAMED] for i in range(len(rest) - _NAMED + 1)]
    pieces = [piece for piece in pieces if re.fullmatch(r"[^\s\d，,。？?、]+", piece)]
    return bool(pieces) and any(piece in text for text in find(words) for piece in pieces)
