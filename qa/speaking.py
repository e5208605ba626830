"""What a sentence of a report does: it owns up to a shortcoming, announces a plan, tells of praise.

Questions ask for such sentences without using their words (哪儿干得还不够好, 接下来怎么干). These are the turns of
phrase that Chinese official prose uses for each, and those that people ask with.
"""

import re

_TURNS = (
    (
        r"不足|缺点|短板|毛病|弱项|差距|差在哪|不够好|没做好|没干好|没弄好|困难|难题没|哪些问题|什么问题|(?:承认|坦白|存在|解决好?)的?.{0,6}问题",
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


def speaks_as_asked(question: str, sentence: str) -> bool:
    """Whether a question asks for a shortcoming, a plan or praise, and the sentence states one."""
    return any(asked.search(question) and stated.search(sentence) for asked, stated in _COMPILED)
