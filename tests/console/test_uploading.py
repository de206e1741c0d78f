"""An official uploads a spreadsheet: faults by cell, a preview, the import; no server keeps the file in between."""

import csv
import io
from html import unescape
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, FilePayload, Page, expect
from werkzeug.test import TestResponse

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import list_tokens, revoke_token
from service_catalog.domain.access import Role
from tests.actions.test_writing import content, write
from tests.console.accessibility import faults_in_accessibility
from tests.console.administrators import HERE, Site, hold, issue, secret, sign_in
from tests.console.test_tagging import hidden, revision_of

CARD = "430203-card-application"


@pytest.fixture
def engine() -> str:
    """Return the one engine that is enough here: imports are tested on both beside the call."""
    return "sqlite"


@pytest.fixture
def official(client: FlaskClient, catalogue: Catalogue) -> FlaskClient:
    """Return a client that is signed in as an administrator."""
    hold(client, secret(catalogue))
    return client


def edited(exported: bytes, **cells: str) -> bytes:
    """Return a file with only the row of the card, with these cells; ``__`` stands for the dot in a column's name."""
    head, *rows = csv.reader(io.StringIO(exported.decode("utf-8-sig")))
    row = next(row for row in rows if row[0] == CARD)
    for name, text in cells.items():
        row[head.index(name.replace("__", "."))] = text
    table = io.StringIO()
    csv.writer(table).writerows([head, row])
    return table.getvalue().encode("gb18030")


def send(client: FlaskClient, file: bytes | None = None, name: str = "事项.csv", **fields: str) -> TestResponse:
    """Send the form in English."""
    data = {**fields, **({"file": (io.BytesIO(file), name)} if file is not None else {})}
    return client.post("/en/admin/upload", data=data, content_type="multipart/form-data", headers=HERE)


def sheet(client: FlaskClient, **cells: str) -> bytes:
    """Return the present export of the card with other cells."""
    return edited(client.get("/api/v1/export?format=csv").data, **cells)


def carried(html: str) -> dict[str, str]:
    """Return what the form of the preview carries on."""
    return {name: hidden(html, name) for name in ("carried", "carried_name", "previewed", "key")}


def test_file_that_the_page_carries_on_is_imported_once_however_often_it_is_sent(official: FlaskClient) -> None:
    preview = send(official, sheet(official, name__en="Another name")).text
    assert "Changed: 1" in preview and "事项.csv" in preview
    before = revision_of(official)
    done = [send(official, reason="核对", **carried(preview)).location for _ in range(2)]
    assert done == [f"/en/admin/revisions/{before + 1}?done=1"] * 2 and revision_of(official) == before + 1


def test_file_that_was_not_previewed_is_shown_before_it_is_imported(official: FlaskClient) -> None:
    preview = send(official, sheet(official, name__en="Another name")).text
    before = revision_of(official)
    other = send(official, sheet(official, visits="0"), reason="核对", **carried(preview))
    assert other.status_code == 422 and "R2" in other.text
    other = send(official, sheet(official, name__en="A third name"), reason="核对", **carried(preview))
    assert "nothing is written yet" in other.text and revision_of(official) == before


def test_file_is_imported_although_the_session_ended_after_its_preview(
    official: FlaskClient, catalogue: Catalogue
) -> None:
    preview = send(official, sheet(official, name__en="Another name")).text
    before = revision_of(official)
    revoke_token(catalogue, list_tokens(catalogue)[0][0].id)
    ended = send(official, reason="核对", **carried(preview))
    assert ended.status_code == 401
    entry = {"goal": unescape(hidden(ended.text, "goal")), "held": unescape(hidden(ended.text, "held"))}
    token = secret(catalogue)
    kept = official.post("/en/admin/sign-in", data={"token": token, **entry}, headers=HERE).text
    hold(official, token)
    fields = {name: unescape(hidden(kept, name)) for name in ("reason", *carried(preview))}
    assert official.post("/en/admin/upload", data=fields, headers=HERE).status_code == 303
    assert revision_of(official) > before + 2


def test_missing_reason_is_asked_for_and_the_file_goes_on(official: FlaskClient) -> None:
    preview = send(official, sheet(official, name__en="Another name")).text
    refused = send(official, reason=" ", **carried(preview))
    assert refused.status_code == 422 and 'id="reason-fault"' in refused.text
    assert carried(refused.text) == carried(preview)
    assert send(official, reason="核对", **carried(refused.text)).status_code == 303


def test_row_that_somebody_else_changed_meanwhile_is_named(official: FlaskClient, catalogue: Catalogue) -> None:
    file = sheet(official, name__en="Another name")
    write(catalogue, {**content(catalogue, CARD), "single_window": False})
    late = send(official, file, reason="核对")
    assert late.status_code == 412
    assert "Please export anew" in late.text and "is 2 now" in late.text and 'value="核对"' in late.text


@pytest.mark.parametrize(
    ("file", "name", "told"),
    [
        (b"", "a.csv", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "old .xls or has a password"),
        (b'[{"id": "x"}]', "a", "item 1"),
        (b"name.zh\n" * 2, "a.csv", "the column is missing"),
    ],
)
def test_file_that_cannot_be_imported_says_why(official: FlaskClient, file: bytes, name: str, told: str) -> None:
    refused = send(official, file, name, reason="核对")
    assert refused.status_code == 422 and told in refused.text and "carried_name" not in refused.text


