"""The page: a chat, and beside it the report it speaks of. Gradio draws an Answer; nothing here finds or decides one.

Whatever comes from a question or a report passes through html.escape before it becomes HTML.
"""

import logging
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Annotated, Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: nothing leaves this machine

import gradio as gr
import typer
import uvicorn
from fastapi import FastAPI
from gradio.themes import Base

from index.errors import QingwenError
from index.passage import Report, Section
from index.store import PassageIndex
from qa.answer import Answer, Citation, Status
from qa.config import Settings
from qa.conversation import Conversation
from qa.pipeline import Parts, ask, load_parts
from qa.screening import clean

log = logging.getLogger(__name__)

PAUSE = 0.12  # seconds between two steps of an answer: slow enough to follow, too short to wait for
AT_ONCE = 8  # questions answered at the same time
WAITING = 64  # questions that may wait for their turn; further ones are turned away
SORRY = "抱歉，系统出了一点问题，暂时无法回答。请稍后再试。"

# ---------------------------------------------------------------- the page


def build_page(parts: Parts) -> gr.Blocks:
    """Lay out the chat and the report, and say what happens on a question and on a tap."""
    with gr.Blocks(title="青问", analytics_enabled=False) as page:
        examples = parts.examples
        gr.HTML(header_html(parts.index), apply_default_css=False)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                chat = gr.HTML(chat_html((), examples), js_on_load=CHAT_JS, apply_default_css=False, elem_id="chat")
                with gr.Row(elem_id="asking"):
                    box = gr.Textbox(
                        label="您的问题",
                        placeholder="请输入您的问题",
                        max_lines=4,
                        show_label=False,
                        container=False,
                        elem_id="question",
                    )
                    send = gr.Button("提问", variant="primary", min_width=88, elem_id="send")
                    stop = gr.Button("停止", visible=False, min_width=88, elem_id="stop")
            with gr.Column(elem_id="source"):
                source = gr.HTML(
                    report_html(parts.index.report(parts.index.document_names[0])),
                    js_on_load=REPORT_JS,
                    apply_default_css=False,
                    elem_id="report",
                )
        turns = gr.State(())

        def draw(now: Turns) -> dict[Any, Any]:
            busy = not now[-1].done
            drawn = {turns: now, chat: chat_html(now, examples)}
            drawn |= {send: gr.Button(visible=not busy), stop: gr.Button(visible=busy)}
            if busy and now[-1].answer and now[-1].answer.citations:
                drawn[source] = cited_report_html(parts.index, now[-1].answer.citations)
            return drawn

        def on_asked(question: str, before: Turns) -> Iterator[dict[Any, Any]]:
            for now in converse(question, before, parts):
                yield {box: "", **draw(now)}

        def on_tapped(before: Turns, tapped: gr.EventData) -> Iterator[dict[Any, Any]]:
            yield from map(draw, converse(str(tapped.question), before, parts))

        def on_again(before: Turns) -> Iterator[dict[Any, Any]]:
            yield from map(draw, converse(before[-1].question, before[:-1], parts))

        def on_stop(before: Turns) -> dict[Any, Any]:
            return draw((*before[:-1], replace(before[-1], done=True)))

        def on_mark(tapped: gr.EventData) -> str:
            return marked_report_html(parts.index, str(tapped.cite))

        drawn = [turns, chat, source, send, stop]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        answering: list[Any] = [
            gr.on([box.submit, send.click], on_asked, [box, turns], [box, *drawn], **quiet),
            chat.example_select(on_tapped, turns, drawn, **quiet),
            chat.retry(on_again, turns, drawn, **quiet),
        ]
        stop.click(on_stop, turns, drawn, cancels=answering, queue=False, **quiet)
        chat.select(on_mark, None, source, queue=False, **quiet)
    return page


# ---------------------------------------------------------------- the conversation


@dataclass(frozen=True)
class Turn:
    """A question and as much of its answer as is shown so far; None while it is being looked for, or was stopped."""

    question: str
    answer: Answer | None = None
    done: bool = False


Turns = tuple[Turn, ...]


