"""axe-core finds nothing in any state of the page, by day and by night."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from serving import Server

pytestmark = pytest.mark.xdist_group("small_bot")


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")
    expect(page.locator("#typing")).to_be_hidden(timeout=20_000)
    expect(page.locator(".message.waiting")).to_have_count(0)


def unfold(page: Page) -> None:
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")


def wait_unsent(page: Page) -> None:
    page.route("**/webhooks/web/**", lambda route: route.abort())
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text("You are offline.")
    page.get_by_label("Your message").fill("my hip is stiff")
    page.get_by_label("Your message").press("Enter")
    page.locator(".message.waiting").wait_for()


def be_idle(page: Page) -> None:
    page.clock.install()
    page.reload()
    page.locator(".message").wait_for()
    page.clock.fast_forward("11:00")
    page.get_by_role("dialog").wait_for()


def be_answered_late(page: Page) -> None:
    page.get_by_label("Your message").fill("hang")
    page.get_by_label("Your message").press("Enter")
    page.locator("#typing").wait_for()


def ask_to_delete(page: Page) -> None:
    page.get_by_role("button", name="Delete").click()


def write_much(page: Page) -> None:
    page.get_by_label("Your message").fill("bone " * 600)


STATES: dict[str, Callable[[Page], None]] = {
    "greeting": lambda page: None,
    **{
        name: lambda page, name=name: write(page, name)
        for name in ("buttons", "several", "place", "ledger", "advice", "verdict", "nowhere", "letter")
    },
    "unsent": wait_unsent,
    "idle": be_idle,
    "typing": be_answered_late,
    "delete": ask_to_delete,
    "long": write_much,
}


@pytest.fixture(params=["light", "dark"])
def page_by_light(
    request: pytest.FixtureRequest, browser: Browser, small_bot_server: Server
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=small_bot_server.url, color_scheme=request.param
    )
    opened = context.new_page()
    opened.goto("/")
    opened.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
    yield opened
    context.close()


def found(page: Page) -> list[str]:
    """What axe-core objects to, by the rules of WCAG 2.2 A and AA and its best practices."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    results = Axe().run(page, options={"runOnly": tags})
    return [
        f"{one['id']}: {node['html'][:150]}"
        for one in results.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(page_by_light: Page, state: str) -> None:
    STATES[state](page_by_light)
    unfold(page_by_light)
    assert found(page_by_light) == []


@pytest.mark.parametrize("place", ["/letter", "/embed-sample"])
def test_axe_finds_nothing_on_the_other_pages(page_by_light: Page, place: str) -> None:
    page_by_light.goto(place)
    page_by_light.get_by_text(
        "There is no advice yet." if place == "/letter" else "your care at home"
    ).wait_for()
    assert found(page_by_light) == []


def test_axe_finds_nothing_while_the_chat_is_open_on_another_page(page_by_light: Page) -> None:
    page_by_light.goto("/embed-sample")
    page_by_light.get_by_role("button", name="Is my joint too stiff?").click()
    page_by_light.frame_locator("iframe").locator(".message").wait_for()
    assert found(page_by_light) == []


def test_axe_is_awake(page_by_light: Page) -> None:
    page_by_light.evaluate("document.getElementById('message').previousElementSibling.remove()")
    assert any(one.startswith("label") for one in found(page_by_light))
