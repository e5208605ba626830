from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import BUNDLED_REPORT, Step, add, build, remove
from index.errors import IndexMissingError, ModelMismatchError, NoSuchReportError, ReadingError
from index.passage import Passage, contextual_text
from index.store import PassageIndex
from tests.fakes import HashEmbedder


class Remembering(HashEmbedder):
    """Keeps what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(list(texts))
        return super().embed(texts)


def test_bundled_report_becomes_47_passages(tmp_path: Path) -> None:
    generation = build([BUNDLED_REPORT], tmp_path, HashEmbedder())
    index = PassageIndex.open(tmp_path)
    assert index.generation == generation
    assert index.document_names == ["qingdao-2021"]
    assert (len(index), index.manifest.paragraphs, index.manifest.dim) == (47, 14, 64)
    assert index.year("qingdao-2021") == 2021


def test_passage_is_embedded_with_its_own_heading_in_front(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("开头的话说在前面。\n一、工作\n(一)政务。整合45个部门。\n", encoding="utf-8")
    embedder = Remembering()
    build([tmp_path / "r.txt"], tmp_path / "index", embedder)
    assert embedder.batches == [["\n开头的话说在前面。", "(一)政务\n整合45个部门。"]]


def test_contextual_text_of_a_passage_under_two_headings() -> None:
    passage = Passage("r:9-14", "r", ("一、工作", "(一)政务"), 9, 14, "整合部门。", 0, 0)
    assert contextual_text(passage) == "(一)政务\n整合部门。"


def test_paragraph_words_hold_all_headings_above(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("一、工作\n(一)政务。整合45个部门。归集数据。\n", encoding="utf-8")
    build([tmp_path / "r.txt"], tmp_path / "index", HashEmbedder())
    index = PassageIndex.open(tmp_path / "index")
    for term in ("工作", "政务", "部门", "归集"):
        assert np.flatnonzero(index.paragraph_words.scores({term: 1.0})).tolist() == [0]
    assert index.words.scores({"政务": 1.0}).tolist() == [0.0, 0.0][: len(index)]


def test_long_reports_are_embedded_in_batches_and_in_order(tmp_path: Path) -> None:
    text = "".join(f"第{i}个项目已经全部完成。" for i in range(2500))
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    embedder = Remembering()
    build([tmp_path / "r.txt"], tmp_path / "index", embedder)
    assert [len(batch) for batch in embedder.batches] == [1024, 1024, 452]
    index = PassageIndex.open(tmp_path / "index")
    query = HashEmbedder().embed(["\n第1999个项目已经全部完成。"])
    assert index.search(query, 1)[0][0].passage.text == "第1999个项目已经全部完成。"


def test_progress_is_shown_of_every_step(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def track(steps: Sequence[Step], label: str) -> Iterable[Step]:
        seen.append((label, len(steps)))
        return steps

    build([BUNDLED_REPORT], tmp_path, HashEmbedder(), track)
    assert seen == [("读取 reading", 1), ("编码 embedding", 1)]


@pytest.mark.parametrize("text", ["……——。", "！？"])
def test_reports_without_a_word_are_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ReadingError, match=r"no words found in r; give a report with some text"):
        build([tmp_path / "r.txt"], tmp_path / "index", HashEmbedder())


def test_failed_build_leaves_what_was_there(tmp_path: Path) -> None:
    index, bad = tmp_path / "index", tmp_path / "bad.txt"
    build([BUNDLED_REPORT], index, HashEmbedder())
    bad.write_bytes(b"\xff\xff\xff")
    with pytest.raises(ReadingError):
        build([BUNDLED_REPORT, bad], index, HashEmbedder())
    assert PassageIndex.open(index).document_names == ["qingdao-2021"]


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    """Three small reports, the second one with a title, headings and blanks at the ends of its lines."""
    texts = {
        "a": "甲市整合45个部门。接入41个单位。",
        "b": "2022年乙市工作报告\n一、数字政府  \n(一)政务。整合7个部门。 \n\n归集数据 9 类。\n",
        "c": "丙市建成3座桥。",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return [tmp_path / f"{name}.txt" for name in texts]


def test_report_that_is_added_makes_the_generation_that_a_build_of_all_makes(tmp_path: Path, three: list[Path]) -> None:
    whole = build(three, tmp_path / "whole", HashEmbedder())
    build(three[:2], tmp_path / "index", HashEmbedder())
    embedder = Remembering()
    assert add([three[2]], tmp_path / "index", embedder) == whole
    assert embedder.batches == [["\n丙市建成3座桥。"]]  # the others were embedded before


def test_report_of_a_known_name_takes_the_place_of_the_old_edition(tmp_path: Path, three: list[Path]) -> None:
    build(three, tmp_path / "index", HashEmbedder())
    (tmp_path / "b.txt").write_text("整合8个部门。", encoding="utf-8")
    whole = build(three, tmp_path / "whole", HashEmbedder())
    assert add([three[1]], tmp_path / "index", HashEmbedder()) == whole
    assert PassageIndex.open(tmp_path / "index").report("b").text == "整合8个部门。"


def test_report_that_is_removed_leaves_the_generation_of_the_others(tmp_path: Path, three: list[Path]) -> None:
    rest = build([three[0], three[2]], tmp_path / "rest", HashEmbedder())
    build(three, tmp_path / "index", HashEmbedder())
    embedder = Remembering()
    assert remove(["b"], tmp_path / "index", embedder) == rest
    assert embedder.batches == []


@pytest.mark.parametrize(
    ("documents", "complaint"),
    [(["x", "a"], "no report named x in .*; it holds a, b, c"), (["c", "a", "b"], "all 3 reports of .* would go")],
)
def test_report_that_cannot_go_is_an_error(
    tmp_path: Path, three: list[Path], documents: list[str], complaint: str
) -> None:
    before = build(three, tmp_path / "index", HashEmbedder())
    with pytest.raises(NoSuchReportError, match=complaint):
        remove(documents, tmp_path / "index", HashEmbedder())
    assert PassageIndex.open(tmp_path / "index").generation == before


def test_report_is_not_added_with_another_model_or_to_nothing(tmp_path: Path, three: list[Path]) -> None:
    build(three[:1], tmp_path / "index", HashEmbedder())
    with pytest.raises(ModelMismatchError, match="built with hash-64"):
        add(three[1:], tmp_path / "index", HashEmbedder(dim=32))
    with pytest.raises(IndexMissingError):
        add(three[1:], tmp_path / "none", HashEmbedder())
    assert not (tmp_path / "none").exists()
