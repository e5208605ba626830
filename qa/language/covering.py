"""How much of what a claim says stands in the words of a report? Characters and pairs, with words that mean the same.

Knows nothing of figures: whoever asks takes them out of the claim first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.lexical import normalise
from qa.language.wording import everyday

_VERBS = Path(__file__).parent / "verbs.tsv"
_LONGEST = 8  # characters of a word in either table

_LIGHT_WORDS = """
    截至目前 到目前为止 目前为止 也就是说 换句话说 总的来说 与此同时 在此基础上 据了解 据介绍 据悉
    其中 包括 包含 分别 左右 大约 大概 接近 超过 突破 将近 不到 不足 至少 最多 已经 目前 现在
    当前 如今 现有 一共 总共 共计 合计 累计 总计 历年 全年 今年 去年 上年 本年 年内 当年 年初
    年底 年末 以来 期间 同期 同比 比上年 之间 之中 之内 以内 方面 报告 提到 指出 承认 认为
    显示 表示 介绍 写道 称 说 讲 可以 能够 能 会 应当 应该 需要 必须 须 要 将要 将 拟 打算
    计划 准备 继续 持续 仍然 仍 依然 还 也 都 皆 就 才 再 又 由于 因为 因此 所以 通过 利用
    使用 借助 依托 依靠 凭借 用 靠 以 把 被 让 使 给 为 向 往 从 自 由 到 至 在 于 对
    对于 关于 有 拥有 共有 设有 具有 占 占到 是 达 达到 达成 实现 做到 完成 得到 进行 开展
    实施 推进 推动 成为 变成 出现 保持 呈现 呈 处于 属于 位于 这些 那些 这个 那个 这项 那项
    这 那 其 该 此 各 各个 各类 各种 各项 每 某 让群众 让老百姓 让百姓 让大家 受益于 得益于
    上一年 前一年 前年 上一年度 有所 整个 一些 有些 一个 一项 一种 的 了 着 过 得
    之 所 等 等等 和 与 及 以及 或 并 并且 而 而且 且 但 但是 不仅 不但 同时 则 即 里 中
    时 全市 我市 本市 市里 全省 全国 当地 城市 数量 总数 总量 规模 数 数字 人数 情况 工作
    事项 过程 程度 水平 角色 比例 比重 份额 占比 幅度 增幅 降幅 涨幅 目标 任务 实际 具体 主要
    之后 以后 放在一起 加在一起 合在一起 另一个 报道 全文 重要 相关 有关 单纯 阶段 正 正在 曾 曾经
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
_LIGHT_RUN = re.compile(f"(?:{'|'.join(sorted(_LIGHT, key=lambda word: (-len(word), word)))})+")
_FUNCTION = set(
    "的了着过得之所等和与及或并而且但里中上在于对把被让使给为向从自由到至是有也都均就才再又还这那其该此各每个"
)
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[a-z]+[a-z0-9]*|[0-9]+(?:\.[0-9]+)?")


_EDGE = re.compile("^[上中里下]+|[出入进上下来去起好完]+$")


@lru_cache(maxsize=1)
def synonyms() -> Mapping[str, frozenset[str]]:
    """Read both tables: for every word the words that may stand in its place."""
    table: dict[str, set[str]] = {}
    for line in _VERBS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            words = line.split("、")
            for word in words:
                table.setdefault(word, set()).update(words)
    for said, official in everyday().items():
        for word in official:
            table.setdefault(said, set()).add(word)
            table.setdefault(word, set()).add(said)
    return {word: frozenset(others - {word}) for word, others in table.items() if len(word) <= _LONGEST}


@dataclass(frozen=True)
class Cover:
    """What of a claim's content a report's words hold: the share of its characters, and the pieces they lack."""

    share: float
    missing: tuple[str, ...]
    held: float = 0.0  # characters of the claim that are held

    @property
    def longest(self) -> int:
        """Characters of the longest piece that is missing."""
        return max(map(len, self.missing), default=0)


@lru_cache(maxsize=16384)  # a claim is held against the same sentences again for each of its figures
def cover(claim: str, held: str) -> Cover:
    """Say how much of a claim's content stands in `held`, word for word or by a word that means the same.

    >>> cover("层级之间共享数据要花的时间偏长", "跨层级数据共享周期较长").missing
    ()
    """
    words, within = _folded(claim), _folded(held)
    table = synonyms()
    covered = total = 0.0
    missing: list[str] = []
    for match in _RUN.finditer(words):
        run = match.group()
        if not run[0] >= "㐀":
            found = re.search(rf"(?<![a-z0-9]){re.escape(run)}(?![a-z0-9])", within) is not None
            covered, total = covered + 2 * found, total + 2
            if not found:
                missing.append(run)
            continue
        hit = _hits(run, within, table)
        content = [char not in _FUNCTION for char in run]
        lacking = "".join(char if not h else "\n" for char, h in zip(run, hit, strict=True))
        pieces = [p for piece in lacking.split("\n") for p in _LIGHT_RUN.sub("\n", piece).split("\n") if p]
        pieces = [_EDGE.sub("", piece) for piece in pieces]
        loose = [p for p in pieces if len(p) > 1 and _is_short_for(p, within)]
        hard = [p for p in pieces if len(p) > 1 and p not in loose]
        covered += sum(h and c for h, c in zip(hit, content, strict=True)) + 0.5 * sum(map(len, loose))
        total += sum(h and c for h, c in zip(hit, content, strict=True)) + sum(map(len, loose + hard))
        missing += hard
    return Cover(covered / total if total else 1.0, tuple(missing), covered)


