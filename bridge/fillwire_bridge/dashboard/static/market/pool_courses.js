// @ts-check
import { useAsked } from "../asked.js";
import { Course } from "./course.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {Map<string, Course>} Courses */

const EVERY = 2000;
/** Longer than this without an answer, and nobody knows what the prices were. */
const KNOWN_SECONDS = 10;

/** @type {WeakMap<Link, Courses>} */
const kept = new WeakMap();

/**
 * The pools of a pair, asked again and again while they are looked at, and how the prices of all that were went.
 * @param {Link} link
 * @param {string} pair
 */
export function usePools(link, pair) {
  const courses = kept.get(link) ?? new Map();
  kept.set(link, courses);
  const [tokenA, tokenB] = pair.split("/");
  const heard = (/** @type {{pools?: any[]}} */ answer) => record(courses, answer, tokenA, Date.now() / 1000);
  const asked = useAsked(link, "MarketService/ListPools", { tokenA, tokenB }, { every: EVERY, heard });
  return { ...asked, courses };
}

/**
 * Prices as they are now, told as tokenB per `tokenA`.
 * @param {Courses} courses
 * @param {{pools?: any[]}} answer
 * @param {string} tokenA
 * @param {number} now unix seconds
 */
export function record(courses, { pools = [] }, tokenA, now) {
  for (const { pool, tokenA: first, price } of pools) {
    const course = courses.get(pool) ?? new Course();
    courses.set(pool, course);
    const last = course.times.at(-1);
    if (last !== undefined && now - last > KNOWN_SECONDS) course.gap(last + KNOWN_SECONDS);
    course.add(now, first === tokenA ? Number(price) : 1 / Number(price));
  }
}
