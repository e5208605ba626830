import json
from pathlib import Path

import pytest

from index.__main__ import main
from index.store import PassageIndex, writer

REPORT = "甲市工作报告\n一、数字政府\n(一)政务服务。整合45个部门的7900多项服务。\n(二)城市治理。接入41个单位。\n"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


class Run:
    """Runs `python -m index …` in this process: exit status, what it printed, what it complained of."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int | str | None, str, str]:
        self._monkeypatch.setattr("sys.argv", ["index", *map(str, arguments)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = self._capsys.readouterr()
        return exit_.value.code, printed.out, printed.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


def test_build_says_what_it_made(run: Run, report: Path, tmp_path: Path) -> None:
    out = tmp_path / "index"
    status, printed, complaint = run("build", report, "--out", out)
    index = PassageIndex.open(out)
    assert (status, complaint) == (0, "")
    assert printed == f"{index.generation}: 1 documents, 2 passages → {out}\n"


def test_build_without_paths_takes_the_bundled_report(run: Run, tmp_path: Path) -> None:
    status, printed, _ = run("build", "--out", tmp_path)
    assert (status, printed.split(": ")[1]) == (0, f"1 documents, 47 passages → {tmp_path}\n")


def test_reports_are_added_and_removed(run: Run, report: Path, tmp_path: Path) -> None:
    out = tmp_path / "index"
    run("build", "--out", out)
    status, printed, _ = run("add", report, "--index", out)
    assert (status, printed.split(": ")[1]) == (0, f"2 documents, 49 passages → {out}\n")
    status, printed, _ = run("remove", "qingdao-2021", "--index", out)
    assert (status, printed.split(": ")[1]) == (0, f"1 documents, 2 passages → {out}\n")
    status, printed, complaint = run("remove", "report", "--index", out)
    assert (status, printed, complaint) == (2, "", f"all 1 reports of {out} would go; an index holds at least one\n")


def test_info_is_json(run: Run, report: Path, tmp_path: Path) -> None:
    run("build", report, "--out", tmp_path / "index")
    status, printed, _ = run("info", "--index", tmp_path / "index")
    fields = json.loads(printed)
    assert status == 0
    assert fields["generation"] == PassageIndex.open(tmp_path / "index").generation
    assert fields["titles"] == {"report": "甲市工作报告"}
    assert [fields[name] for name in ("format", "embedder", "documents", "paragraphs", "passages")] == [
        1,
        "embedded",
        1,
        2,
        2,
    ]


def test_verify_counts_files_and_passages(run: Run, report: Path, tmp_path: Path) -> None:
    run("build", report, "--out", tmp_path / "index")
    status, printed, _ = run("verify", "--index", tmp_path / "index")
    generation = PassageIndex.open(tmp_path / "index").generation
    assert (status, printed) == (0, f"{generation}: 16 files and 2 passages are sound\n")


@pytest.mark.parametrize("command", ["info", "verify"])
def test_damage_is_one_line_and_status_2(run: Run, report: Path, tmp_path: Path, command: str) -> None:
    run("build", report, "--out", tmp_path / "index")
    text = next((tmp_path / "index").glob("gen-*/text.utf8"))
    text.write_bytes(text.read_bytes().replace(b"41", b"14"))
    status, printed, complaint = run(command, "--index", tmp_path / "index")
    assert (status, printed) == (2, "")
    assert complaint == (
        f"{text} is missing or was changed since it was written; rebuild it with python -m index build\n"
    )


@pytest.mark.parametrize("command", ["info", "verify"])
def test_no_index_is_one_line_and_status_2(run: Run, tmp_path: Path, command: str) -> None:
    assert run(command, "--index", tmp_path) == (
        2,
        "",
        f"no index in {tmp_path}; make one with python -m index build --out {tmp_path}\n",
    )


def test_missing_report_is_one_line_and_status_2(run: Run, tmp_path: Path) -> None:
    none = tmp_path / "none.txt"
    assert run("build", none, "--out", tmp_path / "index") == (
        2,
        "",
        f"{none} cannot be read: No such file or directory\n",
    )


def test_unknown_model_folder_is_one_line_and_status_2(run: Run, report: Path, tmp_path: Path) -> None:
    status, printed, complaint = run("build", report, "--out", tmp_path / "index", "--embedder", tmp_path)
    assert (status, printed, complaint.count("\n")) == (2, "", 1)
    assert complaint.startswith(f"cannot load the sentence model {tmp_path}")


def test_folder_that_cannot_be_written_is_one_line_and_status_2(run: Run, report: Path) -> None:
    status, printed, complaint = run("build", report, "--out", report / "index")
    assert (status, printed, complaint.count("\n")) == (2, "", 1)
    assert str(report / "index") in complaint


def test_index_being_written_is_one_line_and_status_2(run: Run, report: Path, tmp_path: Path) -> None:
    with writer(tmp_path):
        assert run("build", report, "--out", tmp_path) == (
            2,
            "",
            f"another process is writing {tmp_path}; try again when it has finished\n",
        )


@pytest.mark.parametrize("arguments", [(), ("rebuild",), ("info", "--folder", "x")])
def test_wrong_usage_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2
