// @ts-check
/** Columns of parts: what is positive stands on the line, what is negative hangs below it. */

/** @typedef {(number | null)[]} Values */

/**
 * The outer edges of stacked parts, outermost first: drawn in this order from the line on, each covers all but its own
 * part of the one before. `part` is the place of the part in `parts`; each comes twice, above and below, also where it is
 * nothing.
 * @param {Values[]} parts
 * @returns {{part: number, edges: number[]}[]}
 */
export function stacked(parts) {
  const above = edges(parts, (value) => Math.max(value, 0));
  const below = edges(parts, (value) => Math.min(value, 0));
  return [...above, ...below];
}

/**
 * The sums of all parts, where any is known.
 * @param {Values[]} parts
 * @returns {Values}
 */
export function sums(parts) {
  return (parts[0] ?? []).map((_, at) => {
    const known = parts.map((part) => part[at]).filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) : null;
  });
}

/** @param {Values[]} parts @param {(value: number) => number} side */
function edges(parts, side) {
  const reached = (parts[0] ?? []).map(() => 0);
  const found = parts.map((part, place) => {
    part.forEach((value, at) => (reached[at] += side(value ?? 0)));
    return { part: place, edges: [...reached] };
  });
  return found.reverse();
}
