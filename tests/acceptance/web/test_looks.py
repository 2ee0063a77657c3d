"""How the pages look: axe finds nothing wrong, light or dark, wide or narrow, and six languages fit."""

import re

import pytest
from playwright.async_api import expect

from bridge.web.pages import PAGES
from tests.acceptance.web.conftest import PASSWORD, Scheme, Seat
from tests.acceptance.web.crowd import crowd
from tests.acceptance.web.screen import Screen

together = pytest.mark.asyncio(loop_scope="session")
LANGUAGES = {
    "fr": "Français",
    "pt": "Português",
    "sv": "Svenska",
    "ca": "Català",
    "es": "Español",
    "en": "English",
}
THE_MENU = re.compile("^(Language|Langue|Idioma|Språk|Llengua)")
INTERACTION = "019a0000-0000-7000-8000-000000000002"
OUTSIDE = ("/sign-in", "/welcome#token", "/nowhere")
INSIDE = ("/floor", "/floor?view=past", f"/floor/interactions/{INTERACTION}")


async def enter(screen: Screen, who: str) -> None:
    """Signs in and finds a busy floor."""
    await crowd(screen.page, 6)
    await screen.opens("/sign-in")
    await screen.signs_in(who, PASSWORD)
    await expect(screen.page.locator("[data-link=live]")).to_be_visible()


async def looked_at(screen: Screen, place: str) -> None:
    """The page is there, whole."""
    await screen.opens(place)
    await expect(screen.page.locator("h1")).to_have_count(1)
    if place.startswith("/floor"):
        await expect(screen.page.locator("[data-agent]").first).to_be_attached()
        await expect(screen.row("").first).to_be_attached()
    if INTERACTION in place:
        await expect(screen.page.locator("ol li").first).to_be_visible()


def told(found: dict[str, list[str]]) -> str:
    """What was found, place by place."""
    return "\n".join(f"{place}: {each}" for place, all in found.items() for each in all)


def test_all_pages_are_looked_at() -> None:
    known = {place.split("#")[0].split("?")[0].replace(INTERACTION, "{id}") for place in (*OUTSIDE, *INSIDE)}
    assert known == {*PAGES, "/nowhere"} - {"/"}


@together
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
async def test_axe_finds_nothing(seat: Seat, scheme: Scheme, width: int) -> None:
    screen, found = await seat(width=width, scheme=scheme), dict[str, list[str]]()
    for place in OUTSIDE:
        await looked_at(screen, place)
        found[place] = await screen.violations()
    await enter(screen, "rita")
    for place in INSIDE:
        await looked_at(screen, place)
        found[place] = await screen.violations()
    await screen.page.locator("button", has_text="End the call").click()
    found["the question"] = await screen.violations()
    await screen.presses("Keep the call")
    await screen.page.get_by_role("button", name="Language: English").click()
    await expect(screen.page.get_by_role("menu")).to_be_visible()
    found["a menu"] = await screen.violations()
    assert told(found) == ""


@together
async def test_each_language_fits_on_a_telephone(seat: Seat) -> None:
    screen, found = await seat(width=390), dict[str, list[str]]()
    for place in OUTSIDE:
        await looked_at(screen, place)
        found |= await overflowing_by_language(screen, place)
    await enter(screen, "rita")
    for place in INSIDE:
        await looked_at(screen, place)
        found |= await overflowing_by_language(screen, place)
    await screen.opens("/floor")
    await screen.page.locator("button[aria-pressed=false]").first.click()
    await expect(screen.page.locator("[data-agent]").first).to_be_visible()
    found |= await overflowing_by_language(screen, "the agents")
    assert told(found) == ""


async def overflowing_by_language(screen: Screen, place: str) -> dict[str, list[str]]:
    """What is wider than its place, in each of the languages."""
    found = {}
    for code, language in LANGUAGES.items():
        await screen.page.get_by_role("button", name=THE_MENU).click()
        await screen.chooses(language)
        await expect(screen.page.locator(f"html[lang={code}]")).to_be_attached()
        found[f"{place} in {language}"] = await screen.overflowing()
    return found


@together
async def test_language_and_appearance_are_chosen_and_remembered(seat: Seat) -> None:
    screen = await seat()
    await screen.opens("/sign-in")
    await screen.presses("Language: English")
    await screen.chooses("Svenska")
    await screen.sees_heading("Logga in")
    await screen.presses("Utseende")
    await screen.chooses("Mörkt")
    await screen.opens("/sign-in")
    await screen.sees_heading("Logga in")
    await expect(screen.page.locator("html[data-mantine-color-scheme=dark]")).to_be_attached()


@together
async def test_the_api_is_described_for_people(seat: Seat) -> None:
    screen = await seat()
    await screen.opens("/api/docs")
    await expect(screen.page.get_by_text("/api/v1/interactions", exact=True)).to_be_visible()
    assert screen.complaints == []
