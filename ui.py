"""The page and the HTTP API in one process: `python ui.py`. Gradio draws an Answer; nothing here finds or decides one.

With --staff it is the desk of qa/web/desk.py instead.

What the browser gets besides lies in qa/web/page/. Whatever comes from a question, a report or a language model passes
through html.escape before it becomes HTML.
"""

# ruff: noqa: E402 - Gradio reads the environment when it is imported
import os

for name in [name for name in os.environ if name.startswith("GRADIO_")]:
    del os.environ[name]  # of a shell that serves other pages: sharing, debugging, folders to read
os.environ.update(  # nothing leaves this machine, nothing is kept, nothing more is served
    GRADIO_ANALYTICS_ENABLED="False", GRADIO_RUN_HISTORY="False", GRADIO_SSR_MODE="False", GRADIO_MCP_SERVER="False"
)

import asyncio
import json
import logging
import re
import socket
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from html import escape
from pathlib import Path
from types import FrameType
from typing import Annotated, Any
from urllib.parse import quote

sys.modules.setdefault("mcp", None)  # pyright: ignore - Gradio loads it where it is there, a third of a second
import gradio as gr

if sys.modules["mcp"] is None:
    del sys.modules["mcp"]
import typer
import uvicorn
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse
from gradio.routes import App, templates
from jinja2 import ChoiceLoader, DictLoader
from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from index.passage import Report, Section
from index.store import PassageIndex
from index.terminal import run
from qa import prompts
from qa.answer import Answer, Citation, Sentence, Status
from qa.answering import ExtractiveAnswerer
from qa.api import Asked, build_api
from qa.config import load_settings
from qa.errors import UnknownReportError
from qa.questions.screening import clean
from qa.showing import as_text, place
from qa.web.anchoring import Found, Spot, anchor, anchor_of, locate, read_anchor
from qa.web.desk import build_desk
from qa.web.feedback import Feedback
from qa.web.guarding import TOOLS, Guard
from qa.web.serving import Service

log = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "qa" / "web" / "page"
LANGUAGES, *_ROWS = json.loads((PAGE / "words.json").read_text(encoding="utf-8")).items()
WORDS = {key: words[0] for key, words in _ROWS}
"""The words of the page itself, in simplified Chinese; the browser puts others in their place."""

AT_ONCE = 16  # answers under way on the page; with a language model most of the time is its own
WAITING = 64  # questions that may wait for their turn; further ones are turned away
LONGEST = 10_000  # characters of a question that are taken at all; how long one may be is said where it is read
KEPT = 30  # turns of a talk that stay on the page
MOST_KEPT = 100  # reports that one question can be kept to; more are as good as all
IDLE = 3600  # seconds after which the talk of a page that was closed is forgotten
FROM_A_SECTION = 3  # questions offered of one section
GRACE = 10  # seconds that open answers get to end in
OURS = tuple(phrase.partition("{")[0] for phrase in (prompts.CORRECTION, prompts.COMPUTED))
"""How sentences of an answer begin that are not the report's own."""
UNHELPED = (Status.NOT_IN_REPORT, Status.OUT_OF_SCOPE, Status.OVERLOADED, Status.ERROR)
"""Answers that leave whoever asked without help from the reports."""

# ---------------------------------------------------------------- the page

Growing = Callable[[str, Sequence[str], Sequence[str]], AsyncIterator[Answer]]
"""Gives each Answer to a question as it comes: the question, those before it, the reports that it is kept to."""


