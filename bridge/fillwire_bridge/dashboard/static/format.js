// @ts-check
/** How amounts, prices, times and names are shown, and how a typed amount is read. Money is never a float here. */

/** @typedef {{symbol: string, decimals?: number, name?: string, mint?: string}} Token */

const GROUPS = /\B(?=(\d{3})+(?!\d))/g;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NUMBER = /^(\d*)(?:\.(\d*))?$/;

/** 2^64 - 1: the widest amount that an order may name, in smallest units. */
const WIDEST = (1n << 64n) - 1n;

/**
 * Whole tokens, exact, without grouping: what a field may be filled with.
 * @param {string | bigint} units smallest units
 * @param {number} decimals
 */
export function whole(units, decimals) {
  const negative = String(units).startsWith("-");
  const digits = String(units).replace("-", "").padStart(decimals + 1, "0");
  const [head, tail] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)];
  const fraction = tail.replace(/0+$/, "");
  return `${negative ? "-" : ""}${head}${fraction && `.${fraction}`}`;
}

/**
 * Whole tokens for reading, in groups of three. `places` cuts off what stands behind, never rounds up; absent: exact.
 * @param {string | bigint | undefined} units smallest units; absent or empty: "–"
 * @param {number} [decimals]
 * @param {number} [places]
 */
export function amount(units, decimals = 0, places) {
  if (units === undefined || units === "") return "–";
  const [head, tail = ""] = whole(units, decimals).split(".");
  const fraction = (places === undefined ? tail : tail.slice(0, places)).replace(/0+$/, "");
  return `${head.replace(GROUPS, ",")}${fraction && `.${fraction}`}`;
}

/**
 * Reads whole tokens as typed, into smallest units. Throws `RangeError` with the rule in words.
 * @param {string} text
 * @param {number} decimals
 * @returns {string}
 */
export function smallest(text, decimals) {
  const match = NUMBER.exec(text.trim().replaceAll(",", ""));
  if (!match || !/\d/.test(text)) throw new RangeError("Write a number such as 1.5");
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) throw new RangeError(`At most ${decimals} digits after the point`);
  const units = BigInt(match[1] + fraction.padEnd(decimals, "0"));
  if (units === 0n) throw new RangeError("Must be more than nothing");
  if (units > WIDEST) throw new RangeError(`At most ${amount(WIDEST, decimals)}`);
  return units.toString();
}

/**
 * A price in at most seven digits that count.
 * @param {string | number | undefined} value
 */
export function price(value) {
  if (value === undefined || value === "" || Number.isNaN(Number(value))) return "–";
  return Number(value).toLocaleString("en-US", { maximumSignificantDigits: 7 });
}

/**
 * Basis points. Absent counts as 0, since the wire leaves zeros out.
 * @param {number | undefined} value
 * @param {{signed?: boolean}} [how]
 */
export function bps(value = 0, { signed = false } = {}) {
  const size = Math.abs(value);
  const places = size === 0 || size >= 100 ? 0 : size >= 1 ? 1 : 2;
  const shown = size > 0 && size < 0.005 ? "<0.01" : size.toFixed(places);
  const sign = value < 0 && shown !== "0" ? "−" : signed && value > 0 ? "+" : "";
  return `${sign}${shown} bps`;
}

/**
 * The time of day here, to the millisecond or to the second.
 * @param {string | number | undefined} moment RFC 3339, or unix milliseconds
 * @param {{millis?: boolean}} [how]
 */
export function clock(moment, { millis = true } = {}) {
  if (moment === undefined) return "–";
  const date = new Date(moment);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => padded(n, 2));
  return `${hours}:${minutes}:${seconds}${millis ? `.${padded(date.getMilliseconds(), 3)}` : ""}`;
}

/**
 * Date and time of day here.
 * @param {string | undefined} moment RFC 3339
 */
export function dateTime(moment) {
  if (moment === undefined) return "–";
  const date = new Date(moment);
  return `${date.getFullYear()}-${padded(date.getMonth() + 1, 2)}-${padded(date.getDate(), 2)} ${clock(moment)}`;
}

/**
 * How long ago a moment was: "now", "12 s ago", "3 min ago".
 * @param {string | number | undefined} moment RFC 3339, or unix milliseconds
 * @param {number} [now] unix milliseconds
 */
export function ago(moment, now = Date.now()) {
  if (moment === undefined) return "–";
  const passed = now - new Date(moment).getTime();
  return passed < 1000 ? "now" : `${lasting(passed)} ago`;
}

/**
 * A span of time in one unit, or two where that is closer: "320 µs", "85 ms", "2.41 s", "3 min 20 s", "5 h 2 min".
 * @param {number} millis
 */
export function lasting(millis) {
  if (millis > 0 && millis < 1) return `${Math.round(millis * 1000)} µs`;
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < MINUTE) return `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 0)} s`;
  if (millis < HOUR) return twice(millis, MINUTE, "min", 1000, "s");
  if (millis < DAY) return twice(millis, HOUR, "h", MINUTE, "min");
  return twice(millis, DAY, "d", HOUR, "h");
}

/**
 * Milliseconds of a Duration as the wire says it: "1.5s". Absent: 0.
 * @param {string | undefined} duration
 */
export function millisOf(duration) {
  return duration ? Number(duration.replace("s", "")) * 1000 : 0;
}

/**
 * "raydium_amm_v4" as people write it: "Raydium AMM v4".
 * @param {string} name
 */
export function venueName(name) {
  return name.split(/[-_]/).map(titled).join(" ");
}

/**
 * The ends of a long id, for where the whole one does not fit.
 * @param {string} id
 */
export function brief(id) {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-5)}`;
}

/** @param {string} word */
function titled(word) {
  if (/^v\d+$/.test(word)) return word;
  return word.length <= 4 && word !== "orca" ? word.toUpperCase() : word[0].toUpperCase() + word.slice(1);
}

/** @param {number} millis @param {number} size @param {string} unit @param {number} fraction @param {string} part */
function twice(millis, size, unit, fraction, part) {
  const rest = Math.floor((millis % size) / fraction);
  return `${Math.floor(millis / size)} ${unit}${rest ? ` ${rest} ${part}` : ""}`;
}

/** @param {number} value @param {number} width */
function padded(value, width) {
  return String(value).padStart(width, "0");
}
