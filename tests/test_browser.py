"""The running page in a real browser: Debian's chromium (QINGWEN_CHROMIUM names another), driven by Playwright.

Without a chromium these tests are skipped; QINGWEN_REQUIRE_BROWSER=1 makes that a failure. Screenshots lie in tmp_path.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from index.build import build
from index.embedding import load_embedder
from qa import prompts
from tests.fakes import obey, passages_in
from tests.scripted_server import Pause, serving

ROOT = Path(__file__).parent.parent
TITLE = "青岛市2021年数字城市建设工作报告"
QUESTION = "城市云脑接入了多少个单位？"
CITED = "初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统、219个场景、930余项指标。"
FOLLOW_UP = "那业务系统呢？"
OTHER_QUESTION = "全市政务部门累计上云多少个业务系统？"
REFUSED = "青岛的房价是多少？"
FIRST = re.compile("^来源 ?1$")
DRAFT = "各位领导，大家好！城市云脑接入51个单位。累计召开视频会议1018次。建成海底数据中心3座。"
WIDE, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)
FAILED_LOAD = "Failed to load resource"  # chromium's own line for a 4xx or 5xx


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


@contextmanager
def running(index: Path, *options: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server of our own on a free port, stopped at the end."""
    command = [sys.executable, "ui.py", "--index", str(index), "--port", "0", *options]
    # many tests, one address
    environment = {**os.environ, "QINGWEN_PACE": "10000/minute", **environment}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.fullmatch(r"青问 (http://127\.0\.0\.1:\d+)\n", line)
            assert found, f"the server said {line!r}"
            yield found[1], server
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("votes") / "votes.sqlite"


@pytest.fixture(scope="module")
def address(bundled_index: Path, votes: Path) -> Iterator[str]:
    with running(bundled_index, "--feedback", str(votes)) as (address, _):
        yield address


@contextmanager
def opened(
    chromium: Browser,
    address: str,
    size: tuple[int, int] = WIDE,
    link: str = "",
    kept: dict[str, object] | None = None,
    forgiven: str = "",
    title: str = TITLE,
) -> Iterator[Page]:
    """The page, freshly opened; it must keep to this machine, log no error, go nowhere else and open no dialog.

    Args:
        chromium: The browser.
        address: Where the page is.
        size: Width and height of the window.
        link: What stands in the address after #.
        kept: Settings that the browser has kept.
        forgiven: What an error may say that may be logged, as a regular expression.
        title: The title of the report.
    """
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", accept_downloads=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(10_000)
    if kept is not None:
        context.add_init_script(f"localStorage.setItem('qingwen', JSON.stringify({json.dumps(kept)}))")
    page = context.new_page()
    complaints: list[str] = []
    hosts: set[str | None] = set()

    def complain(said: str) -> None:
        if not (forgiven and re.search(forgiven, said)):
            complaints.append(said)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complain(message.text)

    def note(sent: Request) -> None:
        if sent.url.startswith("http"):
            hosts.add(urlsplit(sent.url).hostname)

    page.on("console", hear)
    page.on("pageerror", lambda error: complain(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", note)
    page.goto(f"{address}/#{link}")
    expect(page.locator("#reading h2")).to_have_text(title)
    expect(page.locator("#try")).to_be_attached()
    yield page
    assert page.url.startswith(f"{address}/")
    context.close()
    assert complaints == []
    assert hosts == {"127.0.0.1"}


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    with opened(chromium, address, getattr(request, "param", WIDE)) as page:
        yield page


everywhere = pytest.mark.parametrize("page", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"], indirect=True)


def ask(page: Page, question: str) -> Locator:
    """Ask, wait until the answer is all there, and give its turn."""
    turns = page.locator(".turn").count()
    page.get_by_label("您的问题").fill(question)
    page.get_by_label("您的问题").press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    turn = page.locator(".turn").last
    expect(turn.locator(".tools")).to_be_visible(timeout=20_000)
    return turn


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


def wait_for_view(page: Page, selector: str) -> None:
    deadline = time.monotonic() + 5
    while not is_in_view(page, selector):
        assert time.monotonic() < deadline, f"{selector} did not come into view"
        page.wait_for_timeout(50)


# ---------------------------------------------------------------- asking


@everywhere
def test_figure_comes_first_and_its_mark_shows_the_sentence_in_the_report(page: Page, tmp_path: Path):
    page.screenshot(path=tmp_path / "opened.png")
    turn = ask(page, QUESTION)
    expect(turn.locator(".short")).to_have_text("41个单位")
    expect(turn.locator(".sentence")).to_contain_text(CITED)
    expect(turn.locator(".source")).to_contain_text(f"《{TITLE}》")
    expect(turn.locator(".label")).to_have_text(prompts.LABEL)
    wait_for_view(page, ".short")
    page.screenshot(path=tmp_path / "answered.png")
    mark = page.get_by_role("button", name=FIRST)
    mark.click()
    expect(page.locator("mark.current")).to_have_text(CITED)
    expect(page.locator("mark.current")).to_be_focused()
    expect(page.locator(".path")).to_contain_text("(二)全面推进城市治理“一网统管”")
    wait_for_view(page, "mark.current")
    page.screenshot(path=tmp_path / "shown.png")
    page.locator(".back, .close").locator("visible=true").click()
    expect(mark).to_be_focused()
    wait_for_view(page, "#mark-0-1")


def test_answer_on_a_wide_page_shows_its_sentence_in_the_report_at_once(page: Page):
    ask(page, OTHER_QUESTION)
    expect(page.locator("mark.current")).to_contain_text("累计上云765个业务系统")
    wait_for_view(page, "mark.current")


def test_follow_up_is_completed_and_says_so(page: Page):
    ask(page, QUESTION)
    turn = ask(page, FOLLOW_UP)
    expect(turn.locator(".understood")).to_have_text("按这个问题回答：城市云脑的业务系统有多少？")
    expect(turn.locator(".short")).to_have_text("121个业务系统")


def test_refusal_offers_questions_that_are_asked_when_tapped(page: Page):
    turn = ask(page, REFUSED)
    expect(turn.locator(".short")).to_have_count(0)
    expect(turn.locator(".reason")).to_be_visible()
    suggestion = turn.locator(".questions button").first
    question = suggestion.inner_text()
    suggestion.click()
    expect(page.locator(".asked").last).to_have_text(f"您问：{question}")
    expect(page.locator(".turn").last.locator(".short")).to_be_visible()


def test_example_is_asked_when_tapped(page: Page):
    example = page.locator("#examples button").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".asked")).to_have_text(f"您问：{question}")
    expect(page.get_by_role("button", name=FIRST)).to_be_visible()
    expect(page.locator("#greeting")).to_be_hidden()


def test_marks_of_an_earlier_answer_still_work(page: Page):
    ask(page, QUESTION)
    ask(page, OTHER_QUESTION)
    expect(page.locator("mark.current")).to_contain_text("累计上云765个业务系统")
    page.locator("#mark-0-1").click()
    expect(page.locator("mark.current")).to_have_text(CITED)
    wait_for_view(page, "mark.current")


def test_answer_can_be_asked_again_and_its_question_edited(page: Page):
    first = ask(page, QUESTION).locator(".sentence").inner_text()
    page.get_by_role("button", name="重新回答").click()
    expect(page.locator(".turn .tools")).to_be_visible()
    assert page.locator(".turn").count() == 1
    assert page.locator(".turn .sentence").inner_text() == first
    page.get_by_role("button", name="修改问题").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("您的问题")).to_have_value(QUESTION)
    expect(page.get_by_label("您的问题")).to_be_focused()