def build_page(
    growing: Growing, feedback: Feedback | None, title_of: Callable[[str], str], contact: str | None = None
) -> gr.Blocks:
    """Lay out the page, and say what happens on a question and on what can be done with an answer.

    `title_of` gives the title of a report by its name, `contact` is who helps where the reports do not.
    """
    draw = partial(chat_html, contact=contact)
    with gr.Blocks(title="青问", analytics_enabled=False) as page:
        gr.HTML(masthead_html(), apply_default_css=False, js_on_load=None, elem_id="masthead")
        with gr.Column(elem_id="talk"):
            gr.HTML(greeting_html(), apply_default_css=False, js_on_load=None, elem_id="greeting")
            chat = gr.HTML(chat_html(()), apply_default_css=False, js_on_load=CHAT, elem_id="chat")
            gr.HTML(asking_html(contact), apply_default_css=False, js_on_load=None, elem_id="asking")
        gr.HTML(checking_html(), apply_default_css=False, js_on_load=None, elem_id="checking")
        gr.HTML(source_html(), apply_default_css=False, js_on_load=None, elem_id="source")
        turns = gr.State((), time_to_live=IDLE)

        async def on_submit(before: Turns, asked: gr.EventData) -> AsyncIterator[Drawn]:
            kept = tuple(Kept(name, title_of(name)) for name in names_in(getattr(asked, "documents", ())))
            async for now in converse(Turn(str(asked.question), kept=kept), before, growing):
                yield now, draw(now)

        async def on_retry(before: Turns) -> AsyncIterator[Drawn]:
            for turn in before[-1:]:
                async for now in converse(Turn(turn.question, kept=turn.kept), before[:-1], growing):
                    yield now, draw(now)

        def on_edit(before: Turns) -> Drawn:
            return before[:-1], draw(before[:-1])

        def on_stop(before: Turns) -> Drawn:
            now = (*before[:-1], replace(before[-1], done=True, stopped=not before[-1].done)) if before else before
            return now, draw(now)

        def on_like(before: Turns, voted: gr.EventData) -> Drawn:
            now = vote(before, voted.turn, voted.up, getattr(voted, "reason", None), feedback)
            return now, draw(now)

        async def on_call(
            question: str, earlier: list[str] | None = None, documents: list[str] | None = None
        ) -> dict[str, Any]:
            try:
                asked = Asked(question=question, earlier=earlier or [], documents=documents or [])
                return [a.as_json() async for a in growing(asked.question, asked.earlier, asked.documents)][-1]
            except ValidationError as error:  # its own words would put the question into the log
                where = {".".join(map(str, wrong["loc"])) for wrong in error.errors()}
                raise gr.Error(f"not a question: {sorted(where)}", print_exception=False) from None
            except UnknownReportError as error:
                raise gr.Error(str(error), print_exception=False) from None

        drawn = [turns, chat]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        share: dict[str, Any] = {"concurrency_id": "answers", "concurrency_limit": AT_ONCE}
        answering = [
            chat.submit(on_submit, turns, drawn, **quiet, **share),
            chat.retry(on_retry, turns, drawn, **quiet, **share),
        ]
        chat.stop(on_stop, turns, drawn, cancels=answering, queue=False, **quiet)
        chat.edit(on_edit, turns, drawn, cancels=answering, queue=False, **quiet)
        chat.like(on_like, turns, drawn, queue=False, **quiet)
        gr.api(on_call, api_name="ask", **share)
    return page


CHAT = 'qingwen.chat(element, trigger, watch)  // "submit", "retry", "stop", "edit", "like"'

# ---------------------------------------------------------------- the talk


@dataclass(frozen=True)
class Kept:
    """A report that a question is kept to: its name and its title."""

    document: str
    title: str


@dataclass(frozen=True)
class Turn:
    """A question and as much of its answer as there is; None while it is being looked for, or was stopped.

    `kept`: the reports that it was kept to, none: all. `vote`: whether the answer was called helpful, `row` where that
    is kept, `reasoned` whether it was said why.
    """

    question: str
    answer: Answer | None = None
    kept: tuple[Kept, ...] = ()
    done: bool = False
    stopped: bool = False
    vote: bool | None = None
    row: int = 0
    reasoned: bool = False


Turns = tuple[Turn, ...]
Drawn = tuple[Turns, str]


async def converse(asked: Turn, before: Turns, growing: Growing) -> AsyncGenerator[Turns]:
    """Give the talk again and again as the answer to one more question grows; the last one is done."""
    question = asked.question[:LONGEST].encode("utf-8", "replace").decode()  # half a character could not be sent back
    asked, before = replace(asked, question=question), before[1 - KEPT :]
    yield (*before, asked)
    earlier, documents = [turn.question for turn in before if turn.answer], [kept.document for kept in asked.kept]
    answer, failed = None, partial(Answer, id="", question=question, standalone_question="")
    try:
        async with aclosing(growing(question, earlier, documents)) as answers:
            async for answer in answers:
                yield (*before, replace(asked, answer=answer))
    except UnknownReportError as error:  # withdrawn since the page was opened
        answer = failed(status=Status.INVALID_INPUT, reason=str(error))
    except Exception:
        log.exception("no answer to a question of %d characters", len(question))
        answer = failed(status=Status.ERROR, reason=prompts.SORRY)
    yield (*before, replace(asked, answer=answer, done=True))


