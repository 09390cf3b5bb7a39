// @ts-check
import { html } from "../html.js";
import { Candidates } from "./candidates.js";
import { RoutePicture } from "./picture.js";
import { Proof } from "./proof.js";

/**
 * A route: its picture, its proof, and the pools it was chosen from, where these are not told elsewhere.
 * @param {{route: any, tokenIn: string, tokenOut: string, tokens: Map<string, import("../tokens.js").Token> | null, candidates?: boolean}} props
 */
export function RouteBody({ candidates = true, ...props }) {
  return html`<div class="route-body">
    <${RoutePicture} ...${props} />
    <${Proof} ...${props} />
    ${candidates && html`<${Candidates} ...${props} />`}
  </div>`;
}
