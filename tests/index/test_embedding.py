"""The embedded model against sentence-transformers, and any other model by folder or hub id."""

import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from index.build import build
from index.embedding import (
    BGE_PROMPT,
    EMBEDDED_FOLDER,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    digest_of,
    load_embedder,
)
from index.errors import ModelMismatchError, ModelNotFoundError
from index.store import PassageIndex

VARIED = [
    "",
    " \n\t",
    "。，！？“”",
    "😀😀😀",
    "龘靐齉",
    "\x00\ufeff",
    "办事要跑几趟？",
    "城市云脑接入了多少个单位？",
    "“爱山东·青e办”整合45个部门、10个区(市)、9家企业的7900多项服务。",
    "由年初的84.6%提升至95.5%，同比增长37.2%",
    "ＡＢＣ１２３　５Ｇ网络",
    "ABC123 5G网络",
    "Hello World, GDP 2021",
    "①②③㈠（一）㊣",
    "人工智能" * 300,
]


@pytest.fixture(scope="module")
def embedded() -> StaticEmbedder:
    return StaticEmbedder(EMBEDDED_FOLDER)


@pytest.fixture
def tiny_static(tmp_path: Path) -> Path:
    """A model of three pieces whose vectors can be worked out on paper; its last piece is unknown to the tables."""
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "云": 1, "脑": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", behavior="isolated")
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    pieces = np.array([[0, 0], [3, 4], [-10, 0]], dtype=np.int8)
    scales = np.array([0, 1, 0.5], dtype=np.float32)
    save_file({"embeddings": pieces, "weights": scales}, tmp_path / "model.safetensors")
    return tmp_path


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A randomly initialised BERT of one layer, saved with a query prompt, in sentence-transformers' layout."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    bert, whole = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("sentence-model")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"查询：城市云脑数据平台"]
    (bert / "vocab.txt").write_text("\n".join(dict.fromkeys(pieces)), encoding="utf-8")
    BertTokenizerFast(str(bert / "vocab.txt")).save_pretrained(bert)
    config = BertConfig(
        vocab_size=len(set(pieces)),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(bert)
    transformer = Transformer(str(bert))
    model = SentenceTransformer(modules=[transformer, Pooling(16)], prompts={"query": "查询：", "document": ""})
    model.save(str(whole))
    return whole


def test_vectors_worked_out_on_paper(tiny_static: Path) -> None:
    embedder = StaticEmbedder(tiny_static)
    # 云 = (3, 4), 脑 = (-5, 0): 云脑 sums to (-2, 4).
    expected = np.array([[0.6, 0.8], [-1, 0], [-2 / 20**0.5, 4 / 20**0.5], [0, 0], [0.6, 0.8]], dtype=np.float32)
    np.testing.assert_allclose(embedder.embed(["云", "脑", "云脑", "", "云城"]), expected, atol=1e-7)
    assert embedder.dim == 2


def test_late_interaction_worked_out_on_paper(tiny_static: Path) -> None:
    embedder = StaticEmbedder(tiny_static)
    # 云 = (3, 4) weighs 5, 脑 = (-5, 0) weighs 5; their cosine is -0.6.
    likeness = embedder.late_interaction("云脑", ["云脑", "云", "脑", "", "云云"])
    assert likeness.tolist() == pytest.approx([1.0, (1 - 0.6) / 2, (1 - 0.6) / 2, 0.0, (1 - 0.6) / 2], abs=1e-6)
    assert embedder.late_interaction("", ["云"]).tolist() == [0.0]
    assert embedder.late_interaction("云", []).shape == (0,)


def test_no_texts_give_no_rows(embedded: StaticEmbedder) -> None:
    assert embedded.embed([]).shape == (0, embedded.dim)
    assert embedded.embed_queries([]).shape == (0, embedded.dim)
    assert embedded.embed([]).dtype == np.float32


def test_a_text_without_a_known_piece_gives_a_zero_row(embedded: StaticEmbedder) -> None:
    vectors = embedded.embed(["", "。，！？", "😀", "龘靐齉", "云脑"])
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([0, 0, 0, 0, 1], abs=1e-6)


def test_a_vector_does_not_depend_on_its_company(embedded: StaticEmbedder) -> None:
    texts = VARIED * 20
    together = embedded.embed(texts)
    alone = np.concatenate([embedded.embed([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_width_and_case_do_not_matter(embedded: StaticEmbedder) -> None:
    full, half = embedded.embed(["ＡＢＣ１２３　５Ｇ网络", "abc123 5g网络"])
    np.testing.assert_array_equal(full, half)


def test_same_vectors_as_sentence_transformers(embedded: StaticEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    characters = "城市云脑数据平台网上办事看病就医付费,，。 7900多项84.6%ＡａZ龘😀（一）"
    generator = random.Random(0)
    texts = VARIED + ["".join(generator.choices(characters, k=generator.randint(0, 60))) for _ in range(200)]
    theirs = SentenceTransformer(str(EMBEDDED_FOLDER), device="cpu").encode(texts, normalize_embeddings=True)
    assert theirs.dtype == np.float32
    np.testing.assert_allclose(embedded.embed(texts), theirs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(
        SentenceTransformerEmbedder(str(EMBEDDED_FOLDER)).embed(texts), theirs, rtol=0, atol=1e-5
    )


def test_everyday_words_lie_near_the_official_ones(embedded: StaticEmbedder) -> None:
    official = ["就医付费更加便捷", "视频监控覆盖城乡", "城市云脑接入单位", "信用体系建设"]
    vectors = embedded.embed_queries(["看病付钱", "摄像头", "城市大脑"]) @ embedded.embed(official).T
    assert vectors.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_model_folder_is_small_and_has_no_code() -> None:
    files = {path.name: path.stat().st_size for path in EMBEDDED_FOLDER.iterdir()}
    assert set(files) == {
        "README.md",
        "config_sentence_transformers.json",
        "model.safetensors",
        "modules.json",
        "tokenizer.json",
    }
    assert sum(files.values()) <= 12_000_000


def test_using_the_embedded_model_imports_no_torch() -> None:
    program = (
        "import sys\n"
        "from index.embedding import load_embedder\n"
        "assert load_embedder(None).embed_queries(['办事要跑几趟']).shape[0] == 1\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'scipy'} & set(sys.modules)))\n"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    for name, content in (("a.json", b"1"), ("b.json", b"2")):
        (tmp_path / name).write_bytes(content)
    lines = "".join(f"{n} {hashlib.sha256(c).hexdigest()}\n" for n, c in (("a.json", b"1"), ("b.json", b"2")))
    expected = hashlib.sha256(lines.encode()).hexdigest()
    assert digest_of([tmp_path / "b.json", tmp_path / "a.json"]) == expected


def test_digest_changes_with_the_weights(tiny_static: Path) -> None:
    before = StaticEmbedder(tiny_static).digest
    tensors = {"embeddings": np.zeros((3, 2), dtype=np.int8), "weights": np.ones(3, dtype=np.float32)}
    save_file(tensors, tiny_static / "model.safetensors")
    assert StaticEmbedder(tiny_static).digest != before


def test_a_damaged_embedded_model_is_refused(tiny_static: Path) -> None:
    (tiny_static / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelNotFoundError, match=r"tokenizer\.json"):
        StaticEmbedder(tiny_static)
    (tiny_static / "model.safetensors").write_bytes(b"\x00" * 40)
    with pytest.raises(ModelNotFoundError, match=r"index\.training"):
        StaticEmbedder(tiny_static)
    with pytest.raises(ModelNotFoundError, match=r"index\.training"):
        StaticEmbedder(tiny_static / "nowhere")


def test_none_and_embedded_name_the_same_model() -> None:
    assert load_embedder(None).name == load_embedder("embedded").name == "embedded"


def test_any_sentence_model_loads_from_a_folder(tiny_bert: Path) -> None:
    from sentence_transformers import SentenceTransformer

    embedder = load_embedder(str(tiny_bert))
    texts = ["城市云脑", "数据平台，数据"]
    vectors, queries = embedder.embed(texts), embedder.embed_queries(texts)
    model = SentenceTransformer(str(tiny_bert), device="cpu")
    np.testing.assert_allclose(vectors, model.encode(texts, normalize_embeddings=True), atol=1e-6)
    prompted = model.encode(["查询：" + text for text in texts], normalize_embeddings=True)
    np.testing.assert_allclose(queries, prompted, atol=1e-6)
    assert np.abs(vectors - queries).max() > 0.01
    assert embedder.query_prompt == "查询："
    assert (embedder.name, embedder.dim, vectors.dtype) == (str(tiny_bert), 16, np.float32)
    assert embedder.embed([]).shape == (0, 16)
    assert len(embedder.digest) == 64


def without_prompts(model: Path, folder: Path) -> Path:
    """A copy of a sentence model whose files name no query prompt, as those of bge."""
    shutil.copytree(model, folder)
    config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({**config, "prompts": {}}), encoding="utf-8")
    return folder


def test_chinese_bge_models_get_the_prompt_of_their_cards(tiny_bert: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    bge = load_embedder(str(without_prompts(tiny_bert, tmp_path / "bge-small-zh-v1.5")))
    prompted = SentenceTransformer(str(tiny_bert), device="cpu").encode(
        ["为这个句子生成表示以用于检索相关文章：云脑"], normalize_embeddings=True
    )
    assert bge.query_prompt == BGE_PROMPT == "为这个句子生成表示以用于检索相关文章："
    np.testing.assert_allclose(bge.embed_queries(["云脑"]), prompted, atol=1e-6)
    for name in ("bge-large-zh-noinstruct", "bge-m3", "other"):
        plain = load_embedder(str(without_prompts(tiny_bert, tmp_path / name)))
        assert plain.query_prompt == ""
        np.testing.assert_array_equal(plain.embed_queries(["云脑"]), plain.embed(["云脑"]))


def test_prompt_stands_in_the_manifest_and_another_prompt_is_another_model(tiny_bert: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("报告\n城市云脑接入平台。\n", encoding="utf-8")
    with_prompt = load_embedder(str(tiny_bert))
    build([tmp_path / "a.txt"], tmp_path / "index", with_prompt)
    index = PassageIndex.open(tmp_path / "index")
    assert index.manifest.query_prompt == "查询："
    index.check_model(with_prompt.name, with_prompt.digest)
    other = load_embedder(str(without_prompts(tiny_bert, tmp_path / "other")))
    assert other.digest != with_prompt.digest
    with pytest.raises(ModelMismatchError, match="--embedder"):
        index.check_model(other.name, other.digest)


def test_weights_that_are_not_safetensors_are_refused(tiny_bert: Path, tmp_path: Path) -> None:
    for file in tiny_bert.rglob("*"):
        if file.is_file() and file.suffix != ".safetensors":
            target = tmp_path / file.relative_to(tiny_bert)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelNotFoundError, match="safetensors"):
        load_embedder(str(tmp_path)).embed(["云脑"])


@pytest.mark.parametrize("name", ["qingwen-tests/no-such-model", "qingwen-tests/no-such-model@abc123", "无此模型"])
def test_an_unknown_name_is_an_error_that_says_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    embedder = load_embedder(name)
    started = time.perf_counter()
    with pytest.raises(ModelNotFoundError, match=r"HF_ENDPOINT.*HF_HUB_OFFLINE=1") as caught:
        embedder.embed(["云脑"])
    assert name in str(caught.value)
    assert time.perf_counter() - started < 5
