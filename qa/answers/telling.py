"""Does a sentence tell what is asked of the thing that it speaks of?

A report has a thing and gives its number; people ask what it costs, who pays, when it is open, which of them is best.
Such a question shares all its words with the sentence and is not answered by it. What it asks for shows in a few turns
of phrase, and a sentence that tells it uses one of a few others: 门票 is told with 票, 价, 免费 or an amount of money.
General Chinese usage, no report's. A sentence passes unless what is asked has such words and it has none of them.
"""

import re

from index.figures import Kind
from index.patterns import pattern
from qa.answers.candidates import SURNAMES
from qa.language.asking import Asked, Wanted, asking_clause
from qa.language.picking import clauses, ledger
from qa.language.rows import rows

_END = "(?:[？?。，,]|$)"
_ABLE = "[功产智职性]"
_PERSON = (
    "(?:法定代表人|负责人|老板|当事人|申请人|注册人|司机|嫌疑人|得主|[院校局所园馆站队]长|主任|书记|选手|冠军|作者|"
    "导演|演员|主演|编剧|教练|设计师|发明人|传承人|获奖者)"
)
_NOT_POLITE = "(?!告诉|说|讲|介绍|帮|问|请)"
_WHEN = "(?:哪一?个?[年月天日号]|什么时候|啥时候|何时|几月)"


def _when(done: str) -> str:
    """Asks when something was done."""
    return f"{_WHEN}[^，,。？?]{{0,6}}(?:{done})|(?:{done})[^，,。？?]{{0,8}}{_WHEN}"


