"""The pages in a real browser, as a person uses them: by role and label, by keyboard, with and without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.accessibility import NARROW, WIDE, axe, faults_in_accessibility, walk_by_keyboard
from tests.serving import Server

PAGES = {
    "home": "/",
    "results": "/services?audience=individual&online_for=individual&limit=8",
    "nothing-found": "/services?division=99",
    "service": "/services/430203-work-injury-recognition",
    "zero-visit": "/services/430203-benefit-eligibility-certification",
    "indicators": "/indicators",
    "audit": "/audit",
    "revisions": "/audit/revisions",
    "problem": "/services?limit=x",
}
LANGUAGES = {"zh": "", "en": "/en"}
HEAVIEST = 60_000
"""Bytes that a first visit may take, with every file, as they are without compression."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the real server over the seed; no test writes."""
    with Server(tmp_path_factory.mktemp("site")) as running:
        yield running.base


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Yield a window of an old phone's width that fails the test for any error of a script."""
    with browser.new_context(base_url=site, viewport={"width": NARROW, "height": 740}) as context:
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        assert complaints == []


@pytest.fixture
def plain_page(browser: Browser, site: str) -> Iterator[Page]:
    """Yield a window that runs no script."""
    with browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": NARROW, "height": 740}
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_checker_of_accessibility_finds_nothing_at_each_width_in_light_and_dark(
    page: Page, name: str, language: str
) -> None:
    page.goto(LANGUAGES[language] + PAGES[name])
    assert faults_in_accessibility(page) == {}


def test_citizen_without_a_script_finds_from_home_what_to_bring(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_role("group", name="我是").get_by_role("link", name="个人").click()
    page.get_by_role("link", name="退休养老").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("找到 5 项")
    page.get_by_text("筛选", exact=True).click()
    page.get_by_role("group", name="要跑几次").get_by_role("link", name="一次不用跑").click()
    item = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="社会保险待遇领取资格认证"))
    for said in ("能网上办", "一次不用跑", "任一窗口都能办"):
        expect(item.get_by_text(said, exact=True)).to_be_visible()
    item.get_by_role("link").click()
    expect(page.get_by_role("region", name="要不要跑")).to_contain_text("一次也不用跑")
    expect(page.get_by_role("region", name="能不能网上办")).to_contain_text("微信公众号“芦淞人社”")
    expect(page.get_by_role("region", name="能不能网上办")).to_contain_text("目录没有登记链接")
    bring = page.get_by_role("checkbox", name="身份证件（核验身份）")
    bring.check()
    expect(bring).to_be_checked()
    expect(page.get_by_role("button", name="打印这份清单")).to_be_hidden()
    expect(page.get_by_role("contentinfo")).to_contain_text("本目录是重建的示范数据")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("region", name="Must I come?")).to_contain_text("No visit at all")


CERTIFICATION = "社会保险待遇领取资格认证"