def converse(question: str, before: Turns, parts: Parts) -> Iterator[Turns]:
    """Give the conversation again and again as the answer to one more question appears; the last one is done."""
    question = question.encode("utf-8", "replace").decode()  # half a surrogate pair could not be sent back
    yield (*before, Turn(question))
    answer = answer_or_apology(question, parts, talk_of(before))
    for shown in unfold(answer):
        yield (*before, Turn(question, shown))
        time.sleep(PAUSE)
    yield (*before, Turn(question, answer, done=True))


def talk_of(turns: Turns) -> Conversation:
    """Give what was said so far, as the next question needs it."""
    talk = Conversation()
    for turn in turns:
        talk = talk.after(turn.answer) if turn.answer else talk
    return talk


def answer_or_apology(question: str, parts: Parts, talk: Conversation) -> Answer:
    """Ask; what goes wrong is logged whole, and the citizen reads a plain sentence."""
    try:
        return ask(question, parts, talk)
    except Exception:
        log.exception("no answer to a question of %d characters", len(question))
        return Answer(id="", question=question, standalone_question=question, status=Status.ERROR, reason=SORRY)


def unfold(answer: Answer) -> Iterator[Answer]:
    """Give an answer as it grows: the short one first, then one sentence more each time.

    >>> from qa.answer import Sentence
    >>> sentences = (Sentence("接入41个单位。", (1,)), Sentence("累计上云765个业务系统。", (2,)))
    >>> answer = Answer("1", "…", "…", Status.ANSWERED, short="41个单位", sentences=sentences)
    >>> [(grown.short, grown.text) for grown in unfold(answer)]
    [('41个单位', ''), ('41个单位', '接入41个单位。'), ('41个单位', '接入41个单位。累计上云765个业务系统。')]
    """
    for count in range(0 if answer.short else 1, len(answer.sentences) + 1):
        yield replace(answer, sentences=answer.sentences[:count], reason=None, suggestions=())


# ---------------------------------------------------------------- the chat as HTML


def header_html(index: PassageIndex) -> str:
    """Draw the name of the page and one line on what it is and which report it speaks of."""
    first, *others = index.document_names
    reports = f"《{index.title(first) or first}》" + (f"等{len(others) + 1}份报告" if others else "")
    return (
        f'<header class="masthead"><h1>青问</h1><p>问{escape(reports)}，'
        "每句回答都标明原文出处；报告里没有的，就如实说没有。</p></header>"
    )


def chat_html(turns: Turns, examples: Sequence[str]) -> str:
    """Draw the example questions and, below them, the conversation."""
    drawn = "".join(turn_html(turn, number, number == len(turns) - 1) for number, turn in enumerate(turns))
    greeting = f'<div class="greeting"><p>您可以这样问</p>{questions_html(examples)}</div>' if examples else ""
    return f'{greeting}<div class="turns" role="log" aria-label="对话">{drawn}</div>'


def questions_html(questions: Sequence[str]) -> str:
    """Draw questions that are asked when tapped."""
    items = (f'<li><button type="button" data-question="{escape(q)}">{escape(q)}</button></li>' for q in questions)
    return f'<ul class="questions">{"".join(items)}</ul>' if questions else ""


def turn_html(turn: Turn, number: int, last: bool) -> str:
    """Draw a question and its answer; only the last one can be asked again."""
    if turn.answer:
        answer = answer_html(turn.answer, number)
    else:
        answer = '<p class="reason">已停止。</p>' if turn.done else '<p class="waiting">正在查阅报告</p>'
    return (
        f'<article class="turn"><h2 class="asked"><span class="unseen">您问：</span>{escape(turn.question)}</h2>'
        f'<div class="answer">{answer}{tools_html(turn, last) if turn.done else ""}</div></article>'
    )


def answer_html(answer: Answer, number: int) -> str:
    """Draw an answer: short first, then its sentences with their marks, why there is no more, what to ask instead."""
    citations = {citation.mark: citation for citation in answer.citations}
    html = understood_html(answer) + (f'<p class="short">{escape(answer.short)}</p>' if answer.short else "")
    for sentence in answer.sentences:
        marks = "".join(mark_html(citations[mark], number) for mark in sentence.citations)
        html += f'<p class="sentence">{escape(sentence.text)}{marks}</p>'
    if answer.reason:
        html += f'<p class="reason">{escape(answer.reason)}</p>'
    if answer.suggestions:
        html += f'<p class="instead">报告能回答的问题</p>{questions_html(answer.suggestions)}'
    return html


