import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from fastapi.testclient import TestClient

from index.embedding import load_embedder
from index.store import PassageIndex
from qa.api import build_api
from qa.checking import Checker
from qa.config import Settings
from qa.retrieval import Retriever
from qa.web.serving import Service
from tests.qa.test_main import Run

TRUE = "城市云脑接入41个单位的121个业务系统。"
FALSE = "城市云脑接入41个单位的191个业务系统。"
FIELDS = ["id", "claim", "verdict", "start", "end", "difference", "correction", "citations", "figures"]


@pytest.fixture
def run(
    bundled_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    return Run(bundled_index, monkeypatch, capsys, tmp_path)


def word(path: Path, *paragraphs: str) -> Path:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def verdicts(printed: str) -> list[tuple[str, str]]:
    return [(verdict["claim"], verdict["verdict"]) for verdict in json.loads(printed)["verdicts"]]


def lines(*claims: Any) -> str:
    return "".join(json.dumps({"id": n, "claim": claim}, ensure_ascii=False) + "\n" for n, claim in enumerate(claims))


def test_people_see_what_differs_and_the_right_sentence(run: Run) -> None:
    status, printed, complaint = run("check", TRUE + FALSE)
    assert (status, complaint) == (0, "")
    assert f"√ 【与报告一致】{TRUE}\n" in printed
    assert f"× 【与报告不符】{FALSE}\n" in printed
    assert f"    建议改为：{TRUE}\n" in printed
    assert "报告原文：初步建成左右衔接、上下贯通的城市云脑," in printed
    assert "（《青岛市2021年数字城市建设工作报告》 › 一、数字政府聚焦提质增效" in printed
    assert printed.endswith("以上结果由程序与所引报告比对得出，仅供参考，以报告原文为准。\n")


def test_json_has_every_field_of_the_contract_and_true_offsets(run: Run) -> None:
    text = TRUE + FALSE
    status, printed, _ = run("check", text, "--json")
    both = json.loads(printed)["verdicts"]
    assert status == 0
    assert [list(verdict) for verdict in both] == [FIELDS, FIELDS]
    assert [text[verdict["start"] : verdict["end"]] for verdict in both] == [TRUE, FALSE]
    assert [verdict["verdict"] for verdict in both] == ["supported", "refuted"]
    assert (both[0]["correction"], both[1]["correction"]) == (None, TRUE)
    assert both[1]["citations"][0]["passage_id"] == "qingdao-2021:529-580"


@pytest.mark.parametrize("kind", ["txt", "docx"])
def test_file_is_checked_as_its_text_would_be(run: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"稿.{kind}"
    if kind == "docx":
        word(path, TRUE, FALSE)
    else:
        path.write_text(f"{TRUE}\n{FALSE}", encoding="gb18030")
    status, printed, _ = run("check", "--file", str(path), "--json")
    assert (status, verdicts(printed)) == (0, [(TRUE, "supported"), (FALSE, "refuted")])


def test_table_and_marked_file_are_written(run: Run, tmp_path: Path) -> None:
    path = word(tmp_path / "稿.docx", TRUE, FALSE)
    before = path.read_bytes()
    status, _, complaint = run("check", "--file", str(path), "--csv", "a.csv", "--docx", "a.docx")
    assert (status, complaint, path.read_bytes() == before) == (0, "", True)
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"))))
    assert [row[1:3] for row in rows[1:]] == [["与报告一致", TRUE], ["与报告不符", FALSE]]
    marked = Document(str(tmp_path / "a.docx"))
    assert [paragraph.text for paragraph in marked.paragraphs] == [TRUE, FALSE]
    assert [comment.text.split("\n")[0] for comment in marked.comments][1:] == ["【与报告一致】", "【与报告不符】"]


def test_strict_stops_a_publication(run: Run) -> None:
    assert run("check", FALSE, "--strict")[0] == 1
    assert run("check", TRUE, "--strict")[0] == 0
    assert run("check", FALSE)[0] == 0
    assert run("check", "--jsonl", "--strict", lines=lines(FALSE, TRUE))[0] == 1
    assert run("check", "--jsonl", "--strict", lines=lines(TRUE))[0] == 0


def test_jsonl_judges_every_line_as_one_claim_with_the_id_given(run: Run) -> None:
    status, printed, complaint = run("check", "--jsonl", lines=lines(TRUE + FALSE, TRUE, "", "\ud83d接入") + "\n")
    answers = [json.loads(line) for line in printed.splitlines()]
    assert (status, complaint) == (0, "")
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3]
    assert [answer["verdict"] for answer in answers[:3]] == ["refuted", "supported", "nothing_to_check"]
    assert all(list(answer) == FIELDS for answer in answers)


def test_same_text_gets_the_same_verdicts(run: Run) -> None:
    assert run("check", TRUE + FALSE, "--json") == run("check", TRUE + FALSE, "--json")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", TRUE, "--jsonl"),
        ("check", TRUE, "--file", "a.txt"),
        ("check", "--jsonl", "--json"),
        ("check", "--jsonl", "--csv", "a.csv"),
        ("check", "--verbose"),
    ],
)
def test_wrong_usage_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


