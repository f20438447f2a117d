"""The real assistant, from `python -m bot serve` to the verdict on the page."""

import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Server, free_port, serving

pytestmark = pytest.mark.xdist_group("assistant")


@contextmanager
def started(folder: Path, port: int) -> Iterator[Server]:
    """The assistant as `make run` starts it, with its data in ``folder``."""
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--data", str(folder / "data")]
    with serving(command, folder, port, {"HO_TRIAGE_COUNTRY": "GB", "HO_TRIAGE_TOKEN": ""}) as running:
        yield running


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that serves all tests of this file."""
    with started(tmp_path_factory.mktemp("assistant"), free_port()) as running:
        yield running


@pytest.fixture
def phone(assistant: Server, browser: Browser) -> Iterator[Page]:
    """The page on the smallest phone, opened by somebody new, who agreed to begin."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, base_url=assistant.url)
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.goto("/")
    opened.get_by_role("button", name="Yes, start").click()
    expect(opened.get_by_role("log")).to_contain_text("what happened")
    yield opened
    context.close()


def answered(page: Page) -> None:
    # Somebody is seen to write until the whole answer has come.
    expect(page.locator("#typing")).to_be_hidden(timeout=30_000)
    expect(page.locator(".message.waiting")).to_have_count(0)


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")
    answered(page)


def choose(page: Page) -> None:
    """Press "Yes, it is right", "No", "None of these" or the first answer, whichever is there."""
    buttons = page.locator("#choices .replies button")
    titles = buttons.all_inner_texts()
    preferred = [title for title in ("Yes, it is right", "No", "None of these") if title in titles]
    buttons.nth(titles.index(preferred[0]) if preferred else 0).click()
    answered(page)


def to_the_card(page: Page, answer: Callable[[Page], None]) -> None:
    """Answer until the verdict's card is there; no conversation has more than 30 questions."""
    for _ in range(30):
        if page.locator(".verdict").count():
            return
        answer(page)
    raise AssertionError(page.get_by_role("log").inner_text())


def type_an_answer(page: Page) -> None:
    is_it_right = page.get_by_role("button", name="Yes, it is right").count()
    write(page, "yes" if is_it_right else "no")


STORY = "I broke my thigh bone 6 weeks ago, they put a rod in, and now the knee won't bend"


def test_a_conversation_by_typing_leads_to_a_card_that_is_read_from_its_top(phone: Page) -> None:
    write(phone, STORY)
    to_the_card(phone, type_an_answer)
    expect(phone.locator(".verdict h2")).to_be_in_viewport()
    expect(phone.locator(".verdict")).to_contain_text("Chance of extra bone (HO):")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_conversation_by_buttons_leads_to_a_card(phone: Page) -> None:
    write(phone, STORY)
    to_the_card(phone, choose)
    expect(phone.locator(".verdict h2")).to_be_in_viewport()


def test_a_conversation_by_keyboard_alone_leads_to_a_card_and_to_its_sources(
    assistant: Server, browser: Browser
) -> None:
    page = browser.new_page(base_url=assistant.url)
    page.goto("/")
    expect(page.get_by_role("button", name="Yes, start")).to_be_visible()
    tab_to(page, "Yes, start")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("what happened")
    tab_to(page, "Your message")
    page.keyboard.type(STORY)
    page.keyboard.press("Enter")
    answered(page)
    to_the_card(page, choose_by_keyboard)
    tab_to(page, "Sources")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict details[open] a[href^=https]").first).to_be_visible()
    page.close()