_TOLD_BY = (
    # to be paid?
    (
        rf"收不收费|收费[吗么]?{_END}|是?免费吗|免费[一-鿿]{{0,6}}吗|要不要(?:交|付|另外)?(?:钱|收费|加钱)|"
        r"要(?:交|花|另外)?(?:钱|收费)[吗么]|[交收花]钱[吗么不]|要不要[一-鿿]{0,6}(?:交钱|买|掏钱|出钱)|由[一-鿿]{2,4}出吗",
        "费|(?<![万亿])元|免|自付|补|票|无偿|公益",
    ),
    ("门票|票价|买票", "票|价|免费|收费|(?<![万亿])元"),
    ("利率|利息|几厘(?!米)|年息|月息", "利|息|基点|LPR|费率|年化|降幅"),
    ("租金|房租|月租", "租|流转费|年费|报价|不收|免"),
    (r"工资(?:是|有|一|多|涨|水平|标准)|月薪|薪水", "工资|薪|收入|报酬|待遇|津贴|补[贴助]|挣"),
    (r"涨价|降价|涨了(?:没|吗|多少钱)|贵不贵|(?:贵|便宜)了[吗没]", "价|涨|降|不变|上浮|下调|(?<![万亿])元|费"),
    (
        r"(?:有没有|有)[一-鿿]{0,8}(?:补[贴助]|奖励|奖金|工资|优惠|生活费|津贴)(?:[吗么呢？?]|$)|有钱拿|给钱吗|能补贴吗|补不补|"
        r"(?:补[贴助]|奖励|奖金|工资|优惠)(?:有没有|有吗)",
        "补|奖|酬|薪|优惠|减|免|资助|津贴|工资|红包|积分|元|无偿|折|半价",
    ),
    (r"报销|[走刷]医保|纳入医保", "报|医保|支付|结算|统筹|自付|待遇|保障|保险|垫付|费|负担|共济|免|补|减"),
    # allowed? open when, where, on what terms?
    (
        rf"(?<!{_ABLE})能不能{_NOT_POLITE}|(?<!{_ABLE})能(?![力源效耗量达]|完成|实现|建成|通车){_NOT_POLITE}[一-鿿A-Za-z]{{1,12}}(?:吗|(?<!什)么)(?:？|\?|$)|"
        rf"可不可以{_NOT_POLITE}|可以{_NOT_POLITE}[一-鿿]{{1,12}}(?:吗|(?<!什)么)|允许|行不行|能否{_NOT_POLITE}|可否{_NOT_POLITE}",
        r"可(?!持续|用率|办率|及|靠|视|再)|能(?![力源耗效级量])|允许|支持|实现|不得|禁止|须|应|无需|免|放宽|扩大|覆盖|开放|纳入|首次|"
        r"(?<![人户日月平])均(?!衡|价)|推行|兼|凭|准[许予]|享受|取消|承担|列支|赔|同等|[未尚]|提供|[为向].{2,12}(?:提供|办理|上门|安装|发放|开放)|同时",
    ),
    (
        r"(?:周[六日末]|双休|节假日|(?:过年|春节)期间|晚上|夜里|半夜)[一-鿿]{0,6}(?:有没有|能不能|能|开不开|开门|开放|上班|办|接|营业|休)|"
        r"几点钟?[开关上下]",
        "周[一二三四五六日末]|双休|节假|24小时|[全每]天|夜|延时|错时|八小时外|无休|时段|[0-9]{1,2}[时点:：]|晚|午|全年(?:开放|无休|不)|每日|天天|365|不打烊|照常|春节|"
        "假期|国庆|五一",
    ),
    (
        r"(?:怎么|怎样|如何|咋)(?:才能|[去来样])?(?:报名|申请|预约|领(?![导跑航])|补(?![齐短强])|查(?![处找摆])|办(?![得成到，,。？?呢]|$)|投诉|申诉|举报|退(?![出耕役])|买|加入|参加|当上?|"
        r"考(?![核察评虑])|抢(?![抓险修救])|登录|注册|租|立案|证明|绑定|报销)|[在去上到]哪[里儿]?(?:能|可以)?(?:报名|申请|预约|领|查|办(?!的)|买|投诉|举报)|"
        r"[丢坏忘]了?[一-鿿]{0,3}[怎咋]么?办",
        r"通过|可(?!持续|用率|办率|及|靠|视|再)|凭|登录|扫码|拨打|窗口|[线掌]上|网上(?!可办|政务)|自助|小程序|App|APP|持.{1,6}[卡证]|就近|上门|"
        "向.{2,8}(?:申请|提出)|条件|材料|符合|须|应当|无需|免|一键|电话|咨询|依托|平台|只需|[推实]行|推出|设[立置]|提供|受理|挂失|[换补]发",
    ),
    (
        r"(?:要|需要|提交|准备|带)(?:哪些|什么|啥)(?:材料|手续|证件|资料|证明)|要不要[一-鿿]{0,6}(?:委托书|备案|认证|证明|签字)|[先再]备案",
        "材料|证|手续|凭|免|表|申报|刷脸|备案|只需|签字",
    ),
    (
        r"谁(?:有资格|能|可以|才能)(?!告诉|说|讲|帮|介绍)|(?:什么|哪些)人(?:能|可以|才能)|(?:什么|哪些|啥)(?:条件|资格)|(?:要|看)(?:什么|啥)学历",
        "条件|符合|对象|以[上下]|须|户籍|面向|困难|凡|学历|本科|大专|资格|[周满][0-9一-十]*岁|均可|免费|家庭|群体|全体|纳入|评估|满[0-9]+[年个]",
    ),
    (
        r"(?:电话|号码)是?(?:多少|几|什么|啥)|(?:打|拨打?)(?:什么|哪个|啥|几|多少)(?:电话|号)",
        "电话|热线|号码|拨打|专线|[0-9]{5,}|[0-9]{3,}[-—][0-9]{3,}",
    ),
    (
        rf"[哪什][一条个么]?[街路]上?(?:几号)?{_END}|在哪条[街路道]|地址|门牌",
        r"路|街|号(?![召码])|位于|坐落|地址|址|大道|园区",
    ),
    (
        "(?:建|址|设|位于|坐落|搬|迁|住|举办)[在到]?(?:哪(?!条河)|什么地方)|[心站馆园场厅院楼址点台地]在(?:哪|什么地方)",
        "(?<![现正存旨实])在(?![线校职编册内岗用售]|[^，。；]{0,4}(?:[下上中时前后]|方面|基础))|位于|坐落|[设始]于|落户|迁|(?<!选)址|"
        "[一-鿿]{2}(?:路|街|镇|村|乡|县(?!级|域)|园(?!林)|区(?![分域县间]))|[0-9个]处",
    ),
    # begun when, done when?
    (_when("动工|开工|奠基|开建"), "动工|开工|启动|奠基|开建|始建|建设"),
    (
        _when("建成|竣工|完工|通车|投用|启用|开业|开园|投产"),
        "建成|竣工|完工|通[车水航]|投[用产入运]|启用|开[业园放通]|贯通|交付|运行|落成|挂牌|成立|上线",
    ),
    ("几折|打折", "折|优惠|半价|免"),
    # of which kind?
    (r"什么罪|罪名", "罪|骗|盗|毒|伤害|贿"),
    (r"(?:什么|哪个)年龄", "岁|龄(?!化)"),
    (r"(?:哪|什么)[一-鿿]?河(?![长道])", "[一-鿿][河江湖溪渠](?![长道])|水库|流域"),
    # what became of it?
    (
        r"罚(?:不罚|款吗|钱吗|吗)|[被会]罚|处罚吗|判刑|坐牢|要不要赔|赔[钱偿]吗|会被|(?:怎么|怎样|如何|什么|啥)处罚|会怎么?样",
        "罚|处分|处理|责|纪|刑|拘|赔|停|吊销|诫勉|通报|约谈|信用|取消|纳入|否则|不得|判|强制|收容|滞纳金|限[制期]|公示|失信",
    ),
    ("死人|死没死|伤亡|有人死|死过人", "伤|亡|死|遇难|丧生|身故|离世|去世|送医|零事故|零发生"),
    ("判了|判没判|判几年", "判|刑|审|诉"),
    ("超没超标|超标[吗没了]", "超标|达标|合格|标准|优|限[值量]|超出|不超|[高低]于|倍|要求|范围"),
    ("害处|坏处|副作用|危害|有没?有?害", "害|影响|风险|危|超标|致"),
    # what is the person called?
    (
        rf"(?:{_PERSON}|个人)(?:是谁|叫(?:什么|啥|谁)|姓(?:什么|啥)|是哪[位个])|谁是[一-鿿]{{0,6}}{_PERSON}|谁来?(?:当|任|担任|出任)",
        rf"(?<![0-9余多])(?:[{SURNAMES}]|欧阳|司马|上官|诸葛)[一-鿿]{{1,2}}(?=[，,、。；;被获等和（()）担任夺带为的在荣当说]|同志|$)",
    ),
    # of each of several?
    (
        r"各个?(?:[区县市镇乡]{1,2}|街道|部门|单位)(?:都|分别|各自?)有?(?:多少|几)|(?:分|按)[区县](?![域级])",
        r"(?:[一-鿿]{2}(?:[区县市镇乡]|街道|局|委)[^，,；;]{0,12}[0-9].*){2}|分别|依次",
    ),
    # who?
    (
        r"[由归该找跟和让](?:谁|哪[个家])|谁来?(?:管|负责|出|付|掏|承担|换|审核|召集|接管|施工|买单)",
        "由|负责|牵头|承担|主管|归|统筹|联合|委托|[承主]办|运营|自付|出资|财政|承建|共建|携手|合作|签|与|托管|包|被|局|委员会|"
        "国务院|政府|部门|厅|集团|公司|协会|银行|街道|院|校|队|站|依托|参照|上门|专人",
    ),
    (
        r"谁(?:开发|研发|设计|做|造|写)的|(?:什么|啥|哪个)(?:牌子|品牌|型号|厂家)|哪家(?:公司|企业|厂)(?:承建|中标|[做造建]的?|生产|供应|供货|运营|开发)|中标的|承建",
        "公司|集团|品牌|厂|牌|承[建担]|中标|[研开]发|设计|“|由|运营|制造|总包|社会资本",
    ),
    (
        r"还有(?:哪些|什么|啥)(?:没|不|必须)|(?:剩下的?那?|其余[的那]?)[一-鿿0-9]{0,6}(?:都?是|叫|有)(?:什么|啥|哪)",
        "其余|剩余|[尚仍还未另]|其他|此外|最后|[唯仅]有|只剩",
    ),
)
_FACETS = tuple((pattern(asked), pattern(told)) for asked, told in _TOLD_BY)
_ASKS_WHY = pattern(rf"(?<![评定变成作称名入选改])为(?:什么|啥)|(?:什么|啥|哪些)原因|原因(?:是|在|有|呢|{_END})")
_SAYS_WHY = pattern(
    "因(?!地制宜|素)|由于|为[了何]|为(?=破解|解决|防|避免|让|满足|推|落实|提|方便|适应|鼓励|进一步)|受(?![理益助众])|导致|造成|主要|得益|[依靠]|"
    "源[于自]|针对|通过|破解|解决|缓解|防止|避免|保障|便于|以便|方便|随着|依托|利用|实现|减少|推动|打通|让|使(?!用)|确保|[未不缺难]|办法|机制|改革|"
    "成功|提高|转向"
)
_NAMES = {Wanted.NAME, Wanted.NAMES, Wanted.PLACE}
_SUPERLATIVE = pattern(
    r"最(?:[多少高低大小快慢好差长短重狠贵强弱堵忙火热]|便宜|严重|突出|受欢迎|集中)|排[名行在]?(?:第一|头[一名]|老大|首位)|"
    "第一[名的]?是|头一?名|倒数|垫底"
)
_FIRST = pattern("第一|头一?名|首位")
_OUTSTANDING = pattern(
    "最|首位|第[一二1]|居[首前]|榜首|头名|领先|冠|主要|为[主先]|占|过半|半数|集中|靠前|突出|其次|依次|仅次|唯一|首[个家创]|拖|排名|"
    "位列|垫底|末位|[分并]?列|前[一二三四五六七八九十0-9]|率先|发端|起源|试行|特别是|尤其|领跑|远超|超过其[余他]|之和"
)
_WHICH_OF_THEM = pattern(
    r"[0-9两二三四五六七八九十]+[个家所座位名条件处支][^，,。？?]{0,14}(?:叫(?:什么|啥|谁)|(?:都|分别)?(?:是哪些|[是有]谁)|[是有]什么(?!样|时候|原因|价|标准|比例|水平|数))|"
    r"叫(?:什么|啥)名|名字|名单|(?:分别|都)(?:是|叫|有)(?:谁|哪|(?:什么|啥)(?!价|标准|比例|水平|数))|是哪(?:[几二两三四五六七八九十]|[0-9]+)|^哪(?:[二两三四五六七八九十]|[0-9]+)|"
    "哪几[个家所种项位条类座处]|都(?:给了|是|有)哪些"
)
_NAMED = pattern(
    "“[^”]{2,30}”|《[^》]+》|[：:]|[一-鿿]{3,}(?:[和与及、]|并入)(?:[一-鿿]{3,}|[0-9])|即[一-鿿]|(?:[唯仅]有|只剩)[一-鿿]"
)


