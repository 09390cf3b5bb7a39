// @ts-check
import { html } from "../html.js";

const [WIDE, HIGH] = [96, 28];
const MOST_POINTS = 64;

/**
 * The course of a value in a word's size; what it says is said beside it.
 * @param {{times: number[], values: (number | null)[], until: number}} props
 */
export function Sparkline({ times, values, until }) {
  return html`<svg class="sparkline" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true">
    <path d=${traced(times, values, until, WIDE, HIGH)} fill="none" stroke="var(--plot-1)" stroke-width="1.5" vector-effect="non-scaling-stroke" />
  </svg>`;
}

/**
 * The path of values that each hold until the next one, the last `until` the end; broken where none is known.
 * @param {number[]} times
 * @param {(number | null)[]} values
 * @param {number} until
 * @param {number} width
 * @param {number} height
 */
export function traced(times, values, until, width, height) {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (/** @type {number} */ time) => (until > times[0] ? ((time - times[0]) / (until - times[0])) * width : width).toFixed(1);
  const y = (/** @type {number} */ value) => (high > low ? 2 + ((high - value) / (high - low)) * (height - 4) : height / 2).toFixed(1);
  const stride = Math.ceil(times.length / MOST_POINTS);
  const kept = [...times.keys()].filter((at) => at % stride === 0 || at === times.length - 1 || values[at] === null);
  return kept.reduce((path, at, place) => {
    const value = values[at];
    if (value === null) return path;
    const begun = place > 0 && values[kept[place - 1]] !== null;
    return `${path}${begun ? `V${y(value)}` : `M${x(times[at])} ${y(value)}`}H${x(times[kept[place + 1]] ?? until)}`;
  }, "");
}
