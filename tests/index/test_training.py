"""The recipe on a corpus small enough to follow by hand."""

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from typer.testing import CliRunner

import index.training
from index.embedding import StaticEmbedder
from index.training import (
    PAIR_KINDS,
    Bags,
    Recipe,
    Stage,
    about_the_same,
    build_model,
    count_words,
    gap_pair,
    main,
    make_pairs,
    make_tokenizer,
    next_sentence_pair,
    opening_pair,
    question_pair,
    read_corpus,
    read_model,
    read_rewordings,
    save_model,
    terms_pair,
    train,
    tune_model,
    word_vectors,
)

TINY = Recipe(
    vocabulary=60,
    min_character_count=1,
    min_number_count=1,
    dim=8,
    pairs=64,
    first=Stage(learning_rate=3e-3, batch=16),
    second=Stage(learning_rate=0.05, passes=30, batch=8),
    seed=3,
)
PHRASES = """\
老旧小区加装电梯\t老楼爬楼装了几部\t爬楼累\t老楼装梯\t住得高
新建公厕\t上茅房\t茅房盖了几个\t找茅房\t茅房在哪
"""
RECORD = {
    "report": "a1",
    "sentence": "发放高龄津贴",
    "questions": ["老人给了多少钱"],
    "answers": [None],
    "unanswered": ["老人有几个"],
    "true": ["给老人钱"],
    "false": ["不给老人钱"],
    "unsaid": ["钱变多了"],
}
DOCUMENT = [
    "全市建成智慧社区一百个。",
    "社区医院开通网上挂号服务！",
    "老人看病、付钱更加方便；",
    "平台归集数据380余万条。",
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Twelve documents of five sentences, each a subject with its own verb and place."""
    subjects = ["社区医院", "城市云脑", "政务平台", "信用体系"]
    verbs = ["开通网上挂号服务", "接入全市各个单位", "整合多个部门事项", "归集企业和市民数据"]
    places = ["在青山区", "在东海县", "在西湖市"]
    lines = [
        "".join(f"{place}{subjects[(i + j) % 4]}{verb}{i * 12}项。" for j in range(5))
        for place in places
        for i, verb in enumerate(verbs)
    ]
    path = tmp_path / "corpus.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_documents_are_read_as_sentences(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text("第一句话。第二句话？好。\n\n他说：“今天开工！”随后离开；完\n", encoding="utf-8")
    assert read_corpus(path) == [["第一句话。", "第二句话？"], ["他说：“今天开工！”", "随后离开；"]]


def test_words_are_counted_normalized() -> None:
    documents = [["城市云脑，城市数据。"], ["ＡＢＣ城市"]]
    counts = count_words(documents)
    assert (counts["城市"], counts["数据"], counts["abc"]) == (3, 1, 1)


def test_the_tokenizer_prefers_words_and_falls_back_to_characters() -> None:
    counts = Counter({"城市": 50, "数据": 40, "城": 3, "云": 30, "脑": 30, "a": 9, "2021": 5})
    tokenizer, piece_counts = make_tokenizer(counts, Recipe(vocabulary=40, min_character_count=5, min_number_count=5))
    assert tokenizer.encode("城市云脑的数据，2021年 A").tokens == ["城市", "云", "脑", "的", "数据", "2021", "年", "a"]
    ids = tokenizer.encode("城市的").ids
    assert (piece_counts[ids[0]], ids[1]) == (50, 0)


def test_words_with_like_neighbours_lie_close() -> None:
    generator = random.Random(0)
    documents = [
        [f"{generator.choice('猫狗')}{generator.choice('吃喝')}{generator.choice('肉水')}" for _ in range(200)]
        + [f"{generator.choice('车船')}{generator.choice('运载')}{generator.choice('货人')}" for _ in range(200)]
    ]
    tokenizer, _ = make_tokenizer(Counter(dict.fromkeys("猫狗吃喝肉水车船运载货人", 100)), TINY)
    vectors = word_vectors(documents, tokenizer, replace(TINY, dim=4))
    cat, dog, cart = (vectors[tokenizer.token_to_id(word)] for word in "猫狗车")
    assert vectors.shape == (13, 4)
    assert cat @ dog > 0.9
    assert abs(cat @ cart) < 0.1
    assert not vectors[0].any()


def test_pairs_come_from_one_document() -> None:
    document = DOCUMENT
    for seed in range(50):
        rng = random.Random(seed)
        query, passage = opening_pair(document, rng)
        assert query == document[0]
        assert passage in "".join(document[1:])
        query, passage = next_sentence_pair(document, rng)
        assert document.index(passage) == document.index(query) + 1
        query, passage = gap_pair(document, rng)
        assert query in document
        assert passage
        made = terms_pair(document, rng)
        assert made is not None
        assert set(made[0]) <= set(made[1])


def test_a_figure_becomes_the_question_for_it() -> None:
    questions = {question_pair([DOCUMENT[3]] * 2, random.Random(seed)) for seed in range(200)}
    asked = {made[0] for made in questions if made}
    assert {"平台归集数据多少条", "平台归集数据几条"} <= asked
    assert not any("380" in question for question in asked)


def test_pairs_are_as_many_as_asked_and_the_same_each_time() -> None:
    pairs = make_pairs([DOCUMENT], TINY)
    assert len(pairs) == 64
    assert pairs == make_pairs([DOCUMENT], TINY)
    assert len(PAIR_KINDS) == 5


def test_a_corpus_without_documents_is_an_error() -> None:
    with pytest.raises(ValueError, match="one document a line"):
        make_pairs([["只有一句话而已。"]], TINY)


def test_bags_leave_out_unknown_pieces_and_follow_the_rows() -> None:
    tokenizer, _ = make_tokenizer(Counter({"云": 9, "脑": 5}), TINY)
    bags = Bags.of(["云脑", "", "城云", "脑脑云"], tokenizer)
    assert (bags.ids.tolist(), bags.offsets.tolist()) == ([1, 2, 1, 2, 2, 1], [0, 2, 2, 3, 6])
    taken = bags.take(np.array([3, 1, 0]))
    assert (taken.ids.tolist(), taken.offsets.tolist()) == ([2, 2, 1, 1, 2], [0, 3, 3, 5])


def test_training_brings_a_query_to_its_passage() -> None:
    table = np.random.default_rng(0).standard_normal((33, 16)).astype(np.float32)
    table[0] = 0
    ids = np.arange(1, 17)
    queries, passages = Bags(np.tile(ids, 20), np.arange(321)), Bags(np.tile(ids + 16, 20), np.arange(321))
    trained = train(table, queries, passages, Stage(learning_rate=0.3, batch=16), seed=0)
    cosines = trained / np.maximum(np.linalg.norm(trained, axis=1, keepdims=True), 1e-9)
    assert (cosines[1:17] @ cosines[17:].T).argmax(axis=1).tolist() == list(range(16))
    assert not trained[0].any()


def test_saved_rows_are_within_half_a_step_of_the_trained_ones(tmp_path: Path) -> None:
    tokenizer, _ = make_tokenizer(Counter({"云": 9, "脑": 5}), TINY)
    table = np.array([[0, 0], [1.27, -0.5], [0.004, 0.0127]], dtype=np.float32)
    save_model(tmp_path, tokenizer, table)
    tensors = load_file(tmp_path / "model.safetensors")
    assert tensors["embeddings"].tolist() == [[0, 0], [127, -50], [40, 127]]
    np.testing.assert_allclose(tensors["weights"], [0, 0.01, 0.0001], rtol=1e-6)
    assert json.loads((tmp_path / "modules.json").read_text())[0]["type"].endswith("StaticEmbedding")
    np.testing.assert_allclose(StaticEmbedder(tmp_path).embed(["云"]), [[127, -50]] / np.hypot(127, 50), atol=1e-6)


def test_the_same_corpus_and_recipe_give_the_same_files(corpus: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        build_model(corpus, tmp_path / name, TINY)
    first, second = StaticEmbedder(tmp_path / "first"), StaticEmbedder(tmp_path / "second")
    assert first.digest == second.digest
    assert Tokenizer.from_file(str(tmp_path / "first" / "tokenizer.json")).get_vocab_size() == 61
    nearest = first.embed(["医院挂号"]) @ first.embed(["社区医院开通网上挂号服务", "信用体系归集数据"]).T
    assert nearest[0, 0] > nearest[0, 1]


@pytest.fixture
def rewordings(tmp_path: Path) -> Path:
    """Two phrases and one sentence of a report."""
    folder = tmp_path / "rewordings"
    folder.mkdir()
    (folder / "phrases.tsv").write_text(PHRASES, encoding="utf-8")
    (folder / "reports.jsonl").write_text(json.dumps(RECORD, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A model that knows the characters of the rewordings, each with a vector of its own."""
    tokenizer, _ = make_tokenizer(Counter(PHRASES + json.dumps(RECORD, ensure_ascii=False)), replace(TINY, dim=32))
    table = np.random.default_rng(0).standard_normal((tokenizer.get_vocab_size(), 32)).astype(np.float32)
    table[0] = 0
    save_model(tmp_path / "start", tokenizer, table)
    return tmp_path / "start"


def test_rewordings_pair_everyday_texts_with_the_official_one_and_with_each_other(rewordings: Path) -> None:
    read = read_rewordings(rewordings)
    assert read.pairs[:6] == [
        ("老楼爬楼装了几部", "老旧小区加装电梯"),
        ("爬楼累", "老旧小区加装电梯"),
        ("老楼装梯", "老旧小区加装电梯"),
        ("住得高", "老旧小区加装电梯"),
        ("老楼爬楼装了几部", "爬楼累"),
        ("老楼装梯", "住得高"),
    ]
    assert read.pairs[12:] == [("老人给了多少钱", "发放高龄津贴"), ("给老人钱", "发放高龄津贴")]
    assert read.about.tolist() == [0] * 6 + [1] * 6 + [2] * 2


def test_lines_with_one_official_text_are_about_the_same(rewordings: Path) -> None:
    (rewordings / "phrases.tsv").write_text(PHRASES + "老旧小区加装电梯\t甲\t乙\t丙\t丁\n", encoding="utf-8")
    assert read_rewordings(rewordings).about.tolist() == [0] * 6 + [1] * 6 + [0] * 6 + [2] * 2


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("phrases.tsv", "新建公厕\t上茅房", "2 columns"),
        ("phrases.tsv", "新建公厕\t上茅房\t\t找茅房\t茅房在哪", "5 columns"),
        ("phrases.tsv", "", "1 columns"),
        ("reports.jsonl", "{", "Expecting"),
        ("reports.jsonl", "[]", "list indices"),
        ("reports.jsonl", json.dumps({**RECORD, "true": [""]}), "empty"),
        ("reports.jsonl", json.dumps({k: v for k, v in RECORD.items() if k != "questions"}), "questions"),
    ],
)
def test_a_malformed_line_is_named(rewordings: Path, name: str, line: str, message: str) -> None:
    with (rewordings / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    number = 3 if name == "phrases.tsv" else 2
    with pytest.raises(ValueError, match=rf"{name}, line {number}: .*{message}"):
        read_rewordings(rewordings)


def test_rows_about_the_same_are_found_and_a_row_is_not_held_to_be_its_own_double() -> None:
    same = about_the_same(np.array([4, 7, 4, 7, 5]))
    assert np.argwhere(same).tolist() == [[0, 2], [1, 3], [2, 0], [3, 1]]


def test_texts_about_the_same_do_not_push_each_other_away() -> None:
    table = np.vstack([np.zeros((1, 4)), np.eye(4)]).astype(np.float32)
    bags = Bags(np.array([1, 2, 3, 4]), np.arange(5))
    stage = Stage(learning_rate=0.1, passes=5, batch=4)
    apart = train(table, bags, bags, stage, seed=0)
    assert not np.allclose(apart, table)
    np.testing.assert_array_equal(train(table, bags, bags, stage, seed=0, about=np.zeros(4, dtype=np.int64)), table)


def test_every_pass_takes_the_pairs_in_another_order() -> None:
    table = np.random.default_rng(0).standard_normal((9, 4)).astype(np.float32)
    queries, passages = Bags(np.arange(1, 5), np.arange(5)), Bags(np.arange(5, 9), np.arange(5))
    twice = train(table, queries, passages, Stage(learning_rate=0.1, passes=2, batch=2), seed=0)
    order = np.random.default_rng(0)
    rows = np.concatenate([order.permutation(4), order.permutation(4)])
    # One pass in no order at all over the pairs laid end to end as two passes would meet them.
    laid_out = np.empty(8, dtype=np.int64)
    laid_out[np.random.default_rng(0).permutation(8)] = rows
    once = train(table, queries.take(laid_out), passages.take(laid_out), Stage(learning_rate=0.1, batch=2), seed=0)
    np.testing.assert_array_equal(twice, once)


def test_tuning_brings_everyday_words_near_the_official_ones(start: Path, rewordings: Path, tmp_path: Path) -> None:
    tune_model(start, rewordings, tmp_path / "tuned", TINY)

    def likeness(folder: Path) -> tuple[float, float]:
        embedder = StaticEmbedder(folder)
        right, wrong = (embedder.embed(["茅房"]) @ embedder.embed(["新建公厕", "老旧小区加装电梯"]).T)[0]
        return float(right), float(wrong)

    before, after = likeness(start), likeness(tmp_path / "tuned")
    assert before[0] < 0.3
    assert after[0] > 0.5
    assert after[1] < 0.3


def test_tuning_gives_the_same_files_each_time_and_in_place(start: Path, rewordings: Path, tmp_path: Path) -> None:
    tune_model(start, rewordings, tmp_path / "tuned", TINY)
    assert StaticEmbedder(start).digest != StaticEmbedder(tmp_path / "tuned").digest
    tune_model(start, rewordings, start, TINY)
    assert StaticEmbedder(start).digest == StaticEmbedder(tmp_path / "tuned").digest


def test_a_model_is_read_as_it_was_saved(start: Path) -> None:
    tokenizer, table = read_model(start)
    save_model(start.parent / "again", tokenizer, table)
    assert StaticEmbedder(start.parent / "again").digest == StaticEmbedder(start).digest


def test_the_command_wants_a_corpus_or_a_model_to_begin_from(rewordings: Path, start: Path, tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(main)
    given = ["--rewordings", str(rewordings), "--out", str(tmp_path / "out")]
    for sources in ([], ["--start", str(start), "--corpus", str(rewordings / "phrases.tsv")]):
        refused = CliRunner().invoke(app, given + sources)
        assert refused.exit_code == 2
        assert "--corpus or --start" in refused.output


def test_the_rewordings_of_the_repository_are_read_whole() -> None:
    folder = Path(index.training.__file__).parent / "rewordings"
    read = read_rewordings(folder)
    assert len(set(read.about.tolist())) == sum(
        len((folder / name).read_text(encoding="utf-8").splitlines()) for name in ("phrases.tsv", "reports.jsonl")
    )
    held_out = (folder / "reports-held-out.jsonl").read_text(encoding="utf-8").splitlines()
    trained_on = {text for pair in read.pairs for text in pair}
    assert not trained_on & {json.loads(line)["sentence"] for line in held_out}
