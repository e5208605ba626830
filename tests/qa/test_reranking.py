import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelNotFoundError
from index.passage import Hit, Passage
from qa.config import Settings
from qa.pipeline import ask, load_parts
from qa.reranking import load_reranker
from tests.tiny_models import save_tiny_bert

TEXTS = ["城市云脑接入41个单位。", "部署硬件终端470多台。", "累计召开视频会议1018次。", "城市云脑接入41个单位。"]
QUESTION = "召开视频会议多少次？"


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("cross-encoder"), QUESTION + "".join(TEXTS) + "一、会议", labels=1)


def hits() -> list[Hit]:
    passages = [
        Passage(f"a:{i}-{i + 1}", "a", ("报告", "一、会议") if i == 2 else (), i, i + 1, text, i, i)
        for i, text in enumerate(TEXTS)
    ]
    return [Hit(passage, 9.0 - i, i + 1) for i, passage in enumerate(passages)]


def test_passages_are_put_into_the_order_of_the_models_scores(cross_encoder: Path) -> None:
    from sentence_transformers import CrossEncoder

    read = [
        "\n城市云脑接入41个单位。",
        "\n部署硬件终端470多台。",
        "一、会议\n累计召开视频会议1018次。",
        "\n城市云脑接入41个单位。",
    ]
    logits = CrossEncoder(str(cross_encoder), device="cpu").predict(
        [(QUESTION, text) for text in read], activation_fn=_identity()
    )
    scores = 1 / (1 + np.exp(-logits))
    order = sorted(range(4), key=lambda i: (-scores[i], i))
    reranked = load_reranker(str(cross_encoder)).rerank(QUESTION, hits())
    assert [hit.passage.position for hit in reranked] == order
    assert order.index(0) + 1 == order.index(3)  # the same text, the same score: in the order they came in
    assert [hit.rank for hit in reranked] == [1, 2, 3, 4]
    assert [hit.score for hit in reranked] == pytest.approx([scores[i] for i in order], abs=1e-6)
    assert len(set(np.round(scores, 6))) == 3
    assert load_reranker(str(cross_encoder)).rerank(QUESTION, []) == []


def _identity():
    from torch.nn import Identity

    return Identity()


def test_scores_are_between_0_and_1_whatever_the_model_says_of_itself(cross_encoder: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(cross_encoder), device="cpu", activation_fn=_identity())
    model.save_pretrained(str(tmp_path / "own"))
    first, second = (load_reranker(str(f)).rerank(QUESTION, hits()) for f in (cross_encoder, tmp_path / "own"))
    assert first == second


def test_question_passes_through_the_named_reranker(cross_encoder: Path, bundled_index: Path) -> None:
    parts = load_parts(Settings(index=bundled_index, reranker=str(cross_encoder)))
    assert parts.reranker is not None
    assert parts.reranker.name == str(cross_encoder)
    answer = ask("累计召开视频会议多少次？", parts)
    assert replace(answer, timings_ms={}) == replace(ask("累计召开视频会议多少次？", parts), timings_ms={})


@pytest.mark.parametrize("name", ["qingwen-tests/no-such-model", "qingwen-tests/no-such-model@abc123", "无此模型"])
def test_unknown_name_is_an_error_that_says_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match=r"reranking model .*HF_ENDPOINT.*HF_HUB_OFFLINE=1") as caught:
        load_reranker(name).rerank(QUESTION, hits())
    assert name in str(caught.value)


def test_weights_that_are_not_safetensors_are_refused(cross_encoder: Path, tmp_path: Path) -> None:
    shutil.copytree(cross_encoder, tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").rename(tmp_path / "model" / "pytorch_model.bin")
    with pytest.raises(ModelNotFoundError, match="no safetensors weights"):
        load_reranker(str(tmp_path / "model")).rerank(QUESTION, hits())


def test_damaged_weights_are_refused(cross_encoder: Path, tmp_path: Path) -> None:
    shutil.copytree(cross_encoder, tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"\x00" * 40)
    with pytest.raises(ModelNotFoundError, match="cannot load the reranking model"):
        load_reranker(str(tmp_path / "model")).rerank(QUESTION, hits())


def test_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_bert(tmp_path / "model", QUESTION, labels=3)
    with pytest.raises(ModelNotFoundError, match="it gives 3 scores a pair, not one"):
        load_reranker(str(folder)).rerank(QUESTION, hits())


def test_naming_a_reranker_imports_no_torch() -> None:
    program = (
        "import sys\n"
        "from qa.reranking import load_reranker\n"
        "load_reranker('BAAI/bge-reranker-base')\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'huggingface_hub'} & set(sys.modules)))\n"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