def test_enter_that_chooses_a_character_does_not_ask(page: Page):
    box = page.get_by_label("您的问题")
    box.fill("城市")
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    box.press("Shift+Enter")
    page.wait_for_timeout(300)
    expect(page.locator(".turn")).to_have_count(0)
    expect(box).to_have_value("城市\n")


def test_copied_answer_carries_its_proof_and_its_label(page: Page):
    ask(page, QUESTION)
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0] == QUESTION
    assert "41个单位" in copied[1]
    assert copied[3].startswith(f"[1] 《{TITLE}》 › 一、数字政府")
    assert copied[3].endswith(CITED)
    assert copied[-1] == prompts.LABEL


# ---------------------------------------------------------------- several reports

YEARS = {
    2021: "云溪县2021年卫生健康工作报告\n一、基层医疗\n全县新建村级卫生室18所。\n家庭医生签约率达到71.5%。\n",
    2022: "云溪县2022年卫生健康工作报告\n一、基层医疗\n全县新建村级卫生室25所。\n家庭医生签约率达到78.2%。\n",
}
RATE = "家庭医生签约率是多少？"


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the reports of two years, with somebody to turn to."""
    folder = tmp_path_factory.mktemp("years")
    for year, text in YEARS.items():
        (folder / f"yunxi-{year}.txt").write_text(text, encoding="utf-8")
    build([folder / f"yunxi-{year}.txt" for year in YEARS], folder / "index", load_embedder(None))
    with running(folder / "index", QINGWEN_CONTACT="12345热线") as (address, _):
        yield address


def title_of(year: int) -> str:
    return YEARS[year].partition("\n")[0]


@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
def test_question_is_kept_to_the_report_that_is_chosen(chromium: Browser, years: str, size: tuple[int, int]):
    with opened(chromium, years, size, title=title_of(2021)) as page:
        turn = ask(page, RATE)
        expect(turn.locator(".short")).to_have_text(
            [f"《{title_of(2022)}》78.2%（2022年）", f"《{title_of(2021)}》71.5%（2021年）"]
        )
        expect(turn.locator(".kept")).to_have_count(0)
        scope = page.locator("#asking .scope")
        expect(scope.locator("summary")).to_have_text("只问：全部报告")
        scope.locator("summary").press("Enter")
        scope.get_by_label(title_of(2021)).press("Space")
        expect(scope.locator("summary")).to_have_text(f"只问：《{title_of(2021)}》")
        turn = ask(page, RATE)
        expect(turn.locator(".kept")).to_have_text(f"只问：《{title_of(2021)}》")
        expect(turn.locator(".short")).to_have_text("71.5%")
        turn = ask(page, "那村级卫生室呢？")  # the talk before it is kept to that report too
        expect(turn.locator(".short")).to_have_text("18所")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        turn.get_by_role("button", name="分享链接").click()
        link = page.evaluate("navigator.clipboard.readText()").partition("#")[2]
        turn = ask(page, REFUSED)
        expect(turn.locator(".contact")).to_have_text("需要帮助，请联系：12345热线")
        scope.get_by_label(title_of(2022)).check()  # both are all
        expect(scope.locator("summary")).to_have_text("只问：全部报告")
        expect(scope.locator("input:checked")).to_have_count(2)
        scope.get_by_role("button", name="全部报告").click()
        expect(scope.locator("input:checked")).to_have_count(0)
        expect(ask(page, RATE).locator(".short")).to_have_count(2)
    with opened(chromium, years, size, link=link, title=title_of(2021)) as page:
        expect(page.locator(".turn .short")).to_have_text("18所")
        expect(page.locator("#asking .scope summary")).to_have_text(f"只问：《{title_of(2021)}》")


def test_draft_is_held_against_the_report_that_is_chosen(chromium: Browser, years: str, tmp_path: Path):
    with opened(chromium, years, title=title_of(2021)) as page:
        check(page, "云溪县新建村级卫生室25所。")
        expect(page.locator(".tag")).to_have_text("一致")
        scope = page.locator("#checking .scope")
        scope.locator("summary").click()
        scope.get_by_label(title_of(2021)).check()
        expect(scope.locator("summary")).to_have_text(f"只对照：《{title_of(2021)}》")
        page.get_by_role("button", name="开始核查").click()
        expect(page.locator(".tag")).to_have_text("不符")
        with page.expect_download() as download:
            page.get_by_role("button", name="下载清单 (.csv)").click()
        download.value.save_as(tmp_path / "out.csv")
        assert "云溪县新建村级卫生室18所。" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_choice_is_not_there_where_there_is_one_report(page: Page):
    expect(page.locator(".scope")).to_have_count(2)
    assert page.locator(".scope").evaluate_all("all => all.map((one) => one.checkVisibility())") == [False, False]
    turn = ask(page, QUESTION)
    expect(turn.locator(".from")).to_be_hidden()
    expect(page.locator(".contact")).to_have_count(0)


@pytest.mark.parametrize(("size", "care"), [(WIDE, False), (PHONE, True)], ids=["wide", "large-type"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_where_reports_are_chosen(
    chromium: Browser, years: str, size: tuple[int, int], care: bool, dark: bool
):
    with opened(chromium, years, size, kept={"care": care, "dark": dark}, title=title_of(2021)) as page:
        page.locator("#asking .scope summary").click()
        page.locator("#asking .scope").get_by_label(title_of(2021)).check()
        assert violations(page) == []
        ask(page, REFUSED)
        page.locator("#asking .scope").get_by_role("button", name="全部报告").click()
        ask(page, RATE)
        assert violations(page) == []
        page.get_by_role("button", name="核查文稿").click()
        page.locator("#checking .scope summary").click()
        assert violations(page) == []


def test_gradio_client_keeps_a_question_to_some_reports(years: str):
    client = Client(years, verbose=False, analytics_enabled=False)
    asked = {"earlier": [RATE], "documents": ["yunxi-2021"], "api_name": "/ask"}
    assert client.predict("那村级卫生室呢？", **asked)["short"] == "18所"
    assert client.predict(RATE, api_name="/ask")["short"] == "78.2%（2022年）、71.5%（2021年）"
    with pytest.raises(AppError, match="没有名为“beihai”的报告。"):
        client.predict(RATE, [], ["beihai"], api_name="/ask")


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_link_to_a_spot_reopens_exactly_that_spot(chromium: Browser, address: str, page: Page, size: tuple[int, int]):
    ask(page, QUESTION)
    page.get_by_role("button", name=FIRST).click()
    page.get_by_role("button", name="复制此处链接").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{address}/#qingdao-2021/529-580/[0-9a-f]{{16}}-[0-9a-f]{{8}}", link)
    with opened(chromium, address, size, link=link.partition("#")[2]) as other:
        expect(other.locator("mark.current")).to_have_text(CITED)
        expect(other.locator(".changed")).to_have_count(0)
        wait_for_view(other, "mark.current")


def test_link_to_a_passage_that_has_changed_says_so(chromium: Browser, address: str):
    with opened(chromium, address, link="qingdao-2021/529-580/0123456789abcdef-01234567") as page:
        expect(page.locator(".changed")).to_have_text("这段文字已有改动，下面是报告现在的相应位置。")
        expect(page.locator("[data-here]")).to_contain_text(CITED)
        wait_for_view(page, "[data-here]")


def test_link_into_a_report_that_is_not_there_says_so(chromium: Browser, address: str):
    with opened(chromium, address, link="beijing-1999/0-9", forgiven=FAILED_LOAD) as page:
        expect(page.locator("#refused")).to_have_text("找不到这个链接所指的报告。")


def test_shared_answer_is_asked_again_from_its_link(chromium: Browser, address: str, page: Page):
    ask(page, QUESTION)
    ask(page, FOLLOW_UP)
    page.locator(".turn").last.get_by_role("button", name="分享链接").click()
    link = page.evaluate("navigator.clipboard.readText()")
    with opened(chromium, address, link=link.partition("#")[2]) as other:
        expect(other.locator(".asked")).to_have_text("您问：城市云脑的业务系统有多少？")
        expect(other.locator(".short")).to_have_text("121个业务系统")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_sheet_on_a_phone_is_closed_by_the_way_back_and_by_escape(page: Page):
    ask(page, QUESTION)
    mark = page.get_by_role("button", name=FIRST)
    for leave in (lambda: page.go_back(), lambda: page.keyboard.press("Escape"), lambda: page.click("#shade")):
        mark.click()
        expect(page.get_by_role("dialog", name="报告与出处")).to_be_visible()
        assert page.evaluate("document.getElementById('talk').inert")
        leave()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(mark).to_be_focused()


@everywhere
def test_outline_leads_to_a_section_and_offers_questions_of_it(page: Page):
    if page.locator("#open").is_visible():
        page.locator("#open").click()
    page.get_by_role("button", name="目录").click()
    entry = page.locator(".outline li").nth(1)
    entry.get_by_role("button", name="可以问").click()
    question = entry.locator(".questions button").first.inner_text()
    entry.locator("[data-goto]").click()
    expect(page.locator(".text h4").first).to_be_focused()
    wait_for_view(page, ".text h4")
    page.get_by_role("button", name="目录").click()
    entry.locator(".questions button").first.click()
    expect(page.locator(".asked")).to_have_text(f"您问：{question}")
    expect(page.locator(".turn .short")).to_be_visible()


# ---------------------------------------------------------------- votes


def test_vote_and_its_reason_are_kept(page: Page, votes: Path):
    before = sqlite3.connect(votes).execute("SELECT count(*) FROM feedback").fetchone()[0]
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="有帮助", exact=True).click()
    expect(turn.get_by_role("button", name="有帮助", exact=True)).to_have_attribute("aria-pressed", "true")
    turn.get_by_role("button", name="没有帮助").click()
    turn.get_by_label("哪里不好").fill("请打13800000000")
    turn.get_by_role("button", name="提交").click()
    expect(turn.locator(".thanks")).to_be_visible()
    rows = sqlite3.connect(votes).execute("SELECT up, reason FROM feedback").fetchall()
    assert rows[before:] == [(0, "请打＊")]


# ---------------------------------------------------------------- checking a text


def check(page: Page, text: str) -> None:
    page.get_by_role("button", name="核查文稿").click()
    page.get_by_label("要核查的文字").fill(text)
    page.get_by_role("button", name="开始核查").click()
    expect(page.locator("#result")).to_be_visible()


@everywhere
def test_checked_text_is_labelled_in_words_and_shows_what_differs(page: Page, address: str, tmp_path: Path):
    check(page, DRAFT)
    body = json.dumps({"text": DRAFT}).encode()
    request = urllib.request.Request(f"{address}/v1/check", body, {"Content-Type": "application/json"})
    verdicts = json.load(urllib.request.urlopen(request))["verdicts"]
    labels = {"refuted": "不符", "supported": "一致", "not_enough_info": "未提到"}
    expected = [(v["claim"], labels[v["verdict"]]) for v in verdicts if v["verdict"] in labels]
    shown = page.locator(".claim").evaluate_all("all => all.map(c => [...c.children].map(part => part.textContent))")
    assert [tuple(pair) for pair in shown] == expected
    assert [label for _, label in expected] == ["不符", "一致", "未提到"]
    assert page.locator("#checked").evaluate("e => e.textContent").startswith("各位领导，大家好！")
    page.get_by_role("button", name="不符").click()
    expect(page.locator("#finding")).to_contain_text("数值不符")
    expect(page.locator("mark.current")).to_have_text(CITED)
    page.screenshot(path=tmp_path / "checked.png")
    page.get_by_role("button", name="复制改正句").click()
    assert page.evaluate("navigator.clipboard.readText()") == "城市云脑接入41个单位。"


def test_press_release_gets_its_25_verdicts_on_the_page(page: Page):
    folder = ROOT / "tests" / "data"
    lines = (folder / "press_release.jsonl").read_text(encoding="utf-8").splitlines()
    labels = {"refuted": "不符", "supported": "一致", "not_enough_info": "未提到"}
    expected = [(claim["claim"], labels[claim["verdict"]]) for claim in map(json.loads, lines)]
    check(page, (folder / "press_release.txt").read_text(encoding="utf-8"))
    shown = page.locator(".claim").evaluate_all("all => all.map(c => [...c.children].map(part => part.textContent))")
    assert [tuple(pair) for pair in shown] == expected
    assert len(expected) == 25


def test_corrected_text_is_copied_and_both_files_are_downloaded(page: Page, tmp_path: Path):
    check(page, DRAFT)
    page.get_by_role("button", name="复制改正后的全文").click()
    assert page.evaluate("navigator.clipboard.readText()") == DRAFT.replace("51个单位", "41个单位")
    for name, beginning in (("下载批注稿 (.docx)", b"PK"), ("下载清单 (.csv)", b"\xef\xbb\xbf")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        assert saved.read_bytes().startswith(beginning)
        assert saved.name.startswith("draft-核查.")


def test_dropped_file_is_checked(page: Page, tmp_path: Path):
    page.get_by_role("button", name="核查文稿").click()
    draft = tmp_path / "稿𠮷.txt"
    draft.write_text(f"𠮷祥。{DRAFT}", encoding="utf-8")  # beyond the first plane: two units in the browser, one here
    page.locator("#file").set_input_files(draft)
    expect(page.locator(".claim.refuted > span")).to_have_text("城市云脑接入51个单位。")


def test_file_that_cannot_be_read_says_why(chromium: Browser, address: str, tmp_path: Path):
    with opened(chromium, address, link="check", forgiven=FAILED_LOAD) as page:
        wrong = tmp_path / "稿.docx"
        wrong.write_bytes(b"not a Word file")
        page.locator("#file").set_input_files(wrong)
        expect(page.locator("#check-refused")).to_contain_text("稿.docx")


# ---------------------------------------------------------------- people


def test_large_type_is_large_has_one_column_and_stays(page: Page, tmp_path: Path):
    page.get_by_role("button", name="关怀版").click()
    page.reload()
    expect(page.get_by_role("button", name="关怀版")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#source")).to_be_hidden()
    turn = ask(page, QUESTION)
    expect(turn.locator(".short")).to_have_text("41个单位")
    expect(turn.get_by_role("button", name="朗读")).to_be_visible()
    page.screenshot(path=tmp_path / "care.png")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("#masthead *, #talk *")]
            .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
            .filter((e) => !e.closest(".unseen, #skip"))
            .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 20
    small = page.evaluate(
        """() => [...document.querySelectorAll("#masthead button, #masthead select, #talk button, #talk textarea")]
            .filter((e) => e.checkVisibility())
            .map((e) => {
                const after = getComputedStyle(e, "::after");
                const inset = after.position === "absolute" ? -parseFloat(after.top) * 2 : 0;
                return [e.textContent, e.offsetWidth, e.offsetHeight + inset];
            }).filter(([, width, height]) => width < 60 || height < 60)"""
    )
    assert small == []
    page.get_by_role("button", name=FIRST).click()
    expect(page.get_by_role("dialog", name="报告与出处")).to_be_visible()
    expect(page.locator("mark.current")).to_have_text(CITED)


def test_interface_speaks_three_languages_and_answers_keep_their_words(page: Page):
    sentence = ask(page, QUESTION).locator(".sentence").inner_text()
    send = page.locator("#send")
    for language, label, heard in (("zh-TW", "提問", "複製"), ("en", "Ask", "Copy"), ("zh-CN", "提问", "复制")):
        page.locator("#language").select_option(language)
        expect(send).to_have_text(label)
        expect(page.locator(".turn [data-copy]")).to_have_text(heard)
        assert page.evaluate("document.documentElement.lang") == language
        assert page.locator(".turn .sentence").inner_text().replace("Source ", "").startswith(sentence[:40])
    page.locator("#language").select_option("en")
    page.reload()
    expect(send).to_have_text("Ask")
    page.locator("#question").fill(QUESTION)
    send.click()
    expect(page.locator(".turn .label")).to_contain_text("Composed by AI")  # drawn later, still translated
    expect(page.locator(".turn .short")).to_have_text("41个单位")


def test_reasons_and_differences_are_told_in_the_language_of_the_page(page: Page):
    """Constant, with a slot, with a phrase in its slot, two sentences, and around words that stay the report's."""
    told = {
        REFUSED: (
            "我只能回答報告裡寫到的內容，這個問題與報告無關。",
            "I can only answer what is written in the report, and this question is not about it.",
        ),
        "上海市的城市云脑接入了多少个单位？": ("報告沒有提到“上海”的情況。", "The report says nothing of “上海”."),
        "城市云脑花了多少钱？": (
            "報告講到了相關工作，但沒有給出您問的金額。",
            "The report speaks of this work, but does not give the amount of money you ask for.",
        ),
        "谢谢": ("不客氣。報告裡的內容，您可以繼續問。", "You are welcome. Do go on asking about the report."),
    }
    for question, (traditional, english) in told.items():
        reason = ask(page, question).locator(".reason")
        chinese = reason.inner_text()
        for language, said in (("zh-TW", traditional), ("en", english), ("zh-CN", chinese)):
            page.locator("#language").select_option(language)
            expect(reason).to_have_text(said)
            expect(reason).to_have_attribute("lang", language)
    sentence = ask(page, "城市云脑接入了51个单位吗？").locator(".sentence").first
    page.locator("#language").select_option("en")
    expect(sentence).to_contain_text("Other than the question says, the report has “41个单位”, not “51个单位”.")
    page.locator("[data-view-of=check]").click()
    page.locator("#draft").fill("城市云脑接入51个单位的191个业务系统。")
    page.locator("#check").click()
    page.locator(".tag").click()
    expect(page.locator("#finding .told")).to_have_text(["Value: 51个 → 41个单位", "Value: 191个 → 121个业务系统"])


