"""Does a claim say more than a sentence of a report: all where it tells of a part, the only one of several, solved?

Every finder gives what is wrong in Chinese with the report's own words, or None. Knows nothing of retrieval.
"""

import re

from index.figures import Kind, LedgerEntry, Role, same_value
from index.lexical import normalise
from qa import prompts
from qa.language.covering import cover, names
from qa.language.picking import ledger
from qa.language.subjects import ALIKE, Source

ALL = re.compile("全部|全都|都已|均已|所有|完全|悉数|一律|百分之百|100%|无一例外|已经都|全面完成|全覆盖")
_NOT_ALL = re.compile("(?:没有|没|未|尚未|并非|不是|不)(?:能|都|有)?$")
_ONLY_PART = re.compile("只(?=[有办完建做开接覆在])|仅(?!次)|才(?=[完办])|部分|还没|尚未|一半")
_SAME = 0.7  # share of a claim's words that a clause must hold to speak of the same thing
_CLAUSE = re.compile(r"[^，,；;。：:！!？?\n]+")


def total(claim: str, source: Source) -> tuple[str, str] | None:
    """全部完成 against a rate of 80%, 所有医院 against 23家医院, 只办完八件 against 全部办结."""
    words, whole = normalise(claim), ALL.search(normalise(claim))
    if whole and _NOT_ALL.search(words[: whole.start()]):
        return None
    if whole:
        right = _rated(words, source) or _some(words, source.text) or _unfinished(claim, source.text)
        return (prompts.OVERSTATED.format(stated=whole.group(), right=right), source.text) if right else None
    part = _ONLY_PART.search(words)
    for clause in _CLAUSE.findall(normalise(source.text)):
        done = re.search("(?:全部|全都|均已|悉数|都已|全(?=覆盖))(?P<verb>[一-鿿]{2})", clause)
        if part and done and len(words) > part.end() + 2 and cover(done["verb"], words[part.end() :]).share >= 1:
            told = prompts.DIFFERENT_POLARITY.format(stated=words[part.start() :].strip("。"), right=done.group())
            return told, clause
    return None


def _rated(words: str, source: Source) -> str | None:
    """The report's 完成率80% or 占83.5% for what a claim says of all."""
    if any(e.figure.kind is Kind.PERCENT and e.figure.value != 100 for e in ledger(words)):
        return None
    whole = ALL.search(words)
    counts = [
        e.figure for e in ledger(words) if e.figure.kind is Kind.COUNT and whole and e.figure.end <= whole.start()
    ]
    counts = counts[-1:]
    bare, text = ALL.sub("，", words), source.text
    for entry in ledger(text):
        figure = entry.figure
        if figure.kind is not Kind.PERCENT or figure.role is Role.FROM or not figure.value or figure.value >= 100:
            continue
        clause = _clause_of(text, entry)
        if counts and not any(same_value(e.figure, one) for e in ledger(clause) for one in counts):
            continue
        stem = re.search("([一-鿿]{2})(?:率|比例)", entry.subject)
        if stem and cover(stem.group(1), words).share >= 1 and cover(bare, source.held).share >= 0.5:
            return entry.subject + figure.text
        if text[: figure.start].endswith("占") and cover(bare, clause).share >= _SAME:
            return clause
    return None


def _clause_of(text: str, entry: LedgerEntry) -> str:
    return next((m.group() for m in _CLAUSE.finditer(text) if m.start() <= entry.figure.start < m.end()), text)


_WHOLE = re.compile("(?:所有|全部|全市)的?(?P<noun>[一-鿿]{2,14}?)(?:都|均|已|全)")


def _some(words: str, text: str) -> str | None:
    """The report's 部分政策 or 23家医院开设夜间门诊 where a claim has all of them do so."""
    bare = ALL.sub("，", words)
    for clause in _CLAUSE.findall(normalise(text)):
        if re.search("部分|有的|少数|多数|中有[0-9]", clause) and cover(bare, clause).share >= _SAME:
            return clause
    whole = _WHOLE.search(words)
    if whole is None:
        return None
    for entry in ledger(text):
        clause = _clause_of(text, entry)
        if entry.figure.kind is not Kind.COUNT or any(same_value(e.figure, entry.figure) for e in ledger(words)):
            continue
        done = entry.figure.counted.partition(whole["noun"][-4:])[2]  # what these ones do
        if len(done) > 1 and cover(bare, clause).share >= _SAME and not ALL.search(clause):
            return clause
    return None


def _unfinished(claim: str, text: str) -> str | None:
    """The report's 完成整改11个 where a claim has all of its 12个 done."""
    named = [e.figure for e in ledger(claim) if e.figure.kind is Kind.COUNT]
    counts = [e for e in ledger(text) if e.figure.kind is Kind.COUNT and e.figure.value]
    for whole in counts:
        for part in counts:
            if part.figure.start < whole.figure.end or part.figure.unit != whole.figure.unit:
                continue
            less = (part.figure.value or 0) < (whole.figure.value or 0)
            if less and any(same_value(whole.figure, one) for one in named) and not part.figure.counted:
                done = re.search("[一-鿿]{2,4}$", text[: part.figure.start])
                if done and names(done.group(), claim) >= ALIKE:
                    return done.group() + part.figure.text
    return None


_ONE = re.compile(
    "(?:只有|仅有?(?!次|的?[0-9两二三四五六七八九十])|唯一[^，。]{0,12}?是|(?:全部|全都|都|只)(?:用于|用在|投向))(?P<name>[一-鿿a-z“”]{2,14}?)(?=得到|获|被|能|受|参|入|完成|建成|实现|在|[，。]|$)"
)


def only_one(claim: str, source: Source) -> tuple[str, str] | None:
    """唯一一家是乙公司 against 支持甲公司、乙公司."""
    one = _ONE.search(normalise(claim))
    if one is None:
        return None
    name = re.escape(one["name"])
    row = re.search(f"[一-鿿]{{2,14}}[、和与]{name}|{name}[、和与][一-鿿]{{2,14}}", normalise(source.text))
    if row is None or cover(claim.replace("唯一", "，"), source.held).share < _SAME:
        return None
    return prompts.OVERSTATED.format(stated=one.group(), right=row.group()), source.text


_SOLVED = re.compile(
    "(?:已经?|得到|全部|彻底|完全|基本)(?:了|得到|彻底|完全|全面)*(?:解决|消除|破解|化解|攻克|根治|根除)|不复存在|不再是问题|不再存在"
)
_REMAINS = re.compile("仍然?存在|仍未|依然存在|还存在|仍有|仍较?突出|尚未|有待|亟需|亟待")


def solved(claim: str, source: Source) -> tuple[str, str] | None:
    """问题已经解决 against 问题仍然存在."""
    done, remains = _SOLVED.search(claim), _REMAINS.search(source.text)
    if done is None or remains is None or names(claim[: done.start()], source.text) < _SAME:
        return None
    clause = next((c for c in _CLAUSE.findall(source.text) if remains.group() in c), source.text)
    return prompts.DIFFERENT_POLARITY.format(stated=done.group(), right=remains.group()), clause.strip()
