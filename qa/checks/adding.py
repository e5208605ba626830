"""What does a claim add to the sentences that bear out the rest of it?

Drafts add what sounds right: that it was more than the year before, that most of them are, who did it, that all is
finished or only under way. Each such turn of phrase must have its like in the sentences.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from index.figures import Figure, same_value
from index.lexical import normalise, pairs
from qa.language.covering import heavy, lacking
from qa.language.picking import clauses, quantities
from qa.language.subjects import Source


def adds(claim: str, sources: Sequence[Source]) -> bool:
    """Whether a claim says a thing of one of these sorts that the sentences do not."""
    words = normalise(claim)
    return any(asks(words, sources) for asks in _ASKS)


def _clauses(text: str) -> list[str]:
    return clauses(normalise(text))


# --- that it rose or fell --------------------------------------------------------------------------------------------

_AGAINST = re.compile("(?:也|又|还|都)?[比较](?:上一?年|去年|前一?年|以前|往年)|同比|有所|明显|大幅")
_MOVED = re.compile("[增升多涨扩加减降下少跌缩低快慢高]|提高|好转|改善|回落")
_MOVES = re.compile("比上年|较上年|同比|增|升|提高|上涨|扩大|减|降|缩|回落|改善|好转|(?<![许])多(?!为)|少(?!年|数)")
_GOES_ON = re.compile("比|较|同比|增|下|提|上|减|降")


def _moved(claim: str, sources: Sequence[Source]) -> bool:
    """来电9.8万个，比上年增加 of 来电9.8万个，满意率96.7%."""
    theirs = [_clauses(source.text) for source in sources]
    for before, clause in pairwise(["", *clauses(claim)]):
        against = _AGAINST.search(clause)
        if quantities(clause) or not against or not _MOVED.search(clause, against.end()):
            continue
        subject, figures = pairs(clause[: against.start()]), quantities(before)
        told = (
            _MOVES.search(one) or _GOES_ON.match(after)
            for row in theirs
            for one, after in pairwise([*row, ""])
            if (subject & pairs(one) if subject else _share_one(figures, quantities(one)))
        )
        if (subject or figures) and not any(told):
            return True
    return False


def _share_one(mine: Sequence[Figure], theirs: Sequence[Figure]) -> bool:
    return any(same_value(one, other) for one in mine for other in theirs)


# --- that most are ---------------------------------------------------------------------------------------------------

_MOSTLY = re.compile(
    "(?P<most>(?<![许最更很太])多[为是]|大多|大都|多数|大部分|占大头|居多|普遍|广大|多半)|为主|主要(?!是因)"
)
_MOST = re.compile("(?<![许最更很太])多[为是由]|大多|大都|多数|大部分|居多|普遍|广大|主要|为主|集中|过半|最|占|[%成]")
_MAINLY = re.compile(f"{_MOST.pattern}|[0-9]")


def _mostly(claim: str, sources: Sequence[Source]) -> bool:
    """52家企业多为水泥企业 of 52家企业."""
    theirs = [one for source in sources for one in _clauses(source.held)]
    for clause in clauses(claim):
        said = _MOSTLY.search(clause)
        if said is None:
            continue
        after = pairs(clause[said.end() :])
        words = after or {pair for pair in pairs(clause[: said.start()]) if heavy([pair])}
        as_much = _MOST if said["most"] else _MAINLY
        if not any(words & pairs(one) for one in theirs if as_much.search(one)):
            return True
    return False


# --- how far it is ---------------------------------------------------------------------------------------------------

_UNDER_WAY = re.compile("正在|在建|筹建|筹备|申报|搁置|暂缓|烂尾|停办|停用|停建|拟建|即将|尚在|试行|调试")
_NOT_OVER = re.compile("正|在建|筹|申|拟|将|仍|尚|推进|加快|计划|试")
_ALL_DONE = re.compile("建成|完成|完工|竣工")
_NEARLY_DONE = re.compile("(?:初步|基本)(?:建成|完工|完成)|主体(?:工程)?(?:基本)?(?:完工|建成)|规划建设")
_NEARLY = re.compile("初步|基本|主体|规划")


def _under_way(claim: str, sources: Sequence[Source]) -> bool:
    """正在安装 of 安装并联网."""
    text = "\n".join(source.text for source in sources)
    said = _UNDER_WAY.search(claim)
    return said is not None and said.group() not in text and not _NOT_OVER.search(text)


def _all_done(claim: str, sources: Sequence[Source]) -> bool:
    """已建成 of 初步建成."""
    nearly = any(_NEARLY_DONE.search(source.text) for source in sources)
    return nearly and _ALL_DONE.search(claim) is not None and not _NEARLY.search(claim)


# --- who did it ------------------------------------------------------------------------------------------------------

_LEVEL = "[省市县区]|国家|国务院"
_KIND = "局|委员会|委|厅|办公室|银行|中心|院|部|公司|集团|大队|支队"
_BODY = re.compile(
    rf"(?:^|(?<=[，,；;。由被与和联合向为]))(?:{_LEVEL})(?P<core>[一-鿿]{{2,10}}?)(?:{_KIND})(?![长面分署门里])"
)


def _by_another(claim: str, sources: Sequence[Source]) -> bool:
    """市公安局立案 of 立案 where nothing near it names that body, nor one for which it is short."""
    held = normalise("\n".join(source.held for source in sources))
    bodies = ((body.group(), body["core"]) for body in _BODY.finditer(claim))
    return any(name not in held and not re.search(".{0,6}".join(map(re.escape, core)), held) for name, core in bodies)


_MEANS = re.compile("(?:通过|采取|采用|借助|依靠|凭借)(?P<how>[^，,；;。的]{2,8})")


def _by_other_means(claim: str, sources: Sequence[Source]) -> bool:
    """通过公开招标选定 of 引入3家企业, where nothing is told of how."""
    held = "\n".join(source.held for source in sources)
    return any(len(piece) > 1 for means in _MEANS.finditer(claim) for piece in heavy(lacking(means["how"], held)))


_ASKS: tuple[Callable[[str, Sequence[Source]], bool], ...] = (
    _moved,
    _mostly,
    _under_way,
    _all_done,
    _by_another,
    _by_other_means,
)
