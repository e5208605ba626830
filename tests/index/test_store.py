import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import store
from index.build import build
from index.chunking import chunk
from index.embedding import load_embedder
from index.errors import IndexBusyError, IndexDamagedError, IndexMissingError, ModelMismatchError
from index.lexical import terms
from index.passage import Passage, Report, contextual_text
from index.reading import read_report
from index.store import PassageIndex, current_generation, verify_generation, writer
from tests.fakes import HashEmbedder

FIRST = (
    "甲市数据工作报告\n开头的话不在任何一节里面。\n"
    "一、数字政府\n(一)政务服务。整合45个部门的7900多项服务。归集证照数据380余万条。\n(二)城市治理。接入41个单位的系统𬇙。\n"
    "二、数字社会\n注册用户近900万，提供服务超4000万次。\n"
)
SECOND = "## 一网通办\nThe quick report：网上可办率已达100%；市本级1987项。\n## 一网统管\n共享交换226万条数据。\n"
EMBEDDER = HashEmbedder(dim=32)

FILES = (
    "CURRENT",
    "GEN/documents.jsonl",
    "GEN/documents.npy",
    "GEN/headings.utf8",
    "GEN/manifest.json",
    "GEN/moments.npy",
    "GEN/paragraph-words/gains.npy",
    "GEN/paragraph-words/starts.npy",
    "GEN/paragraph-words/terms.json",
    "GEN/paragraph-words/texts.npy",
    "GEN/passages.npy",
    "GEN/sections.npy",
    "GEN/text.utf8",
    "GEN/vectors.faiss",
    "GEN/words/gains.npy",
    "GEN/words/starts.npy",
    "GEN/words/terms.json",
    "GEN/words/texts.npy",
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "first.txt").write_text(FIRST, encoding="utf-8")
    (folder / "first.toml").write_text("year = 2021\n", encoding="utf-8")
    (folder / "second.md").write_text(SECOND, encoding="utf-8")
    return [folder / "first.txt", folder / "second.md"]


@pytest.fixture
def built(files: list[Path], tmp_path: Path) -> Path:
    build(files, tmp_path / "index", EMBEDDER)
    return tmp_path / "index"


