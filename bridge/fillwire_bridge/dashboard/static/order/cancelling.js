// @ts-check
import { html, useState } from "../html.js";

/** @typedef {import("../link.js").CallError} CallError */

/** What the engine says became of a request to cancel; the events tell the rest. */
const RESULTS = {
  CANCEL_RESULT_CANCELLED: "Cancelled",
  CANCEL_RESULT_PENDING: "Asked for: it ends cancelled if this attempt swaps nothing",
  CANCEL_RESULT_TOO_LATE: "Too late: it had ended already",
};

/**
 * Cancels an order and says truly what became of that.
 * @param {import("../link.js").Link} link
 * @param {string} orderId
 */
export function useCancelling(link, orderId) {
  const [says, setSays] = useState("");
  const cancel = async () => {
    setSays("Asking…");
    try {
      const { result } = await link.call("OrderService/CancelOrder", { orderId });
      setSays(RESULTS[/** @type {keyof typeof RESULTS} */ (result)] ?? result);
    } catch (error) {
      const { message, unknown } = /** @type {CallError} */ (error);
      setSays(unknown ? "No answer: it may or may not be cancelled. Press again" : message);
    }
  };
  return { says, cancel };
}

/** @param {{link: import("../link.js").Link, orderId: string, ended: boolean, requested?: boolean}} props */
export function CancelButton({ link, orderId, ended, requested = false }) {
  const { says, cancel } = useCancelling(link, orderId);
  const told = says || (requested && !ended ? RESULTS.CANCEL_RESULT_PENDING : "");
  return html`<span class="cancelling">
    <span role="status" class="muted">${told}</span>
    ${!ended && html`<button type="button" class="button small" data-test="cancel" onClick=${cancel}>Cancel</button>`}
  </span>`;
}