def understood_html(answer: Answer) -> str:
    """Say how a question was understood, where it was completed from the talk or its spelling was mended."""
    if answer.standalone_question in ("", clean(answer.question)):
        return ""
    return f'<p class="understood">按这个问题回答：{escape(answer.standalone_question)}</p>'


def mark_html(citation: Citation, number: int) -> str:
    """Draw the mark of a citation: a button that shows its sentence in the report. `number` is that of the turn."""
    return (
        f'<button type="button" class="mark" id="mark-{number}-{citation.mark}" '
        f'data-cite="{escape(cite(citation))}" title="{escape(section_line(citation))}" '
        f'aria-label="来源{citation.mark}：{escape(citation.quote)}">[{citation.mark}]</button>'
    )


def cite(citation: Citation) -> str:
    """Name the characters that a citation stands for, as the page passes them on: qingdao-2021:812-869."""
    return f"{citation.document}:{citation.start}-{citation.end}"


def section_line(citation: Citation) -> str:
    """Name the place of a citation: 《title》 and the headings above it."""
    return f"《{citation.title}》" + " › ".join(citation.section)


def tools_html(turn: Turn, last: bool) -> str:
    """Draw what can be done with an answer: copy it, ask again."""
    copy = f'<button type="button" data-copy="{escape(copied_text(turn.answer))}">复制</button>' if turn.answer else ""
    again = '<button type="button" class="again">重新回答</button>' if last else ""
    return f'<div class="tools">{copy}{again}</div>' if copy or again else ""


def copied_text(answer: Answer) -> str:
    """Give an answer as plain text, with what it cites below it: an answer never travels without its proof."""
    lines = [answer.question, answer.marked_text]
    lines += (f"[{c.mark}] {section_line(c)}：{c.quote}" for c in answer.citations)
    return "\n".join(lines)


# ---------------------------------------------------------------- the report as HTML


def cited_report_html(index: PassageIndex, citations: Sequence[Citation]) -> str:
    """Draw the report of the first citation, with all that is cited from it."""
    document = citations[0].document
    return report_html(index.report(document), [(c.start, c.end) for c in citations if c.document == document])


def marked_report_html(index: PassageIndex, cited: str) -> str:
    """Draw the report that holds the characters named by `cite`.

    Raises:
        KeyError: no document of that name is in the index.
        ValueError: the text does not name characters.
    """
    document, _, span = cited.rpartition(":")
    start, end = map(int, span.split("-"))
    return report_html(index.report(document), [(start, end)])


def report_html(report: Report, cited: Sequence[tuple[int, int]] = ()) -> str:
    """Draw a report: its title, headings and paragraphs, cited [start, end) highlighted, the first one strongest."""
    top = min((section.level for section in report.sections), default=0)
    blocks = [(section.start, heading_html(section, top)) for section in report.sections]
    blocks += [
        (p.start, f"<p>{highlighted(report, p.start, p.end, cited)}</p>") for p in report.paragraphs if p.end > p.start
    ]
    text = "".join(html for _, html in sorted(blocks))
    return (
        f'<div class="report-head"><h2>{escape(report.title or report.document)}</h2>'
        '<button type="button" class="back" hidden>返回回答</button></div>'
        f'<div class="text" tabindex="0" role="region" aria-label="报告原文">{text}</div>'
    )


def heading_html(section: Section, top: int) -> str:
    """Draw a heading; the outermost level of the report, `top`, stands just below its title."""
    level = min(3 + section.level - top, 6)
    return f"<h{level}>{escape(section.path[-1])}</h{level}>"


def highlighted(report: Report, start: int, end: int, cited: Sequence[tuple[int, int]]) -> str:
    """Draw the characters [start, end) of a report; of two citations that overlap, the later one gives way."""
    html, done = "", start
    for first, last in sorted(cited):
        first, last = max(first, done), min(last, end)
        if first >= last:
            continue
        current = " current" if cited[0][0] <= first < cited[0][1] else ""
        html += escape(report.text[done:first])
        html += (
            f'<mark class="cited{current}" tabindex="-1" data-cite="{escape(report.document)}:{first}-{last}">'
            f"{escape(report.text[first:last])}</mark>"
        )
        done = last
    return html + escape(report.text[done:end])


