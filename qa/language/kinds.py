"""Kinds of things that have names, and how the names of each end: 医院 → …医院, …卫生院. General Chinese, no report's.

》 stands for a title in 《》; a kind without endings is told only by quotation marks and by what is said of it.
"""

from index.patterns import pattern

KINDS: dict[str, tuple[str, ...]] = {
    kind: tuple(endings.split())
    for kind, endings in {
        "部门": "局 委 厅 部 办公室 委员会 总署",
        "机关": "局 委 厅 部 办公室 办公厅 委员会 总署",
        "机构": "局 委 厅 部 办公室 办公厅 委员会 中心 院 银行 公司",
        "医疗机构": "医院 卫生院 中心",
        "金融机构": "银行 公司 信用社",
        "单位": "局 委 厅 部 办公室 委员会 中心 院 馆 公司 集团 大学 学校 医院",
        "局": "局",
        "平台": "平台 中台 云脑 系统",
        "系统": "系统 平台",
        "公司": "公司 集团",
        "企业": "公司 集团 企业",
        "厂": "公司 集团 厂",
        "船厂": "公司 集团 厂",
        "厂家": "公司 集团 厂",
        "法院": "法院",
        "检察院": "检察院",
        "律师事务所": "律师事务所",
        "宾馆": "宾馆 酒店 饭店 中心",
        "酒店": "宾馆 酒店 饭店",
        "渡口": "渡口 码头",
        "村": "村",
        "县区": "县 区 市",
        "区县": "县 区 市",
        "路": "路 街 大道",
        "街": "路 街 大道",
        "集团": "集团",
        "银行": "银行 农商行 信用社",
        "医院": "医院",
        "养老院": "养老院 福利院 敬老院",
        "学校": "学校 大学 学院 中学 小学 幼儿园",
        "高校": "大学 学院",
        "大学": "大学 学院",
        "律所": "律师事务所",
        "城市": "市",
        "市": "市",
        "会议": "会议 大会 峰会 论坛 年会",
        "大会": "会议 大会 峰会 论坛 年会",
        "论坛": "论坛",
        "峰会": "峰会",
        "活动": "活动 行动 大会 峰会 论坛 节 赛",
        "行动": "行动",
        "文件": "》",
        "通知": "》",
        "办法": "》",
        "方案": "》",
        "条例": "》",
        "意见": "》",
        "政策": "》",
        "法规": "》",
        "报告": "》",
        "书": "》",
        "榜单": "榜 榜单",
        "指数": "指数",
        "桥": "桥",
        "隧道": "隧道",
        "水库": "水库",
        "高速公路": "高速公路 高速",
        "高速": "高速公路 高速",
        "公园": "公园",
        "景区": "景区",
        "夜市": "夜市",
        "网站": "网 网站",
        "报纸": "报 日报 晚报",
        "媒体": "报 网 台 社 客户端",
        "区": "区",
        "县": "县",
        "街道": "街道",
        "乡镇": "镇 乡",
        "码": "码",
        "医疗中心": "中心",
    }.items()
}
"""Kinds whose names can be told by how they end."""

_BODIES = (
    "部门 机构 医疗机构 金融机构 公司 企业 厂家 船厂 银行 医院 法院 检察院 律师事务所 宾馆 酒店 学校 城市 市 高校 大学 "
    "网站 报纸 区 县 县区 区县 街道 乡镇 村 路 街 渡口"
)
BODIES = frozenset(_BODIES.split())
"""Kinds of bodies and places: a question for one is answered by such a name or not at all."""

_OTHERS = (
    "小程序 软件 街道 铁路 地铁 热线 行业 产业 品牌 牌子 招牌 称号 荣誉 奖项 奖 头衔 名头 计划 规划 工程 项目 案例 "
    "机制 赛事 比赛 体会 工作 东西 目的"
)
_KIND = pattern(
    "|".join(sorted({*KINDS, *_OTHERS.split()} - {"会", "书", "厂", "码", "市", "路", "街"}, key=len, reverse=True))
)


def kind_at_end(noun: str) -> str:
    """The kind of bodies that a noun ends with: 测评机构 → 机构; "" where it ends with none."""
    return next((kind for kind in sorted(BODIES, key=len, reverse=True) if noun.endswith(kind) and len(kind) > 1), "")


def kind_of(words: str) -> str:
    """The kind that what follows upon 哪个 or 什么 begins with: 部门统筹 → 部门; "" where it begins with none."""
    kind = _KIND.match(words)
    return kind.group() if kind and not _KIND.match(words, kind.end()) else ""