def names_in(sent: object) -> tuple[str, ...]:
    """Read the names of reports that a browser sent; what is none is passed over."""
    names = sent if isinstance(sent, list) else []
    return tuple(dict.fromkeys(name for name in names[:MOST_KEPT] if isinstance(name, str)))


def vote(turns: Turns, number: object, up: object, reason: object, feedback: Feedback | None) -> Turns:
    """Keep a vote on one answer, or change it, or add a reason to it; what names no answer is passed over."""
    if feedback is None or not isinstance(number, int) or not 0 <= number < len(turns):
        return turns
    turn, up = turns[number], up is True
    if turn.answer is None or not turn.done:
        return turns
    row = turn.row or feedback.add(turn.answer.id, turn.answer.index, up)
    if turn.row:
        feedback.change(row, up, reason if isinstance(reason, str) else "")
    turn = replace(turn, vote=up, row=row, reasoned=isinstance(reason, str))
    return (*turns[:number], turn, *turns[number + 1 :])


# ---------------------------------------------------------------- what stands still


def said(key: str, tag: str = "span", **attributes: str) -> str:
    """Draw one of the page's own words, so that the browser can put it into another language."""
    more = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    return f'<{tag} data-word="{key}"{more}>{escape(WORDS[key])}</{tag}>'


def labelled(key: str, attribute: str = "label") -> str:
    """Give the attributes that name an element in one of the page's own words."""
    html = {"label": "aria-label"}.get(attribute, attribute)
    return f'{html}="{escape(WORDS[key])}" data-word-{attribute}="{key}"'


def masthead_html() -> str:
    """Draw the name of the page, its two views, and the settings of the display."""
    names = ("简体", "繁體", "English")
    languages = "".join(
        f'<option value="{code}">{name}</option>' for code, name in zip(LANGUAGES[1], names, strict=True)
    )
    return (
        f'<a id="skip" href="#question">{said("skip")}</a><div class="bar">'
        f'<div class="brand"><h1>青问</h1>{said("tagline", "p")}</div>'
        f"<nav {labelled('features')}>"
        f"{said('ask_view', 'button', type='button', data_view_of='ask')}"
        f"{said('check_view', 'button', type='button', data_view_of='check')}"
        f"{said('open', 'button', type='button', id='open', class_='open')}</nav>"
        f'<div class="settings" role="group" {labelled("settings")}>'
        f"{said('care', 'button', type='button', id='care', aria_pressed='false')}"
        f"{said('dark', 'button', type='button', id='dark', aria_pressed='false')}"
        f'<select id="language" {labelled("language")}>{languages}</select></div></div>'
        '<div id="status" class="unseen" role="status" aria-live="polite"></div>'
    )


def greeting_html() -> str:
    """Draw what a newcomer sees; the browser fills in the reports and a few questions."""
    return (
        f'<div class="hello">{said("hello", "h2")}{said("about", "p")}<ul id="reports"></ul>'
        f'{said("try", "h3", id="try")}<ul id="examples" class="questions" lang="zh-CN"></ul></div>'
    )


def scope_html(lead: str) -> str:
    """Draw the choice of the reports that are looked in; the browser fills it in where there are several."""
    return (
        f'<details class="scope" hidden><summary>{said(lead)}{said("all_reports", class_="chosen")}</summary>'
        f'<div class="choices" role="group" {labelled("choose_reports")}></div></details>'
    )


def asking_html(contact: str | None) -> str:
    """Draw the box for a question, and below it what must always be in sight."""
    return (
        f'<p id="refused" role="alert"></p>{scope_html("ask_only")}<form id="asking-form">'
        f'<textarea id="question" rows="1" maxlength="2000" lang="zh-CN" {labelled("your_question")} '
        f"{labelled('type_here', 'placeholder')}></textarea>"
        f"{said('send', 'button', type='submit', id='send')}{said('stop', 'button', type='button', id='stop')}</form>"
        f"{said('notice', 'p', class_='notice')}{contact_html(contact)}"
    )


def contact_html(contact: str | None) -> str:
    """Say who helps where the reports do not; nothing where nobody is named."""
    return f'<p class="contact">{said("contact")}<span lang="zh-CN">{escape(contact)}</span></p>' if contact else ""


