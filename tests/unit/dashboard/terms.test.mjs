import assert from "node:assert/strict";
import { test } from "node:test";

import { orderOf } from "../../../bridge/fillwire_bridge/dashboard/static/trade/spec.js";
import { termsOf } from "../../../bridge/fillwire_bridge/dashboard/static/trade/terms.js";

const TOKENS = new Map([["SOL", { symbol: "SOL", decimals: 9 }], ["USDC", { symbol: "USDC", decimals: 6 }]]);
const PAIR = { tokenIn: "SOL", tokenOut: "USDC", timeInForce: "TIME_IN_FORCE_GTC" };
const AT = "2026-11-21T10:11:12.345678Z";

/** Specs as the engine tells them, of every type that rests, with everything that may be given. */
const SPECS = {
  limit: { ...PAIR, amountIn: "1500000000", clientOrderId: " two  blanks ", limit: { limitPrice: "160.8" } },
  "limit with a slippage": { ...PAIR, amountIn: "1", slippageBps: 0, limit: { limitPrice: "0.000000000000000001" } },
  "exact-out": { ...PAIR, amountOut: "100000001", maxAmountIn: "2000000000", limit: { limitPrice: "160" } },
  stop: { ...PAIR, amountIn: "5", slippageBps: 50, minAmountOut: "1", maxPriceImpactBps: 0, stop: { triggerPrice: "150" } },
  takeProfit: { ...PAIR, amountIn: "5", slippageBps: 50, deadline: AT, takeProfit: { triggerPrice: "180" } },
  trailingStop: { ...PAIR, amountIn: "5", slippageBps: 50, trailingStop: { trailBps: 100, activationPrice: "170" } },
  scheduled: { ...PAIR, amountIn: "5", slippageBps: 50, scheduled: { executeTime: AT } },
  twap: { ...PAIR, amountIn: "5", slippageBps: 50, twap: { slices: 3, interval: "1.500s", startTime: AT } },
  sniper: { ...PAIR, amountIn: "5", slippageBps: 50, sniper: { trigger: "TRIGGER_LIQUIDITY_MIGRATED", minLiquidity: "1000000000" } },
  oco: { ...PAIR, amountIn: "5", slippageBps: 50, oco: { limit: { limitPrice: "180" }, stop: { triggerPrice: "150" } } },
  "good till a time": { ...PAIR, amountIn: "5", timeInForce: "TIME_IN_FORCE_GTD", goodTillTime: AT, limit: { limitPrice: "1" } },
  routed: {
    ...PAIR, amountIn: "5", limit: { limitPrice: "1" },
    routing: { maxLegs: 2, maxHops: 1, includeVenues: ["meteora_dlmm", "raydium_cpmm"], excludeVenues: ["raydium_clmm"] },
  },
};

/** The terms after a change of the draft. */
function changed(spec, change) {
  const terms = termsOf(spec, TOKENS);
  return orderOf({ ...terms.draft, ...change }, TOKENS, terms);
}

for (const [name, spec] of Object.entries(SPECS)) {
  test(`terms that nobody changes stay as they are, to the last digit: ${name}`, () => {
    const { timeInForce, ...rest } = spec;
    const kept = timeInForce === "TIME_IN_FORCE_GTC" ? rest : spec; // the type's own is not said
    assert.deepEqual(changed(spec, {}), { spec: kept, rules: {} });
  });
}

test("one term that is changed leaves all others", () => {
  const { spec } = changed(SPECS.routed, { limitPrice: "2" });
  assert.deepEqual(spec.limit, { limitPrice: "2" });
  assert.deepEqual(spec.routing, SPECS.routed.routing);
  assert.equal(changed(SPECS.twap, { slices: "4" }).spec.twap.interval, "1.500s");
  assert.equal(changed(SPECS["exact-out"], { amount: "2" }).spec.amountOut, "2000000");
});

test("what is emptied is taken off", () => {
  const empty = { minimum: "", impact: "", deadline: "", reference: "", maxLegs: "", maxHops: "", venueRule: "" };
  assert.deepEqual(changed(SPECS.routed, empty).spec, { tokenIn: "SOL", tokenOut: "USDC", amountIn: "5", limit: { limitPrice: "1" } });
  assert.equal(changed(SPECS["limit with a slippage"], { slippage: "" }).spec.slippageBps, undefined);
});

test("a changed term is held to its rule", () => {
  assert.deepEqual(changed(SPECS.twap, { interval: "1.6" }).rules, { interval: "A whole number, 1 to 604800" });
  assert.deepEqual(changed(SPECS.limit, { limitPrice: "x", amount: "" }).rules, { limitPrice: "A price such as 150.25", amount: "Must be given" });
});
