"""What is a question about? The thing that it names, in the words of the report where its answer shares them.

    公共数据服务平台开放了多少个目录     公共数据服务平台
    流动书车走了多少个村               流动书车, for the answer has 流动书车 and no 流动书车走
    借得最多的书是哪本                 the book, which its answer names

Nothing here knows of a talk: conversation.py asks it of every turn.
"""

import re
from collections.abc import Sequence

from index.figures import read_figures
from qa.language.asking import Ask, Wanted, read_question
from qa.questions.arithmetic import asks_change

TIME = (
    r"(?:19|20)\d\d年(?:上半年|下半年|全年|[一二三四]季度|\d{1,2}月|[初底末])?|(?:今|去|明|前|后|上|上一|下一|第二|前一)年(?:上半年|下半年)?|"
    r"[上下]半年|[一二三四]季度|(?:这|上|下)个?月|年初|年底|年末|当初|原来|之前|以前|从前|过去|最初|后来|现在|目前|如今|眼下"
)
SCOPE = r"全国|全省|全市|全区|全县|全球|世界|国内|省里|市里|区里|县里|省内|市内"
QUOTED = re.compile(r"“[^“”]{2,20}”")
END = "？?。！!，, "
_ADVERB = (
    r"(?:一共|总共|共计|合计|累计|目前|现在|现今|如今|已经|已|这[次回]|本次|今年以来|今年|去年|当年|大约|大概|又|都(?!市)|共(?=有|计)|"
    r"分别|各(?!类|种|项)|历年|一直|最后)"
)
_BEGIN = re.compile(
    r"^(?:请问|除此之外|此外|另外|[，,]|报告(?:里|中)?(?:承认|提到|说|写|讲)?(?:到|了)?|(?:这|那)(?![么样])(?:[个条座项些家种套次场]|一?年)?|"
    r"年[初末底]的?(?:时候)?|[明来]年|截至|全市的?|我市的?|本市的?|咱们?(?:市|这儿)?的?|市里的?|\d{4}年(?:以来|的)?|在|"
    + _ADVERB
    + ")+"
)
_WHICH = re.compile(
    r"^(?:那|请问)?(?:谁|哪[一个家位座所项种款])|[是叫](?:谁|哪(?:一?[个家位座所项种款])?[^，。]{0,5})[？?]*$"
)
_POINTED = re.compile("的[那这]一?[个座家条项场](?P<noun>[一-鿿]{2,8}?)(?:[是叫有在]|$)")
_HEAD = re.compile(r"的(?P<noun>[一-鿿]{2,8}?)(?:[有是]|一共|总共)*$")
_CUT = re.compile(
    r"了|必须|应当|应该|需要|有(?!限|关|线)|是|在(?!线|校|职|建)|被|把|能(?!力|源|效|量|耗)|会(?!议|计|员|展|场)|可以|要(?!素|闻)|给|向|从|还(?=有|是|要|能|会|没|给)|也|跟|由|"
    r"位列|同比|环比|排在|达到?|为(?!民)|占|[，,？?\n]|" + _ADVERB
)
_VERBS = set("种建办开修装用发搬接连放收养造盖拆招培引救查花投选设添交借贷缴治补减降增评推创")
_DONE = (
    "新增|加装|换成|新归集|开放|提供|归集|接入|梳理|完成|新建|建成|建设|覆盖|举办|召开|整合|"
    "汇聚|部署|受理|支持|服务|实现|吸引|纳入|开展|打造|推出|发布|印发|出台|培育|引进|公示|"
    "共享|流转|办理|采集|汇集|改造|投入|安排|累积|达成"
)
_VERB = re.compile(f"(?<=.)(?:{_DONE}|新设?)$")
_NO_NOUN = re.compile(
    rf"(?:{TIME}|{SCOPE}|本来|原先|[一每]个?[月天]|[一全这]年|这[回次]|[这那]边|新[一-鿿]{{0,3}}|归并|"
    r"[^率数量额网站园区店校院所局馆路桥县市镇村期号][到过成]?)"
)
_NO_THING = re.compile(
    rf"(?:{TIME}|{SCOPE})|城区|市区|城里|乡下|我们[市县区]?|级别|程度|(?:老百姓|大家)[一-鿿]{{0,3}}|[市居农]民|群众|"
    rf"(?:{_DONE}|新建|实施|授权|登记|引进|帮扶|分成|培训|查处|表彰|[建改新换拆]成?)"
)
"""What a question may begin with and is not about: whom something befell, how large it is, what was done."""
_MEANS = re.compile("(?:靠|凭|用|拿|通过|依托|借助|去|来|到)[这那]?[个家座]?")


