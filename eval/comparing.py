"""Two runs side by side, and the gate: what got better, what got worse, and whether that is more than chance.

The program is deterministic: the same program and gold set give the same outcomes, every difference is exactly 0, and
nothing is ever reported. A changed program is judged question by question against its own baseline. A metric has
fallen when

* the paired 95 % interval of its difference lies below 0: five questions lost and none won, whatever the size of the
  set, or more losses where there are wins too; or
* it left its own 95 % interval in the baseline. Where every item of the baseline was right that interval is a point,
  so a single inexact quotation or ungrounded figure is enough.

Where less is better (`false_refusal`) the same holds upwards. A neutral change that moves many answers about raises a
false alarm in some one to three of a hundred cases for each metric: read the questions that the gate names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.answers import Share
from eval.errors import RunError
from eval.intervals import Counts, difference_interval, figure, figure_interval
from eval.run import SUMMARY, read_json, read_records
from eval.scoring import METRICS, Metric, Shares, parts_of, score

_EXACT = 1e-9  # two figures nearer than this are the same


@dataclass(frozen=True)
class Outcomes:
    """What each item of a run added to the metrics; `digest` is the gold set's."""

    name: str
    digest: str
    items: Mapping[str, Shares]


@dataclass(frozen=True)
class Change:
    """One metric before and after: the difference with its paired 95 % interval, and the items that moved.

    `worse` and `better` name items; `fallen` and `risen` say that it is more than chance.
    """

    metric: Metric
    before: float
    after: float
    low: float
    high: float
    worse: tuple[str, ...]
    better: tuple[str, ...]
    fallen: bool
    risen: bool


def outcomes_of(run: Path) -> Outcomes:
    """Score the records of a run by the rules as they are now."""
    return Outcomes(run.name, read_json(run, SUMMARY)["gold_sha256"], score(read_records(run)))


def compare(before: Outcomes, after: Outcomes, seed: int = 0) -> list[Change]:
    """Compare two runs metric by metric, in the order of the metrics; those that neither has are left out.

    Raises:
        RunError: the runs are of different gold sets.
    """
    if before.digest != after.digest:
        raise RunError(
            f"{before.name} and {after.name} are of different gold sets ({before.digest[:12]}, {after.digest[:12]}); "
            "run both on one set, or accept a new baseline with --accept"
        )
    ids = list(dict.fromkeys((*before.items, *after.items)))
    changes: list[Change] = []
    for metric in METRICS:
        parts = parts_of(metric.name)
        having = [one for one in ids if any(p in o.items.get(one, {}) for o in (before, after) for p in parts)]
        if having:
            changes.append(_change(metric, having, before, after, parts, seed))
    return changes


def write_baseline(outcomes: Outcomes, path: Path) -> None:
    """Write what each item added to the metrics, an item a line, so that a change of the file can be read."""
    lines = ",\n".join(
        f"  {json.dumps(one, ensure_ascii=False)}: {json.dumps(_packed(shares))}"
        for one, shares in outcomes.items.items()
    )
    head = json.dumps({"gold_sha256": outcomes.digest})[1:-1]
    path.write_text(f'{{\n {head},\n "items": {{\n{lines}\n }}\n}}\n', encoding="utf-8")


def read_baseline(path: Path) -> Outcomes:
    """Read a baseline.

    Raises:
        RunError: there is none, or it is not one.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        items = {one: _unpacked(shares) for one, shares in fields["items"].items()}
        return Outcomes(path.name, fields["gold_sha256"], items)
    except FileNotFoundError:
        raise RunError(f"no baseline {path}; make one of a run that you trust with --accept") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} is not a baseline ({error!r}); make it anew with --accept") from error


def _change(
    metric: Metric, ids: Sequence[str], before: Outcomes, after: Outcomes, parts: Sequence[str], seed: int
) -> Change:
    old, new = (_table(outcomes.items, ids, parts) for outcomes in (before, after))
    was, now = (figure(*table) if table[1].any() else 0.0 for table in (old, new))
    same = np.array_equal(old[0], new[0]) and np.array_equal(old[1], new[1])
    low, high = (0.0, 0.0) if same else difference_interval(old, new, seed)
    own_low, own_high = (was, was) if same else figure_interval(*_having(old), seed) if old[1].any() else (0.0, 1.0)
    sign = 1 if metric.more_is_better else -1
    moves = [sign * move for move in _moves(old, new)]
    fell, rose = (high < -_EXACT or now < own_low - _EXACT), (low > _EXACT or now > own_high + _EXACT)
    fallen, risen = (fell, rose) if metric.more_is_better else (rose, fell)
    return Change(
        metric=metric,
        before=was,
        after=now,
        low=low,
        high=high,
        worse=tuple(one for one, move in zip(ids, moves, strict=True) if move < -_EXACT),
        better=tuple(one for one, move in zip(ids, moves, strict=True) if move > _EXACT),
        fallen=fallen and abs(now - was) > _EXACT,
        risen=risen and abs(now - was) > _EXACT,
    )


def _moves(old: tuple[Counts, Counts], new: tuple[Counts, Counts]) -> list[float]:
    """By how much each item's own figure moved; having nothing to find counts as having found all."""

    def own(found: Counts, of: Counts) -> Counts:
        total = of.sum(axis=1)
        return np.divide(found.sum(axis=1), total, out=np.ones_like(total), where=total > 0)

    return list(map(float, own(*new) - own(*old)))


def _table(items: Mapping[str, Shares], ids: Sequence[str], parts: Sequence[str]) -> tuple[Counts, Counts]:
    empty: Share = (0.0, 0.0)
    table = np.array([[items.get(one, {}).get(part, empty) for part in parts] for one in ids])
    return table[:, :, 0], table[:, :, 1]


def _having(table: tuple[Counts, Counts]) -> tuple[Counts, Counts]:
    rows = table[1].any(axis=1)
    return table[0][rows], table[1][rows]


def _packed(shares: Shares) -> dict[str, Any]:
    """A share of 1 as the number alone."""
    return {name: (found if of == 1 else [found, of]) for name, (found, of) in shares.items()}


def _unpacked(shares: Mapping[str, Any]) -> Shares:
    return {name: (share[0], share[1]) if isinstance(share, list) else (share, 1.0) for name, share in shares.items()}