# ---------------------------------------------------------------- the server

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    index: Annotated[Path | None, typer.Option("--index", help="The index folder.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: this machine alone.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; 0 takes a free one. Default: 7860.")] = None,
    embedder: Annotated[
        str | None, typer.Option(help="Sentence model: a folder or hub id[@revision]; default: the embedded one.")
    ] = None,
) -> None:
    """Show the page until stopped with Ctrl+C."""
    given: dict[str, Any] = {"index": index, "host": host, "port": port, "embedder": embedder}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    web = build_app(load_parts(settings))
    with listen(settings.host, settings.port) as listener:
        address, chosen = listener.getsockname()[:2]
        typer.echo(f"青问 http://{address}:{chosen}")
        uvicorn.Server(uvicorn.Config(web, log_level="warning", server_header=False)).run(sockets=[listener])


def build_app(parts: Parts) -> FastAPI:
    """Put the page on a web application."""
    page = build_page(parts).queue(max_size=WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    return gr.mount_gradio_app(
        FastAPI(openapi_url=None),
        page,
        path="/",
        theme=Base(font=["sans-serif"], font_mono=["monospace"]),
        head=f"{HEAD}<style>{CSS}</style>",  # css= would rewrite the selectors, and those of @media differently
        footer_links=[],
        show_error=False,
        enable_monitoring=False,
        run_history=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        max_file_size="1kb",
    )


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is said about it.

    Raises:
        typer.BadParameter: the address is not ours or the port is taken.
    """
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise typer.BadParameter(f"cannot listen on {host}:{port} ({error.strerror}); give another --port") from None


# ---------------------------------------------------------------- what the browser gets

HEAD = """
<script>document.documentElement.lang = "zh-CN"</script>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect
 width='32' height='32' rx='7' fill='%230b5d5e'/%3E%3Ctext x='16' y='23' font-size='20' fill='white'
 text-anchor='middle'%3E青%3C/text%3E%3C/svg%3E">
"""

# Taps in the chat. What the report at hand holds is shown at once; for the rest the server draws the report anew.
CHAT_JS = """
const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {  // browsers offer the clipboard on https and on this machine only
    const area = Object.assign(document.createElement("textarea"), {value: button.dataset.copy});
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "已复制";
  setTimeout(() => { button.textContent = "复制"; }, 1500);
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.cite) {
    if (!window.qingwen.show(button)) trigger("select", {cite: button.dataset.cite});
  } else if (button.dataset.question) {
    trigger("example_select", {question: button.dataset.question});
  } else if (button.dataset.copy) {
    copy(button);
  } else if (button.matches(".again")) {
    trigger("retry");
  }
});

let seen = 0;
watch("value", () => {
  const turns = element.querySelectorAll(".turn");
  if (turns.length > seen) turns[turns.length - 1].scrollIntoView({block: "start", behavior: window.qingwen.pace});
  seen = turns.length;
});
"""

# The current citation comes into view: inside its panel with every new answer, and on the page itself (on a phone the
# report lies below the chat) only when a mark was tapped.
REPORT_JS = """
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const qingwen = window.qingwen = {pace: still ? "auto" : "smooth"};
let origin = null;  // id of the mark that was tapped last
let jumping = false;

const reveal = () => {
  const cited = element.querySelector("mark.current");
  if (!cited) return;
  if (jumping) {
    element.querySelector(".back").hidden = false;
    cited.scrollIntoView({block: "center", behavior: qingwen.pace});
    cited.focus({preventScroll: true});
  } else {
    const text = element.querySelector(".text");
    const distance = cited.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollBy({top: distance - text.clientHeight / 3, behavior: qingwen.pace});
  }
  jumping = false;
};

qingwen.show = (mark) => {
  origin = mark.id;
  jumping = true;
  const all = [...element.querySelectorAll("mark.cited")];
  const wanted = all.filter((cited) => cited.dataset.cite === mark.dataset.cite);
  if (!wanted.length) return false;
  all.forEach((cited) => cited.classList.toggle("current", wanted.includes(cited)));
  reveal();
  return true;
};

