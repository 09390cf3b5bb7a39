import assert from "node:assert/strict";
import { test } from "node:test";

import { binned, place, quantile } from "../../../bridge/fillwire_bridge/dashboard/static/plots/bins.js";
import { spaced } from "../../../bridge/fillwire_bridge/dashboard/static/plots/marks.js";
import { stepped } from "../../../bridge/fillwire_bridge/dashboard/static/plots/plot.js";
import { extent, points } from "../../../bridge/fillwire_bridge/dashboard/static/plots/settings.js";
import { traced } from "../../../bridge/fillwire_bridge/dashboard/static/plots/sparkline.js";
import { readings, shape, totals, without } from "../../../bridge/fillwire_bridge/dashboard/static/plots/spec.js";
import { stacked } from "../../../bridge/fillwire_bridge/dashboard/static/plots/stacks.js";

const series = (label, values, more = {}) => ({ label, values, colour: "--plot-1", ...more });
const plot = (kind, x, ...of) => ({ kind, x, series: of, say: (value) => `${value} bps`, level: String, heading: String, summary: "" });

const COST = { ...plot("columns", [0, 1, 2], series("drift", [-2, 3, null]), series("fee", [5, 4, null])), total: "total" };
const PRICES = plot("lines", [100, 101, 102], series("mid", [10, 11, 12]), series("pool", [null, 10, 13]));

test("parts above nothing stand on each other, and parts below hang from each other", () => {
  const edges = stacked([[-2, 3], [5, 4], [-1, -6]]);
  assert.deepEqual(edges.map(({ part }) => part), [2, 1, 0, 2, 1, 0]);
  assert.deepEqual(edges.slice(0, 3).map(({ edges }) => edges), [[5, 7], [5, 7], [0, 3]]);
  assert.deepEqual(edges.slice(3).map(({ edges }) => edges), [[-3, -6], [-2, 0], [-2, 0]]);
});

test("a part that is nothing keeps its place, since it may become something", () => {
  assert.equal(stacked([[1, 2], [0, null]]).length, 4);
});

test("columns are drawn as their stacks, and lines as they are", () => {
  assert.deepEqual(points(PRICES), [[100, 101, 102], [10, 11, 12], [null, 10, 13]]);
  assert.deepEqual(points(COST)[0], [0, 1, 2]);
  assert.equal(points(COST).length, 1 + 2 * COST.series.length);
});

test("the total of a column is the sum of its parts, and of nothing there is none", () => {
  assert.deepEqual(totals(COST), [3, 7, null]);
});

test("a place reads what is known there, with the total last", () => {
  const told = (at) => readings(COST, at).map(({ label, text }) => `${label} ${text}`);
  assert.deepEqual(told(0), ["drift -2 bps", "fee 5 bps", "total 3 bps"]);
  assert.deepEqual(told(2), []);
  assert.deepEqual(readings(PRICES, 0).map(({ label }) => label), ["mid"]);
});

test("the axis of columns has nothing on it, and room beyond its ends", () => {
  const [low, high] = extent(COST, -2, 7);
  assert.ok(low < -2 && high > 7);
  assert.equal(extent(COST, 0, 7)[0], 0);
});

test("the axis of lines lies close around them, also around a level one", () => {
  const [low, high] = extent(PRICES, 100, 101);
  assert.ok(low > 99 && low < 100 && high > 101 && high < 102);
  const level = extent(PRICES, 100, 100);
  assert.ok(level[0] > 99.5 && level[0] < 100 && level[1] > 100 && level[1] < 100.5);
  assert.deepEqual(extent(PRICES, null, null), [0, 1]);
});

test("a plot is built anew for other series, not for other values", () => {
  const later = { ...PRICES, x: [100, 101, 102, 103], series: PRICES.series.map((one) => ({ ...one, values: [...one.values, 1] })) };
  assert.equal(shape(later), shape(PRICES));
  assert.notEqual(shape(without(PRICES, new Set(["pool"]))), shape(PRICES));
  assert.notEqual(shape({ ...PRICES, series: [series("mid", []), series("pool", [], { dash: [2] })] }), shape(PRICES));
});

