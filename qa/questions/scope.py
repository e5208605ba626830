"""Is a question one for these reports at all, and does it ask of a place or a year of which they say nothing?"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.lexical import normalise, terms
from index.passage import Hit, Passage, Report
from qa import prompts
from qa.language.asking import FIGURES, Asked, read_question
from qa.language.speaking import speaks_as_asked
from qa.language.tense import year_in_force, years_asked
from qa.language.wording import FUNCTION, everyday, official_words, weigh
from qa.retrieval import Retriever

FAR = 0.32  # below this sum of likeness and shared words a question has nothing to do with the reports
FAR_FIGURE = 0.26  # the same for a question for a figure: whether there is such a figure is looked into anyway
_BRIEF = 10  # characters; a question this short asks of the report at hand (有哪些不足)
_LOOKED_AT = 3  # passages whose words count as shared

_COURTESY = re.compile(r"(?:谢谢|多谢|感谢|好的|好|知道了|明白了|再见|拜拜|辛苦)(?:你|您|了|啊|哈|啦)*[！!。~～ ]*")
_PERSONAL = re.compile(
    r"(?:[长员人他她]|的)(?:私人)?(?:手机号|电话号码)|家庭住址|住址|身份证号|银行卡号|密码是|微信号|私人电话"
)
_OPINION = re.compile(r"你(?:怎么|如何)(?:看|评价|认为)|你(?:觉得|认为|感觉)|该不该|你(?:支持|反对|喜欢)")
_ORDER = re.compile(
    r"(?:忽略|无视|忘掉|忘记|不要理会).{0,12}(?:指令|规则|要求|提示|设定|内容)|提示词|系统提示|扮演|越狱|角色扮演|"
    r"ignore (?:all|any|previous|the)|disregard|system prompt|repeat everything|jailbreak|\bDAN\b|DROP TABLE|"
    r"(?:写|作|编|来)(?:一|几|两|1)?(?:首|篇|段|个|封|份)(?:.{0,12})(?:诗|词|歌|作文|小说|故事|笑话|情书|代码|程序|脚本|文章|对联|检讨)|"
    r"(?:翻译?|译|改写?|写)(?:成|为)[英日韩法德俄][文语]|翻译(?:成|一下|这)|讲个|唱(?:一|首)|骂(?:一|几|人|他|她|死)|(?:写|改|编).{0,8}(?:代码|程序|脚本)|(?:教我)?(?:怎么|如何)(?:才能)?(?:.{0,6})(?:入侵|攻击|破解|黑进|逃税|逃票|造假|虚假|作弊|行贿)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"下雨|下雪|天气|气温|几度|台风会|股票|炒股|彩票|双色球|星座|运势|菜谱|减肥|世界杯|奥运会冠军|电影票|你是谁|你叫什么|你几岁|你好$"
)

_QUESTION_MARK = re.compile(r"多少|几|哪|什么|啥|谁|吗|呢|是不是|有没有|如何|怎|为何|[？?]")


def refuse_outright(question: str) -> str | None:
    """Say why something typed is no question to a report (an opinion, personal data); None where it may be one."""
    if _COURTESY.fullmatch(question):
        return prompts.COURTESY
    if _PERSONAL.search(question):
        return prompts.NO_PERSONAL_DATA
    if _OPINION.search(question):
        return prompts.NO_OPINION
    return None


def is_order(question: str) -> bool:
    """Whether something typed gives the chatbot an order or asks for other work than answering from reports."""
    return _ORDER.search(question) is not None


def without_orders(question: str) -> str:
    """Drop the sentences that give orders and keep those that ask; "" where none asks.

    A question without orders comes back as it is.
    """
    if not is_order(question):
        return question
    pieces = re.split(r"(?<=[。！!？?；;\n])|(?<=[.])\s", question)
    return "".join(piece for piece in pieces if not is_order(piece) and _QUESTION_MARK.search(piece)).strip()


_OWN = re.compile("报告|全市|市里|我市|本市|你们")


def is_far(asked: Asked, hits: Sequence[Hit], retriever: Retriever) -> bool:
    """Whether a question shares neither words nor meaning with what was found for it."""
    other = _OTHER.search(asked.question)
    if other is not None and not retriever.mentions(other.group()):
        return True
    if not hits:
        return True
    own = _OWN.search(asked.question) is not None
    if (own or len(asked.question) <= _BRIEF) and any(
        speaks_as_asked(asked.question, hit.passage.text) for hit in hits[:_LOOKED_AT]
    ):
        return False
    clauses = [
        clause for clause in re.split("[，,。；;]|(?<=[他她我想请])问(?!题)", asked.question) if len(clause) >= _CLAUSE
    ]
    if len(clauses) > 1 and asked.asks and _is_near(clauses[-1], asked, hits, retriever):
        return False
    return not _is_near(asked.question, asked, hits, retriever)


_CLAUSE = 8  # characters from which on a clause is looked at by itself: what leads up to a question may tell a story


def _is_near(words: str, asked: Asked, hits: Sequence[Hit], retriever: Retriever) -> bool:
    """Whether the words of a question share enough with what was found."""
    positions = np.array([hit.passage.position for hit in hits[:_LOOKED_AT]])
    likeness = float(retriever.index.cosines(retriever.question_vector(words), positions).max())
    found = normalise("".join("".join((*hit.passage.section, hit.passage.text)) for hit in hits[:_LOOKED_AT]))
    official = sum(word in found for word in official_words(words))
    own = _OWN.search(words) is not None
    near = likeness + _shared(read_question(words), found, retriever) + 0.1 * min(official, 3) + 0.1 * own
    return near >= (FAR_FIGURE if asked.wanted in FIGURES else FAR)


def _shared(asked: Asked, found: str, retriever: Retriever) -> float:
    """Share of a question's bigrams and names, weighed by rarity and without its interrogatives, that was found."""
    bare = asked.question
    for ask in reversed(asked.asks):
        bare = f"{bare[: ask.start]} {ask.noun}{bare[ask.end :]}"
    weights = weigh(bare)
    rare = {t: retriever.index.words.idf(t) for t in dict.fromkeys(terms(bare)) if len(t) > 1 and weights[t] > FUNCTION}
    return sum(idf for term, idf in rare.items() if term in found) / (sum(rare.values()) or 1.0)


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "places.txt").read_text(encoding="utf-8").split())


