"""A person before a screen: what she does there, and what she sees."""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from bridge.web.build import WEB

AXE: Final = WEB / "node_modules" / "axe-core" / "axe.min.js"
# A refusal that a page is there to show is written to the console by the browser itself.
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (400|401|404|409|422|429)")
_OVERFLOWING = """() => {
  const told = [];
  if (document.documentElement.scrollWidth > innerWidth) told.push(`the page: ${document.documentElement.scrollWidth}`);
  for (const each of document.querySelectorAll("body *")) {
    const style = getComputedStyle(each);
    const hidden = style.clipPath !== "none" || style.textOverflow === "ellipsis" || style.position === "absolute";
    const inline = style.display === "inline" || each instanceof SVGElement || /^(INPUT|SELECT)$/.test(each.tagName);
    if (!hidden && !inline && each.clientWidth && each.scrollWidth > each.clientWidth + 1)
      told.push(`${each.tagName} ${each.className}: ${each.textContent.trim().slice(0, 40)}`);
  }
  return told;
}"""


@dataclass
class Screen:
    """One browser window; `complaints` are what the browser holds against our pages, a breach of policy among them."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Notes what the browser complains of."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _REFUSED.search(message.text):
            self.complaints.append(message.text)

    async def opens(self, place: str) -> None:
        """Types an address."""
        await self.page.goto(self.url + place)

    async def signs_in(self, username: str, password: str) -> None:
        """Fills the form in and sends it by the keyboard alone."""
        await self.page.get_by_label("Username").fill(username)
        await self.page.locator("input[name=password]").fill(password)
        await expect(self.page.locator("button[type=submit]")).to_be_enabled()
        await self.page.locator("input[name=password]").press("Enter")

    async def presses(self, name: str) -> None:
        """A button with this name."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def chooses(self, name: str) -> None:
        """An entry of the open menu, by keyboard."""
        await self.page.get_by_role("menuitemradio", name=name).press("Enter")

    async def sees(self, words: str, within: float = 8.0) -> None:
        """Words anywhere on the screen."""
        await expect(self.page.get_by_text(words).first).to_be_visible(timeout=within * 1000)

    async def sees_heading(self, words: str) -> None:
        """A heading."""
        await expect(self.page.get_by_role("heading", name=words)).to_be_visible()

    async def is_at(self, place: str) -> None:
        """This address, with nothing behind it."""
        await expect(self.page).to_have_url(self.url + place)

    def row(self, words: str) -> Locator:
        """The interaction in whose row these words are."""
        return self.page.locator("a[data-row]", has_text=words)

    def agent(self, name: str) -> Locator:
        """An agent's place in the list."""
        return self.page.locator(f"[data-agent={name}]")

    async def shows(self, place: Locator, words: str, within: float = 10.0) -> None:
        """These words stand there, soon."""
        await expect(place).to_contain_text(words, timeout=within * 1000)

    async def violations(self) -> list[str]:
        """What axe finds wrong."""
        await self.page.evaluate(AXE.read_text())
        await _settled(self.page)
        found: dict[str, Any] = await self.page.evaluate("axe.run({resultTypes: ['violations']})")
        return [f"{each['id']}: {node['html']} {node['any']}" for each in found["violations"] for node in each["nodes"]]

    async def overflowing(self) -> list[str]:
        """What is wider than its place."""
        await _settled(self.page)
        return [str(each) for each in await self.page.evaluate(_OVERFLOWING)]

    async def picture(self, file: Path) -> None:
        """Keeps what is seen."""
        await self.page.screenshot(path=file)


async def _settled(page: Page) -> None:
    """Nothing is loading and nothing moves any more."""
    await expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
    script = "Promise.all(document.getAnimations().map((each) => each.finished.catch(() => 0)))"
    async with asyncio.timeout(10):
        await page.evaluate(script)