def _asks_which(asked: Asked) -> bool:
    """Whether one is asked for of a kind, 都是哪所中学的: what those of the question have in common."""
    return asked.question.startswith("哪", asked.asks[0].start)


def _counts_them(asked: Asked) -> bool:
    """Whether a question says how many it asks the names of, and more than one: 那6家银行是哪几家."""
    return any(
        figure.kind is Kind.COUNT and figure.value is not None and figure.value > 1 and figure.unit in _OF_THINGS
        for figure in asked.stated
    )


_OF_THINGS = frozenset("个家所座位名条件处支款类")
_PAIR = pattern("[一-鿿]{2,}[和与及][一-鿿]{2,}")
_EACH_CALLED = pattern("(?:分别|都|各自?)(?:是|叫|有)")
_QUOTED = pattern("“[^”]{2,30}”")
_BEGINS_NAMING = pattern("[“《]?[一-鿿A-Za-z]{2,}")


def tells(asked: Asked, sentence: str) -> bool:
    """Say whether a sentence may tell what is asked: False where it has none of the words that would tell it."""
    question = "，".join(dict.fromkeys(asking_clause(asked.question, ask) for ask in asked.asks)) or asked.question
    if asked.wanted in _NAMES and _SUPERLATIVE.search(question) and not _singles_out(question, sentence):
        return False
    several = asked.wanted is Wanted.NAMES or (
        asked.wanted is Wanted.NAME and _counts_them(asked) and not _asks_which(asked)
    )
    if several and _WHICH_OF_THEM.search(question) and not _names_some(asked, sentence):
        return False
    taken = any(figure.kind is not Kind.DATE for figure in asked.stated)  # why only 60%? may have to be put right
    if not taken and _ASKS_WHY.search(question) and not _may_say_why(sentence):
        return False
    place = _without(sentence, question) if asked.wanted is Wanted.PLACE else sentence
    return all(told.search(place) for facet, told in _FACETS if facet.search(question))