@pytest.mark.parametrize("typed", ["认证", "renzheng"])
def test_citizen_without_a_script_finds_by_typing_that_nobody_need_come(plain_page: Page, typed: str) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_role("searchbox", name="您要办什么事？").fill(typed)
    page.get_by_role("button", name="搜索").click()
    first = page.get_by_role("listitem").filter(has=page.get_by_role("heading")).first
    expect(first.get_by_role("heading")).to_have_text(CERTIFICATION)
    expect(first.get_by_text("一次不用跑", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("searchbox")).to_have_value(typed)
    page.get_by_role("link", name=f"去掉这个条件 搜索：{typed}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("找到 73 项")


def test_citizen_who_types_is_offered_names_and_chooses_one_by_keyboard(page: Page) -> None:
    page.goto("/?audience=individual")
    field = page.get_by_label("您要办什么事？")
    field.press_sequentially("renzheng")
    offered = page.get_by_role("listbox", name="事项名称").get_by_role("option")
    expect(offered.first).to_have_text(CERTIFICATION)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.evaluate(axe())
    report = page.evaluate("() => axe.run('form.search', {resultTypes: ['violations']})")
    assert [violation["id"] for violation in report["violations"]] == []
    field.press("Escape")
    expect(offered).to_have_count(0)
    field.press_sequentially("d")
    field.press("Backspace")
    expect(offered.first).to_be_visible()
    field.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(CERTIFICATION)
    expect(page.get_by_role("region", name="要不要跑")).to_contain_text("一次也不用跑")


def test_question_that_finds_nothing_says_what_to_try(page: Page) -> None:
    page.goto("/en/services?q=火星移民&sort=relevance")
    expect(page.get_by_text("Remove a condition, or search with other words.")).to_be_visible()
    page.get_by_role("link", name="Remove this condition Search: 火星移民").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Services found: 73")


@pytest.mark.parametrize("path", ["/services?audience=individual&life_event=retirement", PAGES["zero-visit"]])
def test_phone_shows_without_scrolling_whether_online_how_many_visits_and_which_window(page: Page, path: str) -> None:
    page.goto(path)
    for said in ("能网上办", "一次不用跑", "任一窗口都能办"):
        expect(page.get_by_text(said, exact=True).first).to_be_in_viewport(ratio=1)


def test_screen_shows_the_filters_beside_what_was_found(page: Page) -> None:
    page.set_viewport_size({"width": WIDE, "height": 800})
    page.goto("/services")
    expect(page.get_by_role("group", name="要跑几次")).to_be_in_viewport(ratio=1)
    expect(page.locator(".card").first).to_be_in_viewport(ratio=1)


def test_service_that_is_online_for_some_and_needs_a_visit_says_so_for_each(page: Page) -> None:
    page.goto("/en/services/430203-work-injury-recognition")
    online = page.get_by_role("region", name="Can I do it online?")
    expect(online.get_by_text("Cannot do it online; please come to a counter")).to_be_visible()
    expect(online.get_by_text("You can apply online, and the agency accepts the application there.")).to_be_visible()
    expect(page.get_by_role("region", name="Must I come?")).to_contain_text("At most one visit")
    time = page.get_by_role("region", name="How long does it take?")
    expect(time).to_contain_text("45 calendar days")
    expect(time).to_contain_text("60 calendar days 15 days where the facts are clear.")
    expect(page.get_by_role("region", name="Where this comes from")).to_contain_text("Inferred")


def test_filter_with_a_script_answers_in_place_at_an_address_to_share(page: Page) -> None:
    page.goto("/services")
    page.evaluate("window.same = true")
    page.get_by_text("筛选", exact=True).click()
    choice = page.get_by_role("group", name="要跑几次").get_by_role("link", name="一次不用跑")
    choice.click()
    expect(page.get_by_role("status")).to_have_text("找到 22 项")
    expect(choice).to_be_focused()
    expect(choice).to_have_attribute("aria-current", "true")
    assert page.url.endswith("/services?tag=zero-visit")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Services found: 22")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("找到 73 项")


def test_list_with_a_script_is_paged_and_goes_back_without_being_loaded_anew(page: Page) -> None:
    page.goto("/services?limit=50")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("navigation", name="翻页")).to_contain_text("回到第一页")
    expect(page.locator(".card")).to_have_count(23)
    page.go_back()
    expect(page.locator(".card")).to_have_count(50)
    assert page.evaluate("window.same") is True


@pytest.mark.parametrize("name", ["home", "results", "service", "indicators", "audit"])
def test_keyboard_alone_reaches_everything_and_shows_where_it_is(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    walk_by_keyboard(page)


@pytest.mark.parametrize("name", ["home", "results", "service", "indicators", "audit"])
def test_first_visit_is_light_stands_still_and_asks_no_other_host(page: Page, site: str, name: str) -> None:
    weights: dict[str, int] = {}
    page.on("response", lambda response: weights.update({response.url: len(response.body())}))
    page.goto(PAGES[name], wait_until="networkidle")
    shifted = page.evaluate(
        "new Promise(done => new PerformanceObserver(list => done(list.getEntries().map(one => one.value)))"
        ".observe({type: 'layout-shift', buffered: true}) ?? setTimeout(() => done([]), 300))"
    )
    # Half an element may be painted where the parser pauses on a busy machine: a tenth of what counts as good at most.
    assert sum(shifted) < 0.01, shifted
    assert {url for url in weights if not url.startswith(site)} == set()
    assert len(weights) >= 5 and sum(weights.values()) < HEAVIEST


def test_large_type_is_larger_on_every_page_from_then_on_without_a_cookie(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    size = page.get_by_role("heading", level=1).bounding_box()
    page.get_by_role("link", name="大字版").click()
    page.get_by_role("link", name="失业").click()
    assert "text=large" in page.url and page.context.cookies() == []
    page.get_by_role("link", name="首页").click()
    grown = page.get_by_role("heading", level=1).bounding_box()
    assert size and grown and grown["height"] > size["height"] * 1.2
    page.get_by_role("link", name="标准字号").click()
    assert "text=large" not in page.url


def test_service_when_printed_is_its_check_list_without_what_only_a_screen_needs(page: Page) -> None:
    page.goto("/services/430203-card-application")
    expect(page.get_by_role("button", name="打印这份清单")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    expect(page.get_by_role("region", name="数据说明")).to_be_visible()
    for unprinted in (page.get_by_role("banner"), page.get_by_role("button", name="打印这份清单")):
        expect(unprinted).to_be_hidden()


def test_time_is_shown_by_the_clocks_of_china_and_of_the_reader(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, timezone_id="Europe/London", locale="en-GB") as context:
        page = context.new_page()
        page.goto("/en/services/430203-card-application")
        shown = page.locator("time").inner_text()
    assert "(Beijing time) · where you are" in shown


def test_chart_has_its_numbers_in_a_table_that_opens_without_a_script(plain_page: Page) -> None:
    page = plain_page
    page.goto("/en/indicators")
    chart = page.get_by_role("figure", name="Who can do it online?")
    chart.get_by_text("Show the table").click()
    cells = chart.get_by_role("cell").all_inner_texts()
    assert cells[::2] == ["26", "3", "30", "14", "73"]
    distance = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Service without distance"))
    expect(distance).to_contain_text("22 need no visit")
    expect(distance).to_contain_text("how often they really came is not measured")
    complaints = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Service without complaints"))
    expect(complaints).to_contain_text("No figure")