def checking_html() -> str:
    """Draw the view in which a text is checked; the browser fills in what was found."""
    return (
        f'<section class="sheet-of-paper" {labelled("check_title")}>'
        f"{said('check_title', 'h2')}{said('check_about', 'p')}"
        f'<form id="check-form">{scope_html("check_only")}'
        f'<textarea id="draft" rows="8" lang="zh-CN" {labelled("draft")} '
        f"{labelled('paste', 'placeholder')}></textarea>"
        f'<div class="row"><label class="file">{said("file")}'
        f'<input id="file" type="file" accept=".docx,.txt,.pdf"></label>'
        f'<span id="chosen"></span>{said("check", "button", type="submit", id="check")}</div></form>'
        f'<p id="check-refused" role="alert"></p>'
        f'<div id="progress">{said("checking", "p")}<progress {labelled("checking")}></progress></div>'
        f'<div id="result" hidden>{said("result", "h3", tabindex="-1")}<ul id="tally"></ul>'
        f'{said("choose_claim", "p", class_="hint")}<div id="checked" lang="zh-CN"></div>'
        f'{said("check_label", "p", class_="label")}<div class="tools">'
        f"{said('copy_corrected', 'button', type='button', id='corrected')}"
        f"{said('as_docx', 'button', type='button', id='as-docx')}"
        f"{said('as_csv', 'button', type='button', id='as-csv')}</div></div></section>"
    )


def source_html() -> str:
    """Draw the frame in which a report is read; the browser fetches the report into it."""
    return (
        '<div id="shade"></div>'
        f'<section id="sheet" data-showing="text" tabindex="-1" {labelled("reading")}><div class="sheet-bar">'
        f"{said('text', 'button', type='button', data_tab='text', aria_pressed='true')}"
        f"{said('outline', 'button', type='button', data_tab='outline', aria_pressed='false')}"
        f'<select id="document" hidden {labelled("choose")}></select>'
        f"{said('link', 'button', type='button', class_='link')}"
        f"{said('back', 'button', type='button', class_='back')}"
        f"{said('close', 'button', type='button', class_='close')}"
        '</div><div id="finding"></div><div id="reading"></div></section>'
    )


# ---------------------------------------------------------------- the talk as HTML


def chat_html(turns: Turns, contact: str | None = None) -> str:
    """Draw the talk."""
    drawn = "".join(turn_html(turn, number, number == len(turns) - 1, contact) for number, turn in enumerate(turns))
    busy = " data-busy" if turns and not turns[-1].done else ""
    return f'<div class="talk" role="region" {labelled("talk")}{busy}>{drawn}</div>'


def turn_html(turn: Turn, number: int, last: bool, contact: str | None = None) -> str:
    """Draw a question and its answer; only the last one can be asked again or edited."""
    asked = escape(turn.question)
    html = kept_html(turn.kept)
    if turn.answer:
        html += answer_html(turn.answer, number, turn.done)
        html += contact_html(contact) if turn.answer.status in UNHELPED else ""
    if turn.stopped:
        html += said("stopped", "p", class_="reason")
    elif not turn.done and turn.answer is None:
        html += said("searching", "p", class_="waiting")
    return (
        f'<article class="turn"><h2 class="asked" data-asked="{asked}">{said("you_asked", class_="unseen")}'
        f'<span lang="zh-CN">{asked}</span></h2>'
        f'<div class="answer">{html}{tools_html(turn, number, last) if turn.done else ""}</div></article>'
    )


def answer_html(answer: Answer, number: int, done: bool) -> str:
    """Draw an answer: the figure first, then its sentences with their marks, why there is no more, and its sources.

    Where it rests on several reports, each figure and each sentence says of which it is; where there are several but it
    rests on one, it says so once, above: the browser leaves that out where there is no other.
    """
    citations = {citation.mark: citation for citation in answer.citations}
    several = len({citation.document for citation in answer.citations}) > 1
    html = understood_html(answer)
    if not done and answer.answerer == ExtractiveAnswerer.name and answer.sentences:
        html += said("provisional", "p", class_="provisional")
    if citations and not several:
        html += f'<p class="from" lang="zh-CN">《{escape(answer.citations[0].title)}》</p>'
    origins = [origin(sentence, citations) if several else "" for sentence in answer.sentences]
    for short, titles in shorts(answer, origins):
        html += f'<p class="short" lang="zh-CN">{of_html(titles)}{escape(short)}</p>'
    for sentence, titles in zip(answer.sentences, origins, strict=True):
        marks = "".join(mark_html(citations[mark], number) for mark in sentence.citations)
        heard, text = escape(titles + sentence.text), sentence_html(sentence.text)
        html += f'<p class="sentence" lang="zh-CN" data-said="{heard}">{of_html(titles)}{text}{marks}</p>'
    if answer.reason:
        html += f'<p class="reason" lang="zh-CN" data-phrase="{escape(answer.reason)}">{escape(answer.reason)}</p>'
    if answer.citations:
        html += said("sources", "h3", class_="unseen") + sources_html(answer.citations)
        html += said("label", "p", class_="label")
    if answer.suggestions and done:
        html += said("instead", "h3", class_="instead") + questions_html(answer.suggestions)
    return html


