/**
 * Exact decimals: a text of digits, and the power of ten it is multiplied by.
 *
 * A JavaScript number is refused wherever an amount or a price is meant: 0.1 is not what anybody means by it.
 */

/** An amount in whole tokens, or a price, as a caller gives it: `"1.5"`, `2n`. */
export type Quantity = string | bigint;

/** `digits` x 10^`exponent`; the digits begin with none that is 0, and are empty for nothing at all. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const WRITTEN = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;

const WIDEST = 100;

/** The number as it was written. Throws `TypeError` for a number, `RangeError` for what is none. */
export function exact(quantity: Quantity): Decimal {
  if (typeof quantity === "number") {
    throw new TypeError(`an amount is a string or a bigint, never a number: write "${quantity}" if that is meant`);
  }
  if (typeof quantity !== "string" && typeof quantity !== "bigint") {
    throw new TypeError(`an amount is a string or a bigint, not ${quantity === null ? "null" : typeof quantity}`);
  }
  const written = WRITTEN.exec(String(quantity).trim());
  if (written === null) throw new RangeError(`"${quantity}" is not a number`);
  const [, sign, mantissa = "", power = "0"] = written;
  const [whole = "", part = ""] = mantissa.split(".");
  return { negative: sign === "-", digits: (whole + part).replace(/^0+/, ""), exponent: Number(power) - part.length };
}

/** The place of the first digit: 0 for 1 to 9, 1 for 10 to 99. */
export function magnitude(number: Decimal): number {
  return number.digits.length - 1 + number.exponent;
}

/** A price for the wire: the same number without a power of ten. Throws what `exact` does. */
export function plain(quantity: Quantity): string {
  const number = exact(quantity);
  if (number.digits === "") return "0";
  if (Math.abs(magnitude(number)) > WIDEST || number.exponent < -WIDEST) {
    throw new RangeError(`"${quantity}" is too long to be written out`);
  }
  const text = pointed(number.digits + "0".repeat(Math.max(number.exponent, 0)), Math.max(-number.exponent, 0));
  return number.negative ? `-${text}` : text;
}

/** Digits with a point before the last `places` of them. */
export function pointed(digits: string, places: number): string {
  if (places === 0) return digits;
  const padded = digits.padStart(places + 1, "0");
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
