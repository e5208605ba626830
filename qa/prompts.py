"""Every fixed Chinese phrase that a citizen reads, nothing else."""

EMPTY = "还没有看到问题，请输入您想了解的内容。"
UNREADABLE = "没有看到可以读懂的文字，请用中文写出您的问题。"
TOO_LONG = "问题有{length}个字，超过了{limit}个字的上限，请缩短后再问。"
NOT_IN_REPORT = "报告没有提到这方面的内容。"
OUT_OF_SCOPE = "我只能回答这份报告里写到的内容，这个问题与报告无关。"
