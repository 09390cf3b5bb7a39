// @ts-check
/** Numbers and times, digit for digit as the report of the command line writes them (fillwire.report.texts). */

const DIGITS = 6;
const GROUPS = /\B(?=(\d{3})+(?!\d))/g;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A cost: one digit after the point, and a minus sign that is as wide as a plus.
 * @param {number} value
 */
export function bps(value) {
  return fixed(value, 1).replace("-", "−").replace("−0.0", "0.0");
}

/**
 * An amount in whole tokens, to six digits; in smallest units where the token's decimals are not known.
 * @param {bigint} raw
 * @param {number | undefined} decimals
 */
export function quantity(raw, decimals) {
  if (decimals === undefined) return grouped(String(raw));
  const places = Math.max(0, DIGITS - (String(raw).length - decimals));
  const rounded = places >= decimals ? raw * 10n ** BigInt(places - decimals) : divided(raw, 10n ** BigInt(decimals - places));
  const digits = String(rounded).padStart(places + 1, "0");
  const [head, tail] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places).replace(/0+$/, "")];
  return grouped(head) + (tail && `.${tail}`);
}

/**
 * A percentage.
 * @param {bigint} part
 * @param {bigint} whole
 */
export function share(part, whole) {
  return whole ? `${divided(part * 100n, whole)}%` : "–";
}

/**
 * A time to two or three digits, and its unit.
 * @param {number} seconds
 * @returns {[string, string]}
 */
export function time(seconds) {
  if (seconds < 1) return [fixed(seconds * 1000, 0), "ms"];
  return seconds < 100 ? [fixed(seconds, 1), "s"] : [fixed(seconds / 60, 1), "min"];
}

/**
 * A day, as short as it can be read everywhere.
 * @param {string} day "2026-11-21"
 */
export function dayName(day) {
  const [, month, number] = day.split("-").map(Number);
  return `${number} ${MONTHS[month - 1]}`;
}

/** With so many places, ties to even as in Python: a tie is an odd number of halves, or with one place of quarters.
 * @param {number} value
 * @param {0 | 1} places
 */
function fixed(value, places) {
  const [scale, parts] = places ? [10, value * 4] : [1, value * 2];
  const tie = Number.isInteger(parts) && parts % 2 !== 0;
  return (tie ? (2 * Math.round((value * scale) / 2)) / scale : value).toFixed(places);
}

/** Rounded, ties to even. @param {bigint} part not negative @param {bigint} by */
function divided(part, by) {
  const [found, twice] = [part / by, (part % by) * 2n];
  return twice > by || (twice === by && found % 2n) ? found + 1n : found;
}

/** @param {string} digits */
function grouped(digits) {
  return digits.replace(GROUPS, ",");
}
