"""Every fixed Chinese phrase that a citizen reads, nothing else."""

EMPTY = "还没有看到问题，请输入您想了解的内容。"
UNREADABLE = "没有看到可以读懂的文字，请用中文写出您的问题。"
TOO_LONG = "问题有{length}个字，超过了{limit}个字的上限，请缩短后再问。"

NOT_IN_REPORT = "报告没有提到这方面的内容。"
NO_FIGURE = "报告讲到了相关工作，但没有给出您问的{wanted}。"
NO_PLACE = "报告没有提到“{place}”的情况。"
NO_YEAR = "报告没有给出{year}年的这项内容。"
WANTED = {
    "count": "数字",
    "money": "金额",
    "percent": "比例",
    "points": "变化幅度",
    "rank": "名次",
    "date": "时间",
}

OUT_OF_SCOPE = "我只能回答报告里写到的内容，这个问题与报告无关。"
NO_OPINION = "我只转述报告写明的内容，不作评价，也不发表看法。"
NO_ORDERS = "我只回答关于报告内容的问题，不能执行其他指令。"
NO_PERSONAL_DATA = "我不提供个人信息，只能回答报告里写到的内容。"

CORRECTION = "与问题所说不同，报告写的是“{said}”，不是“{stated}”。"
COMPUTED = "按报告数字计算：{sum}。"
UNGROUNDED = "引用的原文中没有：{wrong}"
COURTESY = "不客气。报告里的内容，您可以继续问。"
