import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.store import PassageIndex
from qa import prompts
from qa.__main__ import main
from tests.fakes import passages_in
from tests.scripted_server import Status, serving

QUESTION = "城市云脑接入了多少个单位？"
FIELDS = [
    "id",
    "question",
    "standalone_question",
    "status",
    "reason",
    "short",
    "text",
    "sentences",
    "citations",
    "withheld",
    "suggestions",
    "index",
    "embedder",
    "answerer",
    "timings_ms",
]
STATUSES = {"answered", "partial", "not_in_report", "out_of_scope", "invalid_input", "overloaded", "error"}


class Run:
    """Runs `python -m qa …` in this process: exit status, what it printed, what it complained of."""

    def __init__(
        self, index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        self._index, self._monkeypatch, self._capsys = index, monkeypatch, capsys
        monkeypatch.chdir(tmp_path)

    def __call__(self, *arguments: str, lines: str = "", index: Path | None = None) -> tuple[Any, str, str]:
        self._monkeypatch.setenv("QINGWEN_INDEX", str(index or self._index))
        self._monkeypatch.setattr("sys.argv", ["qa", *arguments])
        self._monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = self._capsys.readouterr()
        return exit_.value.code, printed.out, printed.err

    def answers(self, *questions: dict[str, Any]) -> list[dict[str, Any]]:
        """What `ask --jsonl` answers."""
        lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
        status, printed, complaint = self("ask", "--jsonl", lines=lines)
        assert (status, complaint) == (0, "")
        return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture
def run(
    bundled_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    return Run(bundled_index, monkeypatch, capsys, tmp_path)


def test_people_see_the_answer_its_mark_and_its_place(run: Run) -> None:
    status, printed, complaint = run("ask", QUESTION)
    assert (status, complaint) == (0, "")
    assert "接入41个单位" in printed
    assert "[1]" in printed
    assert "(二)全面推进城市治理“一网统管”（第530–580字）" in printed


def test_json_has_every_field_of_the_contract_in_order(run: Run, bundled_index: Path) -> None:
    status, printed, _ = run("ask", QUESTION, "--json")
    answer = json.loads(printed)
    assert status == 0
    assert list(answer) == FIELDS
    assert (answer["question"], answer["standalone_question"]) == (QUESTION, QUESTION)
    assert (answer["status"], answer["reason"]) == ("answered", None)
    assert answer["short"].startswith("41个")
    assert "41个单位" in answer["text"]
    assert answer["sentences"][0]["citations"] == [1]
    assert (answer["index"], answer["embedder"]) == (PassageIndex.open(bundled_index).generation, "embedded")
    assert answer["answerer"] == "extractive"
    assert set(answer["timings_ms"]) >= {"retrieve", "answer", "total"}
    text = PassageIndex.open(bundled_index).report("qingdao-2021").text
    assert answer["citations"] == [
        {
            "mark": 1,
            "document": "qingdao-2021",
            "title": "青岛市2021年数字城市建设工作报告",
            "section": ["一、数字政府聚焦提质增效,“多点用力”优化营商环境", "(二)全面推进城市治理“一网统管”"],
            "passage_id": "qingdao-2021:529-580",
            "start": 529,
            "end": 580,
            "quote": text[529:580],
        }
    ]


def test_jsonl_answers_line_by_line_in_order_with_the_ids_given(run: Run, bundled_index: Path) -> None:
    answers = run.answers(
        {"id": "b", "question": QUESTION},
        {"id": "a", "question": "青岛地铁有几条线路？"},
        {"id": 3, "question": "注册用户有多少？", "conversation": "c1"},
        {"id": "e", "question": "🙂"},
        {"id": "f", "question": ""},
        {"id": "g", "question": "问" * 501},
    )
    assert [answer["id"] for answer in answers] == ["b", "a", 3, "e", "f", "g"]
    assert [answer["status"] for answer in answers[3:]] == ["invalid_input"] * 3
    text = PassageIndex.open(bundled_index).report("qingdao-2021").text
    for answer in answers:
        assert list(answer) == FIELDS
        assert answer["status"] in STATUSES
        assert [c["mark"] for c in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
        assert all(text[c["start"] : c["end"]] == c["quote"] for c in answer["citations"])
        if answer["status"] in ("answered", "partial"):
            marks = {c["mark"] for c in answer["citations"]}
            assert answer["sentences"]
            assert all(s["citations"] and set(s["citations"]) <= marks for s in answer["sentences"])
        else:
            assert answer["reason"]
            assert (answer["short"], answer["sentences"], answer["citations"]) == (None, [], [])


def test_same_question_gets_the_same_answer(run: Run) -> None:
    first, second = run.answers({"id": 1, "question": QUESTION}, {"id": 1, "question": QUESTION})
    assert {**first, "timings_ms": None} == {**second, "timings_ms": None}


def test_blank_lines_between_questions_are_skipped(run: Run) -> None:
    status, printed, _ = run("ask", "--jsonl", lines=f'\n{{"id": 1, "question": "{QUESTION}"}}\n  \n')
    assert (status, printed.count("\n"), json.loads(printed)["id"]) == (0, 1, 1)


def test_half_a_character_does_not_end_the_stream(run: Run) -> None:
    lines = '{"id": 1, "question": "\\ud83d城市云脑接入了多少个单位？"}\n{"id": 2, "question": "注册用户有多少？"}\n'
    status, printed, _ = run("ask", "--jsonl", lines=lines)
    assert status == 0
    assert [json.loads(line)["id"] for line in printed.splitlines()] == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        "城市云脑",
        "[]",
        '"text"',
        '{"id": 1}',
        '{"question": "城市云脑"}',
        '{"id": 1, "question": 7}',
        '{"id": 1, "question": "城市云脑", "conversation": 7}',
    ],
)
def test_line_that_is_no_question_is_status_2_and_names_its_number(run: Run, line: str) -> None:
    status, printed, complaint = run("ask", "--jsonl", lines=f'{{"id": 1, "question": "{QUESTION}"}}\n{line}\n')
    assert (status, printed.count("\n"), complaint.count("\n")) == (2, 1, 1)
    assert complaint.startswith('line 2 of standard input is not {"id", "question"')


@pytest.mark.parametrize("arguments", [("ask",), ("ask", QUESTION, "--jsonl"), ("ask", "--verbose"), ("answer",), ()])
def test_wrong_usage_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_no_index_is_one_line_and_status_2(run: Run, tmp_path: Path) -> None:
    for status, printed, complaint in (
        run("ask", QUESTION, index=tmp_path / "none"),
        run("ask", QUESTION, "--index", str(tmp_path / "none")),
    ):
        assert (status, printed, complaint.count("\n")) == (2, "", 1)
        assert complaint.startswith(f"no index in {tmp_path / 'none'}; make one with python -m index build")


def test_setting_that_does_not_fit_is_status_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGWEN_PORT", "abc")
    status, printed, complaint = run("ask", QUESTION)
    assert (status, printed) == (2, "")
    assert "QINGWEN_PORT" in complaint


def test_language_model_is_named_by_an_option(run: Run) -> None:
    def script(messages: list[dict[str, Any]]) -> list[str]:
        mark = next(mark for mark, text in passages_in(messages[-1]["content"]).items() if "41个单位" in text)
        return ["城市云脑接入", f"41个单位。{mark}"]

    with serving(script) as server:
        status, printed, _ = run("ask", QUESTION, "--json", "--answerer", server.name)
    answer = json.loads(printed)
    assert (status, answer["answerer"], answer["text"], answer["short"]) == (
        *(0, server.name, "城市云脑接入41个单位。", "41个单位"),
    )
    _, printed, _ = run("ask", QUESTION, "--json", "--answerer", "extractive")
    assert json.loads(printed)["answerer"] == "extractive"


def test_language_model_that_fails_is_told_or_the_report_answers(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    with serving(lambda messages: [Status(500)]) as server:
        _, printed, _ = run("ask", QUESTION, "--answerer", server.name)
        assert printed.splitlines()[0] == prompts.MODEL_FAULTY
        assert "failed with 500" in caplog.text
        _, printed, _ = run("ask", QUESTION, "--answerer", server.name, "--fallback", "extractive")
    lines = printed.splitlines()
    assert (lines[0], lines[2]) == ("41个单位", prompts.FALLBACK)


def test_fallback_that_is_none_is_status_2(run: Run) -> None:
    status, printed, complaint = run("ask", QUESTION, "--fallback", "nothing")
    assert (status, printed) == (2, "")
    assert "QINGWEN_FALLBACK" in complaint


def test_asking_imports_nothing_heavy(bundled_index: Path) -> None:
    """Whoever asks one question waits for numpy and tokenizers, not for torch."""
    code = (
        "import sys\n"
        "from qa.__main__ import main\n"
        f"sys.argv = ['qa', 'ask', {QUESTION!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as exit_:\n"
        "    assert exit_.code == 0\n"
        "print(*sorted(sys.modules))\n"
    )
    environment = {**os.environ, "QINGWEN_INDEX": str(bundled_index), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    *answer, modules = done.stdout.splitlines()
    assert "41个单位" in "".join(answer)
    heavy = {"torch", "gradio", "sentence_transformers", "transformers", "scipy", "sklearn", "pandas", "fastapi"}
    heavy |= {"openai", "httpx2", "huggingface_hub"}
    assert heavy & set(modules.split()) == set()
    assert "numpy" in modules.split()
