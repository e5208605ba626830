"""The figures of a run as drawings: SVG to stand in a page. Text stays text, in whatever font the reader has."""

import io
import logging
import re
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from eval.scoring import LABELS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BLUE, _GREY, _ORANGE = "#1d5fa8", "#c9d3de", "#c8641a"
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "qingwen",  # the same drawing has the same ids
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a96a3",
    "axes.unicode_minus": False,
}
VERDICTS = {"supported": "支持", "refuted": "不符", "not_enough_info": "报告未提", "none": "无结论"}


def draw_groups(groups: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Draw the share of right answers of each group as a bar with its 95 % interval."""
    names = list(groups)[::-1]
    rights = [groups[name]["right"] for name in names]
    with _drawing(6.4, 0.6 + 0.32 * len(names)) as (figure, svg):
        axes = figure.subplots()
        values = [100 * right["value"] for right in rights]
        ends = [[100 * abs(right[end] - right["value"]) for right in rights] for end in ("low", "high")]
        axes.barh(range(len(names)), values, color=_BLUE, height=0.62)
        axes.errorbar(values, range(len(names)), xerr=ends, fmt="none", ecolor=_ORANGE, capsize=3, linewidth=1.2)
        axes.set_yticks(range(len(names)), [f"{n}  n={r['n']:.0f}" for n, r in zip(names, rights, strict=True)])
        axes.set_xlim(0, 105)
        axes.set_xlabel("答对 %")
        figure.subplots_adjust(left=0.36, right=0.98, bottom=0.5 / (0.6 + 0.32 * len(names)), top=0.98)
    return svg[0]


def draw_curve(curve: Mapping[str, Mapping[str, float]]) -> str:
    """Draw R@k and Success@k over k."""
    with _drawing(6.4, 3.4) as (figure, svg):
        axes = figure.subplots()
        for (name, values), colour in zip(curve.items(), (_BLUE, _ORANGE), strict=True):
            axes.plot(
                [int(k) for k in values], [100 * v for v in values.values()], "o-", color=colour, label=f"{name}@k"
            )
        axes.set_xticks([int(k) for k in curve["R"]])
        axes.set_xlabel("k")
        axes.set_ylabel("%")
        axes.set_ylim(min(80, *(100 * v - 5 for values in curve.values() for v in values.values())), 101)
        axes.grid(axis="y", color=_GREY, linewidth=0.6)
        axes.legend(frameon=False, loc="lower right")
        figure.subplots_adjust(left=0.13, right=0.98, bottom=0.15, top=0.97)
    return svg[0]


def draw_confusion(confusion: Mapping[str, Mapping[str, int]]) -> str:
    """Draw what claims are (rows) against what was said of them (columns)."""
    verdicts = [v for v in VERDICTS if v != "none" or any(row["none"] for row in confusion.values())]
    counts = [[confusion[label][verdict] for verdict in verdicts] for label in LABELS]
    with _drawing(6.4, 3.4) as (figure, svg):
        axes = figure.subplots()
        axes.pcolormesh(counts, cmap="Blues", vmin=0, edgecolors="white", linewidth=2)
        axes.invert_yaxis()
        darkest = max(map(max, counts))
        for row, line in enumerate(counts):
            for column, count in enumerate(line):
                colour = "white" if count > darkest / 2 else "#20303f"
                axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", color=colour, fontsize=13)
        axes.set_xticks([at + 0.5 for at in range(len(verdicts))], [VERDICTS[verdict] for verdict in verdicts])
        axes.set_yticks([at + 0.5 for at in range(len(LABELS))], [VERDICTS[label] for label in LABELS])
        axes.set_xlabel("系统结论")
        axes.set_ylabel("标准结论")
        figure.subplots_adjust(left=0.2, right=0.98, bottom=0.17, top=0.97)
    return svg[0]


def draw_latency(milliseconds: Sequence[float], speed: Mapping[str, Any]) -> str:
    """Draw how long answers took, with median and 95th percentile."""
    with _drawing(6.4, 3.4) as (figure, svg):
        axes = figure.subplots()
        axes.hist(milliseconds, bins=40, color=_BLUE)
        for name, style in (("p50", "-"), ("p95", "--")):
            value = speed["answer_ms"][name]["value"]
            axes.axvline(value, color=_ORANGE, linestyle=style, label=f"{name} {value:.0f} ms")
        axes.set_xlabel("毫秒")
        axes.set_ylabel("问题数")
        axes.legend(frameon=False)
        figure.subplots_adjust(left=0.1, right=0.98, bottom=0.15, top=0.97)
    return svg[0]


@contextmanager
def _drawing(width: float, height: float) -> Generator[tuple["Figure", list[str]]]:
    """A drawing of some inches; its SVG is in the list afterwards."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    svg: list[str] = []
    with warnings.catch_warnings(), matplotlib.rc_context(_STYLE):
        # The reader's browser has Chinese letters; that matplotlib's own font has none only matters for measuring.
        warnings.filterwarnings("ignore", "Glyph")
        figure = Figure(figsize=(width, height))
        yield figure, svg
        out = io.StringIO()
        FigureCanvasSVG(figure).print_svg(out, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    text = out.getvalue()
    svg.append(
        re.sub(
            r'<svg [^>]*viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" role="img">', text[text.index("<svg") :], count=1
        )
    )
