// @ts-check
/**
 * How long to wait before the next try, in milliseconds: full jitter, so that pages which lost one bridge together do not
 * come back together. (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.)
 * @param {number} tries how many have failed, from 1
 * @param {() => number} [random]
 */
export function backoff(tries, random = Math.random) {
  const ceiling = Math.min(5000, 100 * 2 ** Math.min(tries, 10));
  return 100 + random() * (ceiling - 100);
}