def tab_to(page: Page, *names: str) -> None:
    """Press the Tab key until the focus is on something with one of these names."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) in names:
            return
    raise AssertionError(f"{names} cannot be reached by the Tab key")


#: What the thing that has the focus is called.
FOCUSED = """() => {
  const at = document.activeElement;
  return at.labels?.[0]?.innerText || at.innerText;
}"""


def choose_by_keyboard(page: Page) -> None:
    titles = page.locator("#choices .replies button").all_inner_texts()
    preferred = [title for title in ("Yes, it is right", "No", "None of these") if title in titles]
    tab_to(page, (preferred or titles)[0])
    page.keyboard.press("Space")
    answered(page)


def test_a_restart_of_the_server_in_the_middle_keeps_what_was_told_and_goes_on_to_the_card(
    tmp_path: Path, browser: Browser
) -> None:
    port = free_port()
    with started(tmp_path, port) as server:
        page = browser.new_page(base_url=server.url)
        page.goto("/")
        page.get_by_role("button", name="Yes, start").click()
        answered(page)
        write(page, STORY)
        before = page.locator(".message").all_text_contents()
    expect(page.get_by_role("status").first).to_contain_text("You are offline.", timeout=20_000)
    with started(tmp_path, port):
        expect(page.get_by_role("status").first).to_have_text("", timeout=20_000)
        expect(page.locator(".message")).to_have_text(before)
        to_the_card(page, choose)
        expect(page.locator(".verdict")).to_contain_text("knee")
        page.close()


def test_a_reload_in_the_middle_keeps_what_was_said_and_the_conversation_goes_on(phone: Page) -> None:
    write(phone, STORY)
    before = phone.locator(".message").all_text_contents()
    phone.reload()
    expect(phone.locator(".message")).to_have_text(before)
    to_the_card(phone, type_an_answer)


def test_delete_empties_the_page_and_the_browser_and_begins_anew(phone: Page) -> None:
    write(phone, STORY)
    before = phone.context.cookies()[0]["value"]
    other = phone.context.new_page()
    other.goto("/")
    expect(other.get_by_role("log")).to_contain_text("thigh")
    phone.get_by_role("button", name="Delete").click()
    phone.get_by_role("button", name="Delete it").click()
    for tab in (phone, other):
        expect(tab.get_by_role("button", name="Yes, start")).to_be_visible()
        expect(tab.get_by_role("log")).not_to_contain_text("thigh")
        expect(tab.locator(".message.you")).to_have_count(0)
    expect(phone.locator(".message").first).to_contain_text("Your data are deleted. Receipt:")
    assert phone.context.cookies()[0]["value"] != before
    assert phone.evaluate("localStorage.length") == 0
    for tab in (phone, other):
        tab.reload()
        expect(tab.get_by_role("button", name="Yes, start")).to_be_visible()
        expect(tab.get_by_role("log")).not_to_contain_text("thigh")


def test_the_copy_for_the_doctor_opens_as_a_page_to_print(phone: Page) -> None:
    write(phone, STORY)
    to_the_card(phone, type_an_answer)
    with phone.expect_popup() as opened:
        phone.locator(".verdict").get_by_role("link", name="Copy for my doctor").click()
    letter = opened.value
    expect(letter.get_by_role("heading", level=1)).to_contain_text("Heterotopic ossification")
    expect(letter.get_by_role("heading", name="History")).to_be_visible()
    expect(letter.get_by_role("button", name="Print or save")).to_be_visible()
    letter.emulate_media(media="print")
    expect(letter.get_by_role("button", name="Print or save")).to_be_hidden()


def test_a_first_message_with_a_danger_sign_ends_in_an_alert_with_the_number(
    assistant: Server, browser: Browser
) -> None:
    page = browser.new_page(base_url=assistant.url)
    page.goto("/")
    page.get_by_role("button", name="Yes, start").click()
    expect(page.get_by_role("log")).to_contain_text("what happened")
    page.get_by_label("Your message").fill("I had a hip replacement 3 weeks ago and now I have chest pain")
    page.get_by_label("Your message").press("Enter")
    card = page.get_by_role("alert")
    expect(card.get_by_role("heading").first).to_have_text("Emergency: get help now")
    expect(card.get_by_role("link")).to_have_count(1)
    expect(card.get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Emergency: get help now")
    page.close()


def test_nobody_can_read_conversations_unless_the_api_was_asked_for(assistant: Server) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(f"{assistant.url}/conversations/anna/tracker")
    assert raised.value.code == 404


def test_the_session_key_and_the_conversations_lie_in_the_data_folder(assistant: Server) -> None:
    kept = {path.name for path in (assistant.log.parent / "data").iterdir()}
    assert {"session.key", "tracker.sqlite"} <= kept
