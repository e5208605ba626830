"""The recipe on a corpus small enough to follow by hand."""

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.embedding import StaticEmbedder
from index.training import (
    PAIR_KINDS,
    Bags,
    Recipe,
    build_model,
    count_words,
    gap_pair,
    make_pairs,
    make_tokenizer,
    next_sentence_pair,
    opening_pair,
    question_pair,
    read_corpus,
    save_model,
    terms_pair,
    train,
    word_vectors,
)

TINY = Recipe(vocabulary=60, min_character_count=1, min_number_count=1, dim=8, pairs=64, batch=16, seed=3)
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
    trained = train(table, queries, passages, Recipe(batch=16, learning_rate=0.3, seed=0))
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
