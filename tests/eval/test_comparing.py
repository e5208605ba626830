"""The gate: five seeded regressions are caught with their culprits, identical runs raise no alarm."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from eval.__main__ import app
from eval.comparing import Outcomes, compare, outcomes_of, read_baseline, write_baseline
from eval.errors import RunError
from eval.gold import read_gold
from eval.run import find_run, run_gold
from index.build import BUNDLED_REPORT, build
from index.chunking import sentences
from index.embedding import load_embedder
from index.figures import Figure
from index.passage import Passage
from index.store import PassageIndex
from qa.answer import Citation, Sentence
from qa.citing import Draft, cite
from qa.config import Settings
from qa.retrieval import Retriever

GOLD = read_gold(Path("eval/gold/qingdao-2021"))
ASKED = replace(GOLD, dialogues=(), claims=(), attacks=())


@pytest.fixture(scope="module")
def baseline(bundled_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_gold(ASKED, Settings(index=bundled_index), tmp_path_factory.mktemp("baseline"))


def shuffled_citations(patch: pytest.MonkeyPatch) -> None:
    def other(drafts: Sequence[Draft], index: PassageIndex) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        def moved(passage: Passage) -> Passage:
            return index.passage((passage.position + 11) % len(index))

        return cite([Draft(draft.text, tuple(map(moved, draft.sources))) for draft in drafts], index)

    patch.setattr("qa.extracting.cite", other)


def dropped_words(patch: pytest.MonkeyPatch) -> None:
    def silent(self: Retriever, question: str) -> NDArray[np.float32]:
        return np.zeros(len(self.index), dtype=np.float32)

    patch.setattr(Retriever, "word_scores", silent)


def truncated_passages(patch: pytest.MonkeyPatch) -> None:
    def cut(text: str) -> list[tuple[int, int]]:
        return [(start, min(end, start + 20)) for start, end in sentences(text)]

    patch.setattr("index.chunking.sentences", cut)


def broken_figures(patch: pytest.MonkeyPatch) -> None:
    def none(plain: str) -> list[Figure]:
        return []

    patch.setattr("index.figures._cores", none)


def forget() -> None:
    for name, module in list(sys.modules.items()):
        for kept in vars(module).values() if name.startswith(("qa.", "index.")) else ():
            clear = getattr(kept, "cache_clear", None)
            if clear is not None:
                clear()


@pytest.fixture
def forgetful() -> Iterator[None]:
    """Nothing is known of what was read before, and afterwards nothing of what was read wrongly."""
    forget()
    yield
    forget()


def refusal_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("qa.extracting.is_far", lambda *_: False)
    patch.setattr("qa.extracting.absence", lambda *_: None)
    patch.setattr("qa.extracting.refuse_outright", lambda *_: None)


@pytest.mark.parametrize(
    ("regression", "fallen", "rebuilt"),
    [
        (shuffled_citations, {"cited", "citation_precision", "full_and_cited", "figures_grounded"}, False),
        (dropped_words, {"nDCG@10"}, False),
        (truncated_passages, {"full", "short_answer"}, True),
        (broken_figures, {"full_arithmetic", "f1"}, False),
        (refusal_off, {"refusal_recall"}, False),
    ],
)
def test_seeded_regression_is_caught(
    regression: Callable[[pytest.MonkeyPatch], None],
    fallen: set[str],
    rebuilt: bool,
    baseline: Path,
    bundled_index: Path,
    tmp_path: Path,
    forgetful: None,
    monkeypatch: pytest.MonkeyPatch,
):
    regression(monkeypatch)
    index = bundled_index
    if rebuilt:
        index = tmp_path / "index"
        build([BUNDLED_REPORT], index, load_embedder(None))
    run = run_gold(ASKED, Settings(index=index), tmp_path / "runs")
    changes = [change for change in compare(outcomes_of(baseline), outcomes_of(run)) if change.fallen]
    assert fallen <= {change.metric.name for change in changes}
    assert all(change.worse for change in changes)


def test_identical_runs_raise_no_alarm(baseline: Path, bundled_index: Path, tmp_path: Path):
    again = run_gold(ASKED, Settings(index=bundled_index), tmp_path / "runs", workers=2)
    before, after = outcomes_of(baseline), outcomes_of(again)
    for seed in range(20):
        changes = compare(before, after, seed)
        assert len(changes) > 20
        assert not any(change.fallen or change.risen or change.worse or change.better for change in changes)


def few(*found: float) -> Outcomes:
    items = {
        f"d{number}": {"full": (value, 1.0), "false_refusal": (1 - value, 1.0)} for number, value in enumerate(found)
    }
    return Outcomes("run", "same", items)


def test_one_lost_of_many_is_named_and_no_alarm_where_the_baseline_was_not_perfect():
    before, after = few(*[0.0] * 10, *[1.0] * 90), few(*[0.0] * 11, *[1.0] * 89)
    change = compare(before, after)[0]
    assert (change.before, change.after, change.worse, change.better) == (0.9, 0.89, ("d10",), ())
    assert not change.fallen


def test_one_lost_of_a_perfect_baseline_is_an_alarm():
    change = compare(few(*[1.0] * 100), few(0.0, *[1.0] * 99))[0]
    assert (change.fallen, change.worse) == (True, ("d0",))


def test_where_less_is_better_more_is_an_alarm():
    changes = compare(few(*[1.0] * 100), few(*[0.0] * 10, *[1.0] * 90))
    refusal = next(change for change in changes if change.metric.name == "false_refusal")
    assert (refusal.before, refusal.after, refusal.fallen, len(refusal.worse)) == (0, 0.1, True, 10)
    back = compare(few(*[0.0] * 10, *[1.0] * 90), few(*[1.0] * 100))
    assert [change.risen for change in back] == [True, True]


def test_figure_that_is_gone_is_an_alarm():
    after = Outcomes("run", "same", {"d0": {"full": (1.0, 1.0)}})
    gone = next(c for c in compare(few(1.0, 0.0), after) if c.metric.name == "full")
    assert gone.after == 1.0
    nothing = Outcomes("run", "same", {})
    assert next(c for c in compare(few(1.0, 1.0), nothing) if c.metric.name == "full").fallen


def test_runs_of_different_gold_sets_do_not_compare():
    with pytest.raises(RunError, match="different gold sets"):
        compare(few(1.0), Outcomes("other", "else", {}))


def test_baseline_is_read_back_as_it_was_written(baseline: Path, tmp_path: Path):
    outcomes = outcomes_of(baseline)
    write_baseline(outcomes, tmp_path / "baseline.json")
    back = read_baseline(tmp_path / "baseline.json")
    assert (back.digest, dict(back.items)) == (GOLD.digest, dict(outcomes.items))


@pytest.mark.parametrize("text", ["{", "[]", '{"gold_sha256": "x"}', '{"gold_sha256": "x", "items": {"a": 1}}'])
def test_file_that_is_no_baseline_is_said(tmp_path: Path, text: str):
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(RunError, match="is not a baseline"):
        read_baseline(tmp_path / "baseline.json")
    with pytest.raises(RunError, match="--accept"):
        read_baseline(tmp_path / "none.json")


def test_gate_passes_its_own_baseline_and_fails_a_worse_run(baseline: Path, tmp_path: Path):
    def gate(run: Path, *more: str):
        return CliRunner().invoke(app, ["gate", str(run), "--baseline", str(tmp_path / "baseline.json"), *more])

    assert gate(baseline, "--accept").exit_code == 0
    passed = gate(baseline.parent)
    assert (passed.exit_code, passed.stdout.splitlines()[-1][-8:]) == (0, "0 fallen")

    worse = tmp_path / "runs" / "worse"
    worse.mkdir(parents=True)
    (worse / "summary.json").write_bytes((baseline / "summary.json").read_bytes())
    records = [json.loads(line) for line in (baseline / "records.jsonl").open(encoding="utf-8")]
    for record in records[:12]:
        record["reply"]["text"], record["reply"]["short"] = "没有数字。", None
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (worse / "records.jsonl").write_text(text, encoding="utf-8")
    failed = gate(worse)
    assert failed.exit_code == 1
    assert "答全" in failed.stdout
    assert "d001" in failed.stdout
    assert not failed.stdout.endswith("0 fallen\n")


def test_comparison_names_the_questions_and_draws_a_page(baseline: Path, tmp_path: Path):
    done = CliRunner().invoke(app, ["compare", str(baseline), str(baseline), "--html", str(tmp_path / "c.html")])
    assert done.exit_code == 0
    assert "are the same in all" in done.stdout
    assert "有变化的 0 条" in (tmp_path / "c.html").read_text(encoding="utf-8")
    assert find_run(baseline) == baseline