def sentence_html(text: str) -> str:
    """Draw a sentence; where it is a phrase of ours around words of the report, the browser translates ours."""
    ours = text.startswith(OURS)
    return f'<span data-phrase="{escape(text)}">{escape(text)}</span>' if ours else escape(text)


def origin(sentence: Sentence, citations: Mapping[int, Citation]) -> str:
    """Give the titles of the reports that a sentence rests on."""
    titles = dict.fromkeys(citations[mark].title for mark in sentence.citations)
    return "".join(f"《{title}》" for title in titles)


def of_html(titles: str) -> str:
    """Say of which report something is; nothing where that need not be said."""
    return f'<span class="from">{escape(titles)}</span>' if titles else ""


def shorts(answer: Answer, origins: Sequence[str]) -> list[tuple[str, str]]:
    """Give the short answer, each part with the report that it is of where each stands in a sentence of its own."""
    parts = (answer.short or "").split("、")
    apart = (
        len(parts) == len(origins) > 1
        and all(origins)
        and all(
            part.partition("（")[0] in sentence.text for part, sentence in zip(parts, answer.sentences, strict=True)
        )
    )
    return list(zip(parts, origins, strict=True)) if apart else [(answer.short, "")] if answer.short else []


def kept_html(kept: Sequence[Kept]) -> str:
    """Say which reports a question was kept to."""
    titles = "、".join(f"《{escape(one.title)}》" for one in kept)
    alone = " data-alone" if len(kept) == 1 else ""  # what an answer rests on need not be said again
    return f'<p class="kept"{alone}>{said("ask_only")}<span lang="zh-CN">{titles}</span></p>' if kept else ""


def understood_html(answer: Answer) -> str:
    """Say how a question was understood, where it was completed from the talk or its spelling was mended."""
    if answer.standalone_question in ("", clean(answer.question)):
        return ""
    asked = f'<span lang="zh-CN">{escape(answer.standalone_question)}</span>'
    return f'<p class="understood">{said("understood")}{asked}</p>'


def questions_html(questions: Sequence[str]) -> str:
    """Draw questions that are asked when tapped."""
    items = (f'<li><button type="button" data-question="{escape(q)}">{escape(q)}</button></li>' for q in questions)
    return f'<ul class="questions" lang="zh-CN">{"".join(items)}</ul>'


def mark_html(citation: Citation, number: int) -> str:
    """Draw the mark of a citation: a button that shows its sentence in the report. `number` is that of the turn."""
    return (
        f'<button type="button" class="mark" id="mark-{number}-{citation.mark}" '
        f'data-at="{escape(anchor_of(citation).written)}" title="{escape(place(citation))}">'
        f"{said('source', class_='unseen')}{citation.mark}</button>"
    )


def sources_html(citations: Sequence[Citation]) -> str:
    """Draw the numbered list of what an answer rests on."""
    items = (
        f'<li><button type="button" class="source" data-at="{escape(anchor_of(citation).written)}">'
        f'<span class="number">{citation.mark}</span><span>{escape(place(citation))}</span></button>'
        f'<q class="quote">{escape(citation.quote)}</q></li>'
        for citation in citations
    )
    return f'<ol class="sources" lang="zh-CN">{"".join(items)}</ol>'


def tools_html(turn: Turn, number: int, last: bool) -> str:
    """Draw what can be done with an answer: copy it, link to it, print it, hear it, ask again, vote on it."""
    html = ""
    if turn.answer:
        asked = turn.answer.standalone_question or turn.question
        kept = "".join(f"《{one.title}》" for one in turn.kept)
        copied = f"{turn.question}{kept and prompts.KEPT_TO.format(titles=kept)}\n{as_text(turn.answer)}"
        link = "&in=".join(quote(part, safe="") for part in (asked, *(one.document for one in turn.kept)))
        html += said("copy", "button", type="button", data_copy=copied)
        html += said("share", "button", type="button", data_link=f"?{link}")
        html += said("print", "button", type="button", class_="print")
        html += said("speak", "button", type="button", data_speak=f"{turn.answer.short or ''}。{turn.answer.text}")
    if last:
        html += said("again", "button", type="button", class_="again")
        html += said("edit", "button", type="button", class_="edit")
    return f'<div class="tools" role="group" {labelled("tools")}>{html}</div>{vote_html(turn, number)}'


