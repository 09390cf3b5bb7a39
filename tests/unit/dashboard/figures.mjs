/** Reads reports and numbers, a JSON document on standard input; writes the figures that the dashboard shows of them. */
import { text } from "node:stream/consumers";

import { days, overall, pairs, venues } from "../../../bridge/fillwire_bridge/dashboard/static/quality/figures.js";
import { bps, dayName, quantity, share, time } from "../../../bridge/fillwire_bridge/dashboard/static/quality/texts.js";

const told = (value) => (value === null ? null : bps(value));
const timed = (seconds) => (seconds === null ? null : time(seconds).join(" "));

function sums({ orders, amountIn, amountOut, cost, seconds }) {
  const costs = cost && Object.fromEntries(Object.entries(cost).map(([name, value]) => [name, bps(value)]));
  return { orders, given: quantity(amountIn, 9), got: quantity(amountOut, 6), cost: costs, time: timed(seconds) };
}

function figures(report) {
  const found = pairs(report);
  const { orders, total, saved, seconds } = overall(found);
  return {
    pairs: found.map(({ tokenIn, tokenOut, whole, venues }) => ({
      pair: [tokenIn, tokenOut],
      whole: whole && sums(whole),
      venues: venues.map(([venue, one]) => [venue, sums(one)]),
    })),
    days: days(report).map(dayName),
    venues: venues(report),
    overall: [orders, told(total), told(saved), timed(seconds)],
  };
}

const given = JSON.parse(await text(process.stdin));
const answer = {
  reports: given.reports.map(figures),
  bps: given.bps.map(bps),
  times: given.times.map((seconds) => time(seconds).join(" ")),
  quantities: given.quantities.map(([raw, decimals]) => quantity(BigInt(raw), decimals ?? undefined)),
  shares: given.shares.map(([part, whole]) => share(BigInt(part), BigInt(whole))),
};
process.stdout.write(JSON.stringify(answer));
