"""Sentences become unit vectors: the contract, the embedded model, and any sentence-transformers model.

Knows nothing of passages, indexes or questions. torch and sentence_transformers are imported only when a model of
theirs is first asked for a vector; the embedded model needs numpy, tokenizers and safetensors alone.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.errors import ModelNotFoundError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

EMBEDDED = "embedded"
EMBEDDED_FOLDER = Path(__file__).parent / "model"

KEPT = 20_000  # texts whose word pieces are kept
BLOCK = 64  # texts at a time: their gathered pieces stay within the processor's cache

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness in meaning."""

    @property
    def name(self) -> str:
        """The name that `load_embedder` opens this model by; an index manifest records it."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the model's files: two models with one digest give the same vectors."""
        ...

    @property
    def dim(self) -> int:
        """Components of a vector."""
        ...

    @property
    def query_prompt(self) -> str:
        """What `embed_queries` puts before a question, "" for nothing; an index manifest records it."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed passages.

        Returns:
            Unit rows, float32, shape (n, dim), in the order of the texts; (0, dim) for no texts. A text in which
            the model knows nothing may get a zero row.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: as `embed`, with the query prompt where there is one."""
        ...


@runtime_checkable
class PieceEmbedder(Embedder, Protocol):
    """An embedder that compares texts word piece by word piece as well."""

    def late_interaction(self, query: str, texts: Sequence[str]) -> Vectors:
        """How well texts hold, piece by piece, what a query says; float32, shape (n,), -1 to 1."""
        ...


def load_embedder(name: str | None) -> Embedder:
    """Open a sentence model by name; never another one in its place.

    Args:
        name: None or "embedded" for the model of this repository; else a folder, or a hub id such as
            `BAAI/bge-small-zh-v1.5`, with `@revision` after it to pin one.

    Raises:
        ModelNotFoundError: The model cannot be loaded; the message says what to do.
    """
    if name is None or name == EMBEDDED:
        return StaticEmbedder(EMBEDDED_FOLDER)
    return SentenceTransformerEmbedder(name)


@lru_cache(maxsize=1)
def embedded() -> "StaticEmbedder":
    """The embedded model, opened once: for what was learned with it and no other."""
    return StaticEmbedder(EMBEDDED_FOLDER)


