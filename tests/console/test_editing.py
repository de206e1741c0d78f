"""One service is edited by a form: faults beside its fields, two who edit at once, and the history that remains."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from service_catalog.actions.browsing import get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.app import create_app
from service_catalog.console.inputs import form_of
from service_catalog.console.services import described
from service_catalog.documents.schemas.writes import ServiceInputSchema
from service_catalog.domain.access import Role
from service_catalog.domain.service import SERVER_SET, content_of
from tests.actions.test_writing import content, write
from tests.console.accessibility import WIDE, faults_in_accessibility
from tests.console.administrators import HERE, Site, hold, issue, secret, sign_in
from tests.tokens import signed

CARD = "430203-card-application"
EDIT = f"/en/admin/services/{CARD}/edit"


@pytest.fixture
def engine() -> str:
    """Return the one engine that is enough here: the calls behind these pages are tested on both."""
    return "sqlite"


@pytest.fixture
def official(client: FlaskClient, catalogue: Catalogue) -> FlaskClient:
    """Return a client that is signed in as an administrator."""
    hold(client, secret(catalogue))
    return client


class Filled(HTMLParser):
    """The fields of the forms of a page, as a browser would send them."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.fields: MultiDict[str, str] = MultiDict()
        self._name, self._text = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a field, or begin one."""
        given = {name: value or "" for name, value in attrs}
        is_left = given.get("type") in ("radio", "checkbox") and "checked" not in given
        if tag == "input" and "name" in given and not is_left:
            self.fields.add(given["name"], given.get("value", ""))
        elif tag in ("textarea", "select"):
            self._name, self._text = given["name"], ""
        elif tag == "option" and "selected" in given:
            self._text = given["value"]

    def handle_data(self, data: str) -> None:
        """Take in the text of a field."""
        if self._name and self.lasttag == "textarea":
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """End a field; the line end after ``<textarea>`` is none of its text."""
        if tag in ("textarea", "select"):
            self.fields.add(self._name, self._text.removeprefix("\n"))
            self._name = ""


def fields(response: TestResponse) -> MultiDict[str, str]:
    """Return what stands in the form of a page."""
    return Filled(response.text).fields


def send(client: FlaskClient, form: MultiDict[str, str], step: str, path: str = EDIT, **changes: str) -> TestResponse:
    """Send a form with some fields changed: ``name_zh`` stands for ``/service/name/zh``, ``reason`` for ``/reason``."""
    sent = form.copy()
    for name, value in changes.items():
        sent[f"/{name}" if name == "reason" else f"/service/{name.replace('__', '/')}"] = value
    sent["step"] = step
    return client.post(path, data=sent, headers=HERE)


def test_form_says_what_the_document_says_for_every_service_of_the_seed(client: FlaskClient) -> None:
    form = form_of(ServiceInputSchema(), leave_out=SERVER_SET)
    for document in client.get("/api/v1/services?limit=100").json["items"]:  # type: ignore[index]
        typed = form.shown(content_of(document))
        sent = MultiDict(pair for part in form.drawn(typed, "/service").walk() for pair in part.posted)
        assert form.typed(sent, "/service", "") == typed
        assert form.meant(typed, "/service") == content_of(document)


def test_form_that_is_left_alone_changes_nothing_and_a_preview_writes_nothing(
    official: FlaskClient, catalogue: Catalogue
) -> None:
    write(catalogue, content(catalogue, summary={"zh": " 空格\r\n和换行 ", "en": None}))
    form = fields(official.get(EDIT))
    before = get_service(catalogue, CARD)
    assert "Nothing would change" in send(official, form, "save", reason="none").text
    assert "Saving would change this" in send(official, form, "preview", summary__en="Short.").text
    assert get_service(catalogue, CARD) == before
    assert send(official, form, "save", summary__en="Short.", reason="shorter").status_code == 303
    after = described(get_service(catalogue, CARD))
    assert after["summary"] == {"zh": "空格\n和换行", "en": "Short."}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"visits": "0"}, "service-online_channels", "zero-visit lacks an online channel for individual"),
        ({"name__zh": ""}, "service-name-zh", "a Chinese name"),
        ({"time_limits__promised__days": "１２"}, "service-time_limits-promised-days", "must be a whole number"),
        ({"domain": ""}, "service-domain", "is missing"),
        (
            {"legal_basis__4__title": " ", "legal_basis__5__article": "第一条"},
            "service-legal_basis-2-title",
            "is missing",
        ),
        ({"codes__0__scheme": "一", "codes__0__code": "x"}, "service-codes-0", "must match"),
        (
            {f"codes__{row}__{name}": "x" for row in (0, 1) for name in ("scheme", "code")},
            "service-codes",
            "stands here twice",
        ),
        ({"reason": " "}, "reason", "is missing"),
        ({"summary__en": "x" * 700_000}, "service-summary-en", "must be 1 to 2000 characters long"),
    ],
    ids=str,
)
def test_fault_is_told_beside_its_field_and_what_was_typed_stays(
    official: FlaskClient, changes: dict[str, str], place: str, words: str
) -> None:
    form = fields(official.get(EDIT))
    answer = send(official, form, "save", **{"reason": "because", "summary__zh": "</textarea><b>&amp;", **changes})
    assert answer.status_code == 422
    assert re.search(f'<a href="#{place}">[^<]*{words}', answer.text)
    assert re.search(f'id="{place}-fault">[^<]*{words}', answer.text) and answer.text.count('class="fault"') == 1
    assert re.search(f'id="{place}"[^>]* aria-describedby="{place}-fault', answer.text)
    again = fields(answer)
    assert again["/service/summary/zh"] == "</textarea><b>&amp;" and again["opened"] == form["opened"]
    for name, value in changes.items():
        if value.strip() and "legal_basis" not in name:  # an empty row before it is none
            assert again[f"/service/{name.replace('__', '/')}"] == value


@pytest.mark.parametrize("step", ["", "add", "remove:", "add:/reason", "remove:/service/materials/x", "\0"])
def test_step_that_no_button_has_only_looks(official: FlaskClient, catalogue: Catalogue, step: str) -> None:
    form, before = fields(official.get(EDIT)), get_service(catalogue, CARD)
    form.add("/service/materials/00/name/zh", "\0")
    answer = send(official, form, step, reason="because", name__en="Card", visits="7", status="gone")
    assert answer.status_code in (200, 422) and fields(answer)["/service/name/en"] == "Card"
    assert get_service(catalogue, CARD) == before


@pytest.mark.parametrize("opened", ["", "1", "x:y", "99:0", "1:0", "-1:\0"])
def test_form_that_names_no_version_of_the_service_is_refused(official: FlaskClient, opened: str) -> None:
    form = fields(official.get(EDIT))
    form["opened"] = opened
    assert send(official, form, "save", reason="because", name__en="Card").status_code in (404, 412, 422)


def test_form_stays_filled_where_nobody_can_write(official: FlaskClient, catalogue: Catalogue) -> None:
    keyless = create_app(replace(catalogue, signer=None)).test_client()
    hold(keyless, secret(catalogue))
    form = fields(keyless.get(EDIT))
    answer = send(keyless, form, "save", reason="because", summary__zh="写好的说明")
    assert answer.status_code == 500 and "Nothing was written" in answer.text
    assert fields(answer)["/service/summary/zh"] == "写好的说明"


def test_form_that_is_sent_twice_writes_once_and_leads_to_the_same_revision(official: FlaskClient) -> None:
    form = fields(official.get(EDIT))
    first, second = (send(official, form, "save", reason="once", name__en="Card") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location and "/en/admin/revisions/" in first.location


def test_second_collision_while_the_first_is_settled_loses_nothing_either(
    official: FlaskClient, catalogue: Catalogue
) -> None:
    form = fields(official.get(EDIT))
    write(catalogue, content(catalogue, single_window=False))
    first = send(official, form, "save", reason="mine", summary__zh="我的说明")
    assert first.status_code == 412 and "Both of you changed" not in first.text
    write(catalogue, content(catalogue, single_window=False, visits=1, summary={"zh": "又快一步", "en": None}))
    second = send(official, fields(first), "save")
    assert second.status_code == 412 and "又快一步" in second.text and "我的说明" in second.text
    undecided = send(official, fields(second), "save")
    assert undecided.status_code == 422 and '<a href="#take-summary">Summary</a>' in undecided.text
    chosen = fields(undecided)
    chosen["take/summary"] = "mine"
    looked = send(official, chosen, "look")
    assert looked.status_code == 200 and fields(looked)["/service/summary/zh"] == "我的说明"
    assert send(official, chosen, "save").status_code == 303
    service = described(get_service(catalogue, CARD))
    assert (service["summary"]["zh"], service["single_window"]) == ("我的说明", False)


def test_new_service_is_made_by_the_form_and_an_id_that_is_taken_is_told(
    official: FlaskClient, catalogue: Catalogue
) -> None:
    path, edited = "/en/admin/services/new", fields(official.get(EDIT))
    form = fields(official.get(path))
    assert form["/service/status"] == "active"
    for name in edited.keys() - {"opened"}:
        form.setlist(name, edited.getlist(name))
    named = {"reason": "new here", "division": "430203"}
    taken = send(official, form, "save", path, **named, code="card-application")
    assert taken.status_code == 412 and f"service {CARD} exists already" in taken.text
    assert fields(taken)["/service/code"] == "card-application"
    assert (
        "Saving would create the service 430203-other"
        in send(official, form, "preview", path, **named, code="other").text
    )
    made = send(official, form, "save", path, **named, code="other")
    assert made.status_code == 303
    assert described(get_service(catalogue, "430203-other"))["name"] == described(get_service(catalogue, CARD))["name"]


def test_edit_form_is_not_offered_outside_the_divisions_of_the_token(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, signed(catalogue, division="430204")["Authorization"].removeprefix("Bearer "))
    assert client.get(EDIT).status_code == 403
    assert "this token may write in division 430204" in client.get(EDIT).text
    assert EDIT not in client.get(f"/en/admin/services/{CARD}/history").text
    assert client.get("/admin/services/430203-nothing/edit").status_code == 404


def test_auditor_reads_the_history_but_may_not_edit(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, secret(catalogue, Role.AUDITOR))
    assert client.get(EDIT).status_code == 403
    page = client.get(f"/en/admin/services/{CARD}/history")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store" and EDIT not in page.text


def test_history_leads_on_where_it_is_long(official: FlaskClient, catalogue: Catalogue) -> None:
    for words in ("一", "二"):
        write(catalogue, content(catalogue, summary={"zh": words, "en": None}))
    first = official.get(f"/en/admin/services/{CARD}/history?limit=1").text
    assert re.findall(r"Version (\d)", first)[0] == "3" and "<td" in first
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert re.findall(r"Version (\d)", official.get(unescape(following)).text) == ["2"]


@pytest.fixture
def page(page: Page, site: Site) -> Page:
    """Return the window of an administrator who has signed in."""
    sign_in(page, site.token)
    return page


def press(page: Page | Locator, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).last.click()


def test_official_is_told_beside_the_field_what_is_wrong_mends_it_and_saves(page: Page) -> None:
    page.goto("/en/admin")
    page.get_by_role("searchbox", name="Search").fill("社会保障卡申领")
    press(page, "Search")
    page.get_by_role("link", name="Edit Application for a social security card").click()
    materials = page.get_by_role("group", name="Material", exact=True)
    rows = materials.get_by_role("group", name=re.compile(r"Material \d"))
    standing = rows.count()
    press(materials, "Add a row: Material")
    expect(rows).to_have_count(standing + 1)
    name = rows.last.get_by_role("group", name="Name").get_by_label("Chinese")
    expect(name).to_be_focused()
    name.fill("其他材料")
    press(page, "Save")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)  # rules come after the body itself fits
    summary.get_by_role("link", name="Reason for the change").click()
    expect(page.get_by_label("Reason for the change")).to_be_focused()
    page.get_by_label("Reason for the change").fill("a material was missing")
    press(page, "Save")
    summary.get_by_role("link", name=re.compile("no catch-all material")).click()
    expect(name).to_be_focused()
    expect(name).to_have_value("其他材料")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("no catch-all material"))
    name.fill("近期免冠照片")
    rows.first.get_by_role("button", name="Remove Material 1").click()
    expect(rows).to_have_count(standing)
    press(page, "Preview")
    preview = page.get_by_role("region", name="Preview: nothing is saved yet")
    expect(preview).to_be_focused()
    page.get_by_role("group", name="Promised").get_by_label("Days").press("Enter")  # looks again, and never saves
    expect(preview).to_be_focused()
    expect(preview).to_contain_text("近期免冠照片")
    press(preview, "Save")
    expect(page.get_by_role("status").first).to_contain_text("Done: this is revision")
    expect(page.get_by_role("main")).to_contain_text("近期免冠照片")


def test_two_officials_collide_and_nothing_that_either_typed_is_lost(page: Page, browser: Browser, site: Site) -> None:
    service, nonce = "/en/admin/services/430203-work-injury-recognition", token_hex(4)
    mine, theirs, my_note, their_note = (f"{who} {what} {nonce}" for what in ("one", "two") for who in ("王芳", "李明"))
    page.goto(f"{service}/edit")
    page.get_by_role("group", name="Summary").get_by_label("English").fill(mine)
    page.get_by_role("group", name="Provenance").get_by_label("English").fill(my_note)
    page.get_by_label("Reason for the change").fill("clearer words")
    with browser.new_context(base_url=site.base) as context:
        other = context.new_page()
        sign_in(other, issue(site.folder, "administrator", "李明"))
        other.goto(f"{service}/edit")
        other.get_by_role("group", name="Summary").get_by_label("English").fill(theirs)
        other.get_by_role("group", name="Promised").get_by_label("English").fill(their_note)
        other.get_by_label("Reason for the change").fill(f"checked {nonce}")
        press(other, "Save")
        expect(other.get_by_role("status").first).to_contain_text("Done")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("Somebody saved first")
    expect(page.get_by_role("listitem").filter(has_text=f"checked {nonce}")).to_contain_text("李明")
    both = page.get_by_role("group", name="Summary")
    for said in (mine, theirs):
        expect(both.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("region", name="Provenance").get_by_text(my_note)).to_be_visible()
    expect(page.get_by_role("region", name="Time limit").get_by_text(their_note)).to_be_visible()
    press(page, "Merge and save")
    page.get_by_role("alert").get_by_role("link", name="Summary").click()
    both.get_by_label("Take what I typed").check()
    press(page, "Merge and save")
    expect(page.get_by_role("status").first).to_contain_text("Done")
    page.goto(f"{service}/history")
    newest = page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=2)).first
    for said in ("王芳", "clearer words", theirs, mine, my_note, "(Beijing time)"):
        expect(newest).to_contain_text(said)
    expect(newest).not_to_contain_text(their_note)  # it stands since the version before
    newest.get_by_role("link", name=re.compile(r"Revision \d+")).click()
    expect(page.get_by_text("Undo this revision")).to_be_visible()
    page.goto(f"{service}/edit")
    expect(page.get_by_role("group", name="Promised").get_by_label("English")).to_have_value(their_note)


def test_leaving_with_something_unsaved_is_asked_about(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        sign_in(page, site.token)
        page.goto(EDIT)
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        page.get_by_label("Reason for the change").fill("half written")
        page.get_by_role("link", name="History").click()
        expect(page.get_by_label("Reason for the change")).to_have_value("half written")
        assert asked == ["beforeunload"]


def test_checker_of_accessibility_finds_nothing_where_a_service_is_edited(browser: Browser, site: Site) -> None:
    found = {}
    service = "services/430203-benefit-eligibility-certification"
    with browser.new_context(base_url=site.base, viewport={"width": WIDE, "height": 740}) as context:
        page, faster = context.new_page(), context.new_page()
        for start, save in (("/admin", "保存"), ("/en/admin", "Save")):
            sign_in(page, site.token, start)
            page.goto(f"{start}/{service}/edit")
            for window, words in ((faster, "faster"), (page, "?")):
                window.goto(f"{start}/{service}/edit")
                window.locator("#service-summary-en").fill(f"{words} {start}")
                window.locator("#service-provenance-note-en").fill(f"{words} {start}")
                window.locator("#reason").fill(words)
            days = page.locator("#service-time_limits-promised-days")
            standing = days.input_value()
            days.fill("?")
            page.locator("#service-name-en").fill("?")
            press(page, save)
            found |= faults_in_accessibility(page)
            press(faster, save)
            faster.wait_for_url("**/revisions/*")
            days.fill(standing)
            press(page, save)
            expect(page.locator("[name^='take/']")).to_have_count(4)
            found |= faults_in_accessibility(page)
            faster.goto(f"{start}/{service}/history")
            found |= faults_in_accessibility(faster)
            context.clear_cookies()
    assert found == {}