def _without(sentence: str, question: str) -> str:
    """A sentence without the words that the question says itself: where a 公园 is, 公园 does not tell."""
    for size in range(8, 1, -1):
        for at in range(len(question) - size + 1):
            sentence = sentence.replace(question[at : at + size], "，")
    return sentence


def _may_say_why(sentence: str) -> bool:
    """Whether a sentence has a word that gives a reason, or begins with a clause that may: 连续降雨，游客量下降5%."""
    first, *others = clauses(sentence) or [""]
    leads = bool(others) and not ledger(first) and not first.endswith(("中", "里", "看"))
    return leads or _SAYS_WHY.search(sentence) is not None


_ALL_OF_THEM = pattern("[^里中的，,]{0,10}?(?:都|分别|各自?)(?:是|叫|有)")
_FEW = 4  # of more things a report names the first and says 等


def _singles_out(question: str, sentence: str) -> bool:
    """Whether a sentence says of something that it is the most or the first; a rank that it gives must be the first."""
    if not _OUTSTANDING.search(sentence):
        return False
    ranks = [entry.figure.value for entry in ledger(sentence) if entry.figure.kind is Kind.RANK]
    first = not _FIRST.search(question) or not ranks or 1 in ranks
    return first or re.search("首|第一", sentence) is not None


