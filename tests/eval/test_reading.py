"""A reading set of three paragraphs, small enough to rank by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from eval.__main__ import app
from eval.errors import GoldError
from eval.reading import Figure, measure_reading, read_reading_set

CLOUD = "城市云脑接入41个单位。视频会议召开1018次。"
LOANS = "信易贷平台累计放款206亿。入驻企业超过三万家。"
CLINIC = "病人刷脸付费省去排队。号源统一放到网络上面。"
SET = [
    {
        "id": "cloud",
        "title": "云脑",
        "text": CLOUD,
        "questions": [
            {"question": "城市云脑接入多少个单位？", "answers": ["41个", "41"], "starts": [6, 6]},
            {"question": "视频会议成果", "answers": ["看不出"], "starts": [-1]},
        ],
    },
    {
        "id": "loans",
        "title": "",
        "text": LOANS,
        "questions": [{"question": "信易贷平台放款多少？", "answers": ["206亿"], "starts": [-1]}],
    },
    {
        "id": "clinic",
        "title": "",
        "text": CLINIC,
        "questions": [{"question": "彩虹", "answers": ["网络"], "starts": [17]}],
    },
]


class DrawnEmbedder:
    """Every sentence has an axis of its own; what the questions lie near is drawn here."""

    name, digest, dim, query_prompt = "drawn", "drawn", 6, ""
    sentences = ("城市云脑", "视频会议召开", "信易贷平台累计", "入驻企业", "病人刷脸", "号源统一")
    questions = {  # noqa: RUF012
        "城市云脑接入多少个单位？": [1, 0, 0, 0, 0, 0],
        "视频会议成果": [0, 0, 0, 0, 1, 0],
        "信易贷平台放款多少？": [0, 0, 0.6, 0.8, 0, 0],
        "彩虹": [0, 0, 0, 0, 0, 1],
    }

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        return np.array([[float(s in text) for s in self.sentences] for text in texts], dtype=np.float32)

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        return np.array([self.questions.get(text, [0] * 6) for text in texts], dtype=np.float32)


def write(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def reading_set(tmp_path: Path) -> Path:
    return write(tmp_path / "tiny.jsonl", SET)


def values(figures: dict[str, Figure]) -> list[float]:
    return [figures[metric].value for metric in ("Success@1", "Success@5", "MRR@10")]


def test_unknown_start_is_looked_for_and_a_missing_one_stays_unknown(reading_set: Path):
    starts = [question.starts for paragraph in read_reading_set(reading_set) for question in paragraph.questions]
    assert starts == [(6,), (), (9,), (17,)]


def test_any_sentence_with_an_accepted_answer_is_relevant(tmp_path: Path):
    question = {"question": "信易贷平台放款多少？", "answers": ["206亿", "三万家"], "starts": [9, 20]}
    paragraphs = read_reading_set(write(tmp_path / "two.jsonl", [{**SET[1], "questions": [question]}]))
    # Meaning puts the sentence of the second answer first, words that of the first.
    figures = measure_reading("two", paragraphs, DrawnEmbedder()).figures["sentences"]
    assert [values(figures[ranking]) for ranking in ("words", "meaning")] == [[1, 1, 1], [1, 1, 1]]


def test_figures_are_those_worked_out_by_hand(reading_set: Path):
    result = measure_reading("tiny", read_reading_set(reading_set), DrawnEmbedder())
    assert (result.paragraphs, result.sentences, result.questions, result.placed) == (3, 6, 4, 3)
    # Ranks of the paragraphs for 城市云脑, 视频会议, 信易贷, 彩虹. 彩虹 shares no word with any text, so that words
    # leave the reading order: paragraph 3 of 3. 视频会议成果 is drawn near a sentence of 3, all else ties: 1 is next.
    paragraphs = result.figures["paragraphs"]
    assert values(paragraphs["words"]) == pytest.approx([3 / 4, 1, (1 + 1 + 1 + 1 / 3) / 4])
    assert values(paragraphs["meaning"]) == pytest.approx([3 / 4, 1, (1 + 1 / 2 + 1 + 1) / 4])
    assert values(paragraphs["hybrid"]) == pytest.approx([1, 1, 1])
    # Sentences, without 视频会议: words put 彩虹's sixth of six; 信易贷 is drawn nearer to the sentence after its own.
    sentences = result.figures["sentences"]
    assert values(sentences["words"]) == pytest.approx([2 / 3, 2 / 3, (1 + 1 + 1 / 6) / 3])
    assert values(sentences["meaning"]) == pytest.approx([2 / 3, 1, (1 + 1 / 2 + 1) / 3])
    assert values(sentences["hybrid"]) == pytest.approx([1, 1, 1])


def test_interval_holds_the_value_and_is_the_same_every_time(reading_set: Path):
    paragraphs = read_reading_set(reading_set)
    first = measure_reading("tiny", paragraphs, DrawnEmbedder())
    assert first == measure_reading("tiny", paragraphs, DrawnEmbedder())
    recall = first.figures["paragraphs"]["words"]["Success@1"]
    assert (recall.low, recall.value, recall.high) == (0.25, 0.75, 1.0)


def test_every_second_question_starts_with_the_first(reading_set: Path):
    result = measure_reading("tiny", read_reading_set(reading_set), DrawnEmbedder(), every=2)
    assert (result.questions, result.placed) == (2, 2)
    assert values(result.figures["sentences"]["meaning"]) == pytest.approx([1 / 2, 1, (1 + 1 / 2) / 2])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"id": "a", "title": "", "questions": []}, "line 2: field 'text' is None, not str"),
        ({"id": "a", "title": "", "text": "", "questions": [{"question": "?"}]}, "field 'answers' is None, not list"),
        (
            {"id": "a", "title": "", "text": "", "questions": [{"question": "?", "answers": ["a"], "starts": []}]},
            "line 2: 1 answers but 0 starts",
        ),
    ],
)
def test_line_out_of_format_is_named(tmp_path: Path, line: dict[str, object], message: str):
    with pytest.raises(GoldError, match=message):
        read_reading_set(write(tmp_path / "bad.jsonl", [SET[0], line]))


def test_set_without_a_question_is_refused(tmp_path: Path):
    with pytest.raises(GoldError, match="holds no question"):
        read_reading_set(write(tmp_path / "none.jsonl", [{**SET[0], "questions": []}]))


def test_command_prints_one_json_object(reading_set: Path):
    done = CliRunner().invoke(app, ["reading", str(reading_set), "--json"])
    assert done.exit_code == 0
    result = json.loads(done.stdout)
    assert (result["name"], result["embedder"], result["questions"]) == ("tiny", "embedded", 4)
    assert result["figures"]["sentences"]["words"]["Success@1"]["value"] == pytest.approx(2 / 3)


def test_command_prints_a_line_a_ranking(reading_set: Path):
    lines = CliRunner().invoke(app, ["reading", str(reading_set)]).stdout.splitlines()
    assert lines[0] == (
        "tiny, sentence model embedded: 3 paragraphs, 6 sentences, 4 questions, 3 of them with a known sentence"
    )
    assert [line.split()[:4] for line in lines[1:5:3]] == [
        ["paragraphs", "words", "Success@1", "75.0"],
        ["sentences", "words", "Success@1", "66.7"],
    ]