def vote_html(turn: Turn, number: int) -> str:
    """Draw the two thumbs, and the box for a reason once an answer was called unhelpful."""
    if turn.answer is None:
        return ""
    thumbs = "".join(
        f'<button type="button" data-vote="{name}" data-turn="{number}" '
        f'aria-pressed="{str(turn.vote is value).lower()}">{said(key)}</button>'
        for name, value, key in (("up", True, "helpful"), ("down", False, "unhelpful"))
    )
    html = f'<div class="vote">{thumbs}</div>'
    if turn.vote is False and not turn.reasoned:
        html += (
            f'<form class="why" data-turn="{number}"><input name="reason" maxlength="200" {labelled("why")} '
            f"{labelled('why', 'placeholder')}>{said('tell', 'button', type='submit')}</form>"
        )
    return html + (said("thanks", "p", class_="thanks", role="status") if turn.vote or turn.reasoned else "")


# ---------------------------------------------------------------- the report as HTML


def linked_report_html(index: PassageIndex, links: Sequence[str]) -> str:
    """Draw the report that links point into, what they stand for highlighted, the first one strongest.

    Raises:
        ValueError: one of them is no link.
        KeyError: the report of the first one is not in the index.
    """
    first, *others = map(read_anchor, links)
    report = index.report(first.document)
    spots = [locate(link, report) for link in (first, *others) if link.document == first.document]
    return report_html(report, spots)


def report_html(report: Report, spots: Sequence[Spot] = ()) -> str:
    """Draw a report: its title and outline, and its text with what is cited highlighted."""
    top = min((section.level for section in report.sections), default=0)
    cited = [(spot.start, spot.end) for spot in spots if spot.found is not Found.GONE]
    blocks = [(section.start, heading_html(section, top)) for section in report.sections]
    for paragraph in report.paragraphs:
        here = spots and spots[0].found is Found.GONE and paragraph.start <= spots[0].start <= paragraph.end
        text = highlighted(report, paragraph.start, paragraph.end, cited)
        if text:
            blocks.append((paragraph.start, f"<p{' data-here tabindex=-1' if here else ''}>{text}</p>"))
    text = "".join(html for _, html in sorted(blocks))
    return (
        f"{title_html(report, spots)}{outline_html(report, top)}"
        f'<div class="text" tabindex="0" role="region" {labelled("report")} lang="zh-CN" '
        f'data-document="{escape(report.document)}">{text}</div>'
    )


def title_html(report: Report, spots: Sequence[Spot]) -> str:
    """Draw the title of a report, the headings above the spot at hand, and what became of a spot that was linked to."""
    html, link = "", ""
    if spots:
        start, end = spots[0].start, spots[0].end
        above = [section.path[-1] for section in report.sections if section.start <= start < section.end]
        html = f'<p class="path">{escape(" › ".join(above))}</p>' if above else said("beginning", "p", class_="path")
        if spots[0].found is not Found.SAME:
            html += said(spots[0].found.value, "p", class_="changed", role="status")
        link = anchor(report, start, end).written if end > start else ""
    title = escape(report.title or report.document)
    return f'<div class="head" data-link="{escape(link)}"><h2 lang="zh-CN">{title}</h2>{html}</div>'


def outline_html(report: Report, top: int) -> str:
    """Draw the upper two levels of headings: each leads to its place, and offers questions when asked to."""
    document = quote(report.document, safe="")
    items = ""
    for number, section in enumerate(report.sections):
        if section.level > top + 1:
            continue
        items += (
            f'<li class="level-{section.level - top}"><button type="button" data-goto="{section.start}" lang="zh-CN">'
            f"{escape(section.path[-1])}</button>"
            f'<button type="button" class="suggest" data-suggest="{document}/{section.start}-{section.end}" '
            f'aria-expanded="false" aria-controls="questions-{number}">{said("suggest")}</button>'
            f'<ul class="questions" id="questions-{number}" lang="zh-CN" hidden></ul></li>'
        )
    return f'<nav class="outline" {labelled("outline")}><ul>{items}</ul></nav>'


