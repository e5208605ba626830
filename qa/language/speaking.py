"""What a sentence of a report does: it owns up to a shortcoming, announces a plan, tells of praise, explains a word.

Questions ask for such sentences without using their words (哪儿干得还不够好, 接下来怎么干). These are the turns of
phrase that Chinese official prose uses for each, and those that people ask with.
"""

import re

from qa.language.wording import official_words

_TURNS = (
    (
        r"不足|缺点|短板|毛病|弱项|差距|差在哪|不够好|没[做干弄搞整办](?:好|明白|到位|利索)|拖后腿|不到位|困难|难题没|哪些问题|什么问题|(?:承认|坦白|存在|解决好?)的?.{0,6}问题",
        r"(?:问题|困难|不足|短板|矛盾).{0,6}(?:存在|突出|不少)|存在.{0,12}(?:问题|不足|短板|差距|困难)|还有.{0,6}差距|亟需|亟待|有待|还不够|滞后|薄弱",
    ),
    (
        r"打算|下一步|接下来|今后|往后|(?:怎么|怎样|如何)(?:接着)?(?:推进|干|安排)",
        r"(?:^|[，,。；])(?:[^，,。；]{0,12})将(?!军|来)|力争|计划|下一步|今后|新的一年",
    ),
    (
        r"表扬|表彰|认可|肯定|得奖|获奖|荣誉|称号|被.{0,8}推广|上了?(?:报纸|网站|新闻)",
        r"表彰|通报表扬|推广|获评|荣获|授予|入选|入榜|刊发|批示",
    ),
)
_COMPILED = [(re.compile(asked), re.compile(stated)) for asked, stated in _TURNS]


DEFINES = re.compile(r"^(?:[0-9]{1,2}[．.、])?[“《]?(?P<word>[^，。：:“”]{2,20}?)[”》]?(?:[：:，,](?:是?指|即)|是指)")
"""A sentence that explains a word, as the list of terms at the end of a report does: 飞地产业园：指…"""
_ASKS_MEANING = re.compile(
    r"(?:什么|啥|何)(?:是|叫做?|谓)[“《]?(?P<after>[^，。？?”》]{2,20}?)[”》]?(?:[呢呀啊]|[，,].*)?[？?]?$|"
    r"[“《]?(?P<before>[^，。？?“”《》]{2,20}?)[”》]?(?:到底|究竟)?(?:是|指|指的是|算|有)?(?:个)?(?:什么|啥|怎么(?:个|一回|回))[^，。？?]{0,4}[？?]?$|"
    r"(?:怎么|如何)(?:理解|解释)[“《]?(?P<explained>[^，。？?”》]{2,20}?)[”》]?[？?]?$"
)


def speaks_as_asked(question: str, sentence: str) -> bool:
    """Whether a question asks for a shortcoming, a plan, praise or what a word means, and the sentence states it."""
    return _explains(question, sentence) or any(
        asked.search(question) and stated.search(sentence) for asked, stated in _COMPILED
    )


def _explains(question: str, sentence: str) -> bool:
    """Whether a sentence explains the word whose meaning a question asks for."""
    explained = DEFINES.search(sentence)
    asked = _ASKS_MEANING.search(question) if explained else None
    if explained is None or asked is None:
        return False
    return explained["word"] in (asked["after"] or asked["before"] or asked["explained"])


_ASKS_REASON = re.compile(
    r"为(?:什么|啥|何)|何以|凭(?:什么|啥)|原因|缘故|(?:靠|凭)(?:的|着)?(?:是)?(?:什么|啥)|(?:怎么|咋)(?:就|会|一下子?|做到|能|还)|"
    r"(?:怎么|如何|咋)做到|怎么(?:回事|搞的)|图(?:的是)?(?:个)?(?:什么|啥)"
)
_REASON = re.compile(
    r"(?<![基病起])因(?![此地素特果子应])|由于|之所以|原因|靠的是|(?<!不)得益于|归功于|主要是|不得不|缘于|源于|在于|出于|旨在|为了|破解|解决了?"
)


def gives_reason(question: str, sentence: str) -> bool:
    """Whether a question asks why or by what means, and the sentence says so in as many words."""
    return _ASKS_REASON.search(question) is not None and _REASON.search(sentence) is not None


_OF_THAT = re.compile(
    r"^(?:这|其|究其)?(?:之所以|(?:主要)?(?:原因|得益于|靠的?是|归功于|缘于|是因为|是由于|(?:在|由)于)|主要(?:是|靠)|因为|为此|关键(?:是|在于))"
)


def gives_reason_of_that(question: str, sentence: str) -> bool:
    """Whether a sentence gives the reason, if one is asked for, of what the sentence before it says."""
    return _ASKS_REASON.search(question) is not None and _OF_THAT.search(sentence) is not None


_ASKS_REMEDY = re.compile(
    r"(?:怎么|怎样|如何|咋)(?:来|去|样)?(?:着手)?(?:解决|应对|破解|化解|补上|补齐|改进|改善|整改|处理)"
)
_LACKS = re.compile(
    r"不(?:一[，,。、；]|畅|够|足|均|平衡|强|高|齐|匀|到位|完善|健全)|滞后|薄弱|短板|有待|亟[需待]|仍然存在|问题突出"
)


_ASKS_SUCH = re.compile(r"有没有(?:[一-鿿]{1,8}的)(?P<noun>[一-鿿]{2,4})[呢啊呀]?[？?]?$")


def speaks_of_such(question: str, sentence: str) -> bool:
    """Whether a question asks if there is something of a kind, and the sentence names the kind: 有没有成功的例子."""
    such = _ASKS_SUCH.search(question)
    return such is not None and any(word in sentence for word in (such["noun"], *official_words(such["noun"])))


def asks_remedy(question: str) -> bool:
    """Whether a question asks how something is to be put right."""
    return _ASKS_REMEDY.search(question) is not None


def states_lack(sentence: str) -> bool:
    """Whether a sentence states what is wrong, which says nothing of how it is put right."""
    return _LACKS.search(sentence) is not None
