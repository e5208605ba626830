from dataclasses import replace
from pathlib import Path

import pytest

from qa.config import Settings
from qa.errors import ModelFailedError
from qa.models.composing import LanguageModelAnswerer
from qa.pipeline import Parts, load_parts
from qa.web.selftest import QUESTIONS, self_test
from tests.fakes import HashEmbedder, ScriptedModel


@pytest.fixture(scope="module")
def parts(bundled_index: Path) -> Parts:
    return load_parts(Settings(index=bundled_index))


def test_ten_questions_are_answered_by_a_sound_set_up(parts: Parts):
    assert len(QUESTIONS.read_text(encoding="utf-8").splitlines()) == 10
    assert self_test(parts) == ()


def test_sentence_model_that_came_broken_is_found(parts: Parts):
    broken = replace(parts, retriever=replace(parts.retriever, embedder=HashEmbedder(parts.index.manifest.dim)))
    assert self_test(broken) == ("孩子上学报名 ≈ 义务教育招生", "房子过户 ≈ 不动产登记", "看病交钱 ≈ 就医付费")


def test_language_model_that_does_not_reply_is_found(parts: Parts):
    silent = ModelFailedError("nobody listens on port 1", "…")
    with_model = replace(parts, writer=LanguageModelAnswerer(ScriptedModel(silent), parts.index, 64))
    assert self_test(with_model) == ("nobody listens on port 1",)
    with_model = replace(parts, writer=LanguageModelAnswerer(ScriptedModel("您好"), parts.index, 64))
    assert self_test(with_model) == ()
