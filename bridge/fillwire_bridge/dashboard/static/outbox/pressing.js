// @ts-check
import { useEffect, useState } from "../html.js";
import { violations } from "../trade/violations.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Press} Press */

/** The second press of a double click is no second order. */
const DOUBLE_CLICK = 600;

const NOTHING_WRONG = { rules: {}, rest: /** @type {string[]} */ ([]) };

/**
 * The press of a form that is on the page, and what is wrong with the one before. A press that was answered is settled here,
 * also where the answer came while the form was not on the page.
 * @param {Outbox} outbox
 * @param {string} form
 * @param {(order: any) => void} answered is told the order of the answer
 */
export function usePress(outbox, form, answered) {
  const [press, setPress] = useState(() => outbox.of(form));
  const [wrong, setWrong] = useState(NOTHING_WRONG);
  useEffect(() => {
    setPress(outbox.of(form));
    return outbox.attach(form, setPress);
  }, [outbox, form]);
  useEffect(() => {
    if (press?.phase === "sending") setWrong(NOTHING_WRONG);
    if (press?.error) {
      setWrong(violations(press.error));
      outbox.settle(press);
    }
    if (press?.phase !== "answered") return;
    answered(press.order);
    const settling = setTimeout(() => outbox.settle(press), DOUBLE_CLICK);
    return () => (clearTimeout(settling), outbox.settle(press));
  }, [press]);
  return { press, wrong };
}