def heading_html(section: Section, top: int) -> str:
    """Draw a heading; the outermost level of the report, `top`, stands just below its title."""
    level = min(3 + section.level - top, 6)
    return f'<h{level} data-start="{section.start}" tabindex="-1">{escape(section.path[-1])}</h{level}>'


def highlighted(report: Report, start: int, end: int, cited: Sequence[tuple[int, int]]) -> str:
    """Draw the characters [start, end) of a report; of two citations that overlap, the later one gives way."""
    html, done = "", start
    for first, last in sorted(cited):
        first, last = max(first, done), min(last, end)
        if first >= last:
            continue
        current = " current" if cited[0][0] <= first < cited[0][1] else ""
        html += escape(report.text[done:first])
        html += f'<mark class="cited{current}" tabindex="-1">{escape(report.text[first:last])}</mark>'
        done = last
    return html + escape(report.text[done:end])


# ---------------------------------------------------------------- the server

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    index: Annotated[Path | None, typer.Option("--index", help="The index folder.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: this machine alone.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; 0 takes a free one. Default: 7860.")] = None,
    embedder: Annotated[str | None, typer.Option(help="Sentence model: a folder or hub id[@revision].")] = None,
    reranker: Annotated[str | None, typer.Option(help="Reranking model: a folder or hub id[@revision].")] = None,
    answerer: Annotated[
        str | None,
        typer.Option(help="extractive, or a language model: a folder, hub id[@revision] or openai:URL#model."),
    ] = None,
    fallback: Annotated[
        str | None, typer.Option(help="extractive: what answers when the language model gives nothing.")
    ] = None,
    audit: Annotated[Path | None, typer.Option(help="The folder of the audit records.")] = None,
    feedback: Annotated[Path | None, typer.Option(help="SQLite file for votes on answers; without it none.")] = None,
    contact: Annotated[
        str | None, typer.Option(help="Who helps where the reports do not, as it is to be read.")
    ] = None,
    mcp: Annotated[bool | None, typer.Option("--mcp", help="Offer the reports at /mcp too, as tools.")] = None,
    staff: Annotated[bool, typer.Option("--staff", help="The desk where staff publish reports, not the page.")] = False,
) -> None:
    """Show the page and serve the HTTP API, or the staff's desk, until stopped with Ctrl+C."""
    settings = load_settings(**{name: given for name, given in locals().items() if name != "staff"})
    if staff:
        web, server = build_desk(settings), uvicorn.Server
    else:
        service = Service(settings)
        web, ended = build_app(service)
        server = partial(Server, service=service, ended=ended)
        threading.Thread(target=service.test, daemon=True).start()
    with listen(settings.host, settings.port) as listener:
        address, chosen = listener.getsockname()[:2]
        typer.echo(f"青问 http://{address}:{chosen}")
        config = uvicorn.Config(
            web,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=30,  # well over what a caller who was turned away waits before coming back
        )
        server(config).run(sockets=[listener])


