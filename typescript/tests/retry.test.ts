import assert from "node:assert/strict";
import { test } from "node:test";

import { DeadlineExceeded, NotFound, Unavailable } from "@fillwire/client";

import { Attempts, pause } from "../src/retry.js";

/** Time that stands still until it is moved, and dice that always fall the same way. */
function chance(random = 1) {
  const clock = { time: 1000, now: () => clock.time, random: () => random };
  return clock;
}

test("pauses double up to a bound, and are spread over all of it", () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => pause(failures, chance(), undefined));
  assert.deepEqual(bounds, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  assert.equal(pause(3, chance(0), undefined), 0);
  assert.equal(pause(3, chance(0.5), undefined), 200);
});

test("nobody comes back sooner than the engine asks, and not all at once", () => {
  assert.equal(pause(1, chance(0), 2), 2000);
  assert.equal(pause(1, chance(1), 2), 4000);
});

test("a call that must get through leaves time to ask again", () => {
  const clock = chance(0);
  const attempts = new Attempts({ timeoutMs: 4000, asksAgain: true }, undefined, 2, clock);
  assert.equal(attempts.timeoutMs, 2000);
  clock.time += 2000;
  assert.equal(attempts.pauseAfter(new DeadlineExceeded("late")), 0);
  assert.equal(attempts.timeoutMs, 1000);
  clock.time += 1000;
  attempts.pauseAfter(new Unavailable("away"));
  assert.equal(attempts.timeoutMs, 1000);
  assert.throws(() => attempts.pauseAfter(new Unavailable("away")), Unavailable);
});

test("what may have been done is asked again only where it is idempotent", () => {
  const attempts = new Attempts({ timeoutMs: 3000 }, undefined, 2, chance());
  assert.equal(attempts.timeoutMs, 3000);
  assert.throws(() => attempts.pauseAfter(new DeadlineExceeded("late")), DeadlineExceeded);
  assert.throws(() => new Attempts({ timeoutMs: 1 }, 3000, 2, chance()).pauseAfter(new NotFound("")), NotFound);
});

test("no pause is longer than the time that is left", () => {
  const attempts = new Attempts({ timeoutMs: 3000 }, 50, 2, chance());
  assert.throws(() => attempts.pauseAfter(new Unavailable("away")), Unavailable);
});
