"""An Answer as plain text, wherever it leaves the page: chat clients, copies, exports. Never without its proof."""

from qa import prompts
from qa.answer import Answer, Citation


def as_text(answer: Answer) -> str:
    """Give an answer with its numbered sources and the label of its making; a refusal with its questions.

    The short answer is not repeated: it stands in the sentences.
    """
    lines = [answer.marked_text]
    if answer.sentences and answer.reason:
        lines.append(answer.reason)
    if answer.citations:
        lines += ["", *(source_line(citation) for citation in answer.citations)]
    if answer.suggestions:
        lines += ["", prompts.INSTEAD, *(f"· {question}" for question in answer.suggestions)]
    if answer.sentences:
        lines += ["", prompts.LABEL]
    return "\n".join(lines)


def source_line(citation: Citation) -> str:
    """Name a source by its mark, its place, and its words: [1] 《title》 › heading：quote."""
    return f"[{citation.mark}] {place(citation)}：{citation.quote}"


def place(citation: Citation) -> str:
    """Name the place of a citation: the title and the headings above it."""
    return " › ".join((f"《{citation.title}》", *citation.section))
