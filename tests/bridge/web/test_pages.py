"""What a browser is sent: the page, files, and a plain page where nothing is built."""

import gzip
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bridge.web.pages import NONCE, PAGES, mount_pages

INDEX = f'<script src="/assets/main-1a2b.js" nonce="{NONCE}"></script>'
AS_BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-1a2b.js").write_text("1")
    (tmp_path / "mark.svg").write_text("<svg/>")
    (tmp_path / "index.html").write_text(INDEX)
    return tmp_path


def browser(folder: Path) -> TestClient:
    """A client of an app that has only these pages."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mount_pages(app, folder)
    return TestClient(app)


@pytest.mark.parametrize("place", PAGES)
def test_each_page_is_the_application_with_a_policy_of_its_own(built: Path, place: str) -> None:
    client = browser(built)
    first, second = client.get(place), client.get(place)
    nonces = re.findall(r"'nonce-([\w-]+)'", first.headers["content-security-policy"])
    assert first.status_code == 200
    assert first.text == INDEX.replace(NONCE, nonces[0])
    assert first.text != second.text
    assert first.headers["cache-control"] == "no-cache"


def test_the_policy_lets_no_script_in_but_our_files(built: Path) -> None:
    policy = dict(each.split(" ", 1) for each in browser(built).get("/").headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)


def test_files_named_by_their_content_are_kept_for_ever_and_others_are_asked_for_again(built: Path) -> None:
    client = browser(built)
    assert "immutable" in client.get("/assets/main-1a2b.js").headers["cache-control"]
    assert client.get("/mark.svg").headers["cache-control"] == "no-cache"
    assert client.get("/assets/main-1a2b.js").headers["x-content-type-options"] == "nosniff"


def test_files_are_sent_packed_to_whoever_can_unpack_them(built: Path) -> None:
    (built / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(b"1"))
    client = browser(built)
    packed = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert (packed.text, packed.headers["content-encoding"]) == ("1", "gzip")
    assert (plain.text, "content-encoding" in plain.headers) == ("1", False)
    assert packed.headers["content-type"] == plain.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("place", ["/assets/gone.js", "/stamp", "/index.html/x"])
def test_what_is_not_there_is_no_page_for_programs(built: Path, place: str) -> None:
    answer = browser(built).get(place)
    assert answer.status_code == 404
    assert answer.text == "Not found"


def test_people_who_lost_their_way_get_a_page_that_says_so(built: Path) -> None:
    answer = browser(built).get("/nowhere", headers=AS_BROWSER)
    assert answer.status_code == 404
    assert "script" in answer.text


def test_the_api_answers_in_its_own_words(built: Path) -> None:
    client = browser(built)
    assert client.get("/api/nowhere", headers=AS_BROWSER).json() == {"detail": "Not Found"}
    assert client.post("/nowhere", headers=AS_BROWSER).json() == {"detail": "Not Found"}
    assert client.post("/sign-in").status_code == 405


@pytest.mark.parametrize("place", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret"])
def test_nothing_beside_the_built_files_is_given_away(built: Path, tmp_path: Path, place: str) -> None:
    (tmp_path.parent / "secret").write_text("key")
    assert "key" not in browser(built).get(place).text


def test_without_built_pages_a_person_is_told_what_to_do(tmp_path: Path) -> None:
    answer = browser(tmp_path / "none").get("/")
    assert answer.status_code == 503
    assert "make pages" in answer.text
    assert "'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("place", ["/%00", "/assets/%00", f"/{'a' * 300}", "/" + "a/" * 3000])
def test_a_name_that_no_file_has_is_not_there(built: Path, place: str) -> None:
    assert browser(built).get(place).status_code == 404
