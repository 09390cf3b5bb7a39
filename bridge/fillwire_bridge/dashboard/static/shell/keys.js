// @ts-check
import { place } from "./places.js";

/** What the keys do, anywhere on the page. The help page lists the same table. */

/** @type {{keys: string[], does: string, act?: () => void}[]} */
export const KEYS = [
  { keys: ["n", "/"], does: "A new order: to the amount", act: newOrder },
  { keys: ["t"], does: "Trade", act: () => go("#/") },
  { keys: ["m"], does: "Market", act: () => go("#/market") },
  { keys: ["q"], does: "Execution quality", act: () => go("#/quality") },
  { keys: ["o"], does: "To the live orders", act: () => focusSoon('[data-test="tape-row"] a') },
  { keys: ["?"], does: "These keys", act: () => go("#/help") },
  { keys: ["Esc"], does: "Close what is open, or go back to trade" },
  { keys: ["Enter"], does: "In the ticket: place the order. In the live orders: open it" },
  { keys: ["↑", "↓"], does: "In the live orders: from one to the next" },
  { keys: ["x"], does: "In the live orders: cancel the order" },
];

/** Listens until the returned function is called. */
export function onKeys() {
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") return escape();
  if (writing(event.target)) return;
  const found = KEYS.find(({ keys, act }) => act && keys.includes(event.key));
  if (!found) return;
  event.preventDefault();
  found.act?.();
}

/** A field is left first; then whatever is open, and then the view. */
function escape() {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  if (active && writing(active)) return active.blur();
  go("#/");
}

function newOrder() {
  if (place(location.hash).view !== "trade") go("#/");
  focusSoon('[data-test="ticket-amount"]');
}

/** @param {string} hash */
function go(hash) {
  if (location.hash !== hash) location.hash = hash;
}

/** The view may still have to be shown. @param {string} selector */
function focusSoon(selector, tries = 10) {
  const found = /** @type {HTMLInputElement | null} */ (document.querySelector(selector));
  if (found) {
    found.focus();
    found.select?.();
  } else if (tries) requestAnimationFrame(() => focusSoon(selector, tries - 1));
}

/** @param {EventTarget | null} target */
function writing(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
