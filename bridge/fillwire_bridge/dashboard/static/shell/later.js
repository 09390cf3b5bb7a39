// @ts-check
import { html, useEffect, useState } from "../html.js";

/**
 * A view whose module is fetched when it is first shown.
 * @param {() => Promise<any>} load
 * @param {string} name what the module exports it as
 */
export function later(load, name) {
  /** @type {any} */
  let View = null;
  return function Later(/** @type {object} */ props) {
    const [failed, setFailed] = useState(false);
    const [, setLoaded] = useState(View !== null);
    useEffect(() => {
      if (View) return;
      load().then((module) => ((View = module[name]), setLoaded(true)), () => setFailed(true));
    }, []);
    if (View) return html`<${View} ...${props} />`;
    return html`<div class="empty">${failed ? "This page could not be loaded. Reload to try again." : "Loading…"}</div>`;
  };
}
