import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, amount, bps, brief, lasting, millisOf, price, smallest, venueName, whole } from "../../../bridge/fillwire_bridge/dashboard/static/format.js";

test("amounts are exact, whatever their size", () => {
  assert.equal(amount("1500000000", 9), "1.5");
  assert.equal(amount("18446744073709551615", 9), "18,446,744,073.709551615");
  assert.equal(amount("1", 9), "0.000000001");
  assert.equal(amount("1234", 0), "1,234");
  assert.equal(whole("-1500", 3), "-1.5");
});

test("places are cut off, never rounded up", () => {
  assert.equal(amount("1999999999", 9, 2), "1.99");
  assert.equal(amount("1000000001", 9, 2), "1");
});

test("an amount that is not known is no number", () => {
  assert.equal(amount(undefined, 9), "–");
  assert.equal(amount("", 9), "–");
});

test("what is typed is read to the last unit", () => {
  for (const [text, units] of [["1.5", "1500000000"], [".5", "500000000"], ["2.", "2000000000"], ["1,234.5", "1234500000000"], [" 0.000000001 ", "1"], ["1.50000000000", "1500000000"]]) {
    assert.equal(smallest(text, 9), units, text);
  }
});

test("what is typed comes back as it was", () => {
  for (const text of ["1.5", "0.000000001", "18446744073.709551615"]) assert.equal(whole(smallest(text, 9), 9), text);
});

test("what is no amount is refused, with the rule", () => {
  for (const text of ["", ".", "abc", "-5", "1e30", "NaN", "0x10", "true", "١", "1.5.5", "1 5"]) {
    assert.throws(() => smallest(text, 9), { name: "RangeError", message: "Write a number such as 1.5" }, text);
  }
  assert.throws(() => smallest("0.0", 9), { message: "Must be more than nothing" });
  assert.throws(() => smallest("0.0000000001", 9), { message: "At most 9 digits after the point" });
  assert.throws(() => smallest("18446744073.709551616", 9), { message: "At most 18,446,744,073.709551615" });
});

test("basis points are short, and never say nothing of something", () => {
  assert.equal(bps(undefined), "0 bps");
  assert.equal(bps(0.0001), "<0.01 bps");
  assert.equal(bps(0.957), "0.96 bps");
  assert.equal(bps(12.34), "12.3 bps");
  assert.equal(bps(250), "250 bps");
  assert.equal(bps(-3.25, { signed: true }), "−3.3 bps");
  assert.equal(bps(3.3, { signed: true }), "+3.3 bps");
});

test("prices keep the digits that count", () => {
  assert.equal(price("159.847123456"), "159.8471");
  assert.equal(price("0.0000178773912"), "0.00001787739");
  assert.equal(price("2"), "2");
  assert.equal(price(undefined), "–");
});

test("spans are told in the unit that fits", () => {
  const spans = [[0.32, "320 µs"], [85.4, "85 ms"], [2410, "2.41 s"], [12_000, "12 s"], [200_000, "3 min 20 s"], [18_120_000, "5 h 2 min"], [90_000_000, "1 d 1 h"]];
  for (const [millis, text] of spans) assert.equal(lasting(millis), text);
  assert.equal(ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:00:12Z")), "12 s ago");
  assert.equal(millisOf("1.5s"), 1500);
  assert.equal(millisOf(undefined), 0);
});

test("venues are written as people write them", () => {
  assert.equal(venueName("raydium_amm_v4"), "Raydium AMM v4");
  assert.equal(venueName("meteora-damm-v2"), "Meteora DAMM v2");
  assert.equal(venueName("orca_whirlpool"), "Orca Whirlpool");
});

test("long ids are shown by their ends", () => {
  assert.equal(brief("5SqgyDiVjvPUcUHbVqcAvqkQ"), "5SqgyD…AvqkQ");
  assert.equal(brief("short"), "short");
});
