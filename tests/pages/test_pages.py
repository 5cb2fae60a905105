"""What an examiner sees, in a real browser, wide and narrow, in both languages."""

import pytest

PATIENCE_S = 60
WIDTHS = (1440, 390)
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@pytest.fixture(
    params=[(width, name) for width in WIDTHS for name in LANGUAGES], ids=str
)
def page(request, browser, site):
    """A signed-in page that may log no error."""
    width, language = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=LANGUAGES[language]
    )
    opened = context.new_page()
    wrong: list[str] = []
    asked: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda asking: asked.append(asking.url))
    opened.goto(site.address)
    opened.fill("input[type=password]", site.examiner)
    opened.click("button[type=submit]")
    opened.wait_for_selector("nav")
    yield opened
    outside = [url for url in asked if not url.startswith((site.address, "data:"))]
    context.close()
    assert wrong == []
    assert outside == []


def nothing_sticks_out(page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_the_hall_lists_stations_and_every_candidates_attempts(page, site):
    page.wait_for_selector(".cell")

    assert page.locator(".station").count() == 1
    assert "王芳" in page.inner_text(".matrix")
    assert page.locator(f'a[href="#/attempts/{site.attempt}"]').count() == 1
    assert nothing_sticks_out(page)


def test_every_point_has_its_reason_and_its_evidence_shows_the_signal(page, site):
    page.goto(f"{site.address}/#/attempts/{site.attempt}")
    overshoot = page.locator("details.criterion", has_text="C3").first
    overshoot.wait_for()

    assert "%" in overshoot.locator(".reason").inner_text()
    overshoot.locator("summary").click()
    overshoot.locator(".evidence button").first.click()
    page.wait_for_selector(".plot canvas")

    assert "RPT_StrAngAct" in page.inner_text("figcaption")
    assert all(one.inner_text() for one in page.locator(".reason").all())
    assert nothing_sticks_out(page)


def test_pictures_of_the_attempt_are_shown(page, site):
    page.goto(f"{site.address}/#/attempts/{site.attempt}")
    first = page.locator(".pictures img").first
    first.scroll_into_view_if_needed()

    for _ in range(PATIENCE_S * 5):
        if first.evaluate("picture => picture.naturalWidth"):
            return
        page.wait_for_timeout(200)
    pytest.fail("no picture arrived")


def test_the_language_changes_every_word_and_is_kept(page):
    before = page.inner_text("nav")
    page.get_by_role("button", name="English").or_(
        page.get_by_role("button", name="中文")
    ).click()
    page.wait_for_function(
        "before => document.querySelector('nav').innerText !== before", arg=before
    )
    after = page.inner_text("nav")
    page.reload()
    page.wait_for_function(
        "after => document.querySelector('nav')?.innerText === after", arg=after
    )


def test_a_wrong_token_is_refused_in_words(browser, site):
    page = browser.new_page()
    page.goto(site.address)
    page.fill("input[type=password]", "guess")
    page.click("button[type=submit]")

    assert page.inner_text("[role=alert]").strip()
    page.close()