_GENERIC = (
    "社区 园区 景区 辖区 城区 地区 市区 新区 专区 片区 街区 老区 库区 灾区 郊区 校区 "
    "厂区 营区 林区 牧区 矿区 小区 城市 全市 本市 我市 各市 超市 股市 楼市 门市 夜市 上市 "
    "县市 地市 省市 都市 集市 菜市 各县 全县 本县 我县 区县 市县 各区 全区 本区 我区 城镇 "
    "乡镇 各镇 村镇 全镇 特区 学区 院区 病区 盲区 误区 禁区 战区 "
    "时区 选区 示范区 开发区 试验区 经济区 自贸区 保税区 高新区 功能区 自治区 分区 整区 中心区 "
    "住宅区 工业区 生活区 保护区 风景区 旅游区 大城市 房市 入市 在市"
)
GENERIC_PLACES = tuple(_GENERIC.split())
"""Words that end like the name of a place and name none."""
_NO_NAME = (
    "咱们你他她它俺说听问扣剩算作外不除刨请来几各两每本全我该此哪这那级比和与在的个跟从到去里是把被给了对其中单看第多少"
    "一二三四五六七八九十百千"
)
_PLACE = re.compile(
    rf"(?:^|(?<=[^一-鿿])|(?<=[在里的和与比跟从到去是把被给对及说问住]))"
    rf"(?:(?![{_NO_NAME}])[一-鿿]){{2,3}}(?:区|县|市|镇|街道)"
    r"(?=[的有占里内在和与跟是共建开办新今去全几多哪设，,、？?。]|$)"
)


_BOUND_FOR = re.compile(
    r"(?:(?:[往奔赴]|跑[到去]?|送到|坐车去|开车去|搭车去)[一-鿿]{2,4}?(?=跑|去|走|送|寄|搬|办|开会|出差|看病|打工|上学|[不吗，,。？?]|$))|"
    r"(?:[去到上][一-鿿]{2,4}?(?:跑|出差|开会|看病|打工|上学|办事|旅游|玩))|(?:从[一-鿿]{2,4}?(?:来|过来|回来|搬来))"
)
"""Where somebody goes or comes from, which is no place that the question is about: 往省城跑, 从外地来."""