def test_dark_mode_follows_the_system_until_it_is_chosen(chromium: Browser, address: str):
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 21, 23)"
    page.get_by_role("button", name="深色").click()
    page.reload()
    expect(page.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(238, 243, 242)"
    context.close()


def test_everything_can_be_done_with_the_keyboard_alone(page: Page):
    def go_to(locator: Locator) -> None:
        for _ in range(80):
            if locator.evaluate("e => e === document.activeElement"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"Tab does not lead to {locator}")

    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("您的问题")).to_be_focused()
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .tools")).to_be_visible()
    page.get_by_label("您的问题").evaluate("e => e.blur()")
    mark = page.get_by_role("button", name=FIRST)
    go_to(mark)
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    go_to(page.get_by_role("button", name="返回", exact=True))
    page.keyboard.press("Enter")
    expect(mark).to_be_focused()
    go_to(page.get_by_role("button", name="有帮助", exact=True))
    page.keyboard.press("Space")
    expect(page.locator(".thanks")).to_be_visible()
    go_to(page.get_by_role("button", name="核查文稿"))
    page.keyboard.press("Enter")
    go_to(page.get_by_label("要核查的文字"))
    page.keyboard.insert_text(DRAFT)
    go_to(page.get_by_role("button", name="开始核查"))
    page.keyboard.press("Enter")
    expect(page.locator("#result h3").first).to_be_focused()
    go_to(page.get_by_role("button", name="不符"))
    page.keyboard.press("Enter")
    expect(page.locator("#finding h3")).to_be_focused()


