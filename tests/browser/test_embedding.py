"""The chat on another page: one script, one element."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from serving import Server, small_server

pytestmark = pytest.mark.xdist_group("small_bot")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site, and the folder of its pages."""
    folder = tmp_path_factory.mktemp("hospital")
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Another name is another site to a browser; the port alone would not be.
        yield f"http://localhost:{server.server_port}", folder
        server.shutdown()


@pytest.fixture(scope="module")
def welcome(tmp_path_factory: pytest.TempPathFactory, hospital: tuple[str, Path]) -> Iterator[Server]:
    """A server that lets the hospital's site frame its page."""
    with small_server(tmp_path_factory.mktemp("welcome"), origins=[hospital[0]]) as running:
        yield running


def embed(hospital: tuple[str, Path], server: Server, attributes: str = "") -> str:
    """The address of a page of the hospital's with the chat on it."""
    site, folder = hospital
    script = f'<script src="{server.url}/ho-triage.js" defer></script>'
    page = f"<!doctype html><title>Ward</title>{script}<h1>Ward</h1><ho-triage {attributes}></ho-triage>"
    (folder / "index.html").write_text(page)
    return f"{site}/"


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("ho-triage iframe")


def write(page: Page, text: str) -> None:
    chat(page).locator(".message").first.wait_for()
    chat(page).get_by_label("Your message").fill(text)
    chat(page).get_by_label("Your message").press("Enter")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_on_another_site_the_chat_works_and_keeps_its_conversation(
    page: Page, hospital: tuple[str, Path], welcome: Server
) -> None:
    page.goto(embed(hospital, welcome))
    page.get_by_role("button", name="Ask about bone growth").click()
    write(page, "my hip is stiff")
    expect(chat(page).get_by_role("log")).to_contain_text("You said: my hip is stiff")
    page.reload()
    page.get_by_role("button", name="Ask about bone growth").click()
    expect(chat(page).get_by_role("log")).to_contain_text("You said: my hip is stiff")


def test_the_cookie_in_a_frame_belongs_to_that_site_alone(
    page: Page, hospital: tuple[str, Path], welcome: Server
) -> None:
    page.goto(embed(hospital, welcome, "open"))
    chat(page).locator(".message").first.wait_for()
    (cookie,) = page.context.cookies()
    assert cookie["name"] == "ho_triage_frame"
    assert cookie["httpOnly"]
    assert cookie["partitionKey"] == "http://localhost"
    page.goto(welcome.url)
    page.locator(".message").first.wait_for()
    assert {cookie["name"] for cookie in page.context.cookies()} == {"ho_triage_frame", "ho_triage"}


def test_a_site_that_was_not_named_cannot_frame_the_chat(
    page: Page, hospital: tuple[str, Path], small_bot_server: Server
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(embed(hospital, small_bot_server, "open"))
    page.locator("ho-triage iframe").wait_for()
    expect(chat(page).get_by_label("Your message")).to_have_count(0)
    page.wait_for_function("document.readyState === 'complete'")
    assert any("frame-ancestors" in text for text in complaints)


def test_a_site_that_may_frame_the_chat_still_cannot_speak_for_it(
    page: Page, hospital: tuple[str, Path], welcome: Server
) -> None:
    page.goto(embed(hospital, welcome))
    ask = """(url) => {
        fetch(url, {method: "POST", credentials: "include", mode: "no-cors", body: "{}"});
    }"""
    with page.expect_response("**/webhooks/web/session") as answer:
        page.evaluate(ask, f"{welcome.url}/webhooks/web/session")
    assert answer.value.status == 403


def test_the_chat_opens_and_closes_by_keyboard_and_gives_the_focus_back(page: Page, welcome: Server) -> None:
    page.goto(f"{welcome.url}/embed-sample")
    launch = page.get_by_role("button", name="Is my joint too stiff?")
    launch.focus()
    page.keyboard.press("Enter")
    chat(page).locator(".message").first.wait_for()
    chat(page).get_by_label("Your message").focus()
    page.keyboard.press("Escape")
    expect(page.locator("ho-triage iframe")).to_be_hidden()
    expect(launch).to_be_focused()


def test_nothing_of_the_chat_is_loaded_before_it_is_opened(page: Page, welcome: Server) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(urlsplit(request.url).path))
    page.goto(f"{welcome.url}/embed-sample", wait_until="networkidle")
    assert set(requested) == {
        "/embed-sample",
        "/static/sample.css",
        "/static/icon.svg",
        "/ho-triage.js",
    } & set(requested)


def test_a_phone_is_filled_by_the_open_chat(page: Page, welcome: Server) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{welcome.url}/embed-sample")
    page.get_by_role("button", name="Is my joint too stiff?").click()
    box = page.locator("ho-triage iframe").bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 360)


@pytest.mark.parametrize(
    ("attributes", "holds"),
    [
        ('label="Help me"', "root.querySelector('.launch').textContent === 'Help me'"),
        ('side="start"', "root.querySelector('.launch').getBoundingClientRect().left < 100"),
        ("", "root.querySelector('.launch').getBoundingClientRect().left > 500"),
        ("open", "!root.querySelector('.panel').hidden"),
        ("inline", "root.querySelector('iframe') && !root.querySelector('button')"),
        ('src="/elsewhere" open', "root.querySelector('iframe').src.endsWith('/elsewhere')"),
    ],
)
def test_the_element_does_what_its_attributes_say(
    page: Page, hospital: tuple[str, Path], welcome: Server, attributes: str, holds: str
) -> None:
    page.goto(embed(hospital, welcome, attributes))
    page.wait_for_function(
        f"() => {{ const root = document.querySelector('ho-triage').shadowRoot; return root && {holds}; }}"
    )


def test_the_page_around_the_chat_hears_when_it_opens_and_closes(page: Page, welcome: Server) -> None:
    page.goto(f"{welcome.url}/embed-sample")
    page.evaluate("""() => {
        window.heard = [];
        for (const name of ["ho-triage-open", "ho-triage-close"])
            document.addEventListener(name, (event) => window.heard.push(event.type));
        const element = document.querySelector("ho-triage");
        element.show();
        element.hide();
    }""")
    assert page.evaluate("window.heard") == ["ho-triage-open", "ho-triage-close"]


def test_from_a_frame_the_letter_opens_with_the_text_of_this_chat(
    page: Page, hospital: tuple[str, Path], welcome: Server
) -> None:
    page.goto(embed(hospital, welcome, "open"))
    write(page, "letter")
    with page.expect_popup() as opened:
        chat(page).get_by_role("link", name="Print or save").click()
    # The small bot gives no advice, so there is no letter; but the page asked for it and was answered.
    expect(opened.value.get_by_role("status")).to_contain_text(
        "There is no advice yet. Finish the chat first, then come back."
    )


def test_an_origin_that_is_none_stops_the_server_with_its_name(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=r"'https://evil\.example; script-src \*' is no origin"),
        small_server(tmp_path, origins=["https://evil.example; script-src *"]),
    ):
        pass
