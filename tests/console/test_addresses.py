"""Addresses, languages, caching and errors of the pages, without a browser."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from tests.actions.test_writing import content, write
from tests.api.writes import API

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PAGES = ["/", "/services", "/services/430203-card-application", "/indicators"]
CARD = "/services/430203-card-application"


def english(path: str) -> str:
    """Return the address of a page in English."""
    return f"/en{path}"


def links(html: str) -> list[str]:
    """Return where a page leads to, beside its files."""
    return [unescape(found) for found in re.findall(r'<a [^>]*href="([^"#]+)"', html)]


@pytest.mark.parametrize("path", PAGES)
def test_page_has_an_address_in_each_language_and_each_names_the_other(client: FlaskClient, path: str) -> None:
    for address, tag in ((path, "zh-CN"), (english(path), "en")):
        html = client.get(address).text
        assert f'<html lang="{tag}">' in html
        assert f'hreflang="zh-CN" href="{path}"' in html
        assert f'hreflang="en" href="{english(path)}"' in html


@pytest.mark.parametrize("path", [*PAGES, "/services?audience=individual&tag=one-visit&limit=3", "/services/nothing"])
def test_link_in_english_and_large_type_stays_so(client: FlaskClient, path: str) -> None:
    html = client.get(f"/en{path}{'&' if '?' in path else '?'}text=large").text
    assert '<html lang="en" class="large">' in html
    kept = [link for link in links(html) if not link.startswith(("/api/", "/docs"))]
    assert len(kept) > 4
    settings = {"language": "text=large", "type": "/en"}
    for link in kept:
        address = urlsplit(link)
        if not address.path.startswith("/en/"):
            assert f'<a id="language" href="{link}"'.replace("&", "&amp;") in html and settings["language"] in link
        elif "text=large" not in address.query:
            assert f'<a id="type" href="{link}"'.replace("&", "&amp;") in html
    assert html.count('<input type="hidden" name="text" value="large">') == html.count("<form")


@pytest.mark.parametrize("path", [*PAGES, *map(english, PAGES)])
def test_page_is_the_same_for_everybody_and_kept_until_it_changes(
    client: FlaskClient, catalogue: Catalogue, path: str
) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers and "Vary" not in first.headers
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(path, headers=tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    write(catalogue, content(catalogue, single_window=False))
    assert client.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/services?limit=x"])
def test_page_trusts_files_of_this_server_alone(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';") and "unsafe" not in policy
    assert not re.search(r"<style|<script>| style=| on\w+=", response.text)
    assert response.headers["Referrer-Policy"] == "same-origin"  # or a form would be sent with Origin: null


def test_file_of_the_pages_is_kept_for_ever_and_asked_for_anew_when_it_changes(client: FlaskClient) -> None:
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/").text)
    response = client.get(sheet)
    assert (response.status_code, response.content_type) == (200, "text/css; charset=utf-8")
    assert response.headers["Cache-Control"].endswith("immutable")
    earlier = client.get(re.sub(r"/[0-9a-f]{16}/", "/0123456789abcdef/", sheet))
    assert (earlier.data, earlier.headers["Cache-Control"]) == (response.data, "no-cache")
    assert client.get(sheet.replace("pages.css", "..%2Fpages.py")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, ("没有找到这个页面",)),
        ("/en/nothing", 404, ("This page was not found",)),
        ("/services/430203-nothing", 404, ("没有找到这个页面", "没有事项 430203-nothing")),
        ("/en/services/x", 404, ("there is no service x",)),
        (f"{CARD}?revision=9", 404, ("没有修订 9",)),
        ("/services?limit=x", 422, ("这个请求有问题", "参数 limit：须为整数")),
        ("/en/services?audience=cat&tag=dog", 422, ("Parameter audience:", "Parameter tag:")),
        ("/services?limit=1&limit=2", 422, ("只能出现一次",)),
        ("/services?cursor=abc", 422, ("游标",)),
        ("/indicators?division=x", 422, ("参数 division",)),
        ("/en/?text=huge", 422, ("Parameter text:",)),
        ("/en/services?_external=1&endpoint=x&language=zh", 422, ("_external", "endpoint", "language")),
        (f"/services?{'x' * 5000}", 422, ("4096",)),
        ("/services?<b>=1", 422, ("&lt;b&gt;",)),
        ("/services?division=%00%ff", 422, ("参数 division",)),
    ],
)
def test_address_that_is_wrong_gets_a_page_that_says_what_and_where(
    client: FlaskClient, path: str, status: int, words: tuple[str, ...]
) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (status, "text/html; charset=utf-8")
    assert f'<html lang="{"en" if path.startswith("/en/") else "zh-CN"}">' in response.text
    for one in (*words, response.headers["X-Request-ID"]):
        assert one in response.text
    assert "<b>=" not in response.text
    assert '<a class="button" href="/' in response.text  # a way on
    assert response.headers["Cache-Control"] == "no-store"


def test_address_of_the_api_that_is_wrong_stays_a_problem(client: FlaskClient) -> None:
    for path in ("/api", "/api/v2", "/healthz?x=1", f"{API}/services?limit=x", f"{API}/nothing"):
        assert client.get(path).content_type == "application/problem+json"


def test_method_that_a_page_does_not_take_is_405_and_says_which_are(client: FlaskClient) -> None:
    response = client.post("/services")
    assert (response.status_code, response.mimetype) == (405, "text/html")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_parameter_that_a_form_left_empty_counts_as_absent(client: FlaskClient) -> None:
    assert found(client.get("/services?audience=&domain=talent-personnel&tag=").text) == 5


def found(html: str) -> int:
    """Return the number of services that a list says it found."""
    (number,) = re.findall(r"<h1[^>]*>[^<0-9]*([0-9,]+)[^<]*</h1>", html)
    return int(number.replace(",", ""))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "audience=individual",
        "audience=enterprise&online_for=enterprise",
        "online=true&tag=one-visit",
        "online_for=individual&life_event=card",
        "online=false&domain=employment&status=any",
        "tag=single-window&tag=zero-visit&division=4302",
    ],
)
def test_choice_of_a_filter_finds_as_many_as_it_says_and_as_the_api(client: FlaskClient, query: str) -> None:
    html = client.get(f"/en/services?{query}").text
    offered = re.findall(
        r'<a class="pill" id="([\w-]+)" href="([^"]+)"( aria-current="true")?>.*?<span class="count">(\d+)</span>', html
    )
    assert len(offered) >= 5
    for key, href, chosen, count in offered:
        address = unescape(href)
        there = found(client.get(address).text)
        assert there == client.get(address.replace("/en/services", f"{API}/services")).get_json()["total"]
        if chosen:  # taking it back finds the rest as well
            assert there >= int(count) == found(html), key
        else:
            assert there == int(count), key


def test_reader_who_said_who_they_are_is_offered_what_they_themselves_can_do_online(client: FlaskClient) -> None:
    html = client.get("/services?online=true").text
    (individual,) = re.findall(r'id="audience-individual" href="([^"]+)"', html)
    assert unescape(individual) == "/services?online_for=individual&audience=individual"
    shown = client.get(unescape(individual)).text
    assert 'id="online-true"' not in shown and 'id="online_for-enterprise"' not in shown
    assert "只有企业能网上办" not in shown


def test_list_leads_through_every_service_once(client: FlaskClient) -> None:
    address, seen = "/services?limit=30", []
    while address:
        html = client.get(address).text
        seen += re.findall(r'<h2><a href="/services/([^"]+)"', html)
        following = re.findall(r'rel="next" href="([^"]+)"', html)
        address = unescape(following[0]) if following else ""
    assert len(seen) == len(set(seen)) == 73


def test_text_of_a_document_is_never_taken_for_html(client: FlaskClient, catalogue: Catalogue) -> None:
    attack = '<img src=x onerror="alert(1)">{{ 7 * 7 }}'
    changed = content(catalogue, name={"zh": attack, "en": None}, summary={"zh": attack, "en": attack})
    write(catalogue, changed)
    for path in (CARD, english(CARD), "/services?sort=-revision"):
        html = client.get(path).text
        assert "<img" not in html and "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;{{ 7 * 7 }}" in html
    assert '<span lang="zh-CN">&lt;img' in client.get(english(CARD)).text


def test_figures_that_no_longer_meet_the_published_ones_are_shown_beside_them(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    assert client.get("/en/indicators").text.count("<td>the same") == 6
    write(catalogue, content(catalogue, single_window=False))
    html = client.get("/en/indicators").text
    row = re.search(r"Single window</th><td>46</td><td>45</td><td><b>differs by 1</b>", html)
    assert row and html.count("<td>the same") == 5
    assert "46" not in re.findall(r"<b>(\d+)</b> <span><a", html)


def test_catalogue_without_any_service_has_pages_too(client: FlaskClient) -> None:
    for path in ("/services?division=99", "/indicators?division=99", "/?division=99"):
        assert client.get(path).status_code == 200
    assert "没有符合这些条件的事项" in client.get("/services?division=99").text


def test_service_that_was_retired_says_so(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, status="retired"))
    assert "这个事项已停用" in client.get(CARD).text
    earlier = client.get(f"{CARD}?revision=1").text
    assert "这是第 1 次修订时的内容" in earlier and "这个事项已停用" not in earlier
