// @ts-check
import { lasting } from "../format.js";
import { html } from "../html.js";
import { useLink, useNow } from "./pulse.js";

/** @typedef {import("../link.js").Link} Link */

const CHIPS = {
  connecting: { tone: "busy", glyph: "◌", name: "Connecting" },
  open: { tone: "good", glyph: "●", name: "Connected" },
  lost: { tone: "bad", glyph: "○", name: "Disconnected" },
  denied: { tone: "warn", glyph: "⚿", name: "Key needed" },
};
const SILENT = { tone: "warn", glyph: "◍", name: "No engine" };

/** In a word, whether the page is connected. @param {{link: Link}} props */
export function ConnectionChip({ link }) {
  const { state, silentSince } = useLink(link);
  const { tone, glyph, name } = silentSince ? SILENT : CHIPS[state];
  return html`<span class="chip ${tone}" role="status" data-test="connection" data-state=${state}
    title=${link.account && `Account ${link.account}`}>
    <span aria-hidden="true">${glyph}</span>${name}
  </span>`;
}

/** What is going on, since when, and what becomes of it; nothing where all is well. @param {{link: Link}} props */
export function ConnectionBanner({ link }) {
  const { state, since, silentSince } = useLink(link);
  const now = useNow(state === "lost" || silentSince > 0);
  if (state === "lost") return html`<${Lost} link=${link} passed=${now - since} />`;
  if (!silentSince) return null;
  return html`<div class="banner notice warn">
    <p><strong role="status">The engine does not answer</strong>, for ${span(now - silentSince)} now.
      The page keeps asking, and catches up when it does.</p>
  </div>`;
}

/** @param {{link: Link, passed: number}} props */
function Lost({ link, passed }) {
  return html`<div class="banner notice bad">
    <p><strong role="status">Disconnected</strong> for ${span(passed)}: ${link.reason}.
      Orders go on without this page, and it catches up as soon as it is connected.</p>
    <button class="button small" onClick=${() => link.retry()}>Try now</button>
  </div>`;
}

/** Whole seconds: what ticks faster is not read. @param {number} millis */
function span(millis) {
  return millis < 1000 ? "a moment" : lasting(Math.floor(millis / 1000) * 1000);
}