@pytest.mark.parametrize("line", ["x", "[]", '{"id": 1}', '{"claim": "x"}', '{"id": 1, "claim": 7}'])
def test_line_that_is_no_claim_is_status_2_and_names_its_number(run: Run, line: str) -> None:
    status, printed, complaint = run("check", "--jsonl", lines=lines(TRUE) + line + "\n")
    assert (status, printed.count("\n"), complaint.count("\n")) == (2, 1, 1)
    assert complaint.startswith('line 2 of standard input is not {"id", "claim"}')


def test_file_that_cannot_be_checked_is_one_line_and_status_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "稿.docx").write_bytes(b"x")
    assert run("check", "--file", "稿.docx") == (
        2,
        "",
        "“稿.docx”的内容不是.docx文件，而是别的文件，请用正确的格式另存后再试。\n",
    )
    assert run("check", " ") == (2, "", "没有可以核查的文字。\n")
    status, printed, complaint = run("check", "--file", "none.txt")
    assert (status, printed, complaint.count("\n")) == (2, "", 1)


def test_what_is_checked_is_never_written_over(run: Run, tmp_path: Path) -> None:
    path = word(tmp_path / "稿.docx", TRUE)
    status, _, complaint = run("check", "--file", str(path), "--docx", "稿.docx")
    assert (status, "name another file to write into" in complaint) == (2, True)


def test_audit_keeps_every_answer_and_check_and_finds_a_change(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGWEN_AUDIT", str(tmp_path / "log"))
    assert run("ask", "城市云脑接入了多少个单位？")[2] == "审计记录第1号\n"
    assert run("check", TRUE + FALSE)[2] == "审计记录第2号\n"
    assert run("check", "--jsonl", lines=lines(TRUE, FALSE))[2] == ""
    assert run("ask", "--jsonl", lines='{"id": 1, "question": "城市云脑接入了多少个单位？"}\n')[2] == ""
    status, printed, _ = run("audit", "verify")
    assert (status, printed.splitlines()[0]) == (0, "审计记录完好：第1至5号，共5条。")
    head = printed.splitlines()[1].removeprefix("末端：")
    assert run("audit", "verify", "--head", head)[0] == 0
    assert run("audit", "verify", "--head", "5:abc") == (1, "与另外存放的末端不符：第5号。\n", "")
    assert run("audit", "verify", "--head", "abc")[0] == 2
    assert run("audit", "export", "log.csv") == (0, "已导出5条审计记录：log.csv\n", "")
    assert len(list(csv.reader((tmp_path / "log.csv").open(encoding="utf-8-sig", newline="")))) == 6
    monkeypatch.delenv("QINGWEN_AUDIT")
    assert run("audit", "verify")[0] == 2
    assert run("audit", "verify", "--audit", str(tmp_path / "log"))[0] == 0


def test_replay_says_whether_the_same_comes_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGWEN_AUDIT", str(tmp_path / "log"))
    question = "城市云脑接入了多少个单位？"
    answer = json.loads(run("ask", question, "--json")[1])
    same = (0, "第1号记录：重放结果与当时逐字一致。\n", "")
    assert run("replay", "1", "--question", question) == same
    assert run("replay", answer["id"], "--question", question) == same
    assert run("replay", "1") == (2, "", "第1号记录没有保存原文，请用--question给出当时的原文。\n")


@pytest.mark.parametrize("arguments", [["ask", "城市云脑接入了多少个单位？"], ["check", TRUE]])
def test_what_is_not_used_is_not_loaded(bundled_index: Path, arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from qa.__main__ import main\n"
        f"sys.argv = ['qa', *{arguments!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as exit_:\n"
        "    assert exit_.code == 0\n"
        "print(*sorted(sys.modules))\n"
    )
    environment = {**os.environ, "QINGWEN_INDEX": str(bundled_index), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded & {"sqlite3", "docx", "lxml", "pypdfium2", "torch", "fastapi", "qa.audit", "qa.replaying"} == set()


# --- one text, three ways in -----------------------------------------------------------------------------------------


PRESS_RELEASE = Path(__file__).parent.parent / "data" / "press_release.txt"


@pytest.fixture
def in_process(bundled_index: Path) -> list[dict[str, Any]]:
    """The verdicts on the press release, as JSON."""
    index = PassageIndex.open(bundled_index)
    checker = Checker(index, Retriever(index, load_embedder(None)))
    found = [verdict.as_json() for verdict in checker.check(PRESS_RELEASE.read_text(encoding="utf-8"))]
    return json.loads(json.dumps(found))


def test_press_release_gets_the_same_verdicts_on_the_command_line(run: Run, in_process: list[dict[str, Any]]) -> None:
    status, printed, _ = run("check", "--file", str(PRESS_RELEASE), "--json")
    assert status == 0
    assert json.loads(printed)["verdicts"] == in_process


def test_press_release_gets_the_same_verdicts_over_http(bundled_index: Path, in_process: list[dict[str, Any]]) -> None:
    text = PRESS_RELEASE.read_text(encoding="utf-8")
    assert len(text) >= 3000
    client = TestClient(build_api(Service(Settings(index=bundled_index))))
    assert client.post("/v1/check", json={"text": text}).json()["verdicts"] == in_process
