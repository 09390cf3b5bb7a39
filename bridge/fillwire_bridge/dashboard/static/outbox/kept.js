// @ts-check
/** @typedef {import("./outbox.js").Press} Press */

const NAME = "fillwire.unanswered";

/** What this tab has asked for and was not answered; it outlives a reload of the page, and is forgotten with the tab. */
export const KEPT = {
  /** @returns {Press[]} */
  read: () => JSON.parse(sessionStorage.getItem(NAME) ?? "[]"),
  /** @param {Press[]} open */
  write: (open) => {
    if (open.length) sessionStorage.setItem(NAME, JSON.stringify(open));
    else sessionStorage.removeItem(NAME);
  },
};
