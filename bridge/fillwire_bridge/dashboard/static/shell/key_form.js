// @ts-check
import { html, useEffect, useRef, useState } from "../html.js";
import { keepKey } from "./key.js";

/** Asks for the API key without which the engine answers nothing. @param {{link: import("../link.js").Link}} props */
export function KeyForm({ link }) {
  const [key, setKey] = useState("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    keepKey(key.trim());
    link.identify(key.trim());
  };
  return html`<form class="panel key-form" data-test="key-form" onSubmit=${submit}>
    <h1>This engine asks for a key</h1>
    <p class="muted">Your operator makes one with <code>fillwire keys create</code>. It is kept in this tab only.</p>
    ${link.reason && html`<p class="notice warn" role="alert">The engine said: ${link.reason}</p>`}
    <div class="field">
      <label for="key">API key</label>
      <input id="key" ref=${field} type="password" autocomplete="off" placeholder="fw_…" value=${key}
        onInput=${(/** @type {any} */ event) => setKey(event.target.value)} />
    </div>
    <button class="button primary" disabled=${!key.trim()}>Connect</button>
  </form>`;
}