def lacking(words: str, held: str) -> tuple[str, ...]:
    """The pieces of some words that `held` lacks, single characters too, without those that carry no content.

    >>> lacking("三级医院", "二级医院"), lacking("全市的医院", "二级医院")
    (('三',), ())
    """
    within, found = _folded(held), list[str]()
    for match in _RUN.finditer(_folded(words)):
        run = match.group()
        if not run[0] >= "㐀":
            found += [] if re.search(rf"(?<![a-z0-9]){re.escape(run)}(?![a-z0-9])", within) else [run]
            continue
        bare = _LIGHT_RUN.sub(lambda light: "\n" * len(light.group()), run)
        hit = _hits(run, within, synonyms())
        alone = [b == "里" or a == "各" for a, b in zip("\n" + run[:-1], run[1:] + "\n", strict=True)]  # 省里 for 省
        place = [a in "上下内里中" and b == "\n" for a, b in zip(run, bare[1:] + "\n", strict=True)]  # 平台上
        hit = [h or p for h, p in zip(hit, place, strict=True)]
        kept = zip(run, hit, bare, alone, strict=True)
        left = "".join("\n" if h or b == "\n" or (a and char in within) else char for char, h, b, a in kept)
        found += [piece for piece in left.split("\n") if piece and not (piece[1:] and _is_short_for(piece, within))]
    return tuple(found)


_HANDLING = set(
    "的了着过得地之所等和与及或并而且但里中内间在于对把被让使给为向从自由到至是有也都均就才再又还这那其该此每个些么们吗呢吧啊嘛"
    "做作弄搞办放摆拿掏搬搭铺接连装开设建起来去回进出入送带用靠凭拉推打跑走找看听说讲想算花添买加凑聚挂搁挪腾交发投落立拥享获取"
    "要能会可须愿叫令完好成掉住满齐上下后前一次趟遍场番件条项种类位名家份批时候年月天日已经正曾将很更颇较比谁什怎样么"
    "据按照随跟同净以因故则若如即便仍依旧另并各自己人们大家方面地方东西事情样子左右达称叫作当新"
)
"""Characters that handle, place and join: a piece of nothing else names nothing."""


def heavy(pieces: Sequence[str]) -> list[str]:
    """The pieces that name something, without the characters at their edges that do not.

    >>> heavy(["放", "一起", "上弄起来", "进口轮胎"])
    ['进口轮胎']
    """
    stripped = ("".join(re.sub(f"^[{_EDGES}]+|[{_EDGES}]+$", "", piece)) for piece in pieces)
    return [piece for piece in stripped if piece]


_EDGES = "".join(sorted(_HANDLING))


def is_light(words: str) -> bool:
    """Whether words carry no content, 已经实现了, as far as a sentence's meaning goes."""
    return set(_LIGHT_RUN.sub("", words)) <= _FUNCTION


def _is_short_for(piece: str, within: str) -> bool:
    """Whether a piece may be short for words that stand there: 国企 for 国有企业."""
    return re.search("[^，,。；;]{0,5}".join(map(re.escape, piece)), within) is not None


_STARS = re.compile("([2-6])a(?=级|景区)")


def _folded(text: str) -> str:
    """Half width and small letters, 5A级 as AAAAA级, GDP in words."""
    return _STARS.sub(lambda match: "a" * int(match.group(1)), normalise(text)).replace("gdp", "地区生产总值")


def names(noun: str, held: str) -> float:
    """Say how far some words name a thing, 0 to 1; 0 where they share no word with it."""
    covered = cover(noun, held)
    return covered.share if covered.held else 0.0


def _hits(run: str, within: str, table: Mapping[str, frozenset[str]]) -> list[bool]:
    """Which characters of a run stand in `within` as part of a pair, or belong to a word one of whose peers does."""
    hit = [False] * len(run)
    for i in range(len(run) - 1):
        if run[i : i + 2] in within:
            hit[i] = hit[i + 1] = True
    if len(run) == 1:
        hit[0] = run in within
    for start in range(len(run)):
        for end in range(min(len(run), start + _LONGEST), start + 1, -1):
            if all(hit[start:end]):
                continue
            if any(len(peer) > 1 and peer in within for peer in table.get(run[start:end], ())):
                hit[start:end] = [True] * (end - start)
                break
    return hit
