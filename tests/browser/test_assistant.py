"""The real assistant, from `python -m bot serve` to the verdict on the page."""

import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from serving import Server, free_port, serving

pytestmark = pytest.mark.xdist_group("assistant")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The assistant as `make run` starts it, with a data folder of its own."""
    folder, port = tmp_path_factory.mktemp("assistant"), free_port()
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--data", str(folder / "data")]
    with serving(command, folder, port, {"HO_TRIAGE_COUNTRY": "GB", "HO_TRIAGE_TOKEN": ""}) as running:
        yield running


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
    expect(card.get_by_role("link")).to_have_attribute("href", "tel:999")
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
