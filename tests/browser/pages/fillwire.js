// The package of this repository, with everything on one WebSocket.
import { FillwireClient, InvalidRequest } from "/dist/src/index.js";

const client = (url) => new FillwireClient(url, { transport: "socket" });

/** Gives the id of the new order. */
export async function submit(url, { amountIn, slippageBps, limitPrice, ...pair }) {
  const bound = limitPrice ? { type: { kind: "limit", limitPrice } } : { slippageBps };
  return (await client(url).submit({ ...pair, amountIn: whole(amountIn), ...bound })).orderId;
}

/** What the engine says to a bad order: code, reason, and the bad fields. */
export async function refused(url, spec) {
  const error = await submit(url, spec).then(() => null, (refusal) => refusal);
  if (!(error instanceof InvalidRequest)) throw error;
  return { code: 3, reason: error.reason, fields: error.violations.map(({ field }) => field) };
}

/** Keeps the seq of each event in `window.seen` as it comes; ends with the stream. */
export async function watch(url, orderId) {
  for await (const { seq } of client(url).watch(orderId)) window.seen.push(Number(seq));
  return 0;
}

/** Smallest units of SOL as whole ones, which is what the package takes. */
function whole(units) {
  return `0.${units.padStart(9, "0")}`;
}
