"""The floor as a supervisor sees it: a call from its arrival to its end, agents, lists by keyboard."""

import pytest
from playwright.async_api import expect

from tests.acceptance.conftest import Throughline
from tests.acceptance.web.conftest import PASSWORD, Seat
from tests.acceptance.web.crowd import crowd
from tests.acceptance.web.screen import Screen
from tests.fleet.fleet import Fleet, Manner
from tests.fleet.phone import Account

CALLER = "0700900123"
SOON = 15.0

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def at_the_floor(seat: Seat, who: str = "rita", **how: object) -> Screen:
    """Somebody who has signed in."""
    screen = await seat(**how)
    await screen.opens("/floor")
    await screen.signs_in(who, PASSWORD)
    await expect(screen.page.locator("[data-link=live]")).to_be_visible()
    return screen


async def test_a_call_arrives_is_offered_talked_and_ended_before_her_eyes(
    seat: Seat, fleet: Fleet, center: Throughline
) -> None:
    rita = await at_the_floor(seat)
    account = center.account("ana")
    await fleet.hire(Account(account.username, account.password), lambda: Manner(after=2.0))
    await rita.shows(rita.agent("ana"), "Free")

    call = fleet.call("1000", CALLER)
    await rita.shows(rita.row(CALLER), "In the menu")
    assert await call.until(lambda: call.report.first_sound is not None, SOON)
    call.press("1")
    await rita.shows(rita.row(CALLER), "Ringing")
    await rita.shows(rita.agent("ana"), "Phone rings")
    await rita.shows(rita.row(CALLER), "Talking")
    await rita.shows(rita.agent("ana"), "Talks")
    await rita.shows(rita.page.locator("li", has=rita.page.get_by_role("heading", name="Sales")), "talking1")

    await rita.row(CALLER).click()
    await rita.sees("waits in the queue sales")
    await rita.presses("End the call")
    await rita.sees("is hung up at once")
    await rita.presses("Keep the call")
    await rita.presses("End the call")
    await rita.page.get_by_role("dialog").get_by_role("button", name="End the call").click()
    assert await call.until(lambda: call.over, SOON)
    assert call.report.ended_by == "them"
    await rita.shows(rita.row(CALLER), "Being finished")
    await rita.shows(rita.agent("ana"), "Wraps up")


async def test_who_may_changes_an_agents_presence_and_who_may_not_cannot(seat: Seat) -> None:
    rita, otto = await at_the_floor(seat), await at_the_floor(seat, "otto")
    await rita.presses("Change the presence of Bruno Keller")
    await rita.chooses("Away")
    await rita.shows(rita.agent("bruno"), "Away")
    await otto.shows(otto.agent("bruno"), "Away")
    await expect(otto.agent("bruno").get_by_role("button")).to_have_count(0)


async def test_an_agent_sees_herself_first_and_changes_only_her_own_presence(seat: Seat) -> None:
    carla = await at_the_floor(seat, "carla")
    await carla.shows(carla.page.locator("[data-agent]").first, "Carla Mensah")
    await expect(carla.page.locator("[data-agent] button")).to_have_count(1)
    await carla.presses("Change the presence of Carla Mensah")
    await carla.chooses("Away")
    await carla.shows(carla.agent("carla"), "Until she is available again")
    await carla.presses("Change the presence of Carla Mensah")
    await carla.chooses("Available")
    await carla.shows(carla.agent("carla"), "Phone not reachable")


async def test_lists_are_moved_in_opened_and_closed_by_keyboard(seat: Seat) -> None:
    rita = await at_the_floor(seat)
    await crowd(rita.page, 12)
    await rita.opens("/floor")
    await expect(rita.row("")).to_have_count(12)
    keys = rita.page.keyboard
    await keys.press("?")
    await rita.sees_heading("Keyboard shortcuts")
    await keys.press("Escape")
    await expect(rita.page.get_by_role("dialog")).to_have_count(0)
    await keys.press("/")
    await expect(rita.page.get_by_label("Search", exact=True)).to_be_focused()
    await keys.type("dubois")
    await expect(rita.row("")).to_have_count(2)
    await keys.press("Escape")
    await rita.page.get_by_label("Search", exact=True).fill("")
    await expect(rita.row("")).to_have_count(12)
    await rita.row("").first.focus()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    third = await rita.row("").nth(2).get_attribute("data-row")
    await keys.press("Enter")
    await rita.is_at(f"/floor/interactions/{third}")
    await rita.sees("What happened")
    await keys.press("Escape")
    await rita.is_at("/floor")
    await expect(rita.row("").nth(2)).to_be_focused()


async def test_past_interactions_are_narrowed_to_callers_who_were_cut_off(seat: Seat) -> None:
    rita = await at_the_floor(seat)
    await crowd(rita.page, 6)
    await rita.opens("/floor?view=past")
    await expect(rita.row("")).to_have_count(6)
    await rita.presses("Only those cut off")
    await rita.is_at("/floor?view=past&cut_off=yes")
    await expect(rita.row("")).to_have_count(2)
    await rita.shows(rita.row("").nth(0), "Cut off")
    await rita.shows(rita.row("").nth(1), "Turned away")


async def test_two_hundred_calls_are_counted_without_being_drawn_anew(seat: Seat) -> None:
    rita = await at_the_floor(seat)
    await crowd(rita.page, 200)
    await rita.opens("/floor")
    await expect(rita.row("")).to_have_count(200)
    await rita.sees_heading("Sales")
    await rita.shows(rita.agent("ana"), "Ana Ferreira")
    first = rita.row("").first.locator("time")
    before = await first.text_content()
    changes = """() => new Promise((done) => {
      let drawn = 0, counted = 0;
      new MutationObserver((all) => all.forEach((each) =>
        each.target.closest?.("time") ?? each.target.parentElement?.closest("time") ? counted++ : drawn++))
        .observe(document.querySelector("a[data-row]").closest("ul"),
          {childList: true, subtree: true, characterData: true});
      setTimeout(() => done([drawn, counted]), 2500);
    })"""
    drawn, counted = await rita.page.evaluate(changes)
    assert await first.text_content() != before
    assert counted >= 400
    assert drawn == 0


async def test_what_cannot_be_loaded_says_so_and_can_be_tried_again(seat: Seat) -> None:
    rita = await at_the_floor(seat)
    await rita.page.route("**/api/v1/queues", lambda route: route.fulfill(status=503, body="{}"))
    await rita.opens("/floor")
    await rita.sees("The queues could not be loaded")
    await rita.page.unroute("**/api/v1/queues")
    await rita.presses("Try again")
    await rita.sees_heading("Support")
    rita.complaints.clear()
