"""Coming in: the first administrator, a wrong and a right password, and a session that ends elsewhere."""

import re

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.acceptance.conftest import Throughline
from tests.acceptance.web.conftest import PASSWORD, Seat

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_mistypes_is_told_so_and_comes_to_where_she_wanted_to_be(seat: Seat) -> None:
    rita = await seat()
    await rita.opens("/floor?view=past")
    await rita.sees_heading("Sign in")
    await rita.signs_in("rita", "something else")
    await rita.sees("Username and password do not match.")
    await rita.signs_in("", "")
    await rita.sees("Enter your username.")
    await rita.signs_in("rita", PASSWORD)
    await rita.is_at("/floor?view=past")
    await rita.sees("Rita Lima")


async def test_who_tries_too_often_is_told_how_long_to_wait(seat: Seat) -> None:
    nobody = await seat()
    await nobody.opens("/sign-in")
    for _ in range(10):
        async with nobody.page.expect_response("**/api/v1/session"):
            await nobody.signs_in("nobody", "guess after guess")
    await nobody.signs_in("nobody", "guess after guess")
    await nobody.sees("Too many tries.")
    await nobody.shows(nobody.page.get_by_role("alert"), "in 29:")


async def test_caps_lock_is_pointed_out(seat: Seat) -> None:
    rita = await seat()
    await rita.opens("/sign-in")
    await rita.page.locator("input[name=password]").focus()
    script = """document.activeElement.dispatchEvent(
      new KeyboardEvent("keyup", {key: "A", bubbles: true, modifierCapsLock: true}))"""
    await rita.page.evaluate(script)
    await rita.sees("Caps Lock is on.")


async def test_the_first_administrator_chooses_her_name_and_password(seat: Seat, center: Throughline) -> None:
    maria = await seat()
    asked: list[str] = []
    maria.page.on("request", lambda request: asked.append(request.url))
    await maria.opens("/welcome#made-up")
    await maria.page.get_by_label("Your name").fill("Maria Santos")
    await maria.page.get_by_label("Username").fill("Maria Santos")
    await maria.page.locator("input[name=password]").fill("short")
    await maria.presses("Open the center")
    await maria.sees("begin with a letter")
    await maria.sees("The password is too short.")
    await maria.page.get_by_label("Username").fill("maria")
    await maria.page.locator("input[name=password]").fill(PASSWORD)
    await maria.presses("Open the center")
    await maria.sees_heading("This link is no longer valid")
    assert not [url for url in asked if "made-up" in url.split("#")[0]]


async def test_what_is_not_there_says_so_and_leads_back(seat: Seat) -> None:
    lost = await seat()
    await lost.opens("/floor/nowhere/at/all")
    await lost.sees_heading("There is nothing here")
    await lost.page.get_by_role("link", name="To the floor").click()
    await lost.page.wait_for_url(re.compile("/sign-in"))


async def test_a_session_that_is_ended_elsewhere_leads_to_sign_in_and_back(seat: Seat, center: Throughline) -> None:
    otto, elsewhere = await seat(), await seat()
    await otto.opens("/floor?queue=sales")
    await otto.signs_in("otto", PASSWORD)
    await otto.is_at("/floor?queue=sales")
    await otto.sees("Live")
    api, session = elsewhere.context.request, f"{center.url}/api/v1/session"
    me = await (await api.post(session, data={"username": "otto", "password": PASSWORD})).json()
    sessions = (await (await api.get(f"{session}s")).json())["items"]
    for each in (each for each in sessions if not each["current"]):
        gone = await api.delete(f"{session}s/{each['id']}", headers={"X-CSRF-Token": me["csrf_token"]})
        assert gone.ok
    await otto.sees("Your session has ended.")
    await otto.signs_in("otto", PASSWORD)
    await otto.is_at("/floor?queue=sales")


async def test_a_cut_stream_is_told_mended_and_nothing_is_missed(seat: Seat) -> None:
    otto, sockets = await seat(), list[WebSocketRoute]()
    down = False

    def opened(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if not down:
            socket.connect_to_server()

    await otto.page.route_web_socket(re.compile("/api/v1/events"), opened)
    await otto.opens("/floor")
    await otto.signs_in("otto", PASSWORD)
    await expect(otto.page.locator("[data-link=live]")).to_be_visible()
    down = True
    await sockets[-1].close(code=1012, reason="restarts")
    await otto.sees("Connection lost.")
    down = False
    await otto.presses("Try now")
    await expect(otto.page.locator("[data-link=live]")).to_be_visible()
    await expect(otto.page.get_by_text("Connection lost.")).to_have_count(0)
    assert re.search(r"after=\d+&journal=\w+", sockets[-1].url)