@pytest.fixture(scope="module")
def folder(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests that share this one leave it as it was."""
    folder = tmp_path_factory.mktemp("shared") / "index"
    build(files, folder, EMBEDDER)
    return folder


def expected(files: list[Path]) -> tuple[list[Report], list[Passage]]:
    reports = [read_report(path) for path in files]
    first = chunk(reports[0])
    return reports, [*first, *chunk(reports[1], len(first), len(reports[0].paragraphs))]


def path_of(folder: Path, name: str) -> Path:
    return folder / name.replace("GEN", current_generation(folder))


# What goes in comes out.


def test_every_field_of_reports_and_passages_comes_back(folder: Path, files: list[Path]) -> None:
    reports, passages = expected(files)
    index = PassageIndex.open(folder)
    assert index.document_names == ["first", "second"]
    assert [index.report(name) for name in index.document_names] == reports
    assert [index.title(name) for name in index.document_names] == ["甲市数据工作报告", "second"]
    assert [index.year(name) for name in index.document_names] == [2021, None]
    assert len(index) == len(passages) == 8
    assert [index.passage(i) for i in range(8)] == passages
    assert index.paragraph_of.tolist() == [p.paragraph for p in passages]
    assert {type(index.passage(3).start), type(index.passage(3).position), type(index.passage(3).paragraph)} == {int}


def test_passages_are_exact_in_their_documents_also_beyond_the_basic_plane(folder: Path) -> None:
    index = PassageIndex.open(folder)
    for position in range(len(index)):
        passage = index.passage(position)
        assert index.report(passage.document).text[passage.start : passage.end] == passage.text
    assert index.passage(3).text == "接入41个单位的系统𬇙。"
    assert index.passage(3).section == ("一、数字政府", "(二)城市治理")


def test_manifest_counts_what_is_there(folder: Path) -> None:
    manifest = PassageIndex.open(folder).manifest
    assert (manifest.format, manifest.documents, manifest.paragraphs, manifest.passages) == (1, 2, 6, 8)
    assert (manifest.embedder, manifest.embedder_digest, manifest.dim) == ("hash-32", EMBEDDER.digest, 32)
    assert manifest.query_prompt == ""
    assert sorted(manifest.files) == sorted(
        name.removeprefix("GEN/") for name in FILES if name not in ("CURRENT", "GEN/manifest.json")
    )


def test_unknown_document_is_a_key_error(folder: Path) -> None:
    index = PassageIndex.open(folder)
    for ask in (index.report, index.title, index.year):
        with pytest.raises(KeyError, match="third"):
            ask("third")


def test_title_with_a_line_separator_comes_back(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("甲市\u2028工作报告\n各项任务全面完成。\n", encoding="utf-8")
    build([tmp_path / "r.txt"], tmp_path / "index", EMBEDDER)
    assert PassageIndex.open(tmp_path / "index").title("r") == "甲市\u2028工作报告"


def test_report_without_headings_comes_back(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("各项任务全面完成。\n", encoding="utf-8")
    build([tmp_path / "r.txt"], tmp_path / "index", EMBEDDER)
    index = PassageIndex.open(tmp_path / "index")
    assert index.report("r") == read_report(tmp_path / "r.txt")
    assert index.passage(0).section == ()


# Search agrees with plain numpy.


@pytest.mark.parametrize("k", [1, 3, 8, 50])
def test_search_agrees_with_numpy(folder: Path, files: list[Path], k: int) -> None:
    _, passages = expected(files)
    rows = EMBEDDER.embed([contextual_text(p) for p in passages])
    queries = EMBEDDER.embed_queries(["整合了多少个部门？", "注册用户", "报告"])
    for query, hits in zip(queries, PassageIndex.open(folder).search(queries, k), strict=True):
        cosines = rows @ query
        best = np.lexsort((np.arange(8), -cosines))[:k]
        assert [hit.passage for hit in hits] == [passages[i] for i in best]
        assert [hit.rank for hit in hits] == list(range(1, min(k, 8) + 1))
        np.testing.assert_allclose([hit.score for hit in hits], cosines[best], rtol=0, atol=1e-6)


def test_nearest_and_cosines_agree_with_numpy(folder: Path, files: list[Path]) -> None:
    _, passages = expected(files)
    rows = EMBEDDER.embed([contextual_text(p) for p in passages])
    query = EMBEDDER.embed_queries(["城市治理接入多少单位"])[0]
    index = PassageIndex.open(folder)
    assert set(index.nearest(query, 3).tolist()) == set(np.argsort(-(rows @ query))[:3].tolist())
    positions = np.array([5, 0, 3])
    np.testing.assert_allclose(index.cosines(query, positions), rows[positions] @ query, rtol=0, atol=1e-6)


def test_cosine_moments_agree_with_numpy(folder: Path, files: list[Path]) -> None:
    _, passages = expected(files)
    rows = EMBEDDER.embed([contextual_text(p) for p in passages])
    query = EMBEDDER.embed_queries(["城市治理接入多少单位"])[0]
    mean, deviation = PassageIndex.open(folder).cosine_moments(query)
    assert mean == pytest.approx(float((rows @ query).mean()), abs=1e-6)
    assert deviation == pytest.approx(float((rows @ query).std()), abs=1e-6)


def test_word_indexes_hold_sentences_and_whole_paragraphs(folder: Path) -> None:
    index = PassageIndex.open(folder)
    assert (index.words.size, index.paragraph_words.size) == (8, 6)
    assert np.flatnonzero(index.words.scores({"证照": 1.0})).tolist() == [2]
    assert np.flatnonzero(index.paragraph_words.scores({"政务": 1.0, "治理": 1.0})).tolist() == [1, 2]


# An index keeps to its model.


def test_query_of_another_dim_is_refused_with_both_numbers(folder: Path) -> None:
    index = PassageIndex.open(folder)
    message = "index has dim 32, model gives 48; rebuild it with python -m index build"
    with pytest.raises(ModelMismatchError, match=message):
        index.search(np.zeros((1, 48), np.float32), 3)
    with pytest.raises(ModelMismatchError, match=message):
        index.nearest(np.zeros(48, np.float32), 3)


@pytest.mark.parametrize(("name", "digest"), [("hash-48", EMBEDDER.digest), ("hash-32", "f" * 64)])
def test_another_model_is_refused_by_name_and_digest(folder: Path, name: str, digest: str) -> None:
    index = PassageIndex.open(folder)
    index.check_model(EMBEDDER.name, EMBEDDER.digest)
    with pytest.raises(ModelMismatchError, match=f"built with hash-32 .*, dim 32\\), not with {name} "):
        index.check_model(name, digest)


# Same input, same generation; one writer at a time.


def test_same_input_gives_the_same_generation(built: Path, files: list[Path], tmp_path: Path) -> None:
    name = current_generation(built)
    assert build(files, built, EMBEDDER) == name
    assert build(files, tmp_path / "other", EMBEDDER) == name
    assert sorted(p.name for p in built.iterdir()) == sorted(["CURRENT", "LOCK", name])


def test_order_of_documents_and_model_make_other_generations(files: list[Path], tmp_path: Path) -> None:
    names = {
        build(files, tmp_path, EMBEDDER),
        build(files[::-1], tmp_path, EMBEDDER),
        build(files[:1], tmp_path, EMBEDDER),
        build(files, tmp_path, HashEmbedder(dim=48)),
    }
    assert len(names) == 4


def test_open_index_stays_on_its_generation(built: Path, files: list[Path]) -> None:
    index = PassageIndex.open(built)
    build(files[1:], built, EMBEDDER)
    assert index.passage(3).text == "接入41个单位的系统𬇙。"
    assert PassageIndex.open(built).document_names == ["second"]


def test_second_writer_is_told_that_the_first_is_writing(built: Path, files: list[Path]) -> None:
    with writer(built), pytest.raises(IndexBusyError, match=r"another process is writing .*; try again") as caught:
        build(files, built, EMBEDDER)
    assert caught.value.retry
    build(files, built, EMBEDDER)


def test_generation_is_as_readable_as_its_folder(built: Path) -> None:
    generation = built / current_generation(built)
    assert oct(generation.stat().st_mode) == oct(built.stat().st_mode)


# No damage is ever read.


def test_no_index_is_an_error(tmp_path: Path) -> None:
    for nothing in (tmp_path, tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(IndexMissingError, match=r"no index in .*; make one with python -m index build --out"):
            PassageIndex.open(nothing)


def test_every_file_of_an_index_is_tried_below(folder: Path) -> None:
    generation = current_generation(folder)
    there = {p.relative_to(folder).as_posix().replace(generation, "GEN") for p in folder.rglob("*") if p.is_file()}
    assert there == {*FILES, "LOCK"}
    assert (folder / "LOCK").read_bytes() == b""


@pytest.mark.parametrize("place", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("flip", [0x01, 0x07, 0x80])
@pytest.mark.parametrize("name", FILES)
def test_flipped_byte_is_an_error_on_open(folder: Path, name: str, place: float, flip: int) -> None:
    path = path_of(folder, name)
    sound = path.read_bytes()
    damaged = bytearray(sound)
    damaged[round(place * (len(sound) - 1))] ^= flip
    path.write_bytes(damaged)
    try:
        with pytest.raises(IndexDamagedError, match="rebuild it with python -m index build"):
            PassageIndex.open(folder)
    finally:
        path.write_bytes(sound)
    PassageIndex.open(folder)


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: data + b"\0"])
@pytest.mark.parametrize("name", FILES)
def test_file_of_another_length_is_an_error(folder: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    path = path_of(folder, name)
    sound = path.read_bytes()
    path.write_bytes(damage(sound))
    try:
        with pytest.raises(IndexDamagedError):
            PassageIndex.open(folder)
    finally:
        path.write_bytes(sound)


@pytest.mark.parametrize("name", FILES[1:])
def test_missing_file_is_an_error_that_names_it(folder: Path, name: str) -> None:
    path = path_of(folder, name)
    aside = path.rename(folder / "aside")
    try:
        with pytest.raises(IndexDamagedError, match=path.name):
            PassageIndex.open(folder)
    finally:
        aside.rename(path)


def test_missing_generation_is_an_error(built: Path) -> None:
    shutil.rmtree(built / current_generation(built))
    with pytest.raises(IndexDamagedError, match=r"manifest\.json is missing"):
        PassageIndex.open(built)


def test_another_format_is_refused_with_both_numbers(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FORMAT", 7)
    build(files, tmp_path, EMBEDDER)
    monkeypatch.undo()
    with pytest.raises(IndexDamagedError, match="has format 7, this program reads 1; rebuild"):
        PassageIndex.open(tmp_path)


def test_building_again_mends_a_damaged_index(built: Path, files: list[Path]) -> None:
    vectors = path_of(built, "GEN/vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[::-1])
    name = build(files, built, EMBEDDER)
    verify_generation(built / name)
    assert sorted(p.name for p in built.iterdir()) == sorted(["CURRENT", "LOCK", name])


# Whatever stops a build, the index that was there answers as before.


class PowerCut(BaseException):
    """Ends a build between two steps."""


def test_build_stopped_before_any_step_of_writing_leaves_the_old_index(
    built: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = current_generation(built)
    steps_left = 0

    def step(act: Callable[..., object]) -> Callable[..., object]:
        def acted(*args: object, **options: object) -> object:
            nonlocal steps_left
            if steps_left == 0:
                raise PowerCut
            steps_left -= 1
            return act(*args, **options)

        return acted

    steps = 0
    while True:
        steps_left = steps
        with monkeypatch.context() as patched:
            for owner, name in (
                (os, "fsync"),
                (np, "save"),
                (Path, "rename"),
                (Path, "replace"),
                (Path, "write_bytes"),
            ):
                patched.setattr(owner, name, step(getattr(owner, name)))
            try:
                new = build(files[1:], built, EMBEDDER)
                break
            except PowerCut:
                pass
        if current_generation(built) != old:  # the last step is syncing the folder after CURRENT was replaced
            assert PassageIndex.open(built).document_names == ["second"]
            build(files, built, EMBEDDER)
        assert PassageIndex.open(built).document_names == ["first", "second"]
        steps += 1
    assert steps > 30
    assert PassageIndex.open(built).document_names == ["second"]
    assert sorted(p.name for p in built.iterdir()) == sorted(["CURRENT", "LOCK", old, new])


def test_killing_a_build_at_any_moment_leaves_the_old_index(tmp_path: Path) -> None:
    """Twenty kills at random moments spread over the run, most of them while the index is being written."""
    folder, changed = tmp_path / "index", tmp_path / "changed.txt"
    (tmp_path / "report.txt").write_text(FIRST, encoding="utf-8")
    body = "".join(f"第{i}项任务投入{i}万元。完成率达到{i % 100}%，惠及群众{i * 7}人次。" for i in range(20))
    changed.write_text("".join(f"({i})第{i}类。{body}\n" for i in range(1, 100)) * 2, encoding="utf-8")
    embedder = load_embedder(None)
    old = build([tmp_path / "report.txt"], folder, embedder)
    query = embedder.embed_queries(["接入多少个单位"])

    def answers() -> object:
        index = PassageIndex.open(folder)
        words = index.words.scores(dict.fromkeys(terms("接入多少个单位"), 1.0)).tolist()
        return index.generation, index.search(query, 5), words, index.report("report")

    def start(out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "index", "build", str(changed), "--out", str(out)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    began = time.monotonic()
    started = start(tmp_path / "trial")
    while not (tmp_path / "trial" / "LOCK").exists():
        assert started.poll() is None
        time.sleep(0.002)
    loading = time.monotonic() - began
    assert started.wait() == 0
    whole = time.monotonic() - began

    before = answers()
    chance = random.Random(2021)
    killed, pace = 0, 1.0
    while killed < 20:
        # A quarter of the moments while the program starts, the others from its first touch of the folder on.
        spread = (killed + chance.random()) / 20
        moment = loading * spread / 0.25 if spread < 0.25 else loading + (whole - loading) * (spread - 0.25) / 0.75
        process = start(folder)
        time.sleep(moment * pace)
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed += 1
        else:  # done before the kill came: the machine is faster now than in the trial
            pace *= 0.9
        if current_generation(folder) != old:  # the new index was complete
            assert PassageIndex.open(folder).document_names == ["changed"]
            build([tmp_path / "report.txt"], folder, embedder)
        assert answers() == before

    assert start(folder).wait() == 0
    index = PassageIndex.open(folder)
    assert index.document_names == ["changed"]
    assert sorted(p.name for p in folder.iterdir()) == sorted(["CURRENT", "LOCK", old, index.generation])
    assert json.loads((folder / index.generation / "manifest.json").read_text())["passages"] == len(index)
