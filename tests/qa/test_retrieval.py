from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.embedding import StaticEmbedder, load_embedder
from index.store import PassageIndex
from qa.language.wording import official_words, weigh
from qa.retrieval import ASTRAY, FOLLOWING, LATE, MEANING, OFFICIAL, OWN, PARAGRAPH, SAME, STAYS, Retriever
from tests.fakes import HashEmbedder

REPORT = """二〇二三年文化工作报告
一、公共文化
全市建成图书馆36座。馆藏图书820余万册，接待读者450万人次。
全市建成文化馆12座，举办展览210场。
二、惠民服务
发放文化惠民券3.2亿元，惠及市民4.1万名。看病就医更方便。
"""


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    (tmp_path / "wenhua.txt").write_text(REPORT, encoding="utf-8")
    embedder = HashEmbedder()
    build([tmp_path / "wenhua.txt"], tmp_path / "index", embedder)
    return Retriever(PassageIndex.open(tmp_path / "index"), embedder)


def _texts(index: PassageIndex) -> list[str]:
    return [index.passage(position).text for position in range(len(index))]


def test_fused_score_is_the_mean_of_the_z_scores_of_both_legs(retriever: Retriever) -> None:
    question = "看病方便吗，有多少座图书馆？"
    index, embedder = retriever.index, retriever.embedder
    passages = [index.passage(position) for position in range(len(index))]
    rows = index.cosines(np.zeros(embedder.dim, dtype=np.float32), np.arange(len(index)))
    assert rows.shape == (len(index),)

    own, official = embedder.embed([question, "".join(official_words(question))])
    query = own + OFFICIAL * official
    query /= np.linalg.norm(query)
    cosines = np.array([index.cosines(query, np.array([p.position]))[0] for p in passages], dtype=np.float64)
    weights = weigh(question)
    of_sentence = index.words.scores(weights).astype(np.float64)
    of_paragraph = index.paragraph_words.scores(weights).astype(np.float64)
    words = of_sentence + PARAGRAPH * of_paragraph[[p.paragraph for p in passages]]
    fused = (1 - MEANING) * (words - words.mean()) / words.std() + MEANING * (cosines - cosines.mean()) / cosines.std()

    hits = retriever.retrieve(question, k=len(index))
    order = sorted(range(len(index)), key=lambda position: (-fused[position], position))
    assert [hit.passage.position for hit in hits] == order
    assert [hit.score for hit in hits] == pytest.approx(fused[order], abs=1e-4)
    assert [hit.rank for hit in hits] == list(range(1, len(index) + 1))


def test_embedded_model_compares_word_piece_by_word_piece(tmp_path: Path) -> None:
    (tmp_path / "wenhua.txt").write_text(REPORT, encoding="utf-8")
    embedder = load_embedder(None)
    assert isinstance(embedder, StaticEmbedder)
    build([tmp_path / "wenhua.txt"], tmp_path / "index", embedder)
    retriever = Retriever(PassageIndex.open(tmp_path / "index"), embedder)
    question = "看展览的地方有几个？"
    positions, scores = retriever.candidates(question)
    texts = [" ".join((p.text, *p.section)) for p in map(retriever.index.passage, map(int, positions))]
    late = embedder.late_interaction(question, texts)
    index, query = retriever.index, retriever.question_vector(question)
    words, cosines = retriever.word_scores(question), index.cosines(query, positions)
    mean, deviation = index.cosine_moments(query)
    matching = (words[positions] - words.mean()) / words.std()
    fused = (1 - MEANING) * matching + MEANING * (cosines - mean) / deviation
    assert scores == pytest.approx(fused + LATE * (late - late.mean()) / late.std(), abs=1e-4)


def test_question_vector_is_a_unit_row_drawn_towards_the_official_words(retriever: Retriever) -> None:
    own, official = retriever.embedder.embed(["看病", "就医就诊诊疗医疗"])
    drawn = own + OFFICIAL * official
    assert retriever.question_vector("看病") == pytest.approx(drawn / np.linalg.norm(drawn), abs=1e-6)
    assert retriever.question_vector("归集") == pytest.approx(retriever.embedder.embed(["归集"])[0], abs=1e-6)
    assert retriever.question_vector("").tolist() == [0.0] * retriever.embedder.dim


