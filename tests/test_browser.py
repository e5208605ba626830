"""The running page in a real browser: Debian's chromium (QINGWEN_CHROMIUM names another), driven by Playwright.

Without a chromium these tests are skipped; QINGWEN_REQUIRE_BROWSER=1 makes that a failure. Screenshots lie in tmp_path.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
QUESTION = "城市云脑接入了多少个单位？"
CITED = "初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统、219个场景、930余项指标。"
OTHER_QUESTION = "全市政务部门累计上云多少个业务系统？"
WIDE, PHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    names = (os.environ.get("QINGWEN_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None and os.environ.get("QINGWEN_REQUIRE_BROWSER") == "1":
        pytest.fail("no chromium found, and QINGWEN_REQUIRE_BROWSER=1; install it with apt-get install chromium")
    if path is None:
        pytest.skip("no chromium found; install it with apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(bundled_index: Path) -> Iterator[str]:
    """A server of our own on a free port, stopped at the end."""
    command = [sys.executable, "ui.py", "--index", str(bundled_index), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.fullmatch(r"青问 (http://127\.0\.0\.1:\d+)\n", line)
            assert found, f"the server said {line!r}"
            yield found[1]
        finally:
            server.terminate()


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """The page, freshly opened; it must keep to this machine, log no error and open no dialog."""
    width, height = getattr(request, "param", WIDE)
    context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    hosts: set[str | None] = set()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda sent: hosts.add(urlsplit(sent.url).hostname) if sent.url.startswith("http") else None)
    page.goto(address)
    expect(page.locator("#report h2")).to_have_text("青岛市2021年数字城市建设工作报告")
    yield page
    context.close()
    assert complaints == []
    assert hosts == {"127.0.0.1"}


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is all there."""
    turns = page.locator(".turn").count()
    page.get_by_label("您的问题").fill(question)
    page.get_by_label("您的问题").press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    expect(page.get_by_role("button", name="提问", exact=True)).to_be_visible()
    expect(page.locator(".turn").last.locator(".tools")).to_be_visible()


def is_in_view(page: Page, selector: str) -> bool:
    """Whether an element lies wholly inside the window and inside every box that scrolls around it."""
    return page.evaluate(
        """(selector) => {
            const element = document.querySelector(selector);
            const {top, bottom} = element.getBoundingClientRect();
            let inside = top >= 0 && bottom <= innerHeight;
            for (let box = element.parentElement; box !== document.body; box = box.parentElement) {
                if (getComputedStyle(box).overflowY === "visible") continue;
                const around = box.getBoundingClientRect();
                inside &&= top >= around.top && bottom <= around.bottom;
            }
            return inside;
        }""",
        selector,
    )


@pytest.mark.parametrize("page", [WIDE, PHONE], ids=["wide", "phone"], indirect=True)
def test_mark_of_the_answer_shows_its_sentence_in_the_report(page: Page, tmp_path: Path):
    page.screenshot(path=tmp_path / "opened.png")
    ask(page, QUESTION)
    answer = page.locator(".turn .answer")
    expect(answer).to_contain_text("41个单位")
    expect(page.locator("mark.current")).to_have_text(CITED)  # at once, before any tap
    assert is_in_view(page, ".answer")
    page.screenshot(path=tmp_path / "answered.png")
    mark = page.get_by_role("button", name=f"来源1：{CITED}")
    expect(mark).to_have_text("[1]")
    mark.click()
    expect(page.locator("mark.current")).to_have_text(CITED)
    expect(page.locator("mark.current")).to_be_focused()
    assert is_in_view(page, "mark.current")
    page.screenshot(path=tmp_path / "shown.png")
    page.get_by_role("button", name="返回回答").click()
    expect(mark).to_be_focused()
    assert is_in_view(page, "#mark-0-1")


@pytest.mark.parametrize("page", [WIDE, PHONE], ids=["wide", "phone"], indirect=True)
def test_page_is_no_wider_than_the_window(page: Page):
    ask(page, "<" + "宽" * 200 + "w" * 200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_wide_page_itself_does_not_scroll(page: Page):
    for _ in range(3):
        ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert is_in_view(page, "#send")


def test_new_answer_on_a_wide_page_brings_its_sentence_into_view(page: Page):
    ask(page, OTHER_QUESTION)
    expect(page.locator("mark.current")).to_contain_text("累计上云765个业务系统")
    assert is_in_view(page, "mark.current")


def test_marks_of_an_earlier_answer_still_work_with_the_keyboard(page: Page):
    ask(page, QUESTION)
    ask(page, OTHER_QUESTION)
    expect(page.locator("mark.current")).to_contain_text("累计上云765个业务系统")
    page.locator("#mark-0-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_have_text(CITED)
    expect(page.locator("mark.current")).to_be_focused()
    assert is_in_view(page, "mark.current")


def test_question_is_never_run(page: Page):
    question = '<script>window.broken = 1</script><img src=x onerror="window.broken = 2">${window.broken = 3}{{value}}'
    ask(page, question)
    expect(page.locator(".asked")).to_have_text(f"您问：{question}")
    assert page.locator("#chat img, #chat script").count() == 0
    assert page.evaluate("window.broken") is None


def test_example_is_asked_when_tapped(page: Page):
    example = page.locator(".greeting button").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".asked")).to_contain_text(question)
    expect(page.get_by_role("button", name="来源1").first).to_be_visible()


def test_input_without_words_comes_back_with_questions_to_tap(page: Page):
    ask(page, "？？？")
    expect(page.locator(".turn .reason")).to_be_visible()
    suggestion = page.locator(".turn .questions button").first
    question = suggestion.inner_text()
    suggestion.click()
    expect(page.locator(".turn").last.locator(".asked")).to_contain_text(question)


def test_copied_answer_carries_its_proof(page: Page):
    ask(page, QUESTION)
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0] == QUESTION
    assert "41个单位" in copied[1]
    assert copied[2].startswith("[1] 《青岛市2021年数字城市建设工作报告》一、数字政府")
    assert copied[2].endswith(CITED)


def test_answer_can_be_asked_again(page: Page):
    ask(page, QUESTION)
    first = page.locator(".turn .answer").inner_text()
    page.get_by_role("button", name="重新回答").click()
    expect(page.locator(".turn .waiting")).to_have_count(0)
    expect(page.locator(".turn .tools")).to_be_visible()
    assert page.locator(".turn").count() == 1
    assert page.locator(".turn .answer").inner_text() == first


def test_page_says_its_name_and_language(page: Page):
    assert page.title() == "青问"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("footer a, footer button").count() == 0
