/**
 * The tokens an engine knows: what turns "1.5 SOL" into smallest units and back.
 *
 * People say "1.5 SOL", the engine says "1500000000"; a token's decimals lie between. Nothing is ever rounded.
 */
import { exact, magnitude, pointed, type Decimal, type Quantity } from "./decimals.js";
import type { Token } from "./v1.js";

/** The contract's widest amount, in digits of smallest units. */
const MAX_DIGITS = 39;

/** Tokens by symbol and by mint. */
export class Tokens implements Iterable<Token> {
  readonly #listed: readonly Token[];
  readonly #byName: ReadonlyMap<string, Token>;

  constructor(listed: readonly Token[]) {
    this.#listed = listed;
    this.#byName = new Map([
      ...listed.map((token) => [token.mint, token] as const),
      ...listed.map((token) => [token.symbol, token] as const),
    ]);
  }

  [Symbol.iterator](): Iterator<Token> {
    return this.#listed[Symbol.iterator]();
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The token of that symbol or mint. Throws `RangeError` where the engine lists none. */
  find(name: string): Token {
    const token = this.#byName.get(name);
    if (token !== undefined) return token;
    const known = this.#listed.map((listed) => listed.symbol).join(", ");
    throw new RangeError(`no token "${name}"; there are: ${known || "none"}`);
  }

  /**
   * `quantity` whole tokens in smallest units.
   *
   * Throws `TypeError` for a JavaScript number, and `RangeError` for an unknown token and for what is not a number, is
   * negative, or is finer than the token's smallest unit.
   */
  units(name: string, quantity: Quantity): bigint {
    return smallestUnits(exact(quantity), this.find(name), quantity);
  }

  /**
   * Smallest units, as answers carry them, in whole tokens: exact, without trailing zeros. Of an empty amount "".
   *
   * Throws `RangeError` for an unknown token: an old order may name one that is no longer listed.
   */
  whole(name: string, units: string | bigint): string {
    if (units === "") return "";
    const { decimals } = this.find(name);
    const text = pointed(BigInt(units).toString(), decimals);
    return decimals === 0 ? text : text.replace(/\.?0+$/, "");
  }
}

function smallestUnits(number: Decimal, token: Token, quantity: Quantity): bigint {
  if (number.digits === "") return 0n;
  if (number.negative) throw new RangeError(`${quantity} ${token.symbol} is negative`);
  if (magnitude(number) + token.decimals >= MAX_DIGITS) {
    throw new RangeError(`${quantity} ${token.symbol} is more than an amount can hold`);
  }
  const shift = number.exponent + token.decimals;
  if (shift >= 0) return BigInt(number.digits) * 10n ** BigInt(shift);
  // `shift` may be enormous ("1e-999999999"), but then not one digit is left.
  if (/[1-9]/.test(number.digits.slice(shift))) {
    throw new RangeError(
      `${quantity} ${token.symbol} is finer than ${token.symbol} can be: at most ${token.decimals} digits may stand ` +
        "after the decimal point",
    );
  }
  return BigInt(number.digits.slice(0, shift) || "0");
}