class StaticEmbedder:
    """The mean of a vector per word piece, made a unit vector: our own model, or another of its layout.

    The folder holds `tokenizer.json` and `model.safetensors` with `embeddings` (int8, pieces × dim) and `weights`
    (float32, one scale a piece); `SentenceTransformer(folder)` reads the same files and gives the same vectors.

    Raises:
        ModelNotFoundError: A file is missing, damaged or of another layout.
    """

    query_prompt = ""

    def __init__(self, folder: Path) -> None:
        self.name = EMBEDDED if folder == EMBEDDED_FOLDER else str(folder)
        files = [folder / "model.safetensors", folder / "tokenizer.json"]
        try:
            self.digest = digest_of(files)
            tensors = load_file(files[0])
            self._tokenizer = Tokenizer.from_file(str(files[1]))
            self._pieces, self._scales = tensors["embeddings"], tensors["weights"].astype(np.float32)
        except (OSError, SafetensorError, KeyError) as fault:
            raise ModelNotFoundError(
                f"no embedded sentence model in {folder} ({fault}); "
                "restore the folder from the repository or make it again with python -m index.training"
            ) from fault
        except Exception as fault:  # the tokenizers library raises bare Exception for a file it cannot read
            raise ModelNotFoundError(f"cannot read {files[1]} ({fault}); restore it from the repository") from fault
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dim = int(self._pieces.shape[1])
        self._ids = lru_cache(maxsize=KEPT)(self._cut)  # the same passages come again with every question

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32, shape (n, dim); a zero row for a text without a known piece."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), BLOCK):
            rows[start : start + BLOCK] = self._embed_block(list(texts[start : start + BLOCK]))
        return rows

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed`: this model has no query prompt."""
        return self.embed(texts)

    def _cut(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def is_word(self, text: str) -> bool:
        """Whether a text is one piece of the vocabulary: 民办, but not 均数, which is cut out of 日均数据."""
        return len(self._cut(text)) == 1

    def late_interaction(self, query: str, texts: Sequence[str]) -> Vectors:
        """How well texts hold, piece by piece, what a query says (Khattab & Zaharia 2020).

        Returns:
            The mean over the query's pieces, by their weight, of the likeness of the nearest piece of each text,
            float32, shape (n,), -1 to 1; zeros for a query without a known piece, and 0 for a text without one.
        """
        asked = np.array(self._ids(query), dtype=np.int64)
        ids = [self._ids(text) or (0,) for text in texts]  # piece 0 is the unknown one, a zero vector
        if not len(asked) or not ids:
            return np.zeros(len(texts), dtype=np.float32)
        known, places = np.unique(np.concatenate(ids), return_inverse=True)
        weights, vectors = self._weighed(asked)
        alike = vectors @ self._weighed(known)[1].T
        starts = np.cumsum([0, *map(len, ids[:-1])])
        nearest = np.maximum.reduceat(alike[:, places], starts, axis=1)
        return (weights @ nearest / (weights.sum() or 1.0)).astype(np.float32)

    def _weighed(self, pieces: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
        """How much some word pieces weigh, shape (n,), and their unit vectors, shape (n, dim)."""
        vectors = self._pieces[pieces] * self._scales[pieces, None]
        weights = np.linalg.norm(vectors, axis=1)
        return weights, vectors / np.maximum(weights, 1e-6)[:, None]

    def _embed_block(self, texts: list[str]) -> Vectors:
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        lengths = np.array([len(row) for row in ids])
        # reduceat would give an empty text the vector of its neighbour, so those rows are left out and stay zero.
        filled = np.flatnonzero(lengths)
        sums = np.zeros((len(texts), self.dim), dtype=np.float32)
        if len(filled):
            flat = np.fromiter((piece for row in ids for piece in row), dtype=np.int64, count=int(lengths.sum()))
            starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            pieces = self._pieces[flat] * self._scales[flat, None]
            sums[filled] = np.add.reduceat(pieces, starts, axis=0, dtype=np.float32)
        return unit_rows(sums)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by folder or hub id; loaded when something is first asked of it.

    Only safetensors weights are read, and no code of the model's own is run. What is asked raises ModelNotFoundError
    where the model cannot be loaded.

    Args:
        name: A folder, or a hub id with `@` and a commit, tag or branch after it; without one, its main branch.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def digest(self) -> str:
        """Of a folder the SHA-256 over its files; of a hub id the commit it stands for."""
        return self._digest

    @property
    def dim(self) -> int:
        """Components of a vector."""
        dim = self._model.get_embedding_dimension()
        if dim is None:
            raise self._not_found("it does not say its dim, so it is not a sentence model")
        return dim

    @property
    def query_prompt(self) -> str:
        """The model's own; of the Chinese bge models, whose files name none, the one that their cards tell to use."""
        return self._model.prompts.get("query") or (BGE_PROMPT if _BGE.search(self.name) else "")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32, shape (n, dim)."""
        return self._encoded(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed`, with the query prompt before each text."""
        return self._encoded(partial(self._model.encode_query, prompt=self.query_prompt), texts)

    def _encoded(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        # Normalized here and not by the model: a model in half precision would leave its rows a little off unit length.
        return unit_rows(np.asarray(encode(list(texts), show_progress_bar=False), dtype=np.float32))

    @cached_property
    def _digest(self) -> str:
        if Path(self.name).is_dir():
            return digest_of(model_files(self._folder))
        return self._folder.name  # the hub's cache names a snapshot's folder after its commit

    @cached_property
    def _folder(self) -> Path:
        return find_model(self.name, _KIND)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        folder = self._folder
        from sentence_transformers import SentenceTransformer

        log.info("loading the sentence model %s", self.name)
        try:
            return SentenceTransformer(
                str(folder),
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, TypeError, ImportError, RuntimeError, SafetensorError) as fault:
            raise self._not_found(fault) from fault

    def _not_found(self, reason: object) -> ModelNotFoundError:
        return model_not_found(self.name, _KIND, reason)


_KIND = "sentence model"
BGE_PROMPT = "为这个句子生成表示以用于检索相关文章："
_BGE = re.compile(r"bge-(?:small|base|large)-zh(?!-noinstruct)")


def find_model(name: str, kind: str) -> Path:
    """Give the local folder of a model with safetensors weights.

    Args:
        name: A folder, or a hub id[@revision], which is downloaded, or found in the hub's cache, first.
        kind: What it is, for the message: "sentence model".

    Raises:
        ModelNotFoundError: There is none; the message says what to do.
    """
    folder = Path(name)
    if not folder.is_dir():
        from huggingface_hub import snapshot_download

        model, _, revision = name.partition("@")
        try:
            folder = Path(snapshot_download(model, revision=revision or None, allow_patterns=NEEDED_FILES))
        except (OSError, ValueError) as fault:
            raise model_not_found(name, kind, fault) from fault
    if not any(folder.rglob("*.safetensors")):
        raise model_not_found(name, kind, "it has no safetensors weights")
    return folder


def model_not_found(name: str, kind: str, reason: object) -> ModelNotFoundError:
    """Say why a model cannot be loaded, and what to do."""
    return ModelNotFoundError(
        f"cannot load the {kind} {name}: {reason}. Give a local folder; or a hub id, with HF_ENDPOINT "
        "set to a mirror the machine can reach, or HF_HUB_OFFLINE=1 where the model is already in the local cache"
    )


# What sentence-transformers reads of a repository; weights in other formats would be downloaded for nothing.
NEEDED_FILES = ["*.safetensors", "*.json", "*.txt", "*.model"]


def model_files(folder: Path) -> list[Path]:
    """The files of a model folder that shape its vectors."""
    return [path for path in folder.rglob("*") if any(path.match(pattern) for pattern in NEEDED_FILES)]


def digest_of(files: Sequence[Path]) -> str:
    """SHA-256 (hex) over the names and contents of files, whatever their order."""
    total = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.as_posix()):
        with path.open("rb") as content:
            total.update(f"{path.name} {hashlib.file_digest(content, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows divided by their lengths; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
