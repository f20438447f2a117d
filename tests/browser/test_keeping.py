"""What the page keeps, through a reload, a lost network, a restart, in a second tab; and what it does not."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute, expect
from serving import Server, small_server
from wire import Wire

pytestmark = pytest.mark.xdist_group("small_bot")


@pytest.fixture
def wire(small_bot_server: Server) -> Iterator[Wire]:
    held = Wire(port_of(small_bot_server))
    yield held
    held.close()


@pytest.fixture
def visitor(browser: Browser, wire: Wire) -> Iterator[BrowserContext]:
    """A browser that reaches the server by the wire."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, base_url=wire.url)
    context.set_default_timeout(20_000)
    yield context
    context.close()


def port_of(server: Server) -> int:
    return int(urlsplit(server.url).port or 0)


def opened(visitor: BrowserContext) -> Page:
    page = visitor.new_page()
    page.goto("/")
    page.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
    return page


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def said(page: Page) -> list[str]:
    return page.locator(".message.you").all_inner_texts()


def told(page: Page, *texts: str) -> None:
    """The transcript is these messages, each once."""
    expect(page.locator(".message")).to_have_text(list(texts), timeout=30_000)


HELLO = "HO Triage: Hello, I am a small bot."


def test_what_is_written_offline_waits_and_is_sent_once_on_return(
    visitor: BrowserContext, wire: Wire
) -> None:
    page = opened(visitor)
    wire.cut()
    expect(page.get_by_role("status").first).to_contain_text("You are offline.", timeout=20_000)
    write(page, "my hip is stiff")
    write(page, "my knee is stiff")
    expect(page.locator(".message.waiting")).to_have_count(2)
    expect(page.locator("#typing")).to_be_hidden()
    wire.mend()
    told(
        page,
        HELLO,
        "You: my hip is stiff",
        "HO Triage: You said: my hip is stiff",
        "You: my knee is stiff",
        "HO Triage: You said: my knee is stiff",
    )
    expect(page.get_by_role("status").first).to_have_text("")


def test_what_was_not_sent_outlives_the_tab(visitor: BrowserContext, wire: Wire) -> None:
    page = opened(visitor)
    without_sockets(page)
    page.route("**/webhooks/web/message", lambda route: route.abort())
    page.reload()
    page.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
    write(page, "my hip is stiff")
    expect(page.locator(".message.waiting")).to_have_count(1)
    page.close()
    page = visitor.new_page()
    page.goto("/")
    told(page, HELLO, "You: my hip is stiff", "HO Triage: You said: my hip is stiff")


def test_an_answer_that_was_cut_off_comes_on_return_and_the_message_is_not_heard_twice(
    visitor: BrowserContext, wire: Wire
) -> None:
    page = opened(visitor)
    write(page, "block")  # its answer takes a second
    expect(page.locator("#typing")).to_be_visible()
    wire.cut()
    wire.mend()
    told(page, HELLO, "You: block", "HO Triage: Something went wrong. Call 112 if you feel very ill.")
    page.reload()
    told(page, HELLO, "You: block", "HO Triage: Something went wrong. Call 112 if you feel very ill.")


def test_an_answer_that_comes_before_the_word_that_its_message_arrived_stands_under_it(
    visitor: BrowserContext,
) -> None:
    page = visitor.new_page()
    page.route_web_socket(re.compile("/socket.io/"), lambda socket: losing("user_uttered", socket))
    page.goto("/")
    page.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
    write(page, "my hip is stiff")
    told(page, HELLO, "You: my hip is stiff", "HO Triage: You said: my hip is stiff")


def losing(name: str, socket: WebSocketRoute) -> None:
    """What the server tells under this name gets lost on its way to the page."""
    server = socket.connect_to_server()
    server.on_message(lambda frame: None if f'["{name}"' in str(frame) else socket.send(frame))


def test_a_restart_of_the_server_in_the_middle_keeps_the_conversation(
    browser: Browser, tmp_path: Path
) -> None:
    with small_server(tmp_path) as server:
        wire = Wire(port_of(server))
        context = browser.new_context(base_url=wire.url)
        page = opened(context)
        write(page, "my hip is stiff")
        expect(page.get_by_role("log")).to_contain_text("You said: my hip is stiff")
    expect(page.get_by_role("status").first).to_contain_text("You are offline.", timeout=20_000)
    write(page, "and my knee")
    with small_server(tmp_path) as server:
        wire.mend(port_of(server))
        told(
            page,
            HELLO,
            "You: my hip is stiff",
            "HO Triage: You said: my hip is stiff",
            "You: and my knee",
            "HO Triage: You said: and my knee",
        )
        context.close()
        wire.close()


def test_two_tabs_show_the_same_conversation(visitor: BrowserContext) -> None:
    one = opened(visitor)
    other = opened(visitor)
    write(one, "my hip is stiff")
    write_after = ("HO Triage: You said: my hip is stiff", "You: buttons")
    expect(other.get_by_role("log")).to_contain_text("You said: my hip is stiff")
    write(other, "buttons")
    for tab in (one, other):
        expect(tab.get_by_role("button", name="Not sure")).to_be_visible()
        expect(tab.locator(".message")).to_contain_text([HELLO, "You: my hip is stiff", *write_after])
    one.get_by_role("button", name="Not sure").click()
    expect(other.get_by_role("button", name="Not sure")).to_have_count(0)


