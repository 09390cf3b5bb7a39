// @ts-check
import { html } from "../html.js";

/** @typedef {import("./draft.js").Draft} Draft */
/**
 * A form that a draft is written in: the ticket, or another one by its name `form`, with which the ids of its fields begin.
 * @typedef {{draft: Draft, rules: import("./draft.js").Rules, set: (change: Partial<Draft>) => void, form?: string}} Ticket
 */

/**
 * One field of a form, with its rule below it where it breaks one. `choices` makes it a list to choose from.
 * @param {Ticket & {name: keyof Draft, label: string, hint?: string, choices?: Record<string, string>, children?: any, [attribute: string]: any}} props
 */
export function Field({ draft, rules, set, form = "ticket", name, label, hint = "", choices, children, ...rest }) {
  const id = `${form}-${name}`;
  const attributes = {
    id,
    "data-test": id,
    value: draft[name],
    "aria-invalid": name in rules,
    "aria-describedby": `${id}-says`,
    onInput: (/** @type {any} */ event) => set({ [name]: event.target.value }),
    ...rest,
  };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${choices
      ? html`<select ...${attributes}>${Object.entries(choices).map(([value, text]) =>
          html`<option key=${value} value=${value} selected=${value === draft[name]}>${text}</option>`)}</select>`
      : html`<input autocomplete="off" spellcheck=${false} ...${attributes} />`}
    ${children}
    <p id="${id}-says" class=${name in rules ? "error" : "hint"} data-test=${name in rules ? `${form}-error` : undefined}>${rules[name] ?? hint}</p>
  </div>`;
}
