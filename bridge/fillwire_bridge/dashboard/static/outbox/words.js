// @ts-check
/** What is said of a press that is not settled, by what it asks for. */

/** @typedef {{of: string, done: string, open: string, twice: string}} Words `of`: what was sent */

/** @type {Record<string, Words>} */
const WORDS = {
  "OrderService/SubmitOrder": {
    of: "your order",
    done: "Your order is placed",
    open: "whether the order was stored",
    twice: "place it twice",
  },
  "OrderService/ReplaceOrder": {
    of: "the new terms of your order",
    done: "Your order has its new terms",
    open: "whether the new terms hold",
    twice: "change it twice",
  },
};

/** @param {import("./outbox.js").Press} press */
export function wordsOf({ method }) {
  return WORDS[method];
}
