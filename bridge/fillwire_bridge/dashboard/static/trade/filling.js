// @ts-check
/** How a form behaves that a draft is written in, whichever it is. */

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Rules} Rules */

/** What is not filled in yet is no mistake before somebody presses. @param {Rules} rules @param {Draft} draft @param {boolean} pressed */
export function touched(rules, draft, pressed) {
  const shown = Object.entries(rules).filter(([name]) => pressed || draft[/** @type {keyof Draft} */ (name)].trim());
  return Object.fromEntries(shown);
}

/** A key that is held down presses once. @param {KeyboardEvent} event */
export function ignoreRepeats(event) {
  if (event.key === "Enter" && event.repeat) event.preventDefault();
}

/** Once the rules are shown. @param {{current: HTMLFormElement | null}} form */
export function focusFirstWrong(form) {
  const first = () => /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector('[aria-invalid="true"]'));
  setTimeout(() => first()?.focus());
}

/** Ready to be typed over. @param {{current: HTMLFormElement | null}} form @param {string} field its id */
export function focusField(form, field) {
  const found = /** @type {HTMLInputElement | null | undefined} */ (form.current?.querySelector(`#${field}`));
  // On a phone a keyboard that opens by itself would cover the page.
  if (matchMedia("(pointer: coarse)").matches) return;
  found?.focus();
  found?.select();
}
