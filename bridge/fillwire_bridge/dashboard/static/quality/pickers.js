// @ts-check
import { html } from "../html.js";
import { pairName } from "./figures.js";
import { titleOf } from "./tables.js";

/** @typedef {import("./figures.js").Pair} Pair */

const DAY = 86_400_000;
const HOUR = 3_600_000;
const USUAL = 7;
const PERIODS = [
  { days: 1, name: "24 hours" },
  { days: 7, name: "7 days" },
  { days: 30, name: "30 days" },
  { days: 90, name: "90 days" },
  { days: 365, name: "1 year" },
];

/**
 * What the address picks. `since` is a whole hour, so that it is the same for a while.
 * @param {Record<string, string>} params
 * @param {number} [now] unix milliseconds
 */
export function picked({ days: wanted = "", pair = "" }, now = Date.now()) {
  const days = PERIODS.find((period) => `${period.days}` === wanted)?.days ?? USUAL;
  const since = new Date(Math.floor(now / HOUR) * HOUR - days * DAY).toISOString();
  return { days, pair: /^[^/]+\/[^/]+$/.test(pair) ? pair : "", since };
}

/** The period, and the pair of orders. @param {{days: number, pair: string, pairs: Pair[]}} props */
export function Pickers({ days, pair, pairs }) {
  const known = pairs.filter(({ whole }) => whole).map((one) => ({ name: pairName(one), title: titleOf(one) }));
  const named = !pair || known.some(({ name }) => name === pair) ? known : [...known, { name: pair, title: pair.replace("/", " → ") }];
  return html`<form class="pickers" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <label>Period
      <select class="input" data-test="quality-period" value=${days} onChange=${(/** @type {any} */ event) => go(event.target.value, pair)}>
        ${PERIODS.map((period) => html`<option key=${period.days} value=${period.days}>${period.name}</option>`)}
      </select>
    </label>
    <label>Pair
      <select class="input" data-test="quality-pair" value=${pair} onChange=${(/** @type {any} */ event) => go(`${days}`, event.target.value)}>
        <option value="">All pairs</option>
        ${named.map(({ name, title }) => html`<option key=${name} value=${name}>${title}</option>`)}
      </select>
    </label>
  </form>`;
}

/** @param {string} days @param {string} pair */
function go(days, pair) {
  location.hash = `#/quality?days=${days}${pair && `&pair=${pair}`}`;
}
