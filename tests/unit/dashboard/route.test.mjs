import assert from "node:assert/strict";
import { test } from "node:test";

import { depths, feeBps, parts } from "../../../bridge/fillwire_bridge/dashboard/static/route/flow.js";
import { BAR, layout } from "../../../bridge/fillwire_bridge/dashboard/static/route/layout.js";
import { figures, marks } from "../../../bridge/fillwire_bridge/dashboard/static/route/scale.js";

const leg = (tokenIn, tokenOut, shareBps, feeBps = 10) => ({ venue: "v", pool: `${tokenIn}${tokenOut}${shareBps}`, tokenIn, tokenOut, shareBps, feeBps });

const SPLIT = [leg("SOL", "USDC", 7000, 4), leg("SOL", "USDC", 3000, 14)];
const DETOUR = [leg("SOL", "USDT", 4000), leg("SOL", "USDC", 6000), leg("USDT", "USDC", 10_000)];
const DEEP = [leg("A", "B", 5000), leg("A", "C", 5000), leg("B", "C", 10_000), leg("C", "D", 10_000)];
const PICTURE = { tokenIn: "SOL", tokenOut: "USDC", width: 600 };

test("what flows through a leg is its share of what its token has", () => {
  assert.deepEqual(parts(DETOUR, "SOL"), [0.4, 0.6, 0.4]);
  assert.deepEqual(parts(DEEP, "A"), [0.5, 0.5, 0.5, 1]);
});

test("fees weigh by what flows through their leg", () => {
  assert.equal(feeBps(SPLIT, "SOL"), 7);
  assert.equal(feeBps(DETOUR, "SOL"), 14);
});

test("a token stands as deep as its longest way", () => {
  assert.deepEqual([...depths(DEEP, "A")], [["A", 0], ["B", 1], ["C", 2], ["D", 3]]);
});

test("the first and the last token stand at the edges, and bars are as tall as what flows", () => {
  const { bars, hops } = layout(DETOUR, PICTURE);
  const at = Object.fromEntries([...bars].map(([token, { x, part }]) => [token, [x, part]]));
  assert.equal(hops, 2);
  assert.deepEqual(at, { SOL: [0, 1], USDT: [295, 0.4], USDC: [600 - BAR, 1] });
});

test("ribbons are as thick as their part, and none lies on another's label", () => {
  for (const legs of [SPLIT, DETOUR, Array.from({ length: 16 }, (_, n) => leg("SOL", "USDC", n === 0 ? 2500 : 500))]) {
    const { ribbons, height } = layout(legs, PICTURE);
    const labels = ribbons.filter(({ labelX }) => labelX < 300.5).map(({ labelY }) => labelY).sort((a, b) => a - b);
    labels.forEach((y, row) => assert.ok(row === 0 || y - labels[row - 1] >= 40, `${labels}`));
    assert.ok(labels[0] > 44 && labels.at(-1) < height);
  }
  const [wide, narrow] = layout(SPLIT, PICTURE).ribbons;
  assert.ok(Math.abs(wide.thickness / narrow.thickness - 7 / 3) < 1e-9);
});

test("ribbons fill the bars they meet, without a gap", () => {
  const { ribbons, bars } = layout(SPLIT, PICTURE);
  const starts = ribbons.map(({ path }) => Number(path.split(" ")[2]));
  const { y, height } = bars.get("SOL");
  const edges = ribbons.flatMap(({ thickness }, row) => [starts[row] - thickness / 2, starts[row] + thickness / 2]);
  assert.deepEqual(edges.map(Math.round), [y, starts[0] + ribbons[0].thickness / 2, starts[0] + ribbons[0].thickness / 2, y + height].map(Math.round));
});

test("a leg that skips a hop passes its token by in one line", () => {
  const [, { path }] = layout(DEEP, { tokenIn: "A", tokenOut: "D", width: 600 }).ribbons;
  assert.equal(path.match(/M/g).length, 1);
  const [, end, begin] = path.match(/ ([\d.]+) L \d+(?:\.\d+)? ([\d.]+) L [^C]+C [^C]+$/);
  assert.equal(end, begin);
});

test("the picture stays inside at any width", () => {
  for (const width of [240, 328, 1200]) {
    for (const { path, labelX } of layout(DEEP, { tokenIn: "A", tokenOut: "D", width }).ribbons) {
      const numbers = path.match(/-?[\d.]+/g).map(Number);
      numbers.forEach((value, index) => index % 2 === 0 && assert.ok(value >= 0 && value <= width));
      assert.ok(labelX > 0 && labelX < width);
    }
  }
});

test("a proof has the bound that its side has", () => {
  const exactIn = { amountIn: "5", amountOut: "990", upperBound: "1000", bestSingleAmountOut: "900" };
  const exactOut = { amountIn: "1010", amountOut: "5", lowerBound: "1000" };
  assert.deepEqual(figures(exactIn), { exactIn: true, route: "990", bound: "1000", single: "900" });
  assert.deepEqual(figures(exactOut), { exactIn: false, route: "1010", bound: "1000", single: "" });
  assert.equal(figures({}), null);
});

test("marks stand in the order of what they are worth", () => {
  const at = marks({ exactIn: true, route: "990", bound: "1000", single: "900" });
  assert.deepEqual([at.routeBps, at.singleBps], [100, 1000]);
  assert.ok(0 < at.single && at.single < at.route && at.route < 1);
  assert.deepEqual(marks({ exactIn: false, route: "1010", bound: "1000", single: "" }).routeBps, 100);
});

test("a gap of one unit in ten to the fifteenth is seen", () => {
  const { routeBps } = marks({ exactIn: true, route: "999999999999999", bound: "1000000000000000", single: "" });
  assert.equal(routeBps, 0);
  assert.equal(marks({ exactIn: true, route: "239770491", bound: "239770492", single: "" }).routeBps, 0.00004170);
});
