// @ts-check
/** What is drawn over the columns and lines: the line of nothing, the totals of columns, upright rules with their names. */
import uPlot from "../vendor/uPlot.esm.js";
import { colour } from "./palette.js";
import { totals } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */

const WIDEST_MARK = 48;

/** @param {uPlot} plot @param {Spec} spec */
export function zeroLine(plot, spec) {
  if (spec.kind !== "columns") return;
  const { left, width } = plot.bbox;
  const y = plot.valToPos(0, "y", true);
  drawn(plot, "--edge", 1, [[left, y], [left + width, y]]);
}

/** @param {uPlot} plot @param {Spec} spec */
export function totalMarks(plot, spec) {
  if (!spec.total) return;
  const wide = Math.min((plot.bbox.width / spec.x.length) * 0.84, WIDEST_MARK * uPlot.pxRatio);
  totals(spec).forEach((value, at) => {
    if (value === null) return;
    const [x, y] = [plot.valToPos(at, "x", true), plot.valToPos(value, "y", true)];
    drawn(plot, "--ink", 2, [[x - wide / 2, y], [x + wide / 2, y]]);
  });
}

/** @param {uPlot} plot @param {Spec} spec */
export function rules(plot, { rules = [] }) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${11 * uPlot.pxRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colour("--ink");
  ctx.textAlign = "left";
  const places = rules.map(({ at }) => plot.valToPos(at, "x", true));
  const widths = rules.map(({ label }) => ctx.measureText(label).width + 10 * uPlot.pxRatio);
  const starts = spaced(places, widths, bbox.left + bbox.width + 18 * uPlot.pxRatio);
  rules.forEach(({ label }, at) => {
    drawn(plot, "--ink", 1, [[places[at], bbox.top], [places[at], bbox.top + bbox.height]], [3, 3]);
    ctx.fillText(label, starts[at], bbox.top - 6 * uPlot.pxRatio);
  });
  ctx.restore();
}

/**
 * Where names start so that each stands at its place or as near to it as the others and the end leave it.
 * @param {number[]} places ascending
 * @param {number[]} widths
 * @param {number} end
 */
export function spaced(places, widths, end) {
  const starts = [...places];
  for (let at = 1; at < starts.length; at += 1) starts[at] = Math.max(starts[at], starts[at - 1] + widths[at - 1]);
  for (let at = starts.length - 1, limit = end; at >= 0; at -= 1) limit = starts[at] = Math.min(starts[at], limit - widths[at]);
  return starts;
}

/** @param {uPlot} plot @param {string} name @param {number} width @param {number[][]} path @param {number[]} [dash] */
function drawn({ ctx }, name, width, path, dash = []) {
  ctx.save();
  ctx.beginPath();
  ctx.strokeStyle = colour(name);
  ctx.lineWidth = width * uPlot.pxRatio;
  ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
  path.forEach(([x, y], at) => (at ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
  ctx.restore();
}
