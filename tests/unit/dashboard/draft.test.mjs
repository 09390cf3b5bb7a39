import assert from "node:assert/strict";
import { test } from "node:test";

import { changed, DRAFT, firstPrices, nearPrice } from "../../../bridge/fillwire_bridge/dashboard/static/trade/draft.js";
import { ORDER_TYPES } from "../../../bridge/fillwire_bridge/dashboard/static/trade/order_types.js";
import { fromBytes, requestId } from "../../../bridge/fillwire_bridge/dashboard/static/outbox/request_id.js";
import { bound, orderOf, quoteRequest } from "../../../bridge/fillwire_bridge/dashboard/static/trade/spec.js";
import { violations } from "../../../bridge/fillwire_bridge/dashboard/static/trade/violations.js";

const TOKENS = new Map([["SOL", { symbol: "SOL", decimals: 9, name: "Solana" }], ["USDC", { symbol: "USDC", decimals: 6, name: "USD Coin" }]]);
const NOW = Date.parse("2026-03-01T12:00:00Z");

const order = (change) => orderOf({ ...DRAFT, ...change }, TOKENS);
const priced = (type) => {
  const draft = changed(DRAFT, { type }, NOW);
  return orderOf({ ...draft, ...firstPrices(draft, "160") }, TOKENS);
};

test("the ticket as it opens is an order", () => {
  assert.deepEqual(order({}), { spec: { tokenIn: "SOL", tokenOut: "USDC", amountIn: "1500000000", slippageBps: 50, market: {} }, rules: {} });
});

test("an exact output is in units of what is bought", () => {
  const { spec } = order({ exact: "out", amount: "100", minimum: "1" });
  assert.equal(spec.amountOut, "100000000");
  assert.equal(spec.maxAmountIn, "1000000000");
  assert.equal(spec.amountIn, undefined);
});

test("each type begins as an order that breaks no rule", () => {
  for (const type of Object.keys(ORDER_TYPES)) {
    const { spec, rules } = priced(type);
    assert.deepEqual(rules, {}, type);
    assert.ok(type in spec, type);
  }
});

test("each type says its own terms", () => {
  assert.deepEqual(priced("limit").spec.limit, { limitPrice: "160.8" });
  assert.deepEqual(priced("oco").spec.oco, { limit: { limitPrice: "163.2" }, stop: { triggerPrice: "156.8" } });
  assert.deepEqual(priced("twap").spec.twap, { slices: 5, interval: "10s" });
  assert.deepEqual(priced("trailingStop").spec.trailingStop, { trailBps: 100 });
  assert.deepEqual(priced("sniper").spec.sniper, {});
  assert.equal(Date.parse(priced("scheduled").spec.scheduled.executeTime), NOW + 60_000);
});

test("a limit order needs no slippage, and sends none", () => {
  assert.equal(priced("limit").spec.slippageBps, undefined);
  assert.deepEqual(order({ type: "limit", limitPrice: "1", slippage: "" }).rules, {});
});

test("all rules that are broken are told at once, at their fields", () => {
  const { rules } = order({ amount: "1.5x", buy: "SOL", slippage: "10001", impact: "-1", maxLegs: "17", timeInForce: "TIME_IN_FORCE_GTD" });
  assert.deepEqual(Object.keys(rules).sort(), ["amount", "buy", "goodTill", "impact", "maxLegs", "slippage"]);
  assert.equal(rules.slippage, "A whole number, 0 to 10000");
  assert.equal(order({ slippage: "" }).rules.slippage, "Must be given, or a bound under more settings");
  assert.equal(order({ type: "stop" }).rules.triggerPrice, "Must be given");
  assert.equal(order({ type: "stop", triggerPrice: "1e3" }).rules.triggerPrice, "A price such as 150.25");
});

test("another type or pair begins with prices of its own", () => {
  const draft = { ...DRAFT, type: "limit", limitPrice: "150" };
  assert.equal(changed(draft, { type: "oco" }, NOW).limitPrice, "");
  assert.equal(changed(draft, { buy: "BONK" }, NOW).limitPrice, "");
  assert.equal(changed(draft, { amount: "2" }, NOW).limitPrice, "150");
});

test("prices near the mid are short, whatever the token is worth", () => {
  assert.equal(nearPrice("159.9675431", 1.02), "163.17");
  assert.equal(nearPrice("0.00001791147", 1), "0.000017911");
  assert.equal(nearPrice("100000", 1), "100000");
});

test("what cannot be quoted is not asked", () => {
  assert.equal(quoteRequest({ ...DRAFT, amount: "" }, TOKENS), null);
  assert.equal(quoteRequest({ ...DRAFT, buy: "SOL" }, TOKENS), null);
  assert.deepEqual(quoteRequest({ ...DRAFT, type: "limit", slippage: "x", maxHops: "1" }, TOKENS), {
    request: { tokenIn: "SOL", tokenOut: "USDC", amountIn: "1500000000", routing: { maxHops: 1 } },
    minInterval: "0.5s",
  });
});

test("venues are left out, or taken alone, in the order and in its quote", () => {
  const out = { venueRule: "exclude", venues: "orca_whirlpool raydium_cpmm" };
  assert.deepEqual(order(out).spec.routing, { excludeVenues: ["orca_whirlpool", "raydium_cpmm"] });
  assert.deepEqual(order({ venueRule: "include", venues: "meteora_dlmm", maxLegs: "2" }).spec.routing, { maxLegs: 2, includeVenues: ["meteora_dlmm"] });
  assert.equal(order({ venues: "meteora_dlmm" }).spec.routing, undefined);
  assert.deepEqual(quoteRequest({ ...DRAFT, ...out }, TOKENS).request.routing, { excludeVenues: ["orca_whirlpool", "raydium_cpmm"] });
});

test("a rule on venues that names none breaks one, and is not quoted", () => {
  assert.equal(order({ venueRule: "include" }).rules.venues, "Tick at least one venue");
  assert.equal(quoteRequest({ ...DRAFT, venueRule: "include" }, TOKENS), null);
});

test("the bound is rounded in favour of who asks", () => {
  assert.equal(bound("239770491", "50", true), "238571639");
  assert.equal(bound("1000001", "50", false), "1005001");
  assert.equal(bound("1000", "0", true), "1000");
  assert.equal(bound("1000", "10000", true), "0");
});

test("the engine's rules come to their fields, and the rest in words", () => {
  const details = [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "INVALID_REQUEST" },
    { fieldViolations: [
      { field: "spec.amount_in", description: "must be at least 1" },
      { field: "spec.oco.stop.trigger_price", description: "must be below limit.limit_price" },
      { field: "spec.routing.include_venues[1]", description: "must be a venue that ListVenues lists" },
      { field: "spec.quote_id", description: "must be empty" },
    ] },
  ];
  assert.deepEqual(violations({ message: "two fields", details }), {
    rules: { amount: "Must be at least 1", triggerPrice: "Must be below limit.limit_price", venues: "Must be a venue that ListVenues lists" },
    rest: ["spec.quote_id must be empty"],
  });
  assert.deepEqual(violations({ message: "too many open orders", details: [] }), { rules: {}, rest: ["Too many open orders"] });
});

test("request ids are UUIDs, with and without the browser's own", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(requestId(), uuid);
  assert.match(fromBytes(new Uint8Array(16).fill(255)), uuid);
  assert.notEqual(requestId(), requestId());
});
