"""What a page looks like to those who see little, use no mouse, or hear it read out: asked of the browser itself."""

from collections.abc import Sequence
from typing import Any, Final

from playwright.async_api import Page

__all__ = ["faint", "headings", "landmarks", "nameless", "unfocused", "wider"]

_CONTROLS: Final = frozenset({
    *("button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox", "slider", "spinbutton", "switch", "tab"),
    *("listbox", "option", "menuitem", "image", "img", "Date", "DateTime"),
})  # fmt: skip

_FAINT: Final = """
() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  // Any notation of a colour, as red, green, blue of 0 to 255 and alpha of 0 to 1.
  const read = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const own = element ? read(getComputedStyle(element).backgroundColor) : read("Canvas");
    return !element || own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  // WCAG 2.2: relative luminance, and the ratio of two.
  const light = ([red, green, blue]) => {
    const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const opacity = (element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("[disabled], [aria-hidden=true], option, script, style, title")) continue;
    const style = getComputedStyle(element);
    const ground = behind(element instanceof SVGElement ? element.closest("svg").parentElement : element);
    const paint = read(element instanceof SVGElement ? style.fill : style.color);
    const seen = over([...paint.slice(0, 3), paint[3] * opacity(element)], ground);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio(seen, ground) < (large ? 3 : 4.5)) found.push(`${text.slice(0, 40)}: ${ratio(seen, ground).toFixed(2)}`);
  }
  return [...new Set(found)];
}
"""
"""Texts whose contrast with what is behind them is below WCAG AA. An SVG's text stands on the panel it is in, or on a
shape, of which nothing is known here."""

_FOCUS: Final = """
() => {
  const active = document.activeElement;
  if (active === document.body) return "";
  const shows = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  // A field may leave it to the frame around it.
  for (let at = active; at.tagName !== "MAIN" && at !== document.body; at = at.parentElement) {
    if (shows(at)) return "";
  }
  return `${active.tagName} ${active.getAttribute("aria-label") ?? active.textContent.trim().slice(0, 30)}`;
}
"""
"""What has the focus and does not show it."""


async def nameless(page: Page) -> Sequence[str]:
    """Controls and pictures that a screen reader has no name for."""
    nodes = await _nodes(page)
    return [_text(node, "role") for node in nodes if _text(node, "role") in _CONTROLS and not _text(node, "name")]


async def headings(page: Page) -> Sequence[tuple[int, str]]:
    """Level and text of every heading, in their order."""
    found = await page.get_by_role("heading").evaluate_all(
        "headings => headings.map((it) => [Number(it.tagName.slice(1)), it.textContent.trim()])"
    )
    return [(level, text) for level, text in found]


async def landmarks(page: Page) -> set[str]:
    """The parts between which a screen reader jumps."""
    return {_text(node, "role") for node in await _nodes(page)} & {"banner", "navigation", "main", "contentinfo"}


async def faint(page: Page) -> Sequence[str]:
    """Texts that are hard to read, with their contrast."""
    found: Sequence[str] = await page.evaluate(_FAINT)
    return found


async def unfocused(page: Page, *, steps: int) -> Sequence[str]:
    """What takes the focus without showing it, among so many places that the Tab key leads to."""
    hidden = []
    for _ in range(steps):
        await page.keyboard.press("Tab")
        hidden.append(await page.evaluate(_FOCUS))
    return [name for name in hidden if name]


async def wider(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    width: int = await page.evaluate("document.documentElement.scrollWidth - screen.width")
    return width


async def _nodes(page: Page) -> Sequence[dict[str, Any]]:
    """The accessibility tree, as screen readers get it."""
    devtools = await page.context.new_cdp_session(page)
    tree = await devtools.send("Accessibility.getFullAXTree")
    await devtools.detach()
    return [node for node in tree["nodes"] if not node["ignored"]]


def _text(node: dict[str, Any], what: str) -> str:
    return str(node.get(what, {}).get("value", "")).strip()