@pytest.mark.parametrize("content", ["", "!", "H4sIAAAAAAAC", "eJwDAAAAAAE="])
def test_form_without_a_file_or_with_a_damaged_one_asks_for_it(official: FlaskClient, content: str) -> None:
    asked = send(official, carried=content, carried_name="a.csv", reason="核对")
    assert asked.status_code == 422 and "please choose a file" in asked.text and 'value="核对"' in asked.text


def test_file_over_the_bound_is_told_on_a_page_that_knows_why(official: FlaskClient) -> None:
    huge = official.post("/en/admin/upload", data=bytes(2**24 + 1), content_type="multipart/form-data", headers=HERE)
    assert huge.status_code == 413 and "service-catalog import" in huge.text


def test_auditor_begins_with_the_revisions_and_may_not_upload(client: FlaskClient, catalogue: Catalogue) -> None:
    token = secret(catalogue, Role.AUDITOR)
    entered = client.post("/en/admin/sign-in", data={"token": token, "goal": "/en/admin"}, headers=HERE)
    assert entered.location == "/en/admin/revisions"
    hold(client, token)
    page = client.get("/en/admin/revisions")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store" and "/admin/upload" not in page.text
    assert client.get("/en/admin/upload").status_code == 403


def exported(page: Page, **cells: str) -> FilePayload:
    """Return the file that a link of the page leads to, with other cells, as an official would save it."""
    link = page.get_by_role("link", name="现有事项（CSV）").get_attribute("href")
    body = edited(page.request.get(str(link)).body(), **cells)
    return {"name": "事项.csv", "mimeType": "text/csv", "buffer": body}


def test_official_mends_the_cell_that_is_named_and_imports_and_an_auditor_sees_who_changed_what(
    page: Page, site: Site, browser: Browser
) -> None:
    name = f"Card {token_hex(4)}"
    sign_in(page, site.token, "/admin/upload")
    wrong, mended = exported(page, visits="两次", name__en=name), exported(page, name__en=name)
    page.get_by_label("文件", exact=True).set_input_files(wrong)
    page.get_by_label("理由").fill("按窗口要求更新")
    page.get_by_role("button", name="预览").click()
    row = page.get_by_role("row").filter(has_text="两次")
    expect(row.get_by_role("rowheader")).to_contain_text("2")
    expect(row).to_contain_text("J 到场次数上限")
    expect(row).to_contain_text("须为整数")
    page.get_by_label("文件", exact=True).set_input_files(mended)
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("region", name="预览：尚未写入")).to_contain_text("修改 1 项")
    expect(page.get_by_label("理由")).to_have_value("按窗口要求更新")
    page.get_by_role("button", name="导入 事项.csv").click()
    expect(page.get_by_role("status")).to_contain_text("已写入")
    expect(page.get_by_text("王芳")).to_be_visible()
    with browser.new_context(base_url=site.base) as context:
        auditor = context.new_page()
        auditor.goto("/en/audit")
        auditor.get_by_role("link", name="sign in to see names").click()
        sign_in(auditor, issue(site.folder, "auditor", "李明"), "/en/admin")
        newest = auditor.get_by_role("listitem").filter(has_text="Import").first
        expect(newest).to_contain_text("王芳")
        expect(newest).to_contain_text("按窗口要求更新")
        number = int(str(newest.get_by_role("heading").get_attribute("id")).removeprefix("revision-"))
        auditor.get_by_role("link", name="Compare any two revisions").click()
        auditor.get_by_role("textbox", name="From revision").fill(str(number - 1))
        auditor.get_by_role("textbox", name="To revision").fill(str(number))
        auditor.get_by_role("button", name="Compare").click()
        expect(auditor.get_by_role("row").filter(has_text=name)).to_contain_text("Name (English)")


def test_file_that_is_too_large_is_refused_by_the_script_before_it_is_sent(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        sign_in(page, site.token, "/en/admin/upload")
        huge: FilePayload = {"name": "a.csv", "mimeType": "text/csv", "buffer": bytes(2**24 + 1)}
        page.get_by_label("File", exact=True).set_input_files(huge)
        page.get_by_label("Why").fill("a reason")
        page.get_by_role("button", name="Preview").click()
        said = page.get_by_label("File", exact=True).evaluate("field => field.validationMessage")
        assert "more than 16 MiB" in said
        expect(page.get_by_label("Why")).to_have_value("a reason")


@pytest.mark.parametrize("language", ["", "/en"], ids=["zh", "en"])
def test_checker_of_accessibility_finds_nothing_on_the_pages_for_uploading_and_comparing(
    browser: Browser, site: Site, language: str
) -> None:
    export = "现有事项（CSV）" if not language else "The present services (CSV)"
    found = {}
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        sign_in(page, site.token, f"{language}/admin/upload")
        present = page.request.get(str(page.get_by_role("link", name=export).get_attribute("href"))).body()
        for file in (None, edited(present, visits="两次"), edited(present, name__en="Another name")):
            if file is not None:
                page.locator("#file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": file})
                page.get_by_role("button", name="Preview" if language else "预览").click()
            found |= faults_in_accessibility(page)
        for path in ("revisions", "compare?from=0", "compare?from=9&to=1"):
            page.goto(f"{language}/admin/{path}")
            found |= faults_in_accessibility(page)
    assert found == {}
