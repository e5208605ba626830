"""A run, or two side by side, as one page that opens offline; and as a table in the terminal."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from eval.comparing import Change
from eval.gaps import DISLIKED, Gap
from eval.plots import VERDICTS, draw_confusion, draw_curve, draw_groups, draw_latency
from eval.run import REPORT, SETTINGS, SPEED, SUMMARY, read_json, read_records
from eval.scoring import METRICS, Metric, Part, Record, Shares, is_miss, score
from qa.exporting import guarded

if TYPE_CHECKING:
    from rich.table import Table

PARTS = {Part.QUESTION: "单问", Part.TURN: "多轮", Part.CLAIM: "核对", Part.ATTACK: "攻击"}
STATUS = {
    "answered": "已回答",
    "partial": "部分回答",
    "not_in_report": "报告未提",
    "out_of_scope": "超出范围",
    "invalid_input": "无法读取",
    "overloaded": "繁忙",
    "error": "出错",
    **VERDICTS,
}


def write_report(run: Path) -> Path:
    """Write the page of a finished run into its folder; returns it."""
    summary, speed = read_json(run, SUMMARY), read_json(run, SPEED)
    records = read_records(run)
    scored = score(records)
    misses = [_card(record, scored[record.id]) for record in records if is_miss(scored[record.id])]
    took = [r.timings_ms["total"] for r in records if r.part in (Part.QUESTION, Part.TURN) and r.timings_ms]
    plots = [
        ("各类型", draw_groups(summary["by_type"]) if summary["by_type"] else ""),
        ("各部分", draw_groups(summary["by_section"]) if len(summary["by_section"]) > 1 else ""),
        ("检索", draw_curve(summary["retrieval_curve"]) if summary["retrieval_curve"] else ""),
        ("核对：混淆矩阵", draw_confusion(summary["claims_confusion"]) if summary["claims_confusion"] else ""),
        ("用时", draw_latency(took, speed) if took else ""),
    ]
    page = _render(
        "report.html",
        run=run.name,
        settings=read_json(run, SETTINGS),
        summary=summary,
        areas=_areas(summary["metrics"]),
        speed=speed,
        plots=[plot for plot in plots if plot[1]],
        misses=misses,
        judged=read_json(run, "judge.json") if (run / "judge.json").exists() else None,
    )
    (run / REPORT).write_text(page, encoding="utf-8")
    return run / REPORT


def write_comparison(before: Path, after: Path, changes: Sequence[Change], path: Path) -> None:
    """Write the page that sets two runs side by side, with every item that moved."""
    sides = [{record.id: record for record in read_records(run)} for run in (before, after)]
    moved: dict[str, dict[str, Any]] = {}
    for change in changes:
        for way, items in (("worse", change.worse), ("better", change.better)):
            for one in items:
                item = moved.setdefault(one, {"id": one, "worse": [], "better": []})
                item[way].append(change.metric.label)
    items = [
        {**item, "sides": [_card(side[one], {}) for side in sides]} for one, item in moved.items() if one in sides[0]
    ]
    page = _render("comparison.html", before=before.name, after=after.name, changes=changes, items=items)
    path.write_text(page, encoding="utf-8")


def summary_table(metrics: Mapping[str, Mapping[str, float]]) -> "Table":
    """Draw the figures of a run for a terminal, in hundredths with their 95 % intervals."""
    from rich.table import Table

    table = Table("", "指标", "值", "95 % 区间", "n")
    for area, rows in _areas(metrics):
        for number, (name, label, figure) in enumerate(rows):
            ends = f"[{100 * figure['low']:.1f}, {100 * figure['high']:.1f}]".replace("[", r"\[")
            named = label if label == name else f"{label} {name}"
            table.add_row(area if not number else "", named, f"{100 * figure['value']:.1f}", ends, str(figure["n"]))
    return table


def change_table(changes: Iterable[Change]) -> "Table":
    """Draw the metrics that moved for a terminal, each with the items that moved it."""
    from rich.table import Table

    table = Table("指标", "前", "后", "差（95 % 区间）", "判断", "变差", "变好")
    for change in changes:
        if change.worse or change.better:
            low, high = 100 * change.low, 100 * change.high
            difference = rf"{100 * (change.after - change.before):+.1f} \[{low:+.1f}, {high:+.1f}]"
            verdict = "[red]变差[/]" if change.fallen else "[green]变好[/]" if change.risen else "不显著"
            before, after = (f"{100 * value:.1f}" for value in (change.before, change.after))
            table.add_row(
                change.metric.label, before, after, difference, verdict, _listed(change.worse), _listed(change.better)
            )
    return table


def gap_table(gaps: Sequence[Gap]) -> "Table":
    """Draw what went unanswered for a terminal."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("次数", "问题", "相近的问法", "点了没帮助", "最近一次")
    for gap in gaps:
        row = {name: escape(str(value)) for name, value in gap.as_row().items()}
        table.add_row(row["count"], row["question"], row["others"], row[DISLIKED], row["last"])
    return table


def write_csv(rows: Sequence[Mapping[str, str | int]], file: TextIO) -> None:
    """Write rows for a spreadsheet; what it would take for a formula stands behind a '."""
    table = csv.DictWriter(file, list(rows[0]) if rows else [], lineterminator="\n")
    table.writeheader()
    table.writerows({name: guarded(str(value)) for name, value in row.items()} for row in rows)


def _listed(items: Sequence[str], most: int = 12) -> str:
    more = f" …共{len(items)}" if len(items) > most else ""
    return " ".join(items[:most]) + more


def _areas(metrics: Mapping[str, Mapping[str, float]]) -> list[tuple[str, list[tuple[str, str, Mapping[str, float]]]]]:
    areas: dict[str, list[tuple[str, str, Mapping[str, float]]]] = {}
    for metric in METRICS:
        if metric.name in metrics:
            areas.setdefault(metric.area, []).append((metric.name, metric.label, metrics[metric.name]))
    return list(areas.items())


def _card(record: Record, shares: Shares) -> dict[str, Any]:
    """What a page shows of one item: what was asked and wanted, and what came back."""
    gold, reply = record.gold, record.reply
    status = str(reply.get("status") or reply.get("verdict") or "none")
    wanted: list[str] = gold.get("answers") or ([gold["correct"]] if gold.get("correct") else [])
    return {
        "id": record.id,
        "part": PARTS[record.part],
        "type": gold.get("type") or gold.get("label") or gold.get("kind", ""),
        "section": gold.get("section", ""),
        "question": (gold.get("question") or gold.get("claim") or gold.get("text") or "")[:400],
        "standalone": reply.get("standalone_question") if record.part is Part.TURN else None,
        "expected": STATUS.get(gold.get("label", ""), "") or ("" if gold.get("answerable", True) else "应当拒答"),
        "answers": wanted,
        "must_contain": [" / ".join(group) for group in gold.get("must_contain", ())],
        "evidence": gold.get("evidence", ()),
        "status": STATUS.get(status, status),
        "short": reply.get("short"),
        "text": (reply.get("text") or reply.get("difference") or "")[:1200],
        "citations": reply.get("citations", ()),
        "failed": [metric.label for metric in METRICS if metric.name in shares and _falls_short(metric, shares)],
    }


def _falls_short(metric: Metric, shares: Shares) -> bool:
    """Whether an item is not what it could be in a metric; EM and F1 are too strict to be worth a word."""
    found, of = shares[metric.name]
    return metric.name not in ("em", "f1") and (found < of if metric.more_is_better else found > 0)


def _render(template: str, **values: Any) -> str:  # noqa: ANN401
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template(template).render(**values)
