import re

import pytest
from playwright.sync_api import Page, Route, expect
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


@pytest.mark.parametrize("place", ["/", "/letter", "/embed-sample"])
def test_a_script_that_got_into_the_page_does_not_run(page: Page, place: str) -> None:
    taken = "document.title = 'taken'"

    def infect(route: Route) -> None:
        answer = route.fetch()
        inside = f'<script>{taken}</script><img src="x" onerror="{taken}"></body>'
        route.fulfill(response=answer, body=answer.text().replace("</body>", inside))

    page.route(f"**{place}", infect)
    with page.expect_response("**/x"):  # the picture that is none: its error follows
        page.goto(place)
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.locator("script:not([src])").count() == 1
    assert page.title() != "taken"


def test_at_night_the_page_is_dark_and_by_day_it_is_light(page: Page) -> None:
    for scheme, is_dark in (("dark", True), ("light", False)):
        page.emulate_media(color_scheme=scheme)
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        red, green, blue = (int(part) for part in re.findall(r"\d+", color)[:3])
        assert (red + green + blue < 3 * 60) is is_dark


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
    write(page, "advice")
    page.get_by_text("What would change this advice").click()
    expect(page.get_by_text("Without stiffness: a routine visit.")).to_be_visible()


def test_the_section_of_the_interview_is_said_when_it_begins_and_stays_in_view(page: Page) -> None:
    write(page, "place")
    expect(page.locator(".message.bot").last).to_contain_text("Part 2 of 4")
    expect(page.locator("#section")).to_have_text("Part 2 of 4")
    write(page, "place")
    expect(page.locator(".message.bot", has_text="Where is it?")).to_have_count(2)
    expect(page.locator(".message.bot", has_text="Part 2 of 4")).to_have_count(1)


def test_the_sore_part_can_be_pointed_at_on_a_picture(page: Page) -> None:
    write(page, "place")
    page.get_by_text("Point at a picture").click()
    page.get_by_role("button", name="Left knee").click()
    expect(page.get_by_role("log")).to_contain_text("You said: left knee")
    expect(page.get_by_role("button", name="Left knee")).to_have_count(0)


def test_the_picture_shows_the_persons_right_on_its_left_and_its_points_do_not_overlap(page: Page) -> None:
    write(page, "place")
    page.get_by_text("Point at a picture").click()
    boxes = {point.get_attribute("title"): point.bounding_box() for point in page.locator(".point").all()}
    assert boxes["Right hip"]["x"] < boxes["Left hip"]["x"]
    for name, box in boxes.items():
        assert min(box["width"], box["height"]) >= 44, name
        for other, near in boxes.items():
            apart = max(abs(box["x"] - near["x"]), abs(box["y"] - near["y"]))
            assert name == other or apart >= 44, (name, other)


def test_a_body_picture_is_offered_for_no_other_question(page: Page) -> None:
    write(page, "several")
    page.get_by_label("Swelling").wait_for()
    expect(page.get_by_text("Point at a picture")).to_have_count(0)


def test_each_line_of_the_ledger_can_be_changed(page: Page) -> None:
    write(page, "ledger")
    card = page.locator(".ledger")
    expect(card.locator("li").first).to_contain_text("Age44")
    card.get_by_role("button", name="Change: Swelling").click()
    expect(page.get_by_role("log")).to_contain_text("You chose change:swelling.")
    expect(page.locator(".message.you").last).to_have_text("You: Change: Swelling")


def test_what_was_denied_is_folded_and_can_be_changed_too(page: Page) -> None:
    write(page, "ledger")
    expect(page.get_by_role("button", name="Change: Fever")).to_have_count(0)
    page.get_by_text("You said no to these (2)").click()
    page.get_by_role("button", name="Change: Fever").click()
    expect(page.get_by_role("log")).to_contain_text("You chose change:fever.")


def test_the_verdict_says_how_soon_before_how_likely(page: Page) -> None:
    write(page, "advice")
    card = page.locator(".verdict")
    expect(card.get_by_role("heading").nth(0)).to_have_text("See a doctor within 2 weeks")
    expect(card.get_by_role("heading").nth(1)).to_have_text("Chance of extra bone (HO): moderate")
    expect(card.locator("header svg")).to_be_visible()
    expect(card.locator("[aria-current]")).to_have_text("Moderate")


def test_the_reasons_are_a_picture_of_what_raised_and_what_lowered_the_chance(page: Page) -> None:
    write(page, "advice")
    reasons = page.locator(".reasons li")
    expect(reasons).to_have_text(
        [
            "A hip was replaced. [S1] (raises the chance)",
            "It is stiff. [S2] (raises the chance)",
            "It is early. (lowers the chance)",
        ]
    )
    middle = reasons.first.locator(".bar").bounding_box()
    bars = [bar.bounding_box() for bar in reasons.locator(".bar > span").all()]
    centre = middle["x"] + middle["width"] / 2
    assert bars[0]["x"] == pytest.approx(centre, abs=1)
    assert bars[2]["x"] + bars[2]["width"] == pytest.approx(centre, abs=1)
    assert bars[0]["width"] == pytest.approx(2 * bars[1]["width"], abs=1)


def test_the_time_line_shows_where_the_person_is(page: Page) -> None:
    write(page, "advice")
    rows = page.locator(".timeline li")
    expect(rows).to_have_text(
        [
            "Extra bone often begins week 2 to 17",
            "An X-ray can show it from week 4 on",
            "Check again week 9 to 10",
            "You are here week 6",
        ]
    )
    begins, xray, again, now = (track.bounding_box() for track in rows.locator(".track > span").all())
    assert begins["x"] < xray["x"] < now["x"] + now["width"] / 2 < again["x"]
    expect(page.locator(".timeline")).to_contain_text("Most starts early. It shows later. Then look again.")


