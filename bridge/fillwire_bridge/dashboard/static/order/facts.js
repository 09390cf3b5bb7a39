// @ts-check
import { html, useState } from "../html.js";

/** Names and values; those without a value are left out. @param {{facts: Record<string, any>}} props */
export function Facts({ facts }) {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== "" && value !== null && value !== false);
  return html`<dl class="facts">${known.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Something long that is meant to be copied. @param {{text: string, name: string}} props */
export function Copyable({ text, name }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return html`<span class="copyable"><code title=${text}>${text}</code>
    <button type="button" class="button small plain" aria-label="Copy the ${name}" onClick=${copy}>${copied ? "Copied" : "Copy"}</button></span>`;
}
