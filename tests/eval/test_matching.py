"""The matching rules on hand cases, and in agreement with the reference on texts made at random."""

import random
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from eval.matching import contains, figures, groups_found, normalise

spec = spec_from_file_location("reference", Path(__file__).with_name("reference.py"))
assert spec is not None
assert spec.loader is not None
reference = module_from_spec(spec)
spec.loader.exec_module(reference)

CASES = [
    ("9家", "共139家", False),
    ("9家", "9家企业", True),
    ("1500", "1500万", False),
    ("1500", "超过1500个", True),
    ("11918", "11,918项", True),
    ("84.6", "由８４．６％提升", True),
    ("84", "84.6%", False),
    ("12", "12.5", False),
    ("100%", "１００％", True),
    ("100", "100%", False),
    ("99.5", "99.5%", True),
    ("41", "41、121、219", True),
    ("41121", "41、121", False),
    ("数据交易平台+服务商", "“数据交易平台＋服务商”", True),
    ("6.4亿", "6.4 亿条", True),
    ("青e办", "爱山东·青Ｅ办", True),
    ("0.9", "10.9", False),
    ("4", "14，再说4", True),
    ("，。", "城市云脑，。", False),
    ("云脑", "城市\u200b云\ufeff脑", True),
]


@pytest.mark.parametrize(("variant", "answer", "found"), CASES)
def test_variant_stands_in_an_answer_when_its_figures_stand_alone(variant: str, answer: str, found: bool):
    assert contains(normalise(answer), variant) is found
    assert reference.contains(reference.normalise(answer), variant) is found


def test_normalised_text_keeps_figures_apart():
    assert normalise("接入 11,918 项、41、121（８４．６％）。") == "接入11918项41|121|84.6%"
    assert normalise("1.5，Ａ_b") == "1.5ab"


def test_groups_are_counted_by_any_of_their_variants():
    assert groups_found([["41", "四十一"], ["121"], ["219"]], "四十一个单位、121个系统") == 2


def test_figures_are_the_numbers_in_digits():
    assert figures("由84.6%提升至95.5%，共11,918项、二十项") == {"84.6", "95.5", "11918"}


def test_rules_agree_with_the_reference_on_random_texts():
    rng = random.Random(7)
    letters = "0123456789.,、，%％ ０５．万亿千家a_|()-+²Ⅳ\u200b\n们①"
    for _ in range(20000):
        answer = "".join(rng.choices(letters, k=rng.randint(0, 9)))
        variant = "".join(rng.choices(letters, k=rng.randint(0, 3)))
        assert normalise(answer) == reference.normalise(answer)
        assert contains(normalise(answer), variant) is reference.contains(reference.normalise(answer), variant)
        assert figures(answer) == reference.figures(answer)
