// @ts-check
import { useAsked } from "../asked.js";
import { venueName } from "../format.js";
import { html } from "../html.js";
import { Missing } from "../missing.js";
import { Field } from "./field.js";

/** @typedef {import("./field.js").Ticket} Ticket */
/** @typedef {{name: string, title?: string, available?: boolean}} Venue */

const RULES = { "": "All", exclude: "All but those ticked", include: "Only those ticked" };

/** Which venues the route may use. @param {Ticket & {link: import("../link.js").Link}} props */
export function VenueLimits({ link, ...ticket }) {
  const { answer, failure } = useAsked(link, "MarketService/ListVenues", {});
  const { draft, rules, set, form = "ticket" } = ticket;
  const ticked = draft.venues.split(" ").filter(Boolean);
  const tick = (/** @type {string} */ name) => set({ venues: ticked.includes(name) ? without(ticked, name) : [...ticked, name].join(" ") });
  const id = `${form}-venues`;
  return html`<div class="venue-limits">
    <${Field} ...${ticket} name="venueRule" label="Venues" choices=${RULES} />
    ${draft.venueRule && html`<div role="group" aria-label="Venues to ${draft.venueRule}" aria-describedby="${id}-says" class="ticks">
      ${answer ? listed(answer.venues ?? [], ticked).map(({ name, title, note }) => html`<label key=${name} class="tick">
        <input type="checkbox" value=${name} data-test=${id} checked=${ticked.includes(name)} aria-invalid=${"venues" in rules}
          onChange=${() => tick(name)} />
        <span>${title} <span class="muted">${note}</span></span></label>`)
      : html`<p class="hint">Asking for the venues…</p>`}
      <${Missing} failure=${failure} />
      <p id="${id}-says" class="error" data-test=${"venues" in rules ? `${form}-error` : undefined}>${rules.venues}</p>
    </div>`}
  </div>`;
}

/**
 * The venues there are, and those that are ticked although there are none of them any more.
 * @param {Venue[]} venues @param {string[]} ticked
 */
function listed(venues, ticked) {
  const gone = ticked.filter((name) => !venues.some((venue) => venue.name === name));
  return [
    ...venues.map(({ name, title = venueName(name), available }) => ({ name, title, note: available ? "" : "takes no orders" })),
    ...gone.map((name) => ({ name, title: venueName(name), note: "not there any more" })),
  ];
}

/** @param {string[]} names @param {string} name */
function without(names, name) {
  return names.filter((other) => other !== name).join(" ");
}
