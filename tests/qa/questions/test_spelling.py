import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build
from index.store import PassageIndex
from qa.config import Settings
from qa.language.wording import everyday
from qa.pipeline import ask, load_parts
from qa.questions.spelling import Speller
from tests.fakes import HashEmbedder


@pytest.fixture(scope="module")
def speller(bundled_index: Path) -> Speller:
    return Speller(PassageIndex.open(bundled_index))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    """Reads in the words of a report of quite another kind."""
    folder = tmp_path_factory.mktemp("county")
    text = "我县新建5G基站410个。蜂蜜合作社发展到23家，茶油产量增长8%。修缮古戏台12座，建成乡村文化礼堂。"
    (folder / "r.txt").write_text(text, encoding="utf-8")
    build([folder / "r.txt"], folder / "index", HashEmbedder())
    return Speller(PassageIndex.open(folder / "index"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # the same sound
        ("数字成市百强榜第几名？", "数字城市百强榜第几名？"),
        ("视频会义系统开了几次会", "视频会议系统开了几次会"),
        ("城市云恼 场井 多少个", "城市云脑 场景 多少个"),
        ("金红办公系统有多少个工能摸块", "金宏办公系统有多少个功能模块"),
        ("数字实验是是谁的", "数字实验室是谁的"),
        # nearly the same: n and l, zh and z, in and ing
        ("政务数据共想满足率", "政务数据共享满足率"),
        ("电子震照有多少类", "电子证照有多少类"),
        ("青到健康码有什么用", "青岛健康码有什么用"),
        # pinyin, whole or in part
        ("yi ma tong cheng 注册yonghu多少", "一码通城 注册用户多少"),
        ("参会的有多少ren次", "参会的有多少人次"),
        ("shujugongxiang满足率是多少", "数据共享满足率是多少"),
        ("大数据交易中xin要zhuan变成什么", "大数据交易中心要转变成什么"),
        # traditional characters and full width
        ("城市雲腦接入了多少個單位？", "城市云脑接入了多少个单位？"),
        ("青Ｅ办　２０２１年", "青E办　2021年"),
        ("青e半有多少服务", "青e办有多少服务"),
        # a look-alike in a long stretch, a blank inside a word
        ("公共数椐服务平台", "公共数据服务平台"),
        ("大数据交昜中心", "大数据交易中心"),
        ("城市 云脑 接入", "城市云脑 接入"),
    ],
)
def test_reads_what_was_meant(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("５Ｇ基占 多少个", "5G基站 多少个"),
        ("蜂密合作社有几家", "蜂蜜合作社有几家"),
        ("乡村文化里堂", "乡村文化礼堂"),
        ("fengmi合作社", "蜂蜜合作社"),
        ("城市云恼", "城市云恼"),
    ],
)
def test_each_index_has_its_own_words(county: Speller, typed: str, meant: str) -> None:
    assert county.correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "？",
        "城市云脑接入了多少个单位？",
        "看病要找哪个大夫",
        "马路上的摄像头有多少",
        "报销的时限是多久",  # sounds as 实现
        "入驻的企业有四十多家吗",  # 十 sounds as 是
        "两百家对吗",
        "崂山区有多少社区",
        "市里wifi覆盖了吗",
        "nike专卖店在哪",
        "我想买iPhone",
        "今天 天气 怎么样",
        "😀 Ⅱ类 İ",
    ],
)
def test_what_is_spelt_well_stays(speller: Speller, typed: str) -> None:
    assert speller.correct(typed) == typed


def test_everyday_words_stay(speller: Speller, county: Speller) -> None:
    assert [word for word in everyday() for one in (speller, county) if one.correct(word) != word] == []


def test_correcting_twice_changes_nothing_more(speller: Speller) -> None:
    once = speller.correct("大数居交易中xin 现在要zhuan变成啥")
    assert once == "大数据交易中心 现在要转变成啥"
    assert speller.correct(once) == once


def test_opencc_is_loaded_for_traditional_characters_only(bundled_index: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.store import PassageIndex\n"
        "from qa.questions.spelling import Speller\n"
        "speller = Speller(PassageIndex.open(Path(sys.argv[1])))\n"
        "for question in ('城市云脑接入了多少个单位？', '嗯，城市云恼呢', '城市雲腦呢'):\n"
        "    print(speller.correct(question), 'opencc' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script, str(bundled_index)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.splitlines() == [
        "城市云脑接入了多少个单位？ False",
        "嗯，城市云脑呢 False",
        "城市云脑呢 True",
    ]


def test_answer_shows_the_question_as_typed_and_as_read(bundled_index: Path) -> None:
    answer = ask("城市云恼接入了多少个单位", load_parts(Settings(index=bundled_index)))
    assert answer.question == "城市云恼接入了多少个单位"
    assert answer.standalone_question == "城市云脑接入了多少个单位"
    assert answer.short == "41个单位"
