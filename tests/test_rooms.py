"""Imports run one way: index ← qa ← eval and ui, and within qa from room to room."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("language", "questions", "answers", "checks")
"""Each may know those before it."""
FORBIDDEN = {
    "index": {"qa", "eval", "ui"},
    "qa": {"eval", "ui"},
    **{
        f"qa/{room}": {*(f"qa.{later}" for later in ROOMS[place + 1 :]), "qa.models", "qa.web"}
        for place, room in enumerate(ROOMS)
    },
    "qa/models": {"qa.web", "qa.checks"},
}


def imported(file: Path) -> set[str]:
    """The modules that a file names in its imports, with the names taken from them, and all packages around them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {".".join(name.split(".")[:depth]) for name in names for depth in range(1, name.count(".") + 2)}


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_run_one_way(folder: str):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert len(files) > 5
    assert [(file.name, name) for file in files for name in sorted(imported(file) & FORBIDDEN[folder])] == []


def test_room_that_knows_a_later_one_is_seen(tmp_path: Path):
    file = tmp_path / "wrong.py"
    file.write_text("from qa import answering\nfrom qa.checks.binding import bind\n", encoding="utf-8")
    assert imported(file) & FORBIDDEN["qa/language"] == {"qa.checks"}