def thing_named(question: str, quotes: Sequence[str]) -> str:
    """The thing that a question names in its first place: a quoted name, or the words before its verb; "" if none."""
    quoted = QUOTED.findall(question)
    if quoted:
        return quoted[0]
    asks = read_question(question).asks
    before = _BEGIN.sub("", question[: _interrogative(asks[0], question)] if asks else question)
    known = [run for run in shared_runs(before, "\n".join(quotes)) if run[1] - run[0] > 2]
    cuts = (cut for cut in _CUT.finditer(before) if not any(a < cut.start() and cut.end() <= b for a, b in known))
    cut = next(cuts, None)
    words = before[: cut.start()] if cut else before
    if (cut is None and asks) or (cut is not None and cut.group() == "了"):
        words = _without_verb(words)
    words = re.sub(
        rf"(?:里头?|(?<![初高])中|上|总数|总量|数量|数|的时候|时|之后|后|的|到|[到在至]?(?:{TIME}))+$",
        "",
        words.strip("，, "),
    )
    head = _HEAD.search(before)
    if cut and head and cut.start() < head.start() and any(head["noun"] in quote for quote in quotes):
        return head["noun"]
    words = _as_told(_owner(words, quotes), quotes)
    pointed = _POINTED.search(before) if len(words) < 2 else None  # 今年要开工的那座图书馆是
    if pointed is not None and any(pointed["noun"] in quote for quote in quotes):
        return pointed["noun"]
    if _NO_THING.fullmatch(words):
        return ""
    return words if len(words) > 2 or (len(words) == 2 and any(words in quote for quote in quotes)) else ""


def thing_found(question: str, short: str | None) -> str:
    """The thing itself, where a question asked which one it is: the answer to 借得最多的书是哪本; else ""."""
    named = short if short and _WHICH.search(question) and re.fullmatch(r"[^，、。；]{3,16}", short) else ""
    return named if named and not read_figures(named) else ""


def _as_told(words: str, quotes: Sequence[str]) -> str:
    """Words up to the last stretch that the answer shares with them: 流动书车 of 流动书车走, before 走了多少个村."""
    runs = shared_runs(words, "\n".join(quotes))
    longest = max((end - start for start, end in runs), default=0)
    runs = [(start, end) for start, end in runs if end - start >= min(longest, 3)]
    if not runs:
        return words
    start, end = runs[0][0], runs[-1][1]
    return words[start if _MEANS.fullmatch(words, 0, start) else 0 : end if _NO_NOUN.fullmatch(words, end) else None]


def shared_runs(words: str, held: str) -> list[tuple[int, int]]:
    """The stretches of 2 characters and more that some words share with a text, longest first at each place."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(words) - 1:
        size = next((n for n in range(len(words) - at, 1, -1) if words[at : at + n] in held), 0)
        if size:
            runs.append((at, at + size))
        at += size or 1
    return runs


def thing_counted(question: str, quotes: Sequence[str]) -> str:
    """What a question counts, for one that names nothing before: 社区图书馆 of 建了多少社区图书馆."""
    noun = next((ask.noun for ask in read_question(question).asks if len(ask.noun) > 1), "")
    if _NO_THING.fullmatch(noun):
        return ""
    runs = [run for run in shared_runs(noun, "\n".join(quotes)) if run[1] - run[0] > 2 and run[1] == len(noun)]
    return noun[runs[0][0] :] if runs else _as_told(noun, quotes)


def _interrogative(ask: Ask, question: str) -> int:
    """Where 多少 begins in 占多少, which is asked for as a whole."""
    word = re.search("多少|几", question[ask.start : ask.end])
    return ask.start + (word.start() if word and ask.wanted is Wanted.PERCENT else 0)


def _without_verb(words: str) -> str:
    """Cut the verb before 了: 公共数据服务平台开放 → 公共数据服务平台, 柑橘种 → 柑橘."""
    if len(words) > 2 and words[-1] in _VERBS and not _VERB.search(words):
        return words[:-1]
    return _VERB.sub("", words)


def _owner(words: str, quotes: Sequence[str]) -> str:
    """The owner in 金宏办公系统的机关用户, the thing in 青岛的开放水平: whichever the reports name at length."""
    owner, of, thing = words.partition("的")
    if not of:
        return words
    held = "\n".join(quotes)
    if len(owner) > 2 and owner in held:
        return owner
    return words if len(owner) > 3 and 1 < len(thing) < 5 else thing


def all_asked(question: str, subject: str) -> str:
    """All that a question about some subject asks for, as a noun phrase: 公共数据服务平台开放的数据目录."""
    asked = read_question(question)
    if len(asked.asks) != 1 or len(re.split("[，,]", question)) > 2 or (subject and asks_change(asked)):
        return subject or question.rstrip(END)
    ask = asked.asks[0]
    before, after = question[: ask.start].strip("，, "), question[ask.end :].strip(END)
    noun = ask.noun if len(ask.noun) > 1 and ask.noun in question[ask.start : ask.end] else ""
    before = re.sub(r"(?:一共|总共|共|目前|现在|大约|已经|都|这次|是|有|为|达到?|，)+$", "", _BEGIN.sub("", before))
    if noun:
        said = re.sub(f"了$|过$|有$|{_ADVERB}", "", before) + re.sub("(?:了|呢|啊|呀|吗)+$", "", after)
        return f"{said}的{noun}" if said else noun
    if before.endswith(("了", "过")) and subject and before.startswith(subject):
        verb = before[len(subject) : -1].lstrip("，,")
        return f"{verb}的{subject}" if len(verb) > 1 else subject
    return before or subject
