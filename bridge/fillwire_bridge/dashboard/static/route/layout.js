// @ts-check
import { depths, parts } from "./flow.js";

/** @typedef {import("./flow.js").Leg} Leg */
/** @typedef {{token: string, x: number, y: number, height: number, column: number, part: number}} Bar */
/** @typedef {{leg: number, path: string, thickness: number, labelX: number, labelY: number}} Ribbon */
/** @typedef {{leg: number, gap: number, part: number, y: number, from: string, to: string}} Stretch */

export const BAR = 10;
const HEAD = 44;
const FOOT = 8;
const ROW = 40;
const WHOLE = 84;
const AIR = 10;

/**
 * Where everything of a route's picture stands: a bar for each token, in columns by hops, and for each leg a ribbon as thick
 * as the part of the whole that flows through it. A leg that is one hop while others take two passes their token by.
 * @param {Leg[]} legs in the order of execution
 * @param {{tokenIn: string, tokenOut: string, width: number}} picture
 */
export function layout(legs, { tokenIn, tokenOut, width }) {
  const depth = depths(legs, tokenIn);
  const hops = Math.max(1, ...depth.values());
  depth.set(tokenOut, hops);
  const column = (/** @type {number} */ number) => (number * (width - BAR)) / hops;
  const gaps = stretches(legs, parts(legs, tokenIn), depth, hops);
  const height = Math.max(WHOLE, ...gaps.map(tallness)) + HEAD + FOOT;
  for (const gap of gaps) spread(gap, height);
  const bars = stand([...depth.keys()], gaps, { depth, tokenIn, height, column });
  const ribbons = legs.flatMap((_, leg) => ribbon(gaps.flat().filter((it) => it.leg === leg), gaps, bars, column));
  return { height, bars, ribbons, hops, gapWidth: (width - BAR) / hops - BAR };
}

/**
 * The stretches of all legs in each gap between two columns, top to bottom. Those of one token stay together, and follow
 * each other as in the gap before, so that ribbons cross as little as can be.
 * @param {Leg[]} legs @param {number[]} through @param {Map<string, number>} depth @param {number} hops
 */
function stretches(legs, through, depth, hops) {
  /** @type {Map<string, number>} */
  const order = new Map();
  return Array.from({ length: hops }, (_, gap) => {
    const here = legs.flatMap((leg, number) => stretch(leg, number, through[number], gap, depth));
    here.sort((a, b) => (order.get(a.from) ?? 0) - (order.get(b.from) ?? 0) || b.part - a.part);
    order.clear();
    for (const [row, { to }] of here.entries()) order.set(to, Math.min(order.get(to) ?? row, row));
    const grouped = here.toSorted((a, b) => (order.get(a.to) ?? 0) - (order.get(b.to) ?? 0));
    for (const [row, { to }] of grouped.entries()) order.set(to, Math.min(order.get(to) ?? row, row));
    return grouped;
  });
}

/** @param {Leg} leg @param {number} number @param {number} part @param {number} gap @param {Map<string, number>} depth @returns {Stretch[]} */
function stretch(leg, number, part, gap, depth) {
  const [begin, end] = [depth.get(leg.tokenIn) ?? 0, depth.get(leg.tokenOut) ?? 0];
  if (gap < begin || gap >= end) return [];
  const passing = `leg ${number}`;
  return [{ leg: number, gap, part, y: 0, from: gap === begin ? leg.tokenIn : passing, to: gap === end - 1 ? leg.tokenOut : passing }];
}

/** @param {Stretch} stretch */
function room({ part }) {
  return Math.max(ROW, part * WHOLE + AIR);
}

/** @param {Stretch[]} gap */
function tallness(gap) {
  return gap.reduce((sum, stretch) => sum + room(stretch), 0);
}

/** Gives each stretch of a gap its height on the page. @param {Stretch[]} gap @param {number} height */
function spread(gap, height) {
  let top = HEAD + (height - HEAD - FOOT - tallness(gap)) / 2;
  for (const stretch of gap) {
    stretch.y = top + room(stretch) / 2;
    top += room(stretch);
  }
}

/**
 * @param {string[]} tokens @param {Stretch[][]} gaps
 * @param {{depth: Map<string, number>, tokenIn: string, height: number, column: (number: number) => number}} place
 * @returns {Map<string, Bar>}
 */
function stand(tokens, gaps, { depth, tokenIn, height, column }) {
  return new Map(tokens.map((token) => {
    const at = depth.get(token) ?? 0;
    const bringing = (gaps[at - 1] ?? []).filter(({ to }) => to === token);
    const part = token === tokenIn ? 1 : bringing.reduce((sum, stretch) => sum + stretch.part, 0);
    const tall = Math.max(4, part * WHOLE);
    const middle = token === tokenIn || !bringing.length ? (height + HEAD - FOOT) / 2 : mean(bringing.map(({ y }) => y));
    return [token, { token, x: column(at), y: middle - tall / 2, height: tall, column: at, part }];
  }));
}

/**
 * One leg's ribbon, as the line through its middle.
 * @param {Stretch[]} stretches of the leg, left to right @param {Stretch[][]} gaps @param {Map<string, Bar>} bars
 * @param {(number: number) => number} column
 * @returns {Ribbon}
 */
function ribbon(stretches, gaps, bars, column) {
  const [first] = stretches;
  const path = stretches.map((stretch) => {
    const [left, right] = [column(stretch.gap) + BAR, column(stretch.gap + 1)];
    const begin = edge(stretch, "from", gaps, bars);
    const end = edge(stretch, "to", gaps, bars) ?? following(stretch, gaps);
    const bend = (right - left) * 0.3;
    const start = begin === null ? `L ${left} ${stretch.y}` : `M ${left} ${begin} C ${left + bend / 2} ${begin} ${left + bend / 2} ${stretch.y} ${left + bend} ${stretch.y}`;
    return `${start} L ${right - bend} ${stretch.y} C ${right - bend / 2} ${stretch.y} ${right - bend / 2} ${end} ${right} ${end}`;
  });
  const left = column(first.gap) + BAR;
  const labelX = (left + column(first.gap + 1)) / 2;
  return { leg: first.leg, path: path.join(" "), thickness: Math.max(2, first.part * WHOLE), labelX, labelY: first.y };
}

/**
 * Where a stretch meets a bar: those that meet the same one lie on each other without a gap. `null`: it passes by.
 * @param {Stretch} stretch @param {"from" | "to"} end @param {Stretch[][]} gaps @param {Map<string, Bar>} bars
 */
function edge(stretch, end, gaps, bars) {
  const bar = bars.get(stretch[end]);
  if (!bar) return null;
  const mates = gaps.flat().filter((it) => it[end] === stretch[end]).toSorted((a, b) => a.y - b.y);
  const above = mates.slice(0, mates.indexOf(stretch)).reduce((sum, { part }) => sum + part, 0);
  return bar.y + (above + stretch.part / 2) * WHOLE;
}

/** The height at which a passing leg goes on in the next gap. @param {Stretch} stretch @param {Stretch[][]} gaps */
function following({ leg, gap, y }, gaps) {
  return gaps[gap + 1]?.find((next) => next.leg === leg)?.y ?? y;
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