def test_best_passages_come_first_and_no_more_than_asked_for(retriever: Retriever) -> None:
    hits = retriever.retrieve("全市建成图书馆有多少座？", k=2)
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].passage.text == "全市建成图书馆36座。"
    assert len(retriever.retrieve("图书馆", k=99)) == len(retriever.index)


def test_equal_scores_come_in_reading_order(retriever: Retriever) -> None:
    hits = retriever.retrieve("", k=99)
    assert [hit.score for hit in hits] == [0.0] * len(hits)
    assert [hit.passage.position for hit in hits] == list(range(len(hits)))


def test_same_question_finds_the_same(retriever: Retriever) -> None:
    assert retriever.retrieve("举办展览多少场？", k=9) == retriever.retrieve("举办展览多少场？", k=9)


def test_paragraphs_of_the_talk_come_nearer(retriever: Retriever) -> None:
    question = "全市建成图书馆有多少座？"
    plain = {hit.passage.position: hit.score for hit in retriever.retrieve(question, k=99)}
    stays = next(p for p, text in enumerate(_texts(retriever.index)) if text.startswith("馆藏图书"))
    passage = retriever.index.passage(stays)
    drawn = {hit.passage.position: hit.score for hit in retriever.retrieve(question, k=99, stays=[passage.passage_id])}
    best = max(plain.values())
    for position, score in plain.items():
        same_paragraph = retriever.index.passage(position).paragraph == passage.paragraph
        gain = STAYS if same_paragraph else 0.0
        gain += SAME if position == stays else FOLLOWING if same_paragraph and position == stays + 1 else 0.0
        assert drawn[position] == pytest.approx(score + best * gain, abs=1e-5)


def test_passage_with_nothing_of_what_a_follow_up_takes_over_falls_behind(tmp_path: Path) -> None:
    text = "湖滨市2023年文化工作报告\n一、公共文化\n建成图书馆36座。\n二、体育\n新建球场平均花费多少不等。\n"
    (tmp_path / "lake.txt").write_text(text, encoding="utf-8")
    embedder = HashEmbedder()
    build([tmp_path / "lake.txt"], tmp_path / "index", embedder)
    retriever = Retriever(PassageIndex.open(tmp_path / "index"), embedder)
    question, own = "图书馆，平均花费多少？", "平均花费多少？"
    whole, typed, follow = (
        {hit.passage.text: hit.score for hit in hits}
        for hits in (
            retriever.retrieve(question, 9),
            retriever.retrieve(own, 9),
            retriever.retrieve(question, 9, (), own),
        )
    )
    mixed = {text: (1 - OWN) * whole[text] + OWN * typed[text] for text in whole}
    best = max(mixed.values())
    for text, score in follow.items():
        lost = 0.0 if "图书馆" in text else ASTRAY
        assert score == pytest.approx(mixed[text] - best * lost, abs=1e-5)


def test_passage_that_is_not_there_draws_nothing(retriever: Retriever) -> None:
    question = "举办展览多少场？"
    assert retriever.retrieve(question, k=9, stays=["other:0-9"]) == retriever.retrieve(question, k=9)


def test_report_of_the_place_that_a_question_names_comes_first(tmp_path: Path) -> None:
    for name, place, libraries in (("donghu", "东湖县", 36), ("xishan", "西山县", 12)):
        text = f"{place}2023年文化工作报告\n一、公共文化\n建成图书馆{libraries}座。\n举办书展。\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    embedder = HashEmbedder()
    build([tmp_path / "donghu.txt", tmp_path / "xishan.txt"], tmp_path / "index", embedder)
    retriever = Retriever(PassageIndex.open(tmp_path / "index"), embedder)
    assert retriever.retrieve("西山县建成图书馆多少座？", 1)[0].passage.text == "建成图书馆12座。"
    assert retriever.retrieve("东湖建成图书馆多少座？", 1)[0].passage.text == "建成图书馆36座。"


def test_name_of_the_place_draws_no_passage(tmp_path: Path) -> None:
    text = "东湖县2023年文化工作报告\n一、公共文化\n建成图书馆36座。\n东湖县东湖镇东湖书展开幕。\n"
    (tmp_path / "donghu.txt").write_text(text, encoding="utf-8")
    build([tmp_path / "donghu.txt"], tmp_path / "index", HashEmbedder())
    retriever = Retriever(PassageIndex.open(tmp_path / "index"), HashEmbedder())
    assert retriever.retrieve("东湖县图书馆", 1)[0].passage.text == "建成图书馆36座。"
