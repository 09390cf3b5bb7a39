// @ts-check
import { html } from "../html.js";
import { face } from "../statuses.js";

/** A status: sign, word and colour. @param {{status: string | undefined}} props */
export function StatusChip({ status }) {
  const { name, glyph, tone, means } = face(status);
  return html`<span class="chip ${tone}" title=${means}><span aria-hidden="true">${glyph}</span>${name}</span>`;
}