def test_two_tabs_that_open_at_once_are_greeted_once(browser: Browser, small_bot_server: Server) -> None:
    context = browser.new_context(base_url=small_bot_server.url)
    tabs = [context.new_page(), context.new_page()]
    tabs[0].goto("/", wait_until="commit")
    tabs[0].locator(".message").wait_for()
    tabs[1].goto("/")
    for tab in tabs:
        told(tab, HELLO)
    context.close()


def without_sockets(page: Page) -> None:
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())


def test_where_no_socket_can_be_had_the_chat_goes_on_by_plain_requests(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    without_sockets(page)
    page.goto("/")
    told(page, HELLO)
    write(page, "my hip is stiff")
    told(page, HELLO, "You: my hip is stiff", "HO Triage: You said: my hip is stiff")
    expect(page.get_by_role("status").first).to_have_text("")
    write(page, "buttons")
    page.get_by_role("button", name="Not sure").click()
    expect(page.get_by_role("log")).to_contain_text("You said: not sure")


def test_without_a_socket_a_reload_and_another_tab_see_the_same(visitor: BrowserContext) -> None:
    page, other = visitor.new_page(), visitor.new_page()
    without_sockets(page)
    page.goto("/")
    told(page, HELLO)
    other.goto("/")
    told(other, HELLO)
    write(page, "my hip is stiff")
    everything = (HELLO, "You: my hip is stiff", "HO Triage: You said: my hip is stiff")
    told(page, *everything)
    told(other, *everything)
    page.reload()
    told(page, *everything)


def test_a_stranger_who_guesses_an_id_sees_nothing(
    visitor: BrowserContext, browser: Browser, wire: Wire
) -> None:
    page = opened(visitor)
    write(page, "my hip is stiff")
    expect(page.get_by_role("log")).to_contain_text("You said: my hip is stiff")
    (cookie,) = visitor.cookies()
    name = cookie["value"].split(".")[0]
    stranger = browser.new_context(base_url=wire.url)
    for guess in (name, f"{name}.", f"{name}.{'0' * 64}"):
        stranger.clear_cookies()
        stranger.add_cookies([{"name": cookie["name"], "value": guess, "url": wire.url}])
        told(opened(stranger), HELLO)
    stranger.close()


def test_no_script_can_read_the_session(visitor: BrowserContext) -> None:
    page = opened(visitor)
    (cookie,) = visitor.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"


def test_delete_asks_first(visitor: BrowserContext) -> None:
    page = opened(visitor)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("Delete this chat?")
    page.get_by_role("button", name="Keep it").click()
    told(page, HELLO)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("log")).to_contain_text("You said: delete my data")


def test_an_idle_device_is_asked_about_and_cleared_if_wished(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.clock.install()
    page.goto("/")
    told(page, HELLO)
    write(page, "my hip is stiff")
    expect(page.get_by_role("log")).to_contain_text("You said: my hip is stiff")
    before = visitor.cookies()[0]["value"]
    page.clock.fast_forward("09:00")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.fast_forward("02:00")
    expect(page.get_by_role("dialog")).to_contain_text("Are you still there?")
    page.get_by_role("button", name="Clear the screen").click()
    told(page, HELLO)
    assert visitor.cookies()[0]["value"] != before


def test_what_was_cleared_stays_away_also_when_the_network_fails_at_that_moment(
    visitor: BrowserContext,
) -> None:
    page = visitor.new_page()
    page.clock.install()
    page.goto("/")
    told(page, HELLO)
    write(page, "my hip is stiff")
    expect(page.get_by_role("log")).to_contain_text("You said: my hip is stiff")
    page.clock.fast_forward("11:00")
    page.route("**/webhooks/web/session", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Clear the screen").click()
    expect(page.get_by_role("status").first).to_contain_text("You are offline.")
    page.clock.fast_forward("00:10")
    told(page, HELLO)


def test_whoever_is_still_there_goes_on(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.clock.install()
    page.goto("/")
    told(page, HELLO)
    page.clock.fast_forward("11:00")
    page.get_by_role("button", name="Go on").click()
    write(page, "my hip is stiff")
    told(page, HELLO, "You: my hip is stiff", "HO Triage: You said: my hip is stiff")
    page.clock.fast_forward("11:00")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_browser_that_keeps_no_cookie_is_told_so(browser: Browser, small_bot_server: Server) -> None:
    context = browser.new_context(base_url=small_bot_server.url)
    page = context.new_page()
    page.route("**/webhooks/web/session", without_cookie)
    page.goto("/")
    expect(page.get_by_role("status").first).to_contain_text("This browser keeps no cookie")
    expect(page.get_by_role("link", name="Open the chat on its own page")).to_be_visible()
    # The page goes on looking for its session: let the last look end.
    page.unroute_all(behavior="wait")
    context.close()


def without_cookie(route: Route) -> None:
    answer = route.fetch()
    status, body = answer.status, answer.body()
    # Before the page hears of it: fetching put the cookie into the browser.
    route.request.frame.page.context.clear_cookies()
    route.fulfill(status=status, body=body, content_type="application/json")
