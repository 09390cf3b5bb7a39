import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { Unavailable } from "@fillwire/client";
import { MarketService, WatchPricesResponseSchema } from "@fillwire/client/v1";

import { Line } from "../src/line.js";
import { PriceCourse } from "../src/market-courses.js";

const PRICE = create(WatchPricesResponseSchema, { pair: "SOL/USDC" });

test("pauses begin anew with the second frame of a connection, not with the first", async () => {
  const chance = { now: () => 0, random: () => 1 };
  const patience = { timeoutMs: undefined, heartbeatMs: undefined, maxRetries: 2, chance };
  const silent = async function* () {};
  const transport = createRouterTransport((router) => router.service(MarketService, { watchPrices: silent }));
  const line = new Line(transport, { maxRetries: 2 });
  const course = new PriceCourse([], line, patience);
  const pauses: number[] = [];
  for (const frames of [1, 1, 1, 2, 1]) {
    await course.open({});
    for (let frame = 0; frame < frames; frame += 1) course.take(PRICE);
    pauses.push(course.pauseAfter(new Unavailable("lost")));
  }
  assert.deepEqual(pauses, [100, 200, 400, 100, 200]);
});
