"""Little reports, written out in a test."""

from pathlib import Path

from index.build import build
from index.embedding import load_embedder
from index.store import PassageIndex
from qa.checking import Checker
from qa.language.subjects import Source
from qa.retrieval import Retriever


def source_of(sentence: str, title: str = "", before: str = "") -> Source:
    """A sentence of a report of 2024, with what stands before it."""
    return Source(0, sentence, title, before, frozenset({2024}))


def checker_of(report: str, name: str, folder: Path) -> Checker:
    """A checker of claims against one little report; its index is built in a folder."""
    file = folder / f"{name}.txt"
    file.write_text(report, encoding="utf-8")
    build([file], folder / "index", load_embedder(None))
    index = PassageIndex.open(folder / "index")
    return Checker(index, Retriever(index, load_embedder(None)))
