// @ts-check
import { lasting } from "../format.js";
import { html } from "../html.js";
import { overall } from "./figures.js";
import { percent } from "./outcomes.js";
import { bps, time } from "./texts.js";

/** @typedef {import("./figures.js").Pair} Pair */

/**
 * The figures that one looks for first.
 * @param {{pairs: Pair[], loading: boolean, success: number | null | undefined, times: {share: number, seconds: number}[]}} props
 */
export function Tiles({ pairs, loading, success, times }) {
  const { orders, total, saved, seconds } = overall(pairs);
  const [mean, unit] = seconds === null ? ["–", ""] : time(seconds);
  const tails = times.map(({ share, seconds }) => `p${share * 100} ${lasting(seconds * 1000)}`.replaceAll(" ", "\u00a0")).join(" · ");
  return html`<dl class="tiles">
    <${Tile} name="Orders confirmed" value=${loading ? "…" : orders.toLocaleString("en-US")} />
    <${Tile} name="Cost of an order" ...${measure(total)} />
    <${Tile} name="Saved against the next venue" ...${measure(saved)} />
    <${Tile} name="Time to confirmation, mean" value=${mean} unit=${unit} note=${tails} />
    <${Tile} name="Success" value=${success === null || success === undefined ? "–" : percent(success)} note="of the last orders that were tried" />
  </dl>`;
}

/** @param {{name: string, value: string, unit?: string, note?: string}} props */
function Tile({ name, value, unit = "", note = "" }) {
  return html`<div class="panel"><dt>${name}</dt><dd>${value} <small>${unit}</small></dd>${note && html`<dd class="note muted">${note}</dd>`}</div>`;
}

/** @param {number | null} value */
function measure(value) {
  return value === null ? { value: "–" } : { value: bps(value), unit: "bps" };
}
