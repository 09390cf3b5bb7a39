import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";
import { Tokens, type Quantity } from "@fillwire/client";
import { TokenSchema } from "@fillwire/client/v1";

import { plain } from "../src/decimals.js";
import { TOKENS } from "./engine.js";

const tokens = new Tokens([
  ...TOKENS.map((token) => create(TokenSchema, token)),
  create(TokenSchema, { symbol: "WHOLE", mint: "whole", decimals: 0 }),
]);

test("whole tokens become smallest units exactly", () => {
  const rows: [Quantity, bigint][] = [
    ["1.5", 1_500_000_000n],
    ["0.000000001", 1n],
    [".5", 500_000_000n],
    ["2.", 2_000_000_000n],
    ["+1", 1_000_000_000n],
    ["1e-9", 1n],
    ["1.5E3", 1_500_000_000_000n],
    ["0001.1000000000", 1_100_000_000n],
    ["123456789012345678.123456789", 123456789012345678123456789n],
    ["0", 0n],
    ["-0.0", 0n],
    ["0e999999999999", 0n],
    [7n, 7_000_000_000n],
  ];
  for (const [quantity, units] of rows) assert.equal(tokens.units("SOL", quantity), units, String(quantity));
});

test("a token is found by its mint too", () => {
  assert.equal(tokens.units(TOKENS[1]?.mint ?? "", "1"), 1_000_000n);
});

test("what is no amount of the token is refused, never rounded", () => {
  const wrong = [
    "", " ", "-1", "NaN", "Infinity", "0x10", "1_000", "1,5", "١", "true", "1e", ".", "1.2.3", "0.0000000001",
    "1.0000000001", "1e-10", "1e-999999999", "1e999999999", "1e30", "9".repeat(40),
  ];
  for (const quantity of wrong) assert.throws(() => tokens.units("SOL", quantity), RangeError, quantity);
  assert.throws(() => tokens.units("DOGE", "1"), /no token "DOGE"; there are: SOL, USDC, WHOLE/);
});

test("a JavaScript number is a mistake of the caller", () => {
  for (const quantity of [0.1, 1, NaN, null, true, {}]) {
    assert.throws(() => tokens.units("SOL", quantity as never), TypeError);
  }
});

test("smallest units become whole tokens exactly", () => {
  const rows: [string, string | bigint, string][] = [
    ["SOL", "1500000000", "1.5"],
    ["SOL", "1", "0.000000001"],
    ["SOL", 10_000_000_000n, "10"],
    ["SOL", "0", "0"],
    ["SOL", "", ""],
    ["USDC", "239990000", "239.99"],
    ["WHOLE", "100", "100"],
    ["SOL", "123456789012345678123456789", "123456789012345678.123456789"],
  ];
  for (const [name, units, whole] of rows) assert.equal(tokens.whole(name, units), whole);
});

test("there and back is the same amount", () => {
  for (let digits = 1n; digits < 10n ** 30n; digits = digits * 7n + 3n) {
    assert.equal(tokens.units("SOL", tokens.whole("SOL", digits)), digits);
  }
});

test("prices are written out", () => {
  const rows: [Quantity, string][] = [
    ["170.5", "170.5"],
    ["1e3", "1000"],
    ["1.25e-3", "0.00125"],
    ["-1.5", "-1.5"],
    [170n, "170"],
    ["0.0", "0"],
  ];
  for (const [price, text] of rows) assert.equal(plain(price), text);
  assert.throws(() => plain("1e1000000"), RangeError);
  assert.throws(() => plain(1.5 as never), TypeError);
});
