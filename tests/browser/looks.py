"""What a page looks like to those who see little, use no mouse, or hear it read out: asked of the browser itself."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final

from playwright.async_api import Page

__all__ = ["faint", "headings", "landmarks", "nameless", "unfocused", "wider"]

_CONTROLS: Final = frozenset({
    *("button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox", "slider", "spinbutton", "switch", "tab"),
    *("listbox", "option", "menuitem", "image", "img", "Date", "DateTime"),
})  # fmt: skip

_COLOURS: Final = """
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
// What is written on the page, with its paint and the ratio that it needs.
const texts = () => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim().slice(0, 40);
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("[disabled], [aria-hidden=true]:not(svg), option, script, style, title")) continue;
    const style = getComputedStyle(element);
    const [red, green, blue, alpha] = read(element instanceof SVGElement ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    found.push({ text, element, paint: [red, green, blue, alpha * opacity(element)], needs: large ? 3 : 4.5 });
  }
  return found;
};
"""
"""What both questions after contrast begin with."""

_FAINT: Final = f"""
() => {{
  {_COLOURS}
  const behind = (element) => {{
    const own = element ? read(getComputedStyle(element).backgroundColor) : read("Canvas");
    return !element || own[3] === 1 ? own : over(own, behind(element.parentElement));
  }};
  const found = [];
  for (const {{ text, element, paint, needs }} of texts()) {{
    if (element instanceof SVGElement) continue;
    const ground = behind(element);
    const seen = ratio(over(paint, ground), ground);
    if (seen < needs) found.push(`${{text}}: ${{seen.toFixed(2)}}`);
  }}
  return [...new Set(found)];
}}
"""
"""Texts whose contrast with the backgrounds they stand on is below WCAG AA."""

_LIFT: Final = f"""
() => {{
  {_COLOURS}
  const drawn = texts().filter(({{ element }}) => element instanceof SVGElement);
  const found = drawn.map(({{ element, ...text }}) => {{
    const {{ x, y, width, height }} = element.getBoundingClientRect();
    return {{ ...text, box: [x + scrollX, y + scrollY, width, height] }};
  }});
  window.lifted = new CSSStyleSheet();
  window.lifted.replaceSync("svg text {{ visibility: hidden !important }}");
  document.adoptedStyleSheets.push(window.lifted);
  return found;
}}
"""
"""Takes all drawn texts off the page, and says where each was."""

_FAINT_DRAWN: Final = f"""
async ([texts_, picture]) => {{
  {_COLOURS}
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== window.lifted);
  const bytes = Uint8Array.from(atob(picture), (byte) => byte.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], {{ type: "image/png" }}));
  const page = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", {{ willReadFrequently: true }});
  page.drawImage(bitmap, 0, 0);
  const found = [];
  for (const {{ text, paint, needs, box: [x, y, width, height] }} of texts_) {{
    const {{ data }} = page.getImageData(Math.floor(x), Math.floor(y), Math.ceil(width), Math.ceil(height));
    let worst = Infinity;
    for (let at = 0; at < data.length; at += 4) {{
      const ground = [data[at], data[at + 1], data[at + 2], 1];
      worst = Math.min(worst, ratio(over(paint, ground), ground));
    }}
    if (worst < needs) found.push(`${{text}}: ${{worst.toFixed(2)}}`);
  }}
  return [...new Set(found)];
}}
"""
"""Drawn texts whose contrast with any pixel behind them is below WCAG AA. What outlines them does not count."""

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
  return `${active.tagName} ${active.getAttribute("aria-label") ?? (active.textContent.trim().slice(0, 30) || active.id)}`;
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
    """Texts that are hard to read, with their contrast.

    Those of an SVG stand on whatever is drawn below them, so they are held against a picture of the page without them.
    """
    found: Sequence[str] = await page.evaluate(_FAINT)
    drawn = await page.evaluate(_LIFT)
    picture = await page.screenshot(full_page=True, scale="css", animations="disabled")
    faint: Sequence[str] = await page.evaluate(_FAINT_DRAWN, [drawn, b64encode(picture).decode()])
    return [*found, *faint]


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
