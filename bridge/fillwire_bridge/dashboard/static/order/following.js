// @ts-check
import { useEffect, useReducer } from "../html.js";
import { isFinal } from "../statuses.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {import("../link.js").End} End */

/**
 * @typedef {object} Story
 * @property {string} id
 * @property {any} order as it was when the last watch began; `null`: not known yet
 * @property {any[]} events by seq, without a gap, each once
 * @property {End | null} problem why it cannot be followed; `null`: it can
 */

/** @param {string} id @returns {Story} */
export function untold(id) {
  return { id, order: null, events: [], problem: null };
}

/** @param {Story} story */
export function lastSeq({ events }) {
  return Number(events.at(-1)?.seq ?? 0);
}

/**
 * The story after what a watch said. An event that is known already changes nothing.
 * @param {Story} story
 * @param {{frame?: any, problem?: End, id?: string}} told
 * @returns {Story}
 */
export function tell(story, { frame, problem, id }) {
  if (id !== undefined) return untold(id);
  if (problem) return { ...story, problem };
  if (frame.snapshot) return { ...story, order: frame.snapshot };
  if (!frame.event || Number(frame.event.seq) <= lastSeq(story)) return story;
  return { ...story, events: [...story.events, frame.event] };
}

/**
 * Where the order stands by its events, which may be ahead of the order as it was read.
 * @param {Story} story
 */
export function standing({ order, events }) {
  const last = events.at(-1);
  const ahead = last && Number(last.seq) >= Number(order?.lastSeq ?? 0);
  return {
    status: ahead ? last.status : order?.status,
    attempt: (ahead ? last.attempt : order?.attempt) ?? 0,
    receipt: events.findLast((event) => event.receipt)?.receipt ?? order?.receipt,
    failure: events.findLast((event) => event.failure)?.failure ?? order?.failure,
    ended: isFinal(ahead ? last.status : order?.status),
  };
}

/**
 * The terms that an order had at an event. `undefined`: they were replaced after it, and no event tells them.
 * @param {Story} story @param {any} event
 */
export function specAt({ order, events }, event) {
  const before = events.findLast(({ seq, replaced }) => replaced && Number(seq) <= Number(event.seq));
  if (before) return before.replaced.spec;
  return events.some(({ replaced }) => replaced) ? undefined : order?.spec;
}

/**
 * Follows an order from its first event to its last, over all connections, each event once. The order itself is read again
 * where an event changes what events do not tell.
 * @param {Link} link
 * @param {string} id
 * @returns {Story}
 */
export function useStory(link, id) {
  const [story, told] = useReducer(tell, untold(id));
  useEffect(() => {
    let seen = 0;
    told({ id });
    return link.watch("OrderService/WatchOrder", () => ({ orderId: id, afterSeq: String(seen), heartbeatInterval: "5s" }), {
      message: (frame) => {
        seen = Math.max(seen, Number(frame.event?.seq ?? 0));
        if (!frame.heartbeat) told({ frame });
      },
      end: (status) => status.code !== "OK" && told({ problem: status }),
    });
  }, [link, id]);
  useOrderAfter(link, story, (order) => told({ frame: { snapshot: order } }));
  return story.id === id ? story : untold(id);
}

/** New terms, a floor and the hash are in the order alone. @param {Link} link @param {Story} story @param {(order: any) => void} read */
function useOrderAfter(link, story, read) {
  const { id, order } = story;
  const last = story.events.at(-1);
  const wanted = last && (last.replaced || isFinal(last.status)) ? Number(last.seq) : 0;
  const behind = order !== null && wanted > Number(order.lastSeq ?? 0);
  useEffect(() => {
    if (behind) link.call("OrderService/GetOrder", { orderId: id }).then((answer) => read(answer.order), () => {});
  }, [link, id, behind && wanted]);
}
