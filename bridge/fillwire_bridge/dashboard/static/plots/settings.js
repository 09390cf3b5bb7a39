// @ts-check
/** A spec as uPlot wants it told. Labels and values are read from the spec of the moment, so that new ones need no new plot. */
import { clock } from "../format.js";
import uPlot from "../vendor/uPlot.esm.js";
import { colour } from "./palette.js";
import { rules, totalMarks, zeroLine } from "./marks.js";
import { stacked } from "./stacks.js";

/** @typedef {import("./spec.js").Spec} Spec */

const FONT = "11px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const PIXELS_A_DIGIT = 6.4;
const HEADROOM = 0.08;
const WIDEST_COLUMN = 44;

/**
 * @param {() => Spec} current
 * @param {{width: number, height: number, pointed: (at: number | null) => void}} how
 */
export function settings(current, { width, height, pointed }) {
  const { kind } = current();
  return {
    width,
    height,
    padding: [current().rules ? 18 : 8, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === "lines", size: 6 } },
    scales: { x: xScale(current), y: yScale(current) },
    axes: [xAxis(current), yAxis(current, height)],
    series: [{}, ...(kind === "lines" ? lines(current()) : columns(current()))],
    hooks: {
      setCursor: [(/** @type {uPlot} */ plot) => pointed(plot.cursor.idx)],
      draw: [
        (/** @type {uPlot} */ plot) => zeroLine(plot, current()),
        (/** @type {uPlot} */ plot) => totalMarks(plot, current()),
        (/** @type {uPlot} */ plot) => rules(plot, current()),
      ],
    },
  };
}

/**
 * The values, as they are drawn.
 * @param {Spec} spec
 */
export function points({ kind, x, series }) {
  const values = series.map((one) => one.values);
  return [x, ...(kind === "lines" ? values : stacked(values).map(({ edges }) => edges))];
}

/**
 * From where to where the vertical axis goes.
 * @param {Spec} spec
 * @param {number | null} low of what is drawn
 * @param {number | null} high
 */
export function extent(spec, low, high) {
  if (low === null || high === null) return [0, 1];
  if (spec.kind === "lines") {
    const room = (high - low) * HEADROOM || Math.abs(high) * 0.001 || 1;
    return [low - room, high + room];
  }
  const [least, most] = [Math.min(0, low), Math.max(0, high)];
  const room = (most - least) * HEADROOM || 1;
  return [least < 0 ? least - room : 0, most > 0 || least === 0 ? most + room : 0];
}

/** @param {Spec} spec */
function lines({ series }) {
  return series.map(({ colour: name, dash, width = 1.5 }) => ({
    stroke: () => colour(name),
    width,
    dash,
    paths: uPlot.paths.stepped({ align: 1 }),
    // A pixel more: else the rise to the first value after a gap shows through at its edge.
    gaps: (/** @type {[any, any, any, any, number[][]]} */ ...[, , , , gaps]) => gaps.map(([from, to]) => [from, to + 1]),
    points: { show: false },
  }));
}

/** @param {Spec} spec */
function columns({ series, edges }) {
  const bars = uPlot.paths.bars({ size: edges ? [1] : [0.72, WIDEST_COLUMN], radius: edges ? 0 : 0.06 });
  return stacked(series.map(({ values }) => values)).map(({ part }) => ({
    fill: () => colour(series[part].colour),
    stroke: () => colour("--raised"),
    width: 1,
    paths: bars,
    points: { show: false },
  }));
}

/** @param {() => Spec} current */
function xScale(current) {
  if (current().kind === "lines") return { time: true };
  return { time: false, range: () => [-0.5, Math.max(current().x.length, 1) - 0.5] };
}

/** @param {() => Spec} current */
function yScale(current) {
  return { range: (/** @type {[any, number | null, number | null]} */ ...[, low, high]) => extent(current(), low, high) };
}

/** @param {() => Spec} current */
function xAxis(current) {
  const axis = { stroke: () => colour("--muted"), font: FONT, grid: { show: false }, ticks: { show: false }, size: 26, gap: 6 };
  return { ...axis, ...(current().kind === "lines" ? moments() : places(current)), space: 64 };
}

function moments() {
  const told = (/** @type {number} */ time, /** @type {number} */ step) => clock(time * 1000, { millis: false }).slice(0, step < 60 ? 8 : 5);
  return { values: (/** @type {[any, number[], any, any, number]} */ ...[, times, , , step]) => times.map((time) => told(time, step)) };
}

/** Columns are named in their middle; with edges, what lies between two columns is. @param {() => Spec} current */
function places(current) {
  const shift = current().edges ? 0.5 : 0;
  const every = (/** @type {number} */ step) => {
    const count = current().x.length + (shift ? 1 : 0);
    return Array.from({ length: Math.ceil(count / step) }, (_, n) => n * step - shift);
  };
  return {
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    splits: (/** @type {[any, any, any, any, number]} */ ...[, , , , step]) => every(step),
    values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map((at) => current().label?.(at + shift) ?? ""),
  };
}

/** @param {() => Spec} current @param {number} height */
function yAxis(current, height) {
  // Plots of lines stand below each other, and so should their moments.
  const least = current().kind === "lines" ? 7 : 3;
  const wide = (/** @type {any} */ _, /** @type {string[] | null} */ texts) =>
    Math.ceil(Math.max(least, ...(texts ?? []).map((text) => text.length)) * PIXELS_A_DIGIT) + 14;
  return {
    stroke: () => colour("--muted"),
    font: FONT,
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { show: false },
    size: wide,
    space: height < 150 ? 20 : 36,
    values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(current().level),
  };
}
