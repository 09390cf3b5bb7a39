// @ts-check
import { html, useErrorBoundary } from "../html.js";
import { Notices } from "../outbox/notices.js";
import { ConnectionBanner, ConnectionChip } from "./connection.js";
import { KeyForm } from "./key_form.js";
import { useLink } from "./pulse.js";
import { SchemeSwitch } from "./scheme.js";

const PLACES = [
  { view: "trade", href: "#/", name: "Trade" },
  { view: "market", href: "#/market", name: "Market" },
  { view: "quality", href: "#/quality", name: "Quality" },
  { view: "help", href: "#/help", name: "Keys" },
];

/** What stands around every view. @param {{link: import("../link.js").Link, outbox: import("../outbox/outbox.js").Outbox, view: string, children?: any}} props */
export function Shell({ link, outbox, view, children }) {
  const { state } = useLink(link);
  return html`
    <a class="skip" href="#main" onClick=${toMain}>Skip to the page</a>
    <header class="bar">
      <a class="brand" href="#/"><img src="favicon.svg" alt="" width="24" height="24" />fillwire</a>
      <nav aria-label="Pages">${PLACES.map((place) => html`<${Place} key=${place.view} here=${view} ...${place} />`)}</nav>
      <div class="bar-end"><${ConnectionChip} link=${link} /><${SchemeSwitch} /></div>
    </header>
    <${ConnectionBanner} link=${link} />
    <${Notices} outbox=${outbox} />
    <main id="main" tabindex="-1">
      ${state === "denied" ? html`<${KeyForm} link=${link} />` : html`<${Sound} key=${view}>${children}<//>`}
    </main>`;
}

/** @param {{view: string, here: string, href: string, name: string}} props */
function Place({ view, here, href, name }) {
  return html`<a href=${href} aria-current=${view === here ? "page" : undefined}>${name}</a>`;
}

/** Keeps a mistake in one view from taking the others with it. @param {{children?: any}} props */
function Sound({ children }) {
  const [error, again] = useErrorBoundary((caught) => reportError(caught));
  if (!error) return children;
  return html`<div class="empty" role="alert">
    <p>This view broke: ${String(error.message ?? error)}</p>
    <p><button class="button" onClick=${again}>Show it again</button></p>
  </div>`;
}

/** The address names the view, so the link may not change it. @param {Event} event */
function toMain(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
