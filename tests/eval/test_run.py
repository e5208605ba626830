"""Whole runs: the same bytes every time, broken off and gone on with, and the page that comes of them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.errors import RunError
from eval.gold import GoldSet, read_gold
from eval.report import write_report
from eval.run import find_run, read_json, read_records, run_gold
from eval.scoring import Part
from qa.config import Settings

WHOLE = read_gold(Path("eval/gold/qingdao-2021"))


def first(gold: GoldSet, count: int) -> GoldSet:
    return replace(
        gold,
        questions=gold.questions[:count],
        dialogues=gold.dialogues[:count],
        claims=gold.claims[:count],
        attacks=gold.attacks[:count],
    )


FEW = first(WHOLE, 4)


@pytest.fixture(scope="module")
def run(bundled_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = run_gold(FEW, Settings(index=bundled_index), tmp_path_factory.mktemp("runs"))
    write_report(folder)
    return folder


def test_folder_holds_what_was_asked_and_what_came_back(run: Path, bundled_index: Path):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", run.name)
    settings = read_json(run, "settings.json")
    assert (settings["gold"], settings["answerer"], settings["documents"]) == ("qingdao-2021", "extractive", 1)
    assert settings["index"] == (bundled_index / "CURRENT").read_text().strip()
    records = read_records(run)
    turns = sum(len(dialogue.turns) for dialogue in FEW.dialogues)
    assert [record.part for record in records].count(Part.TURN) == turns
    assert (records[0].id, records[0].reply["short"], records[0].reply["status"]) == ("d001", "前5名", "answered")
    assert records[0].reply["citations"][0]["exact"] is True
    assert list(records[0].relevant) == [records[0].reply["citations"][0]["passage_id"]]
    assert (len(records[0].ranking), records[0].timings_ms["first"] > 0) == (20, True)
    speed = read_json(run, "speed.json")
    assert speed["answer_ms"]["p50"]["low"] <= speed["answer_ms"]["p50"]["value"] <= speed["answer_ms"]["p95"]["value"]


def test_second_run_writes_the_same_bytes_whoever_does_the_work(run: Path, bundled_index: Path, tmp_path: Path):
    again = run_gold(FEW, Settings(index=bundled_index), tmp_path, workers=2)
    assert (again / "summary.json").read_bytes() == (run / "summary.json").read_bytes()
    assert [replace(record, timings_ms={}) for record in read_records(again)] == [
        replace(record, timings_ms={}) for record in read_records(run)
    ]


def test_broken_off_run_is_gone_on_with(run: Path, bundled_index: Path, tmp_path: Path):
    settings = Settings(index=bundled_index)
    broken = run_gold(FEW, settings, tmp_path)
    (broken / "summary.json").unlink()
    lines = (broken / "records.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    # Four questions, one turn of the first dialogue, and half a line: the dialogue must begin anew.
    (broken / "records.jsonl").write_text("".join(lines[:5]) + lines[5][:40], encoding="utf-8")
    asked: list[int] = []

    def counted(steps, label):
        asked.append(len(steps))
        return steps

    resumed = run_gold(FEW, settings, tmp_path, resume=True, track=counted)
    assert (resumed, asked) == (broken, [12])
    assert (resumed / "summary.json").read_bytes() == (run / "summary.json").read_bytes()
    assert (resumed / "records.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:4] == lines[:4]


def test_run_of_other_settings_is_not_gone_on_with(bundled_index: Path, tmp_path: Path):
    broken = run_gold(first(WHOLE, 1), Settings(index=bundled_index), tmp_path)
    (broken / "summary.json").unlink()
    other = run_gold(first(WHOLE, 1), Settings(index=bundled_index, retrieve_k=5), tmp_path, resume=True)
    assert other != broken


def test_newest_finished_run_is_found(tmp_path: Path):
    with pytest.raises(RunError, match="no finished run"):
        find_run(tmp_path)
    for name in ("2026-01-01T00-00-00Z", "2026-01-02T00-00-00Z", "2026-01-03T00-00-00Z"):
        (tmp_path / name).mkdir()
    for name in ("2026-01-01T00-00-00Z", "2026-01-02T00-00-00Z"):
        (tmp_path / name / "summary.json").write_text("{}")
    assert find_run(tmp_path).name == "2026-01-02T00-00-00Z"


def test_page_stands_alone_and_shows_what_was_missed(bundled_index: Path, tmp_path: Path):
    question = replace(WHOLE.questions[1], id="miss", must_contain=(("第7",),), question="<b>城市</b>接入多少个单位？")
    alone = replace(FEW, questions=(question,), dialogues=(), claims=(), attacks=())
    folder = run_gold(alone, Settings(index=bundled_index), tmp_path)
    page = write_report(folder).read_text(encoding="utf-8")
    # Names of XML's own are the only addresses in it.
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?!#)[\w/.]""", page)
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert page.count("<article") == 1
    assert "&lt;b&gt;城市&lt;/b&gt;接入多少个单位？" in page
    assert "须含：第7" in page
    assert question.evidence[0].text in page
    assert page.count("<svg") >= 3


def test_command_runs_a_set_and_says_where_the_page_is(bundled_index: Path, tmp_path: Path):
    gold = tmp_path / "few.jsonl"
    lines = (Path("eval/gold/qingdao-2021/questions.jsonl")).read_text(encoding="utf-8").splitlines(keepends=True)
    gold.write_text("".join(lines[:3]), encoding="utf-8")
    command = ["run", "--gold", str(gold), "--index", str(bundled_index), "--out", str(tmp_path / "runs")]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0
    run = find_run(tmp_path / "runs")
    assert json.loads((run / "summary.json").read_text(encoding="utf-8"))["items"]["question"] == 3
    assert str(run / "report.html") in done.stdout.replace("\n", "")
    assert "答全" in done.stdout
