// @ts-check
import { backoff } from "../backoff.js";

/** @typedef {import("../call_error.js").CallError} CallError */
/** @typedef {{method: string, request: any, account: string}} Sent */

const GIVE_UP_AFTER = 60_000;
const SILENCE = "The engine has not answered for a minute";

/** What the engine says only where the request, with its id, has changed nothing and never did. */
const FINAL = new Set(["INVALID_ARGUMENT", "FAILED_PRECONDITION", "ALREADY_EXISTS", "NOT_FOUND", "OUT_OF_RANGE", "UNIMPLEMENTED"]);

/**
 * Sends a request until the engine has answered, for a minute. It carries a request id, so it is carried out once. An error
 * that says nothing of an earlier try leaves it open what became of that one: then `unsure` says why, for people.
 * @param {import("../link.js").Link} link
 * @param {Sent} sent
 * @param {{going: () => boolean, again: () => void, doubtful?: boolean}} told `doubtful`: it was sent before this
 * @returns {Promise<{order?: any, error?: CallError, unsure?: string}>}
 */
export async function insist(link, { method, request, account }, { going, again, doubtful = false }) {
  const began = Date.now();
  for (let tries = 1; going() && Date.now() - began < GIVE_UP_AFTER; tries++) {
    try {
      return { order: (await link.call(method, request, { as: account })).order };
    } catch (error) {
      const failure = /** @type {CallError} */ (error);
      if (!failure.unknown) return doubtful && !FINAL.has(failure.code) ? { unsure: failure.message } : { error: failure };
    }
    doubtful = true;
    again();
    await new Promise((resolve) => setTimeout(resolve, backoff(tries)));
  }
  return { unsure: SILENCE };
}
