// @ts-check
import { html, useEffect, useState } from "../html.js";

const NAME = "fillwire.scheme";
const SCHEMES = /** @type {const} */ ({
  auto: { next: "light", glyph: "◐", says: "Colours as the system has them" },
  light: { next: "dark", glyph: "☀", says: "Light colours" },
  dark: { next: "auto", glyph: "☾", says: "Dark colours" },
});

/** @typedef {keyof typeof SCHEMES} Scheme */

/** The switch between the system's colours, light and dark; this browser remembers it. */
export function SchemeSwitch() {
  const [scheme, setScheme] = useState(remembered);
  useEffect(() => apply(scheme), [scheme]);
  const { next, glyph, says } = SCHEMES[scheme];
  return html`<button class="button small plain" data-test="theme" data-scheme=${scheme} title=${says}
    aria-label="${says}; press to change" onClick=${() => setScheme(next)}>
    <span aria-hidden="true">${glyph}</span>
  </button>`;
}

/** @returns {Scheme} */
function remembered() {
  const kept = localStorage.getItem(NAME) ?? "";
  return kept in SCHEMES ? /** @type {Scheme} */ (kept) : "auto";
}

/** @param {Scheme} scheme */
function apply(scheme) {
  localStorage.setItem(NAME, scheme);
  if (scheme === "auto") delete document.documentElement.dataset.scheme;
  else document.documentElement.dataset.scheme = scheme;
}