test("bins have a round width, and every value is in one", () => {
  const { low, step, counts, under, over } = binned([0.4, 0.42, 0.5, 0.61, 0.7, 0.93]);
  assert.ok([1, 2, 5].includes(Number(step.toExponential(6).split("e")[0])));
  assert.deepEqual([14, 28, 70].map((most) => binned([0, most]).step), [1, 2, 5]);
  assert.equal(counts.reduce((sum, count) => sum + count), 6);
  assert.ok(low <= 0.4 && low + step > 0.4 && low + counts.length * step > 0.93);
  assert.deepEqual([under, over], [false, false]);
});

test("what lies far out is counted in the outer bins and does not stretch the scale", () => {
  const usual = Array.from({ length: 98 }, (_, n) => n);
  const { counts, low, step, under, over } = binned([...usual, -9000, 9000]);
  assert.equal(counts.reduce((sum, count) => sum + count), 100);
  assert.ok(low >= 0 && low + counts.length * step <= 110);
  assert.deepEqual([under, over], [true, true]);
});

test("centred bins have nothing in the middle of one", () => {
  const { low, step, counts } = binned([-3, -0.4, 0, 0.4, 3], { centred: true });
  const at = Math.floor((0 - low) / step);
  assert.equal(low + (at + 0.5) * step, 0);
  assert.ok(counts[at] >= 1);
});

test("one value alone has a bin, and no value has none", () => {
  assert.deepEqual(binned([0]).counts, [1]);
  assert.deepEqual(binned([7.5]).counts, [1]);
  assert.equal(binned([]), null);
});

test("a value stands in its bin, and one beyond the last at its end", () => {
  const bins = { low: 10, step: 5, counts: [1, 1, 1], under: false, over: true };
  assert.equal(place(bins, 12.5), 0);
  assert.equal(place(bins, 20), 1.5);
  assert.equal(place(bins, 900), 2.5);
  assert.equal(place(bins, -5), -0.5);
});

test("a quantile is one of the values, and so many of them do not exceed it", () => {
  const sorted = Array.from({ length: 100 }, (_, n) => n + 1);
  assert.deepEqual([0.5, 0.95, 0.99, 1].map((share) => quantile(sorted, share)), [50, 95, 99, 100]);
  assert.equal(quantile([3], 0.99), 3);
  assert.equal(quantile([1, 2], 0.5), 1);
});

test("names of rules do not overlap, and none goes over the end", () => {
  assert.deepEqual(spaced([10, 200], [50, 50], 400), [10, 200]);
  assert.deepEqual(spaced([10, 20, 30], [50, 50, 50], 400), [10, 60, 110]);
  assert.deepEqual(spaced([10, 380, 390], [50, 50, 50], 400), [10, 300, 350]);
});

test("keys go from point to point and stop at the ends", () => {
  assert.equal(stepped("ArrowRight", null, 5), 0);
  assert.equal(stepped("ArrowRight", 4, 5), 4);
  assert.equal(stepped("ArrowLeft", null, 5), 4);
  assert.equal(stepped("ArrowLeft", 0, 5), 0);
  assert.equal(stepped("End", 1, 5), 4);
  assert.equal(stepped("Home", 3, 5), 0);
});

test("Escape leaves the plot first, and any other key is the page's", () => {
  assert.equal(stepped("Escape", 2, 5), null);
  assert.equal(stepped("Escape", null, 5), undefined);
  assert.equal(stepped("m", 2, 5), undefined);
});

test("a sparkline goes in steps from edge to edge, higher for more", () => {
  assert.equal(traced([0, 5, 10], [1, 2, 1], 20, 100, 24), "M0.0 22.0H25.0V2.0H50.0V22.0H100.0");
});

test("a sparkline is broken where nothing was known, and level where nothing moved", () => {
  assert.equal(traced([0, 5, 10], [1, null, 1], 20, 100, 24), "M0.0 12.0H25.0M50.0 12.0H100.0");
  assert.equal(traced([7], [3], 9, 100, 24), "M0.0 12.0H100.0");
  assert.equal(traced([], [], 9, 100, 24), "");
});

test("a long sparkline has few points and ends with the newest value", () => {
  const times = Array.from({ length: 1000 }, (_, n) => n);
  const path = traced(times, times.map((n) => (n === 999 ? 50 : n === 501 ? null : n % 7)), 1000, 100, 24);
  assert.ok(path.endsWith("V2.0H100.0"));
  assert.equal(path.split("M").length, 3);
  assert.ok(path.split("H").length < 70);
});