class Server(uvicorn.Server):
    """Ends open answers as soon as it is told to stop, so that each stream still gets its last event."""

    def __init__(self, config: uvicorn.Config, service: Service, ended: asyncio.Event) -> None:
        super().__init__(config)
        self._service = service
        self._ended = ended

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second Ctrl+C stops at once."""
        self._service.close()
        self._ended.set()
        super().handle_exit(sig, frame)


def build_app(service: Service) -> tuple[ASGIApp, asyncio.Event]:
    """Put the page on the web application that serves the HTTP API, and the guard before both.

    Returns:
        The application, and what ends the streams that Gradio holds open to every page for as long as it is open.
    """
    web = build_api(service)
    settings = service.settings
    feedback = Feedback(settings.feedback) if settings.feedback else None
    add_reading(web, service, feedback is not None)
    if settings.mcp:
        from qa.web.tools import add_tools  # and the protocol's library, a third of a second

        add_tools(web, service)

    def title_of(document: str) -> str:
        index = service.parts.index
        return index.title(document) if document in index.document_names else document

    page = build_page(web.state.growing, feedback, title_of, settings.contact)
    put_into_chinese()
    gr.mount_gradio_app(
        web,
        page.queue(max_size=WAITING, api_open=False),
        path="/",
        footer_links=[],
        show_error=False,
        enable_monitoring=False,
        run_history=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        max_file_size="1kb",
    )
    gradio = next(route.app for route in web.routes if isinstance(route, Mount) and isinstance(route.app, App))
    opened = (TOOLS,) if settings.mcp else ()
    return Guard(web, web.state.meter, settings.pace, settings.most, opened), gradio.stop_event


def add_reading(web: FastAPI, service: Service, voting: bool) -> None:
    """Add what the browser fetches for itself: the files of the page, the reports drawn, questions on a section."""

    @web.get("/page/start", include_in_schema=False)
    def start() -> dict[str, Any]:
        parts = service.parts
        index = parts.index
        reports = [
            {"document": name, "title": index.title(name) or name, "year": index.year(name)}
            for name in index.document_names
        ]
        return {"reports": reports, "examples": parts.examples, "feedback": voting}

    @web.get("/page/report", include_in_schema=False)
    def report(
        at: Annotated[list[str] | None, Query(max_length=16)] = None, document: str | None = None
    ) -> HTMLResponse:
        index = service.parts.index
        try:
            if at:
                return HTMLResponse(linked_report_html(index, at))
            return HTMLResponse(report_html(index.report(document or index.document_names[0])))
        except (LookupError, ValueError):
            raise HTTPException(404, prompts.NO_DOCUMENT.format(document=document or "")) from None

    @lru_cache(maxsize=4096)
    def questions_of(generation: str, section: Section, document: str) -> tuple[str, ...]:
        return service.parts.suggest_from(document, section.start, section.end, FROM_A_SECTION)

    @web.get("/page/questions", include_in_schema=False)
    def questions(at: str) -> dict[str, Any]:
        index = service.parts.index
        try:
            link = read_anchor(at)
            sections = index.report(link.document).sections
            section = next(one for one in sections if (one.start, one.end) == (link.start, link.end))
        except (LookupError, ValueError, StopIteration):
            raise HTTPException(404, prompts.NO_DOCUMENT.format(document="")) from None
        return {"questions": questions_of(index.generation, section, link.document)}

    web.mount("/page", Files(directory=PAGE))


class Files(StaticFiles):
    """Files that a browser asks about each time, so that it never mixes those of two versions."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - handed on as they are
        """Give a file, or say that it is still the same."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def put_into_chinese() -> None:
    """Give Gradio's template our language and our head, before the browser sees any of it.

    Raises:
        ValueError: the template is another than the one this was written for.
    """
    name = "frontend/index.html"
    loader = templates.env.loader
    assert loader is not None
    source, _, _ = loader.get_source(templates.env, name)
    if 'lang="zh-CN"' in source:
        return
    ours = {'lang="en"': 'lang="zh-CN"', "<script>window.gradio_config": f"{head_html()}<script>window.gradio_config"}
    for theirs in ours:
        if source.count(theirs) != 1:
            raise ValueError(
                f"{theirs} stands {source.count(theirs)} times in Gradio's template; adapt put_into_chinese"
            )
        source = source.replace(theirs, ours[theirs])
    templates.env.loader = ChoiceLoader([DictLoader({name: source}), loader])


def head_html() -> str:
    """Draw what stands in the head of the page: style, scripts, and the words of the page in all its languages."""
    html = (PAGE / "head.html").read_text(encoding="utf-8")
    written = {"{words}": (PAGE / "words.json").read_text(encoding="utf-8"), "{phrases}": json.dumps(phrases())}
    for here, words in written.items():
        html = html.replace(here, words.replace("<", "\\u003c"))
    return f"{{% raw %}}{html}{{% endraw %}}"


def phrases() -> list[list[str]]:
    """Give the phrases of qa/prompts.py that the page shows, each in all its languages, slots as {name}."""
    rows: list[list[str]] = []
    for name, others in json.loads((PAGE / "phrases.json").read_text(encoding="utf-8")).items():
        said = getattr(prompts, name)
        pairs = [(said[key], theirs) for key, theirs in others.items()] if isinstance(said, dict) else [(said, others)]
        rows += [[re.sub(r"{(\w+):[^}]*}", r"{\1}", chinese), *theirs] for chinese, theirs in pairs]
    return rows


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is said about it.

    Raises:
        typer.BadParameter: the address is not ours or the port is taken.
    """
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise typer.BadParameter(f"cannot listen on {host}:{port} ({error.strerror}); give another --port") from None


def main() -> None:
    """Run the command line; a known error is one line on stderr and exit status 2."""
    run(app)


if __name__ == "__main__":
    main()
