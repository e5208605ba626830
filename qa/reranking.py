"""Passages found → the same passages in a better order, by a model that reads each one together with the question.

torch and sentence_transformers are imported when a model is first asked, never before.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from safetensors import SafetensorError

from index.embedding import find_model, model_not_found
from index.passage import Hit, contextual_text

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

log = logging.getLogger(__name__)

_KIND = "reranking model"


class Reranker(Protocol):
    """Puts passages into a better order."""

    @property
    def name(self) -> str:
        """The name that `load_reranker` opens this model by."""
        ...

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Give the same passages with new scores and ranks, best first, equal scores in the order they came in."""
        ...


def load_reranker(name: str) -> "CrossEncoderReranker":
    """Open a reranking model by folder or hub id[@revision]; it is loaded when first asked."""
    return CrossEncoderReranker(name)


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one score; only safetensors weights, no code of the model's own.

    What is asked raises ModelNotFoundError where the model cannot be loaded.

    Args:
        name: A folder, or a hub id such as `BAAI/bge-reranker-base`, with `@revision` after it to pin one.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Order passages by how well each one, led by its heading, answers the question; scores are 0 to 1."""
        if not hits:
            return []
        pairs = [(question, contextual_text(hit.passage)) for hit in hits]
        from torch.nn import Sigmoid

        scores = self._model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        order = sorted(range(len(hits)), key=lambda i: (-float(scores[i]), i))
        return [replace(hits[i], score=float(scores[i]), rank=rank) for rank, i in enumerate(order, 1)]

    @cached_property
    def _model(self) -> "CrossEncoder":
        folder = find_model(self.name, _KIND)
        from sentence_transformers import CrossEncoder

        log.info("loading the reranking model %s", self.name)
        try:
            model = CrossEncoder(
                str(folder), trust_remote_code=False, local_files_only=True, model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError, KeyError, TypeError, ImportError, RuntimeError, SafetensorError) as fault:
            raise model_not_found(self.name, _KIND, fault) from fault
        if model.num_labels != 1:
            raise model_not_found(self.name, _KIND, f"it gives {model.num_labels} scores a pair, not one")
        return model