_ASKER = re.compile(
    r"(?:^|(?<=[，,。：:；;！!？?]))(?:[^，,。：:；;！!？?]{0,6}?(?:我|俺|本人)们?(?:是(?!想|要|问)|家?在|家?住|从|来自|喺|打(?![听算]))[^，,。：:；;！!？?]*|作为[^，,。：:；;！!？?]*|"
    r"[^，,。：:；;！!？?]{2,10}(?:来的|来打工的|老乡|大爷|大妈|同学|朋友)(?:问的|问一句|想问|请教)?)(?=[，,。：:；;！!？?]|$)"
)
"""Who asks, which is no part of what is asked: 我在甲市上班，…; 乙县来的，…."""
_THERE = re.compile(
    "那边|那里|那儿|我们那|当地|老家|家乡|(?<![小社园景校街城老新库院])[区县镇]里|(?:我们?|咱们?|俺们?)[区县镇](?![级域长])"
)


_ALONE = 7  # characters with a mark of a question that asks something by itself; 那有多少？ does not


def missing_place(question: str, mentions: Callable[[str], bool]) -> str | None:
    """Name a place that a question asks about and that the documents never mention; None where there is none."""
    own = _ASKER.sub(lambda clause: clause.group() if _QUESTION_MARK.search(clause.group()) else "", question)
    question = own if len(own) > _ALONE and not _THERE.search(question) else question
    question = re.sub(r"[0-9]{4}年度?", "，", _BOUND_FOR.sub("", question))  # 2022年云溪县 is no 年云溪县
    for city in _cities():
        if city in question and not mentions(city):
            return city
    for match in _PLACE.finditer(question):
        name = match.group()
        if name.endswith(GENERIC_PLACES) or mentions(name[:-1]):
            continue
        return name
    return None


_PLAIN = r"(?![没提说写讲关具])[一-鿿A-Za-z0-9]{3,10}?"
_AMONG = r"(?:里头|里面|里边|里|其中|当中|之列|名单上?)"
_MEMBER = re.compile(
    rf"(?:^|[，,。])(?P<name>{_PLAIN})(?:是不是|是否|有没有)?也?在(?:不在)?(?:[^，,。？?]*{_AMONG}|其列)(?:吗|么)?[？?]*$|"
    rf"{_AMONG}(?:有没有|有无|有|包不包括|包括|包含)(?P<held>{_PLAIN})(?:吗|么|没有?|不)?[？?]*$"
)


def missing_member(question: str, mentions: Callable[[str], bool]) -> str | None:
    """Name what a question asks for among others (里头有湖滨医院吗) and the documents never mention; else None."""
    match = _MEMBER.search(question)
    name = (match["name"] or match["held"]) if match else ""
    known = not name or "的" in name or name in everyday() or mentions(name)
    return None if known else name


_OFFICE = "(?:[局市县区院校所处科队厅省部镇乡村馆站组]长|主任|书记|经理|理事长|董事长|负责人|一把手)"
_ASKS_OFFICER = re.compile(
    rf"{_OFFICE}(?:同志|本人)?(?:现在|到底|究竟|又)*(?:叫|是|姓|名叫|的?(?:名字|姓名)[是叫]?)(?:什么|啥|谁|哪位|哪个)|"
    rf"谁是[^，,。？?]{{0,10}}{_OFFICE}"
)
_SURNAME = (  # without those that are common words too: 高, 龙, 文, 常
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
)
_OFFICER = re.compile(
    rf"{_OFFICE}[　 ]*[{_SURNAME}][　 ]?[一-鿿]{{1,2}}(?![一-鿿])|[{_SURNAME}][一-鿿]{{1,2}}(?:任|担任|当选)"
)


def missing_officer(question: str, texts: Iterable[str]) -> bool:
    """Whether a question asks what somebody in an office is called (局长叫什么名字) and no text names one."""
    return _ASKS_OFFICER.search(question) is not None and not any(_OFFICER.search(text) for text in texts)


def missing_year(asked: Asked, passage: Passage, report: Report) -> int | None:
    """Give the year that a question asks about where neither the passage nor its part of the report speaks of it.

    A question that names several years is answered from a passage that speaks of one of them.
    """
    years = years_asked(asked)
    spoken_of = {int(year) for year in re.findall(_YEAR, "".join((*passage.section, passage.text)))}
    spoken_of.add(year_in_force(report, passage.start))
    return years[0] if years and spoken_of.isdisjoint(years) else None


_YEAR = r"((?:19|20)\d{2})年"