def test_a_source_is_one_tap_away(page: Page) -> None:
    write(page, "advice")
    link = page.locator(".reasons").get_by_role("link", name="Source S1: A study")
    expect(link).to_have_attribute("href", "https://study.example/1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_an_emergency_shows_no_risk_band_until_it_is_asked_for(page: Page) -> None:
    write(page, "verdict")
    expect(page.get_by_text("Chance of extra bone (HO): low")).to_be_hidden()
    page.get_by_text("More: what I know about extra bone").click()
    expect(page.get_by_text("Chance of extra bone (HO): low")).to_be_visible()


def test_a_long_message_gets_a_kind_word_before_it_is_sent_and_is_read_in_part(page: Page) -> None:
    page.get_by_label("Your message").fill("bone " * 4000)
    expect(page.locator("#note")).to_contain_text("That is a long message.")
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_role("log")).to_contain_text("That was long. I read the first part.")
    expect(page.locator("#note")).to_have_text("")


def test_while_the_answer_is_made_somebody_is_seen_to_write(page: Page) -> None:
    write(page, "hang")
    expect(page.locator("#typing")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("Something went wrong.")
    expect(page.locator("#typing")).to_be_hidden()


def test_words_that_are_written_from_right_to_left_are_shown_so(page: Page) -> None:
    write(page, "\u05d4\u05d9\u05e8\u05da \u05db\u05d5\u05d0\u05d1\u05ea")
    bubble = page.locator(".message.you").last
    assert bubble.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_the_whole_page_can_be_turned_from_right_to_left(page: Page) -> None:
    page.evaluate("document.documentElement.dir = 'rtl'")
    write(page, "advice")
    page.locator(".verdict").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    mine, card = (
        page.locator(".message.you").last.bounding_box(),
        page.locator(".verdict header").bounding_box(),
    )
    assert mine["x"] < 60
    assert page.locator(".verdict header").evaluate("e => getComputedStyle(e).borderRightWidth") != "0px", (
        card
    )


def test_nobody_has_to_see_anything_move(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    assert page.locator("#typing span").first.evaluate("e => getComputedStyle(e).animationName") == "none"


class TestSpeech:
    HEARING = """
        window.SpeechRecognition = class {
            start() { window.listening = this; }
            stop() { this.onend(); }
        };
    """

    def test_where_the_browser_listens_spoken_words_are_written(self, page: Page) -> None:
        page.add_init_script(self.HEARING)
        page.reload()
        page.get_by_role("button", name="Speak").click()
        expect(page.locator("#note")).to_contain_text("Speak now.")
        page.evaluate("window.listening.onresult({results: [[{transcript: 'my knee is stiff'}]]})")
        expect(page.get_by_label("Your message")).to_have_value("my knee is stiff")
        page.get_by_role("button", name="Speak").click()
        expect(page.get_by_label("Your message")).to_be_focused()

    def test_where_it_does_not_there_is_no_such_button(self, page: Page) -> None:
        page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
        page.reload()
        page.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
        expect(page.get_by_role("button", name="Speak")).to_have_count(0)


class TestKeyboard:
    def test_the_focus_stays_where_the_next_answers_come_when_a_button_vanishes(self, page: Page) -> None:
        write(page, "buttons")
        page.get_by_role("button", name="Yes", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text("You chose swelling:0.")
        expect(page.locator("#choices")).to_be_focused()

    def test_boxes_are_ticked_and_sent_with_the_keyboard(self, page: Page) -> None:
        write(page, "several")
        page.get_by_label("Redness").wait_for()
        page.get_by_label("Your message").press("Shift+Tab")  # None of these
        page.keyboard.press("Shift+Tab")  # Send
        page.keyboard.press("Shift+Tab")  # Redness
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text("You said: Redness")

    def test_what_has_the_focus_is_seen_to_have_it(self, page: Page) -> None:
        write(page, "buttons")
        page.get_by_role("button", name="Not sure").wait_for()
        for _ in range(8):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            name = page.evaluate("document.activeElement.tagName")
            assert name == "BODY" or outline != "none", name

    def test_a_whole_exchange_without_a_pointer(self, page: Page) -> None:
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.id") != "message":
            page.keyboard.press("Tab")
        page.keyboard.type("ledger")
        page.keyboard.press("Enter")
        page.locator(".ledger").wait_for()
        while page.evaluate("document.activeElement.ariaLabel") != "Change: Age":
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text("You chose change:age.")


def test_a_phone_page_does_not_scroll_sideways_and_its_targets_are_large(page: Page) -> None:
    write(page, "buttons " + "verylongword" * 40)
    page.get_by_role("button", name="Not sure").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    targets = [*page.get_by_role("button").all(), page.get_by_label("Your message")]
    targets += (
        [page.get_by_role("link", name="Emergency?")]
        if page.get_by_role("link", name="Emergency?").count()
        else []
    )
    for target in targets:
        size = target.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44


@pytest.mark.parametrize("message", ["buttons", "several", "place", "ledger", "advice", "verdict", "letter"])
def test_at_320_pixels_nothing_scrolls_sideways(page: Page, message: str) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    write(page, message)
    expect(page.locator("#typing")).to_be_hidden(timeout=20_000)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_at_200_percent_there_is_room_to_read_and_to_write(page: Page) -> None:
    # A phone at 200 % has half its size in CSS pixels.
    page.set_viewport_size({"width": 320, "height": 285})
    write(page, "buttons")
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_in_viewport()
    expect(page.get_by_label("Your message")).to_be_in_viewport()
    header = page.locator("#header").bounding_box()
    assert header["y"] + header["height"] <= 0