def _names_some(asked: Asked, sentence: str) -> bool:
    """Whether a sentence may name things, and does not only count them: 甲镇和乙镇, “甲”, 如下：…."""
    whole = (f for f in asked.stated if f.kind is Kind.COUNT and _ALL_OF_THEM.match(asked.question, f.end))
    many = max((f.value for f in whole if f.value is not None), default=0)
    in_rows = tuple(rows(sentence))
    if _counts_them(asked):
        clean = (row for row in in_rows if not re.search("[0-9]", sentence[row.start : row.end].split("等")[0]))
        several = any(row.items > 1 for row in clean) or len(_QUOTED.findall(sentence)) + sentence.count("《") > 1
        if not (several or "：" in sentence or _PAIR.search(sentence)):
            return False
    if many > _FEW and "等" not in sentence and all(row.items < many for row in in_rows):
        return False  # three that stand side by side are not the names of eighteen
    listed = (sentence[row.start : row.end].split("、") for row in in_rows)
    opening = clauses(sentence)[:2]
    if len(opening) > 1 and not any(map(ledger, opening)):  # 甲公司上市，乙公司挂牌
        return True
    several = asked.stated and _EACH_CALLED.search(asked.question) is not None
    quoted = len(_QUOTED.findall(sentence)) != 1 or not several  # one “name” is not those of three
    return (quoted and _NAMED.search(sentence) is not None) or any(
        all(map(_BEGINS_NAMING.match, items)) for items in listed
    )
