// @ts-check
/** How a value went since the page was opened, in bounded memory: what is long past is kept more coarsely. */

/** @typedef {{x: number[], series: (number | null)[][]}} Aligned */

const MOST_POINTS = 1200;
const CLOSEST_SECONDS = 0.5;

/** A value that holds until the next one comes; `null`: it was not known from then on. Times are unix seconds. */
export class Course {
  /** @type {number[]} */
  times = [];
  /** @type {(number | null)[]} */
  values = [];

  /** @param {number} time @param {number} value */
  add(time, value) {
    const last = this.times.length - 1;
    if (last > 0 && time - this.times[last - 1] < CLOSEST_SECONDS && this.values[last] !== null) {
      this.values[last] = value;
      return;
    }
    this.#append(time, value);
  }

  /** Nothing is known from `time` on, until the next value. @param {number} time */
  gap(time) {
    if (this.values.length && this.values.at(-1) !== null) this.#append(time, null);
  }

  get first() {
    return this.values.find((value) => value !== null) ?? undefined;
  }

  get last() {
    return this.values.at(-1) ?? undefined;
  }

  /** @param {number} time @param {number | null} value */
  #append(time, value) {
    this.times.push(time);
    this.values.push(value);
    if (this.times.length > MOST_POINTS) this.#thin();
  }

  /** Of the older half every second point goes; the first and every gap stay. */
  #thin() {
    const half = this.times.length / 2;
    const keeps = (/** @type {number} */ at) => at >= half || at % 2 === 0 || this.values[at] === null;
    const kept = [...this.times.keys()].filter(keeps);
    this.times = kept.map((at) => this.times[at]);
    this.values = kept.map((at) => this.values[at]);
  }
}

/**
 * Courses side by side, as a plot wants them: at every time of any of them up to `until`, the value that each then has.
 * @param {Course[]} courses
 * @param {number} until
 * @returns {Aligned}
 */
export function aligned(courses, until) {
  const times = new Set(courses.flatMap((course) => course.times));
  if (times.size) times.add(until);
  const x = [...times].sort((a, b) => a - b);
  return { x, series: courses.map((course) => held(course, x)) };
}

/**
 * The change from the first to the last value, in percent; absent where there is none to tell.
 * @param {Course} course
 */
export function change(course) {
  const { first, last } = course;
  return first && last !== undefined ? ((last - first) / first) * 100 : undefined;
}

/** @param {Course} course @param {number[]} x */
function held(course, x) {
  let at = -1;
  return x.map((time) => {
    while (at + 1 < course.times.length && course.times[at + 1] <= time) at += 1;
    return at < 0 ? null : course.values[at];
  });
}
