import pytest
from playwright.sync_api import Page, expect
from serving import Server

pytestmark = pytest.mark.xdist_group("small_bot")


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def test_the_page_asks_nothing_of_any_other_host_and_breaks_no_rule_of_its_own(
    page: Page, small_bot_server: Server
) -> None:
    requested: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.reload()
    page.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
    assert requested
    assert all(url.startswith(small_bot_server.url) for url in requested)
    assert complaints == []


def test_a_typed_message_is_answered(page: Page) -> None:
    write(page, "my knee is stiff")
    expect(page.get_by_role("log")).to_contain_text("You said: my knee is stiff")


def test_a_button_answers_and_then_all_buttons_vanish(page: Page) -> None:
    write(page, "buttons")
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("You chose swelling:0.")
    expect(page.locator(".message.you").last).to_have_text("You: Yes")
    expect(page.get_by_role("button", name="Not sure")).to_have_count(0)


def test_a_typed_answer_makes_the_buttons_vanish_too(page: Page) -> None:
    write(page, "buttons")
    page.get_by_role("button", name="Not sure").wait_for()
    write(page, "swollen since monday")
    expect(page.get_by_role("button", name="Not sure")).to_have_count(0)


def test_several_choices_are_sent_as_one_text(page: Page) -> None:
    write(page, "several")
    page.get_by_label("Swelling").check()
    page.get_by_label("Redness").check()
    page.locator("#choices").get_by_role("button", name="Send").click()
    expect(page.get_by_role("log")).to_contain_text("You said: Swelling, Redness")


def test_none_of_these_stays_a_button_beside_the_boxes(page: Page) -> None:
    write(page, "several")
    expect(page.get_by_role("button", name="None of these")).to_be_visible()
    expect(page.get_by_role("button", name="Swelling")).to_have_count(0)


def test_a_reload_keeps_the_history_and_the_open_buttons(page: Page) -> None:
    write(page, "buttons")
    page.get_by_role("button", name="Not sure").wait_for()
    page.reload()
    expect(page.locator(".message.you")).to_have_text(["You: buttons"])
    expect(page.locator(".message.bot")).to_have_count(2)
    expect(page.get_by_role("button", name="Not sure")).to_be_visible()


def test_html_is_shown_as_text(page: Page) -> None:
    write(page, "<img src=x onerror=document.title='hit'>")
    expect(page.locator(".message.bot").last).to_contain_text("<img src=x onerror=document.title='hit'>")
    assert page.locator("#log img").count() == 0
    assert page.title() == "HO Triage"


def test_an_emergency_is_an_alert_with_a_number_to_call_before_anything_else(page: Page) -> None:
    write(page, "verdict")
    card = page.get_by_role("alert")
    expect(card.get_by_role("heading").first).to_have_text("Emergency: get help now")
    expect(card.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    for words in (
        "You have chest pain.",
        "Ask for it in the hospital",
        "I cannot see you.",
        "Chance of extra bone (HO): low",
    ):
        expect(card).to_contain_text(words)


def test_an_emergency_without_a_country_names_the_numbers_in_words_and_offers_none_to_tap(page: Page) -> None:
    write(page, "nowhere")
    card = page.get_by_role("alert")
    expect(card.locator(".call")).to_have_text("Call your emergency number (112, 911 or 999)")
    expect(card.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize(("message", "number"), [("verdict", "112"), ("nowhere", "999)")])
def test_the_number_is_among_the_first_25_words_of_an_emergency(
    page: Page, message: str, number: str
) -> None:
    write(page, message)
    assert number in page.get_by_role("alert").inner_text().split()[:25]


def test_the_letter_for_the_doctor_is_shown_from_its_top_with_headings_and_lists(page: Page) -> None:
    write(page, "letter")
    expect(page.get_by_role("heading", name="A summary")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator(".letter li").first).to_have_text("Hip replacement")
    expect(page.locator(".letter")).not_to_contain_text("#")


def test_a_verdict_is_shown_from_its_top(page: Page) -> None:
    write(page, "verdict")
    expect(page.get_by_role("heading", name="Emergency: get help now")).to_be_in_viewport()


def test_what_would_change_the_advice_can_be_opened(page: Page) -> None:
    write(page, "verdict")
    page.get_by_text("What would change this advice").click()
    expect(page.get_by_text("Without chest pain: see a doctor today.")).to_be_visible()


def test_a_message_written_offline_is_sent_on_return(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("socket.io.engine.close()")
    expect(page.get_by_role("status")).to_contain_text("You are offline.")
    write(page, "my hip is stiff")
    page.context.set_offline(False)
    expect(page.get_by_role("log")).to_contain_text("You said: my hip is stiff", timeout=20_000)
    expect(page.locator(".message.you")).to_have_count(1)


def test_everything_is_reached_with_the_keyboard(page: Page) -> None:
    write(page, "buttons")
    page.get_by_role("button", name="Yes", exact=True).wait_for()
    page.get_by_role("button", name="Yes", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("You chose swelling:0.")


def test_a_phone_page_does_not_scroll_sideways_and_its_targets_are_large(page: Page) -> None:
    write(page, "buttons " + "verylongword" * 40)
    page.get_by_role("button", name="Not sure").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in page.get_by_role("button").all():
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44