def test_screen_reader_hears_the_answer_once_it_is_there(page: Page):
    expect(page.get_by_role("status").first).to_have_attribute("aria-live", "polite")
    ask(page, QUESTION)
    expect(page.locator("#status")).to_have_text(f"回答：41个单位{CITED}")


@everywhere
def test_page_is_no_wider_than_the_window(page: Page):
    ask(page, "<" + "宽" * 200 + "w" * 200)
    check(page, DRAFT + "w" * 300)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_wide_page_itself_does_not_scroll(page: Page):
    for _ in range(3):
        ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert is_in_view(page, "#send")


def test_page_says_its_name_and_language(page: Page):
    assert page.title() == "青问"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("footer a, footer button").count() == 0


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds fault with: its rule, and where."""
    found = Axe().run(page).response["violations"]
    return [(fault["id"], node["html"][:200]) for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("size", "care"), [(WIDE, False), (PHONE, False), (PHONE, True)], ids=["wide", "phone", "large-type"]
)
def test_axe_finds_nothing_on_any_view(chromium: Browser, address: str, size: tuple[int, int], care: bool, dark: bool):
    with opened(chromium, address, size, kept={"care": care, "dark": dark}) as page:
        assert violations(page) == []
        turn = ask(page, QUESTION)
        turn.get_by_role("button", name="没有帮助").click()
        expect(page.get_by_label("哪里不好")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name=FIRST).click()
        expect(page.locator("mark.current")).to_be_focused()
        assert violations(page) == []
        page.get_by_role("button", name="目录").click()
        page.get_by_role("button", name="可以问").first.click()
        expect(page.locator(".outline .questions button").first).to_be_visible()
        assert violations(page) == []
        page.locator(".back, .close").locator("visible=true").click()
        ask(page, REFUSED)
        assert violations(page) == []
        check(page, DRAFT)
        page.get_by_role("button", name="不符").click()
        expect(page.locator("mark.current")).to_be_visible()
        assert violations(page) == []


# ---------------------------------------------------------------- when things go otherwise


def payloads() -> list[str]:
    """More than 200 ways to make a page run something, load something, or lead somewhere else; each sets `broken`."""
    runs = "window.broken=1"
    events = (
        "onerror",
        "onload",
        "onfocus",
        "onmouseover",
        "onclick",
        "ontoggle",
        "onanimationstart",
        "onpointerenter",
    )
    tags = (
        "img src=x",
        "svg",
        "input autofocus",
        "details open",
        "video src=x",
        "iframe",
        "body",
        "a tabindex=0",
        "math",
    )
    made = [f"<{tag} {event}={runs}>" for tag in tags for event in events]
    made += [f'<{tag}\n{event.upper()}\t="{runs}"//' for tag in tags for event in events[:3]]
    made += [f"\"'><{tag} {event}={runs}>" for tag in tags[:6] for event in events[:3]]
    away = (
        "http://evil.example/x",
        "//evil.example/x",
        "https:\\\\evil.example",
        f"javascript:{runs}",
        "data:text/html,x",
    )
    loads = (
        *(
            "<img src='{}'>",
            "<link rel=stylesheet href='{}'>",
            "<style>@import '{}'</style>",
            "<object data='{}'></object>",
        ),
        *("<div style='background:url({})'>", "<embed src='{}'>", "<script src='{}'></script>", "<base href='{}'>"),
        *(
            "<meta http-equiv=refresh content='0;url={}'>",
            "<form action='{}'><button autofocus>",
            "<a href='{}'>看</a>",
        ),
        *("![图]({})", "[看]({})", "![图][1]\n\n[1]: {}", "<svg><image href='{}'/></svg>", "<video poster='{}'>"),
        *(
            "<svg><use href='{}#x'/></svg>",
            "<audio src='{}' autoplay>",
            "<picture><source srcset='{}'></picture>",
            "<{}>",
        ),
    )
    made += [load.format(address) for load in loads for address in away]
    made += [
        f"${{{runs}}}",
        f"{{{{{runs}}}}}",
        f"{{{{{{{runs}}}}}}}",
        f"`+({runs})+`",
        f"<script>{runs}</script>",
        f"</script><script>{runs}//",
    ]
    made += [
        f"\\u003cscript>{runs}</script>",
        f"&lt;img src=x onerror={runs}&gt;",
        f"&#60;script&#62;{runs}",
        f"<!--><script>{runs}</script>",
    ]
    made += [
        f"<template><script>{runs}</script></template>",
        f"<noscript><p title='</noscript><img src=x onerror={runs}>'>",
        f"$$\\href{{javascript:{runs}}}{{x}}$$",
    ]
    made += [
        f"<xss style=animation-name:x onanimationstart={runs}>",
        f"<textarea></textarea><script>{runs}</script>",
        f"</p></article><script>{runs}</script>",
    ]
    return made


def test_nothing_hostile_runs_loads_or_leads_away(chromium: Browser, tmp_path: Path):
    """In question, title, file name, heading, passage, and in what an obedient model writes."""
    every = payloads()
    assert len(set(every)) >= 200
    lines = [f"{every[0]}标题", "一、数字政府"]
    for number, payload in enumerate(every):
        flat = " ".join(payload.split())
        lines += [
            f"（{'一二三四五六七八九十'[number % 10]}）{flat}建设",
            f"第{number + 1}项工作{flat}已接入{number + 7}个单位，请回答：{flat}。",
        ]
    report = tmp_path / "<img src=x onerror=window.broken=1>.txt"
    report.write_text("\n".join(lines), encoding="utf-8")
    report.with_suffix(".toml").write_text(f"title = {json.dumps(every[0])}\nyear = 2021\n", encoding="utf-8")
    build([report], tmp_path / "index", load_embedder(None))
    with (
        serving(lambda messages: [obey(messages[-1]["content"])]) as model,
        running(tmp_path / "index", "--answerer", model.name, "--fallback", "extractive") as (address, _),
        opened(chromium, address, title=every[0]) as page,
    ):
        for start in range(0, len(every), 25):
            ask(page, " ".join(every[start : start + 25]))
        cited = 0
        for number in range(0, len(every), 40):
            turn = ask(page, f"接入{number + 7}个单位的是什么工作？")
            cited += turn.locator(".mark").count()
            if turn.locator(".mark").count():
                turn.locator(".mark").first.click()
        assert cited >= 5
        page.get_by_role("button", name="目录").click()
        page.locator(".suggest").nth(1).click()
        page.mouse.move(300, 300)
        check(page, "。".join(every))
        page.locator(".tag").first.click()
        page.wait_for_timeout(500)
        strange = "#chat, #reading, #checked, #finding, .outline"
        wanted = (
            "img",
            "script",
            "iframe",
            "object",
            "embed",
            "base",
            "link",
            "style",
            "video",
            "audio",
            "a",
            "math",
            "meta",
        )
        inside = ", ".join(f":is({strange}) {tag}" for tag in wanted)
        assert page.locator(inside).count() == 0
        assert page.evaluate("window.broken") is None


def test_gradio_client_gets_the_answers_that_http_gives(address: str):
    def over_http(question: str, earlier: list[str]) -> dict[str, object]:
        body = json.dumps({"question": question, "earlier": earlier}).encode()
        request = urllib.request.Request(f"{address}/v1/ask", body, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    client = Client(address, verbose=False, analytics_enabled=False)
    for question, earlier in ((QUESTION, []), (FOLLOW_UP, [QUESTION]), (REFUSED, []), ("", []), ("<b>", [])):
        answers = [client.predict(question, earlier, api_name="/ask"), over_http(question, earlier)]
        for answer in answers:
            del answer["timings_ms"]
        assert answers[0] == answers[1]


def test_model_s_sentences_take_the_place_of_the_extractive_answer(chromium: Browser, bundled_index: Path):
    def script(messages: list[dict[str, str]]) -> Iterator[str | Pause]:
        mark = next(mark for mark, text in passages_in(messages[-1]["content"]).items() if CITED in text)
        yield Pause(1.5)
        yield f"城市云脑接入41个单位。{mark}"
        yield Pause(1.5)

    with (
        serving(script) as model,
        running(bundled_index, "--answerer", model.name) as (address, _),
        opened(chromium, address) as page,
    ):
        page.get_by_label("您的问题").fill(QUESTION)
        page.get_by_label("您的问题").press("Enter")
        expect(page.locator(".provisional")).to_contain_text("以下为报告原文摘录，正在由模型组织回答")
        expect(page.locator(".sentence")).to_contain_text(CITED)
        expect(page.locator("#stop")).to_be_visible()
        expect(page.locator(".sentence")).to_have_text("城市云脑接入41个单位。来源1")
        expect(page.locator(".turn .tools")).to_be_visible()
        expect(page.locator(".provisional")).to_have_count(0)


def test_answer_under_way_ends_well_when_its_reader_or_the_server_stops(chromium: Browser, bundled_index: Path):
    with (
        serving(lambda messages: [Pause(30)]) as model,
        running(bundled_index, "--answerer", model.name) as (address, server),
        opened(chromium, address, forgiven="ERR_|Failed to fetch") as page,
    ):
        page.get_by_label("您的问题").fill(QUESTION)
        page.get_by_label("您的问题").press("Enter")
        expect(page.locator(".provisional")).to_be_visible()
        page.get_by_role("button", name="停止").click()
        turn = page.locator(".turn").last
        expect(turn).to_contain_text("已停止。")
        expect(turn.locator(".sentence")).to_contain_text(CITED)
        expect(turn.locator(".provisional")).to_have_count(0)
        assert model.gone.wait(20)  # the model is not left to write for nobody
        turn.get_by_role("button", name="重新回答").click()
        expect(page.locator(".provisional")).to_be_visible()
        server.send_signal(signal.SIGTERM)
        expect(page.locator(".turn .tools")).to_be_visible(timeout=3000)
        expect(page.locator(".sentence")).to_contain_text(CITED)
        assert server.wait(8) is not None  # sooner than the grace that open streams get


def test_too_many_questions_are_turned_away_in_chinese_and_not_lost(chromium: Browser, bundled_index: Path):
    with (
        running(bundled_index, QINGWEN_PACE="1/hour") as (address, _),
        opened(chromium, address, forgiven=FAILED_LOAD) as page,
    ):
        expect(ask(page, QUESTION).locator(".vote")).to_be_hidden()  # nor are votes asked for where none are kept
        page.get_by_label("您的问题").fill(OTHER_QUESTION)
        page.get_by_label("您的问题").press("Enter")
        expect(page.locator("#refused")).to_contain_text("您提问得太快了")
        expect(page.get_by_label("您的问题")).to_have_value(OTHER_QUESTION)
        page.get_by_role("button", name="重新回答").click()
        expect(page.locator(".turn .tools")).to_be_visible()  # what was answered before is still there
