"""What of a text may be a name: quoted, titled, ending as names of a kind do, who did something, what was won.

Which of them answers a question is decided in phrases.py.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from index.lexical import normalise
from index.patterns import pattern
from qa.language.kinds import KINDS
from qa.language.picking import Weights
from qa.language.rows import BEGINS
from qa.questions.scope import GENERIC_PLACES

_BRANDS = ("品牌", "牌子", "招牌", "名号", "名字", "口号")
"""Kinds whose names are quoted, and of which any may be said for the other."""


class Side(Enum):
    """On which side of its verb a name stands: 甲馆获评乙称号."""

    DOER = "doer"
    DEED = "deed"


@dataclass(frozen=True)
class Name:
    """What may be the name asked for: its place in the passage and what tells whether it is."""

    start: int
    end: int
    typed: bool  # surely of the kind asked for
    quoted: bool = False
    side: Side | None = None
    said: float = 0.0  # share of the question that is said of whoever did it, 0 to 1
    person: bool = False
    title: bool = False  # was won, where what was won is asked for


_QUOTED = pattern(r"“([^“”]{2,40})”|《([^《》]{2,60})》")
_NAME_CHAR = r"[一-鿿A-Za-z0-9·\-+（）()]"
_PLACE_ENDINGS = {"市", "区", "县", "镇", "村"}
_HALF = 6  # characters before 和 in the name of an office
_WHOLE = {"部": "(?![署分门])", "局": "(?![面部势])", "中心": "(?!城)", "院": "(?!士|校)"}
"""What does not follow upon an ending that ends a name: 战略部署 is no 部."""
_NO_NAME = pattern(
    r"[为以]|(?:首批|入驻|对)[0-9入]*[一-鿿]*企业$|全[国省市县区][0-9]|(?:新增|新设|剩余|其余)|新建(?![区县村镇])|[0-9.]+(?:%|[万亿多余]*[个家项条张部人名件处])|各[类级]|.*[不没]|.*(?:城市|全部|内部|外部|干部|[东西南北中总]部)$|[我本全各该].*市$"
)
_LABEL = 10  # characters after a quoted name within which its kind may stand: “书香通”借阅平台


def candidates(noun: str, text: str, weights: Weights, *, titles: bool) -> list[Name]:
    """What of a text may be the name of a noun, in no order; `titles`: what was won is asked for.

    `weights` are those of the question's terms: they tell how much of it is said of whoever did something.
    """
    brand = noun.endswith(_BRANDS)
    endings = _BRANDS if brand else KINDS.get(noun) or ((noun, noun[-2:]) if noun else ())
    found = list(_doers(text, weights))
    doing = [(name.start, name.end) for name in found]
    found += (replace(name, typed=titles, title=titles) for name in _honours(text))
    honours = [(name.start, name.end) for name in found[len(doing) :]]
    for start, end, typed, quoted in (*_quoted(endings, text), *_ending(() if brand else endings, text)):
        side = Side.DOER if any(s <= start and end <= e + 1 for s, e in doing) else None
        side = Side.DEED if side is None and any(s <= start and end <= e for s, e in honours) else side
        share = max((name.said for name in found if name.start <= start and end <= name.end + 1), default=0.0)
        found.append(Name(start, end, typed, quoted, side, share))
    return found


def _quoted(endings: Iterable[str], text: str) -> Iterator[tuple[int, int, bool, bool]]:
    for match in _QUOTED.finditer(text):
        inside = match.group().startswith("“")
        label = re.split("[，,。；;：:“《的中里上]", text[match.end() : match.end() + _LABEL])[0]
        typed = any(match.group().strip("“”").endswith(e) or (len(e) > 1 and e in label) for e in endings)
        yield match.start() + inside, match.end() - inside, typed, True


def _ending(endings: tuple[str, ...], text: str) -> Iterator[tuple[int, int, bool, bool]]:
    for ending in endings:
        if ending == "》":
            continue
        for match in re.finditer(rf"{_NAME_CHAR}*?{re.escape(ending)}{_WHOLE.get(ending, '')}", text):
            begin = match.start()
            for cut in BEGINS.finditer(text, match.start(), match.end() - len(ending)):
                joined = cut.group() in "和与" and not text[: cut.start()].endswith(endings) and cut.start() > begin
                if not (joined and cut.start() - begin <= _HALF):  # 县文化和旅游局 is one
                    begin = cut.end()
            if text[:begin].endswith("”"):  # “书香通”借阅平台 is named by what is quoted
                continue
            begin += text[begin] in "为以" and match.end() - begin > len(ending) + 2  # 为现代化城市
            generic = ending in _PLACE_ENDINGS and text[begin : match.end()].endswith(GENERIC_PLACES)
            if match.end() - begin > len(ending) + 1 and not generic and not _NO_NAME.match(text[begin : match.end()]):
                yield begin, match.end(), True, False


_VERBS = (
    "牵头|主办|承办|负责|运营|管理|维护|运维|设立|设置|开设|建设|建成|开发|研发|推出|打造|获评|获得|荣获|获|入选|列入|投产|成为|晋升|通过|"
    "荣登|跻身|升级|被评为|被授予|评为|授予|位列|位居|排名|当选|担任|兼任|出台|印发|发布|举办|召开|启动|实施|组织|创建|开展|首创|投用|完成|实现|"
    "上榜|登上|夺得|摘得|统筹|主管|归集|协调|创成|新创|晋级|全线|通车|贯通|投入使用|宣传|推广|刊发|制定|编制"
)


_DID = rf"(?:{_VERBS})(?!局|委|部|中心|司|处|平台|系统|员|者|人|水平|能力|经验|成果|办法|方案|机构|单位|情况|模式|体系)"
_NO_SUBJECT = (
    "基于|在|为|对|通过|利用|从|按|根据|随着|针对|围绕|以|与|和|向|把|将|其|该|这|同|于|用|累计|共|成功|率先|再次|首次|"
    "全部|共同|联合|加快|全面|积极|已|并|还|全年|今年|去年|各项"
)
_LEAST = 2  # characters of whoever did something
_COUNTS = pattern("[0-9]+[多余]?[个家项件名人条]|(?:问题|情况|工作|方面)$")


DOES = pattern(_DID)
"""A verb of what reports tell that somebody did."""
_ASIDE = "(?:其中|同时|此外|目前|今年|去年|全年|首[家个艘条座批届次]|[0-9]{4}年)"
_WHEN = "(?:于|在(?!线)|从|自|对|按|以|每|率先|成功|已|全部|首次|再次|共同|联合|专|统一|[0-9]{1,2}月)"
_SUBJECT = pattern(
    rf"{_ASIDE}*(?P<doer>(?!{_NO_SUBJECT})(?:“[^“”]+”|[^，,；;。：:！？“”《》由被把将]){{1,24}}?)"
    rf"(?:{_WHEN}[^，,；;。]{{0,24}}?)?{_DID}"
)
_AGENT = pattern(
    rf"(?:由|被)(?!{_VERBS}|[评授认列纳命])(?P<doer>[^，,；;。、“”]{{2,16}}?)(?:{_WHEN}|{_VERBS}|$|(?=[，,；;。]))"
)
_CLAUSE = pattern(r"[^，,；;。！？!?：:]+")
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方"
    "石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_ITS_TITLE = pattern(rf"(?:员|师|士|手|司机|主任|书记|代表|[一-鿿]长)[　 ]*(?P<name>[{SURNAMES}][一-鿿]{{1,2}})$")
_SIGNED = pattern(rf"(?:[一-鿿]长|主任|书记)[　 ]+(?P<name>[{SURNAMES}][　 ]?[一-鿿]{{1,2}})$")
_OFFICER = pattern("(?:干部|人员|[县乡镇村市省局区]长|书记|主任|员工|医生|教师|志愿者)$")


def _doers(text: str, weights: Weights) -> Iterator[Name]:
    """Who did what a clause tells, and the clauses after it that name nobody: 甲馆通过评审，成为示范馆."""
    spans: list[tuple[int, int]] = []
    told: list[str] = []
    for clause in _CLAUSE.finditer(text):
        first = _SUBJECT.match(clause.group())
        bare = first is None or DOES.match(clause.group()) is not None
        if bare and spans:
            told[-1] += clause.group()
        elif first is not None and not bare:
            spans.append((clause.start() + first.start("doer"), clause.start() + first.end("doer")))
            told.append(clause.group()[first.end("doer") :])
        for other in _AGENT.finditer(clause.group()):
            start, end = clause.start() + other.start("doer"), clause.start() + other.end("doer")
            person = _OFFICER.search(text[start:end]) is not None
            yield Name(start, end, False, side=Side.DOER, said=_said(clause.group(), weights), person=person)
    for (start, end), words in zip(spans, told, strict=True):
        if end - start < _LEAST or _COUNTS.search(text[start:end]):
            continue
        share = _said(words, weights)
        quoted = _QUOTED.search(text[start:end])
        titled = _ITS_TITLE.search(text[start:end])
        if titled is not None:
            start += titled.start("name")
        elif quoted is not None and start + quoted.end() == end:
            start, end = start + quoted.start() + 1, end - 1
        person = titled is not None or _OFFICER.search(text[start:end]) is not None
        yield Name(start, end, False, quoted is not None, Side.DOER, share, person)
    for match in _SIGNED.finditer(text):
        yield Name(*match.span("name"), True, side=Side.DOER, said=1.0, person=True)


_HONOUR = pattern(
    r"(?:评为|授予|获评|荣获|获得|入选|跻身|命名为|认定为|列为|斩获)(?P<name>“[^“”]{2,30}”|[^，,。；;、“”]{2,24}?)(?:称号|荣誉)?(?=[，,。；;、和]|$)"
)


def _honours(text: str) -> Iterator[Name]:
    """The honours that were won: 获评最美书屋."""
    for match in _HONOUR.finditer(text):
        start, end = match.span("name")
        yield Name(start + (text[start] == "“"), end - (text[end - 1] == "”"), False, side=Side.DEED)


def _said(words: str, weights: Weights) -> float:
    """Share of what a question says that some words say too, 0 to 1."""
    total, folded = sum(weights.values()), normalise(words)
    return sum(weight for term, weight in weights.items() if term in folded) / total if total else 0.0
