// @ts-check
import { backoff } from "../backoff.js";
import { useEffect, useRef, useState } from "../html.js";
import { requestId } from "./request_id.js";
import { violations } from "./violations.js";

/** @typedef {import("../link.js").CallError} CallError */
/** @typedef {{spec: any, requestId: string}} Press */
/** @typedef {"idle" | "placing" | "again" | "unsure" | "placed"} Phase */

const GIVE_UP_AFTER = 60_000;

/** The second press of a double click is no second order. */
const DOUBLE_CLICK = 600;

const NOTHING_WRONG = { rules: {}, rest: /** @type {string[]} */ ([]) };

/**
 * Places orders. Each press has one request id, and whatever happens to the connection it is sent again with that id until
 * the engine has answered: it cannot become two orders. Where the engine does not answer for a minute it is `unsure`, and
 * the person decides.
 * @param {import("../link.js").Link} link
 * @param {(order: any) => void} placed
 */
export function usePlacing(link, placed) {
  const [phase, setPhase] = useState(/** @type {Phase} */ ("idle"));
  const [wrong, setWrong] = useState(NOTHING_WRONG);
  const pressed = useRef(/** @type {Press | null} */ (null));
  useEffect(() => () => void (pressed.current = null), []);

  const send = async (/** @type {Press} */ press) => {
    pressed.current = press;
    setPhase("placing");
    setWrong(NOTHING_WRONG);
    const answer = await insist(link, press, { going: () => pressed.current === press, again: () => setPhase("again") });
    if (pressed.current !== press) return;
    if (answer.unsure) return setPhase("unsure");
    const done = () => pressed.current === press && ((pressed.current = null), setPhase("idle"));
    if (answer.order) {
      setPhase("placed");
      setTimeout(done, DOUBLE_CLICK);
      return placed(answer.order);
    }
    done();
    setWrong(violations(/** @type {CallError} */ (answer.error)));
  };
  return {
    phase,
    wrong,
    place: (/** @type {any} */ spec) => pressed.current || send({ spec, requestId: requestId() }),
    again: () => pressed.current && send(pressed.current),
    forget: () => {
      pressed.current = null;
      setPhase("idle");
    },
  };
}

/**
 * @param {import("../link.js").Link} link
 * @param {Press} press
 * @param {{going: () => boolean, again: () => void}} told
 * @returns {Promise<{order?: any, error?: CallError, unsure?: boolean}>}
 */
export async function insist(link, press, { going, again }) {
  const began = Date.now();
  for (let tries = 1; going() && Date.now() - began < GIVE_UP_AFTER; tries++) {
    try {
      return { order: (await link.call("OrderService/SubmitOrder", press)).order };
    } catch (error) {
      const failure = /** @type {CallError} */ (error);
      if (!failure.unknown) return { error: failure };
    }
    again();
    await new Promise((resolve) => setTimeout(resolve, backoff(tries)));
  }
  return { unsure: true };
}
