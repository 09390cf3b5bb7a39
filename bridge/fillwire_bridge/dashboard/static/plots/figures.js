// @ts-check
import { html, useState } from "../html.js";
import { readings } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */

const MOST_LINES = 60;

/** The figures behind a plot, for who would rather read them. @param {{spec: Spec}} props */
export function Figures({ spec }) {
  const [open, setOpen] = useState(false);
  return html`<details class="plot-figures" open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary>Figures</summary>
    ${open && html`<${Table} spec=${spec} />`}
  </details>`;
}

/** Of lines the newest come first, and only so many. @param {{spec: Spec}} props */
function Table({ spec }) {
  const labels = [...spec.series.map(({ label }) => label), ...(spec.total ? [spec.total] : [])];
  const places = [...spec.x.keys()];
  const shown = spec.kind === "lines" ? places.reverse().slice(0, MOST_LINES) : places;
  return html`<div class="plot-table" tabindex="0" role="region" aria-label="Figures of the plot">
    <table class="table">
      <thead><tr><th></th>${labels.map((label) => html`<th class="number" scope="col">${label}</th>`)}</tr></thead>
      <tbody>${shown.map((at) => html`<${Line} spec=${spec} labels=${labels} at=${at} />`)}</tbody>
    </table>
    ${shown.length < places.length && html`<p class="muted">The newest ${MOST_LINES} of ${places.length}.</p>`}
  </div>`;
}

/** @param {{spec: Spec, labels: string[], at: number}} props */
function Line({ spec, labels, at }) {
  const texts = new Map(readings(spec, at).map(({ label, text }) => [label, text]));
  return html`<tr>
    <th scope="row">${spec.heading(at)}</th>
    ${labels.map((label) => html`<td class="number">${texts.get(label) ?? "–"}</td>`)}
  </tr>`;
}
