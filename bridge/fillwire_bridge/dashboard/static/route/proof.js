// @ts-check
import { amount, bps } from "../format.js";
import { html } from "../html.js";
import { figures, marks } from "./scale.js";
import { useWidth } from "./width.js";

const WORTH_TELLING = 0.005;

/** Where the line of the scale stands, and how high it is with the names above and below, which no mark touches. */
const [LINE, HEIGHT] = [40, 80];

/**
 * How good the route is for certain: between the best single pool and the bound that no route can pass.
 * @param {{route: any, tokenIn: string, tokenOut: string, tokens: Map<string, import("../tokens.js").Token> | null}} props
 */
export function Proof({ route, tokenIn, tokenOut, tokens }) {
  const [frame, width] = useWidth();
  const found = figures(route);
  if (!found) return null;
  const token = found.exactIn ? tokenOut : tokenIn;
  const shown = (/** @type {string} */ units) => `${amount(units, tokens?.get(token)?.decimals, 6)} ${token}`;
  const at = marks(found);
  return html`<figure class="proof" data-test="proof" ref=${frame}>
    <figcaption>${sentence(at)}</figcaption>
    ${width > 0 && html`<${Scale} width=${width} at=${at} found=${found} shown=${shown} />`}
  </figure>`;
}

/** @param {ReturnType<typeof marks>} at */
function sentence({ routeBps, singleBps }) {
  const size = routeBps < 0.005 ? "less than 0.01 bps" : `at most ${bps(routeBps)}`;
  const gap = html`<strong>${size}</strong> from the best that these pools can do`;
  if (singleBps === null) return html`This route is ${gap}. No single pool can take the whole amount.`;
  const gain = singleBps - routeBps;
  if (gain < WORTH_TELLING) return html`This route is ${gap}, and one pool is enough for it.`;
  return html`This route is ${gap}, and <strong>${bps(gain)}</strong> better than the best single pool.`;
}

/** @param {{width: number, at: ReturnType<typeof marks>, found: import("./scale.js").Figures, shown: (units: string) => string}} props */
function Scale({ width, at, found, shown }) {
  const x = (/** @type {number} */ part) => 6 + part * (width - 12);
  const bound = found.exactIn ? "Most possible" : "Least possible";
  const single = at.single !== null && (at.singleBps ?? 0) - at.routeBps >= WORTH_TELLING ? at.single : null;
  return html`<svg viewBox="0 0 ${width} ${HEIGHT}" width=${width} height=${HEIGHT} aria-hidden="true">
    <line class="scale-line" x1=${x(0)} x2=${x(1)} y1=${LINE} y2=${LINE} />
    ${single !== null && html`<line class="scale-gain" x1=${x(single)} x2=${x(at.route)} y1=${LINE} y2=${LINE} />`}
    ${single !== null && html`<${Mark} x=${x(single)} width=${width} below=${true} kind="single" name="Best single pool" value=${shown(found.single)} />`}
    <${Mark} x=${x(1)} width=${width} below=${true} kind="bound" name=${bound} value=${shown(found.bound)} />
    <${Mark} x=${x(at.route)} width=${width} below=${false} kind="route" name="This route" value=${shown(found.route)} />
  </svg>`;
}

/** @param {{x: number, width: number, below: boolean, kind: string, name: string, value: string}} props */
function Mark({ x, width, below, kind, name, value }) {
  const anchor = x < width * 0.3 ? "start" : x > width * 0.7 ? "end" : "middle";
  const y = below ? LINE + 22 : LINE - 28;
  return html`<g>
    ${kind === "bound" ? html`<line class="mark-bound" x1=${x} x2=${x} y1=${LINE - 10} y2=${LINE + 10} />` : html`<circle class="mark-${kind}" cx=${x} cy=${LINE} r=${kind === "route" ? 6 : 4.5} />`}
    <text class="mark-name" x=${x} y=${y} text-anchor=${anchor}>${name}</text>
    <text class="mark-value" x=${x} y=${y + 14} text-anchor=${anchor}>${value}</text>
  </g>`;
}
