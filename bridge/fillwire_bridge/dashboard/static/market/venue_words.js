// @ts-check
/** What the engine knows of a venue, in words. */
import { lasting, millisOf } from "../format.js";

/** @typedef {{haircutBps?: number, fillErrorBps?: number, rejectRate?: number, latency?: string, samples?: number, applied?: boolean}} Score */
/** @typedef {{name: string, text: string, tone?: "good" | "warn"}} Fact */

const NO_MATTER = 0.05;

/**
 * @param {Score | undefined} score
 * @returns {Fact[]} empty: nothing is known
 */
export function scoreFacts(score) {
  if (!score) return [];
  const { fillErrorBps = 0, rejectRate = 0, latency, samples = 0 } = score;
  return [
    { name: "Fills", text: fillText(fillErrorBps), tone: fillErrorBps <= -1 ? "warn" : undefined },
    { name: "Refusals", text: refusalText(rejectRate), tone: rejectRate >= 0.05 ? "warn" : undefined },
    { name: "Lands in", text: latency ? `${lasting(millisOf(latency))} on average` : "not known yet" },
    { name: "Trust", text: trustText(score) },
    { name: "Rests on", text: `about ${samples < 10 ? +samples.toFixed(1) : Math.round(samples)} fills and attempts` },
  ];
}

/** @param {number} bps */
function fillText(bps) {
  if (Math.abs(bps) < NO_MATTER) return "as quoted";
  return `${Math.abs(bps).toFixed(1)} bps ${bps < 0 ? "less" : "more"} than quoted`;
}

/** @param {number} rate */
function refusalText(rate) {
  const percent = rate * 100;
  if (percent < NO_MATTER) return "none";
  return `${percent < 10 ? +percent.toFixed(1) : Math.round(percent)} of 100 attempts refused or expired`;
}

/** @param {Score} score */
function trustText({ haircutBps = 0, applied = false }) {
  if (haircutBps < NO_MATTER) return "its quotes are taken at their word";
  const discount = `${haircutBps.toFixed(1)} bps`;
  return applied ? `its quotes count ${discount} less` : `its quotes would count ${discount} less, but scores are only observed`;
}
