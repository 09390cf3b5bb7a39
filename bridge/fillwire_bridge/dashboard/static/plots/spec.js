// @ts-check
/** What a plot shows, without a word of how it is drawn. */
import { sums } from "./stacks.js";

/** @typedef {(number | null)[]} Values */
/** @typedef {{label: string, values: Values, colour: string, dash?: number[], width?: number}} Series */
/**
 * `x`: unix seconds of lines; 0, 1, 2 and so on of columns, which are stacked. `colour`: a variable of the style sheet.
 * `heading`: what stands at a place of `x`; `label`, the same in short, or with `edges` what stands before it. `total`: the
 * sum of a column, drawn across it. `rules`: upright lines.
 * @typedef {{
 *   kind: "lines" | "columns",
 *   summary: string,
 *   x: number[],
 *   series: Series[],
 *   heading: (at: number) => string,
 *   label?: (at: number) => string,
 *   edges?: boolean,
 *   say: (value: number) => string,
 *   level: (value: number) => string,
 *   total?: string,
 *   rules?: {at: number, label: string}[],
 * }} Spec
 */
/** @typedef {{label: string, text: string, colour: string, dash?: number[]}} Reading */

/**
 * What can be read at a place, in words; what is not known there is left out.
 * @param {Spec} spec
 * @param {number} at
 * @returns {Reading[]}
 */
export function readings(spec, at) {
  const parts = spec.series.map(({ label, values, colour, dash }) => ({ label, value: values[at], colour, dash }));
  const all = spec.total ? [...parts, { label: spec.total, value: totals(spec)[at], colour: "--ink" }] : parts;
  return all.flatMap(({ value, ...rest }) => (value === null || value === undefined ? [] : { ...rest, text: spec.say(value) }));
}

/** @param {Spec} spec @returns {Values} */
export function totals({ series }) {
  return sums(series.map(({ values }) => values));
}

/**
 * The same without the series of these labels.
 * @param {Spec} spec
 * @param {ReadonlySet<string>} hidden
 * @returns {Spec}
 */
export function without(spec, hidden) {
  return hidden.size ? { ...spec, series: spec.series.filter(({ label }) => !hidden.has(label)) } : spec;
}

/**
 * What a plot must be built anew for; all else is only other values.
 * @param {Spec} spec
 */
export function shape({ kind, series, total }) {
  return JSON.stringify([kind, total, series.map(({ label, colour, dash, width }) => [label, colour, dash, width])]);
}