element.addEventListener("click", (event) => {
  const mark = event.target.closest(".back") && document.getElementById(origin);
  if (!mark) return;
  mark.scrollIntoView({block: "center", behavior: qingwen.pace});
  mark.focus({preventScroll: true});
});

watch("value", reveal);
"""

CSS = """
.gradio-container {
  --paper: #fff; --desk: #f2f5f5; --ink: #1c292a; --faint: #556466; --line: #dce4e4;
  --green: #0b5d5e; --deep: #084748; --tint: #e4f0ef; --glow: #fff3c9; --bright: #ffe08a; --on-green: #fff;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif !important;
  color: var(--ink); background: var(--desk) !important; overflow: visible !important;
}
.gradio-container .html-container { padding: 0 !important; font-size: 17px; line-height: 1.75; }
.dark .gradio-container, .gradio-container.dark {
  --paper: #172223; --desk: #0f1718; --ink: #e6eeee; --faint: #a3b3b4; --line: #2c3b3c;
  --green: #7cc9c4; --deep: #a5dedb; --tint: #1f3536; --glow: #4a4020; --bright: #7a6518; --on-green: #0f1718;
}
.gradio-container > .main {
  width: 100%; max-width: 1400px !important; height: 100dvh; min-height: 520px; margin: 0 auto; padding: 0 28px 20px;
}
.gradio-container :is(.main > .wrap, main, main > .column) { height: 100%; min-height: 0 !important; }
.gradio-container main > .column { gap: 0; flex-wrap: nowrap; }
.gradio-container :is(h1, h2, h3, h4, h5, h6, p, ul, li, button) {
  margin: 0; padding: 0; font: inherit; color: inherit;
}
.gradio-container ul { list-style: none; }
.gradio-container button:focus-visible, .gradio-container .text:focus-visible, .gradio-container mark:focus-visible {
  outline: 3px solid var(--green); outline-offset: 2px;
}
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.masthead { display: flex; align-items: baseline; gap: 18px; padding: 14px 4px 10px; line-height: 1.5; }
.gradio-container .masthead h1 {
  flex: none; font-size: 30px; font-weight: 700; letter-spacing: .08em; color: var(--green);
}
.gradio-container .masthead p { color: var(--faint); }

#desk { flex: 1; min-height: 0; gap: 20px; flex-wrap: nowrap; align-items: stretch; }
#talk, #source {
  height: 100%; min-width: 0; flex-wrap: nowrap; gap: 0; overflow: hidden;
  background: var(--paper); border: 1px solid var(--line); border-radius: 14px;
}
#talk { flex: 11 1 0; }
#source { flex: 9 1 0; }
#chat {
  flex: 1; min-height: 0; position: relative; container-type: size; overflow-y: auto !important;
  padding: 24px 28px 8px;
}

.greeting p, .instead { color: var(--faint); font-size: 15px; }
.gradio-container .questions { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 8px; }
.gradio-container .questions button {
  padding: 7px 16px; border: 1px solid var(--line); border-radius: 20px; background: var(--paper); color: var(--green);
  line-height: 1.5; text-align: left; cursor: pointer;
}
.gradio-container .questions button:hover { background: var(--tint); border-color: var(--green); }

.turn { padding: 22px 0 6px; }
.turn:last-child { min-height: calc(100cqh + 24px); }  /* all of #chat: a new question can reach the top */
.gradio-container .asked {
  position: relative; width: fit-content; max-width: 85%; margin-left: auto; padding: 9px 18px;
  border-radius: 16px 16px 4px 16px; background: var(--tint); font-weight: 500; overflow-wrap: anywhere;
}
.answer { padding-top: 14px; overflow-wrap: anywhere; }
.gradio-container .short { font-size: 34px; font-weight: 700; line-height: 1.35; color: var(--green); }
.gradio-container .sentence { margin-top: 8px; }
.gradio-container .mark {
  min-width: 30px; margin: 0 2px; padding: 0 5px; border-radius: 6px; background: var(--tint); color: var(--green);
  font-size: 15px; font-weight: 600; line-height: 1.6; cursor: pointer;
}
.gradio-container .mark:hover { background: var(--green); color: var(--on-green); }
.gradio-container .understood { margin: 0 0 6px; color: var(--faint); font-size: 0.9em; }
.gradio-container .reason { margin-top: 8px; }
.gradio-container .instead { margin-top: 14px; }
.waiting { color: var(--faint); }
.waiting::after { content: "…"; animation: breathe 1.2s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: .2; } }
.tools { display: flex; gap: 18px; margin-top: 12px; }
.gradio-container .tools button, .gradio-container .back {
  padding: 4px 2px; background: none; color: var(--faint); font-size: 15px; cursor: pointer;
}
.gradio-container :is(.tools button, .back):hover { color: var(--green); text-decoration: underline; }

