// @ts-check
import { useAsked } from "../asked.js";
import { html } from "../html.js";
import { scoreFacts } from "./venue_words.js";

/** @typedef {import("../link.js").Link} Link */
/** @typedef {{name: string, title?: string, poolCount?: number, available?: boolean, reason?: string, exactOut?: boolean, score?: import("./venue_words.js").Score}} Venue */

const EVERY = 5000;

/** @param {Link} link */
export function useVenues(link) {
  return useAsked(link, "MarketService/ListVenues", {}, { every: EVERY });
}

/** How each venue is, and what its quotes were worth. @param {{venues: Venue[]}} props */
export function Venues({ venues }) {
  return html`<ul class="venues">${venues.map((venue) => html`<${Card} key=${venue.name} venue=${venue} />`)}</ul>`;
}

/** @param {{venue: Venue}} props */
function Card({ venue: { name, title = name, poolCount = 0, available = false, reason = "", exactOut = false, score } }) {
  const facts = scoreFacts(score);
  return html`<li class="venue panel" data-test="venue-row" data-venue=${name} data-available=${available}>
    <header>
      <h3>${title}</h3>
      <span class="chip push ${available ? "good" : "bad"}">
        <span aria-hidden="true">${available ? "✓" : "✕"}</span>${available ? "Takes orders" : "Takes no orders"}
      </span>
    </header>
    ${reason && html`<p class="notice bad">${reason}</p>`}
    <dl>
      <${Fact} name="Pools" text=${poolCount.toLocaleString("en-US")} />
      <${Fact} name="Exact-out" text=${exactOut ? "quotes an exact output too" : "no"} />
      ${facts.map((fact) => html`<${Fact} key=${fact.name} ...${fact} />`)}
    </dl>
    ${!facts.length && html`<p class="muted">No record of its fills yet.</p>`}
  </li>`;
}

/** @param {import("./venue_words.js").Fact} props */
function Fact({ name, text, tone = undefined }) {
  return html`<div><dt>${name}</dt><dd class=${tone}>${text}</dd></div>`;
}
