// @ts-check
import { html } from "./html.js";

/**
 * Why what stands below is not of now; nothing where it is, or where the banner says that nobody answers.
 * @param {{failure: {message?: string, code: string} | null}} props
 */
export function Missing({ failure }) {
  if (!failure || failure.code === "UNAVAILABLE") return null;
  return html`<p class="notice warn" role="status">The engine gave no answer: ${failure.message || failure.code}.</p>`;
}
