import sys
from pathlib import Path

import pytest

from qa.llm import load_model, without_thinking
from qa.models.local_model import TransformersModel

REPLY = "<think>\n先看资料<1>。\n</think>\n\n接入41个<单位>。</think>"
SHOWN = "接入41个<单位>。"


@pytest.mark.parametrize("size", range(1, len(REPLY) + 1))
def test_thinking_is_dropped_wherever_the_pieces_are_cut(size: int) -> None:
    pieces = [REPLY[start : start + size] for start in range(0, len(REPLY), size)]
    assert "".join(without_thinking(pieces)) == SHOWN


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([], []),
        (["平台"], ["平台"]),
        (["\n\n", "  平台", " 入驻"], ["平台", " 入驻"]),
        (["前<think>中</think>后"], ["前后"]),
        (["<thin", "g>"], ["<thing>"]),
        (["好</thi"], ["好", "</thi"]),
        (["<think>没有想完"], []),
        (["<think></think>"], []),
    ],
)
def test_text_as_it_comes(pieces: list[str], shown: list[str]) -> None:
    assert list(without_thinking(pieces)) == shown


def test_thinking_that_the_prompt_began() -> None:
    assert list(without_thinking(["先看", "资料。</th", "ink>\n接入", "41个。"], thinking=True)) == ["接入", "41个。"]


def test_text_is_not_held_back() -> None:
    pieces = iter(["接入", "41个<b", "。"])
    shown = without_thinking(pieces)
    assert next(shown) == "接入"
    assert next(shown) == "41个<b"


def test_folder_or_hub_id_is_a_model_of_this_machine(tmp_path: Path) -> None:
    for name in (str(tmp_path), "Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B@main"):
        model = load_model(name)
        assert isinstance(model, TransformersModel)
        assert model.name == name


def test_address_is_a_server() -> None:
    model = load_model("openai:http://127.0.0.1:9/v1#tiny")
    assert type(model).__name__ == "ServerModel"
    assert model.name == "openai:http://127.0.0.1:9/v1#tiny"


def test_opening_by_name_imports_nothing_heavy() -> None:
    import subprocess

    code = "import sys; from qa.llm import load_model; load_model('a/b'); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