#asking {
  flex: none; flex-wrap: nowrap; align-items: flex-end; gap: 10px; padding: 14px 28px 18px; background: var(--paper);
}
#question {
  flex: 1; min-width: 0 !important; padding: 0; border-width: 0 !important; background: none;
  overflow: visible !important;
}
#question :is(input, textarea) {
  padding: 11px 16px; border: 1px solid var(--faint); border-radius: 12px; background: var(--paper); color: var(--ink);
  font: inherit; font-size: 17px; line-height: 1.5; box-shadow: none;
}
#question ::placeholder { color: var(--faint); }
#question :is(input, textarea):focus { border-color: var(--green); box-shadow: 0 0 0 3px var(--tint); }
#send, #stop { flex: none; min-height: 50px; padding: 0 22px; border-radius: 12px; font-size: 17px; font-weight: 600; }
#send { background: var(--green); color: var(--on-green); border: none; }
#send:hover { background: var(--deep); }
#stop { background: var(--paper); color: var(--ink); border: 1px solid var(--faint); }

#report { height: 100%; }
#report .html-container { height: 100%; }
#report .html-container > div { display: flex; flex-direction: column; height: 100%; }
.report-head {
  display: flex; align-items: baseline; justify-content: space-between; gap: 12px;
  padding: 16px 28px 12px; border-bottom: 1px solid var(--line);
}
.gradio-container .report-head h2 { font-size: 17px; font-weight: 700; }
.gradio-container .back { flex: none; color: var(--green); }
.gradio-container .back[hidden] { display: none; }
.text { flex: 1; min-height: 0; overflow-y: auto; padding: 8px 28px 32px; }
.gradio-container .text h3 {
  margin: 22px 0 8px; font-size: 19px; font-weight: 700; line-height: 1.5; color: var(--green);
}
.gradio-container .text h4 { margin: 16px 0 4px; font-weight: 700; }
.gradio-container :is(.text h5, .text h6) { margin: 10px 0 2px; font-weight: 600; color: var(--faint); }
.gradio-container .text p { margin: 6px 0; overflow-wrap: anywhere; }
.cited { padding: 2px 0; border-radius: 3px; background: var(--glow); color: inherit; }
.cited.current { background: var(--bright); box-shadow: 0 0 0 2px var(--bright); }

@media (max-width: 768px) {
  .gradio-container > .main { padding: 0 12px 12px; }
  .gradio-container :is(.main, .main > .wrap, main, main > .column) { height: auto; min-height: 0; }
  .masthead { display: block; padding: 12px 4px 10px; }
  .gradio-container .masthead h1 { font-size: 26px; }
  .gradio-container .masthead p { font-size: 15px; line-height: 1.6; }
  #desk { flex: none; flex-direction: column; gap: 12px; }
  #talk, #source { height: auto; overflow: visible; flex: none; width: 100%; }
  #chat { padding: 16px 16px 4px; container-type: normal; overflow: visible !important; }
  .turn:last-child { min-height: 0; }
  .gradio-container .asked { max-width: 94%; }
  #asking { position: sticky; bottom: 0; padding: 10px 16px 14px; border-radius: 0 0 14px 14px; }
  .report-head { position: sticky; top: 0; padding: 12px 16px; background: var(--paper); border-radius: 14px 14px 0 0; }
  .text { padding: 4px 16px 20px; overflow: visible; }
}
@media (prefers-reduced-motion: reduce) { .waiting::after { animation: none; } }
"""


def main() -> None:
    """Run the command line; a known error is one line on stderr and exit status 2."""
    logging.basicConfig(level=logging.WARNING)
    try:
        app()
    except QingwenError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
