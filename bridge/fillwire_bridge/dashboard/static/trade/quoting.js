// @ts-check
import { useEffect, useState } from "../html.js";

const TYPING = 180;
const ASK_AGAIN_AFTER = 3_000;

/**
 * @typedef {object} Quoted
 * @property {any} quote the last one; `null`: none yet
 * @property {string} key the request it answers, as JSON
 * @property {string} problem why there is none now, for people. Empty: there is
 * @property {number} arrived unix milliseconds
 */

/** @type {Quoted} */
const NONE = { quote: null, key: "", problem: "", arrived: 0 };

/**
 * The quote of what is being typed, renewed as the market moves. While another amount is typed the last quote stays, and
 * `fresh` says that it is not of this request.
 * @param {import("../link.js").Link} link
 * @param {object | null} request
 */
export function useQuote(link, request) {
  const [seen, setSeen] = useState(NONE);
  const key = request ? JSON.stringify(request) : "";
  useEffect(() => {
    if (!key) return;
    let stop = () => {};
    let next = setTimeout(follow, TYPING);
    function follow() {
      stop = link.watch("MarketService/StreamQuotes", JSON.parse(key), {
        message: ({ quote }) => setSeen({ quote, key, problem: "", arrived: Date.now() }),
        end: ({ message = "The quotes ended" }) => {
          setSeen((before) => ({ ...before, key, problem: message }));
          next = setTimeout(follow, ASK_AGAIN_AFTER);
        },
      });
    }
    return () => (clearTimeout(next), stop());
  }, [link, key]);
  return { ...seen, fresh: key !== "" && seen.key === key && !seen.problem, of: key };
}

/**
 * Milliseconds until the quote is worth nothing. Only the span is the engine's: its clock and this machine's may differ.
 * @param {Quoted} quoted
 * @param {number} now
 */
export function lifeLeft({ quote, arrived }, now) {
  const span = new Date(quote.expireTime).getTime() - new Date(quote.quoteTime).getTime();
  return Math.max(0, arrived + span - now);
}
