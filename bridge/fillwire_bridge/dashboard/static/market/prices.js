// @ts-check
import { useEffect, useState } from "../html.js";
import { Course } from "./course.js";

/** @typedef {import("../link.js").Link} Link */

const TOLD_EVERY = 250;

/** The mid prices of all pairs and how they went: followed from the first time they are asked for as long as the page lives. */
class Prices {
  /** @type {Map<string, string>} */
  mids = new Map();
  /** @type {Map<string, Course>} */
  courses = new Map();
  /** Why no more prices come. @type {import("../link.js").End | null} */
  failure = null;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #link;

  /** @param {Link} link */
  constructor(link) {
    this.#link = link;
    link.onState((state, before) => before === "open" && this.#break());
    this.follow();
  }

  follow() {
    this.failure = null;
    this.#link.watch("MarketService/WatchPrices", {}, {
      message: (price) => this.#hear(price),
      end: (status) => ((this.failure = status), this.#tell()),
    });
    this.#tell();
  }

  /** @param {() => void} callback called soon after any change @returns {() => void} ends it */
  onChange(callback) {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** @param {{pair: string, midPrice: string}} price */
  #hear({ pair, midPrice }) {
    this.mids.set(pair, midPrice);
    if (!this.courses.has(pair)) this.courses.set(pair, new Course());
    this.courses.get(pair)?.add(Date.now() / 1000, Number(midPrice));
    this.#tell();
  }

  #break() {
    for (const course of this.courses.values()) course.gap(Date.now() / 1000);
    this.#tell();
  }

  #tell() {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      for (const callback of this.#listeners) callback();
    }, TOLD_EVERY);
  }
}

/** @type {WeakMap<Link, Prices>} */
const followed = new WeakMap();

/** @param {Link} link */
export function usePrices(link) {
  const prices = followed.get(link) ?? new Prices(link);
  followed.set(link, prices);
  const [, setCount] = useState(0);
  useEffect(() => prices.onChange(() => setCount((count) => count + 1)), [prices]);
  return prices;
}
