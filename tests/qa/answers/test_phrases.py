import pytest

from qa.answers.phrases import pick_name
from qa.language.asking import read_question
from qa.language.picking import passage_weights
from qa.language.wording import weigh

TRAFFIC = "市交通运输局牵头建设“畅行一路通”平台，整合公交、地铁、停车三类数据，印发《智慧交通三年行动方案》。"
BANKS = "中信银行、日照银行和潍坊农商行参加试点，由市地方金融监管局统筹。"
FIELDS = "在教育、医疗、养老等领域开展试点，提供在线预约、结果查询和费用支付服务。"


def weights(question: str, text: str) -> dict[str, float]:
    return passage_weights(weigh(question), text)


def name(question: str, text: str) -> str | None:
    asked = read_question(question)
    span = pick_name(asked.asks[0], asked, text, weights(question, text))
    return text[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("question", "text", "picked"),
    [
        ("哪个部门牵头？", TRAFFIC, "市交通运输局"),
        ("平台叫什么名字？", TRAFFIC, "畅行一路通"),
        ("印发了什么方案？", TRAFFIC, "《智慧交通三年行动方案》"),
        ("哪些银行参加试点？", BANKS, "中信银行、日照银行和潍坊农商行"),
        ("哪个部门统筹？", BANKS, "市地方金融监管局"),
        ("在哪些领域试点？", FIELDS, "教育、医疗、养老等领域"),
        ("提供哪些服务？", FIELDS, "在线预约、结果查询和费用支付服务"),
        ("哪个部门负责？", "根据战略部署，由市商务局负责。", "市商务局"),
    ],
)
def test_name_of_the_kind_asked_for_is_picked(question: str, text: str, picked: str) -> None:
    assert name(question, text) == picked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("哪家银行赢了？", TRAFFIC),
        ("哪家医院最好？", FIELDS),
        ("哪个部门负责？", "按战略部署推进。"),
        ("由谁负责？", ""),
    ],
)
def test_name_of_another_kind_is_not_picked(question: str, text: str) -> None:
    assert name(question, text) is None


@pytest.mark.parametrize(
    ("question", "text", "picked"),
    [
        ("整合涉及哪些部门？", "把民政、教育、住建等9个部门的事项归集到一处。", "民政、教育、住建"),
        ("哪两家公司参与运营？", "引入康宁护理、和安养老等5家专业公司运营。", "康宁护理、和安养老"),
        ("三条游览线都叫什么？", "开通书香、湖光、古韵3条游览线。", "书香、湖光、古韵"),
        ("书屋得了什么称号？", "云上书房获评省级示范书屋，接待读者8万人次。", "省级示范书屋"),
        ("做法登上了哪家报纸？", "这一做法被《湖滨晚报》专版报道。", "湖滨晚报"),
        ("在老平台之外，又加上哪个平台？", "基于书目平台和借阅平台建成通借通还平台。", "书目平台"),
        ("这些书屋分布在哪几个区？", "31个社区建成书屋。", None),
    ],
)
def test_names_of_lists_titles_and_papers(question: str, text: str, picked: str | None) -> None:
    assert name(question, text) == picked


AWARDS = "市图书馆获评全省“文明窗口”，馆员林知夏获省劳动奖章，“湖畔读”入选省级阅读品牌。"


@pytest.mark.parametrize(
    ("question", "text", "picked"),
    [
        ("哪个单位评上了文明窗口？", AWARDS, "市图书馆"),
        ("得了省劳动奖章的馆员叫什么？", AWARDS, "林知夏"),
        ("那位拿奖章的，叫什么名字？", AWARDS, "林知夏"),
        ("哪个品牌入选了省级阅读品牌？", AWARDS, "湖畔读"),
        ("谁主办的书展？", "县作协主办的书展吸引读者2万人。", "县作协"),
        ("书屋归谁运营？", "书屋8月投用，由湖城文化集团运营。", "湖城文化集团"),
        ("书店都接进了哪个平台？", "142家书店纳入“书安宝”监管平台。", "书安宝"),
        ("晋升三级馆的是哪一家图书馆？", "城南图书馆晋升三级图书馆。", "城南图书馆"),
        ("除了老馆，又建成了什么系统？", "建成借阅系统。", "借阅系统"),
        ("集成了什么功能？", "构建集成检索、预约、续借等功能的书目平台。", "检索、预约、续借等功能"),
        ("推出了哪三种服务？", "举办春读、秋读，推出送书、寄书和换书服务。", "送书、寄书和换书服务"),
        ("谁来管管？", "住宿费下降3%。", None),
    ],
)
def test_name_that_answers_is_picked(question: str, text: str, picked: str | None) -> None:
    assert name(question, text) == picked
