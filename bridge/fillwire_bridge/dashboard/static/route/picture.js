// @ts-check
import { amount, bps, venueName } from "../format.js";
import { html, useMemo } from "../html.js";
import { BAR, layout } from "./layout.js";
import { parts } from "./flow.js";
import { useWidth } from "./width.js";

/** @typedef {import("./flow.js").Leg} Leg */
/** @typedef {Map<string, import("../tokens.js").Token> | null} Tokens */

const ROOMY = 150;

/**
 * A route as a flow from what is given to what is got.
 * @param {{route: any, tokenIn: string, tokenOut: string, tokens: Tokens}} props
 */
export function RoutePicture({ route, tokenIn, tokenOut, tokens }) {
  const [frame, width] = useWidth();
  const legs = /** @type {Leg[]} */ (route.legs ?? []);
  const drawn = useMemo(() => layout(legs, { tokenIn, tokenOut, width }), [route, tokenIn, tokenOut, width]);
  const shown = (/** @type {string} */ units, /** @type {string} */ token) => `${amount(units, tokens?.get(token)?.decimals, 6)} ${token}`;
  const ends = [shown(route.amountIn, tokenIn), shown(route.amountOut, tokenOut)];
  const through = parts(legs, tokenIn);
  return html`<figure class="route" data-test="route-picture" ref=${frame}>
    ${width > 0 && html`<svg viewBox="0 0 ${width} ${drawn.height}" width=${width} height=${drawn.height} role="img"
      aria-label=${`${ends[0]} to ${ends[1]}: ${told(legs, through)}`}>
      ${drawn.ribbons.map((it) => html`<${Ribbon} key=${it.leg} ...${it} />`)}
      ${[...drawn.bars.values()].map((bar) => html`<${Token} key=${bar.token} bar=${bar} hops=${drawn.hops} ends=${ends} />`)}
      ${drawn.ribbons.map((it) => html`<${Label} key=${it.leg} ...${it} leg=${legs[it.leg]} part=${through[it.leg]} roomy=${drawn.gapWidth > ROOMY} shown=${shown} />`)}
    </svg>`}
  </figure>`;
}

/** @param {import("./layout.js").Ribbon} props */
function Ribbon({ leg, path, thickness }) {
  return html`<path class="ribbon" data-colour=${(leg % 6) + 1} d=${path} stroke-width=${thickness} fill="none" />`;
}

/** @param {{bar: import("./layout.js").Bar, hops: number, ends: string[]}} props */
function Token({ bar, hops, ends }) {
  const last = bar.column === hops;
  const [x, anchor] = bar.column === 0 ? [bar.x, "start"] : last ? [bar.x + BAR, "end"] : [bar.x + BAR / 2, "middle"];
  const end = bar.column === 0 ? ends[0] : last ? ends[1] : "";
  return html`<g>
    <rect class="token-bar" x=${bar.x} y=${bar.y} width=${BAR} height=${bar.height} rx="3" />
    ${end
      ? html`<text class="token-name" x=${x} y="16" text-anchor=${anchor}>${end}</text>
          <text class="token-more" x=${x} y="32" text-anchor=${anchor}>${last ? "You get" : "You sell"}</text>`
      : html`<text class="token-name" x=${x} y=${bar.y - 6} text-anchor=${anchor}>${bar.token}</text>`}
  </g>`;
}

/** @param {{labelX: number, labelY: number, leg: Leg, part: number, roomy: boolean, shown: (units: string, token: string) => string}} props */
function Label({ labelX, labelY, leg, part, roomy, shown }) {
  const name = venueName(leg.venue);
  const share = part < 0.0005 ? "<0.1 %" : `${(part * 100).toFixed(part < 0.0995 ? 1 : 0)} %`;
  return html`<g text-anchor="middle">
    <title>${`${name}, pool ${leg.pool}: ${shown(leg.amountIn ?? "", leg.tokenIn)} to ${shown(leg.amountOut ?? "", leg.tokenOut)}, fee ${bps(leg.feeBps)}`}</title>
    <text class="leg-name" x=${labelX} y=${labelY - 2}>${roomy ? name : short(name)}</text>
    <text class="leg-more" x=${labelX} y=${labelY + 13}>${roomy ? `${share} · fee ${bps(leg.feeBps)}` : share}</text>
  </g>`;
}

/** "Raydium CLMM" where there is room for "CLMM" only. @param {string} name */
function short(name) {
  return name.split(" ").slice(1).join(" ") || name;
}

/** The route in words, for those who do not see it. @param {Leg[]} legs @param {number[]} through */
function told(legs, through) {
  const one = (/** @type {Leg} */ leg, /** @type {number} */ number) =>
    `${(through[number] * 100).toFixed(1)} % by ${venueName(leg.venue)} from ${leg.tokenIn} to ${leg.tokenOut}`;
  return legs.map(one).join("; ");
}
