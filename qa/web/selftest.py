"""Does a set-up answer as it must? Ten questions on the bundled report, asked once when a server starts.

They find what tests cannot: a sentence model that came broken, an index setting that starves one leg, a machine where
words are not cut as they should be. That a language model replies is asked besides.
"""

import tempfile
import threading
from pathlib import Path

from index.build import BUNDLED_REPORT, build
from index.store import PassageIndex
from qa.answer import Status
from qa.errors import ModelFailedError
from qa.llm import Message
from qa.pipeline import Parts, ask

QUESTIONS = Path(__file__).with_name("selftest.tsv")
"""A question and the figure that its short answer must begin with, tab between them; without one it must be refused."""

ALIKE = (
    ("孩子上学报名", "义务教育招生", "森林防火"),
    ("房子过户", "不动产登记", "疫苗接种"),
    ("看病交钱", "就医付费", "道路绿化"),
)
"""Words, others that mean the same, and some that do not: a sentence model that cannot tell them apart came broken."""


def self_test(parts: Parts) -> tuple[str, ...]:
    """Ask the ten questions with the models of these parts; give those that are not answered as they must be.

    The bundled report is indexed anew for it, whatever the parts themselves answer from. Empty: all is well.
    """
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        build([BUNDLED_REPORT], Path(folder), parts.retriever.embedder)
        tested = parts.over(PassageIndex.open(Path(folder))).without_model()
        for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
            question, _, short = line.partition("\t")
            answer = ask(question, tested)
            if not (answer.short or "").startswith(short) or (answer.status is Status.ANSWERED) != bool(short):
                failed.append(question)
    for words, same, other in ALIKE:
        vectors = parts.retriever.embedder.embed([words, same, other])
        if not vectors[0] @ vectors[1] > vectors[0] @ vectors[2]:
            failed.append(f"{words} ≈ {same}")
    if parts.writer is not None:
        try:
            if not any(parts.writer.model.generate([Message("user", "你好")], 8, threading.Event())):
                failed.append(parts.writer.name)
        except ModelFailedError as error:
            failed.append(str(error))
    return tuple(failed)
