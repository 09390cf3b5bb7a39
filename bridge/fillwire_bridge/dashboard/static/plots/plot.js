// @ts-check
import { html, useEffect, useRef, useState } from "../html.js";
import { Chart } from "./chart.js";
import { Figures } from "./figures.js";
import { Legend, Swatch } from "./legend.js";
import { readings, without } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */

/**
 * A plot with its title, how to read it, its legend, and its figures as a table.
 * @param {{title: any, reading: string, spec: Spec | null, height?: number, empty?: any, test: string, name?: string}} props
 *   `spec`: `null` shows `empty` in a plot's place
 */
export function Plot({ title, reading, spec, height = 220, empty = "Nothing to show yet.", test, name }) {
  return html`<figure class="plot" data-test=${test} data-name=${name}>
    <figcaption><h2>${title}</h2><p class="muted">${reading}</p></figcaption>
    ${spec
      ? html`<${Drawn} spec=${spec} height=${height} />`
      : html`<div class="empty" style=${{ minHeight: `${height + 60}px` }}>${empty}</div>`}
  </figure>`;
}

/** @param {{spec: Spec, height: number}} props */
function Drawn({ spec, height }) {
  const [hidden, setHidden] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const shown = without(spec, hidden);
  return html`
    <${Area} spec=${shown} height=${height} />
    <${Legend} spec=${spec} hidden=${hidden} onHide=${setHidden} />
    <${Figures} spec=${spec} />
  `;
}

/** @param {{spec: Spec, height: number}} props */
function Area({ spec: newest, height }) {
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  const chart = useRef(/** @type {Chart | null} */ (null));
  const [pointed, setPointed] = useState(/** @type {{at: number, left: number} | null} */ (null));
  // While somebody reads it, it stands still.
  const still = useRef(newest);
  if (!pointed) still.current = newest;
  const spec = still.current;
  useEffect(() => {
    const hear = (/** @type {number | null} */ at, /** @type {number} */ left) => setPointed(at === null ? null : { at, left });
    chart.current = new Chart(/** @type {HTMLElement} */ (host.current), spec, { height, pointed: hear });
    return () => chart.current?.close();
  }, []);
  useEffect(() => chart.current?.show(spec), [spec]);
  const press = (/** @type {KeyboardEvent} */ event) => {
    const at = stepped(event.key, pointed?.at ?? null, spec.x.length);
    if (at === undefined) return;
    event.preventDefault();
    chart.current?.point(at);
  };
  return html`<div class="plot-area" tabindex="0" role="group" aria-roledescription="plot" onKeyDown=${press}
    onBlur=${() => chart.current?.point(null)} aria-label="${spec.summary} Arrow keys read it from point to point.">
    <div class="plot-canvas" ref=${host} style=${{ height: `${height}px` }} aria-hidden="true"></div>
    <${Tip} spec=${spec} pointed=${pointed} width=${host.current?.clientWidth ?? 0} />
  </div>`;
}

/** @param {{spec: Spec, pointed: {at: number, left: number} | null, width: number}} props */
function Tip({ spec, pointed, width }) {
  if (!pointed || pointed.at >= spec.x.length) return html`<div class="hidden" aria-live="polite"></div>`;
  const { at, left } = pointed;
  const side = left > width / 2 ? { right: `${width - left + 12}px` } : { left: `${left + 12}px` };
  return html`<div class="plot-tip" style=${side} aria-live="polite">
    <p>${spec.heading(at)}</p>
    <table>
      ${readings(spec, at).map(
        ({ label, text, colour, dash }) => html`<tr>
          <th><${Swatch} colour=${colour} dash=${dash} line=${spec.kind === "lines" || label === spec.total} />${label}</th>
          <td class="number">${text}</td>
        </tr>`,
      )}
    </table>
  </div>`;
}

/**
 * The place that a key leads to: `null` is none, `undefined` that the key leads nowhere.
 * @param {string} key
 * @param {number | null} at
 * @param {number} length
 */
export function stepped(key, at, length) {
  const last = length - 1;
  if (key === "ArrowLeft") return Math.max((at ?? length) - 1, 0);
  if (key === "ArrowRight") return Math.min((at ?? -1) + 1, last);
  if (key === "Home") return 0;
  if (key === "End") return last;
  return key === "Escape" && at !== null ? null : undefined;
}
