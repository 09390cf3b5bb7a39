// @ts-check
/** How the fields of the ticket are read; amounts are read by `smallest`. */

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Rules} Rules */
/** @typedef {import("./terms.js").Terms} Terms */

/** Reads fields, and notes the rule that each wrong one breaks. */
export class Form {
  /** @type {Rules} */
  rules = {};

  /** @param {Draft} draft @param {Terms} [terms] what an order has that is to get new ones */
  constructor(draft, terms) {
    this.draft = draft;
    this.terms = terms;
  }

  /** @template T @param {keyof Draft} key @param {(text: string) => T} parse @returns {T | undefined} */
  read(key, parse) {
    if (!this.draft[key].trim()) this.rules[key] = "Must be given";
    return this.may(key, parse);
  }

  /** @template T @param {keyof Draft} key @param {(text: string) => T} parse @returns {T | undefined} */
  may(key, parse) {
    const text = this.draft[key].trim();
    if (!text) return undefined;
    if (this.terms && this.kept(key)) return this.terms.given[key];
    try {
      return parse(text);
    } catch (error) {
      this.rules[key] = /** @type {RangeError} */ (error).message;
    }
  }

  /** Whether these fields are as the order has them. @param {(keyof Draft)[]} keys */
  kept(...keys) {
    return keys.every((key) => this.draft[key] === this.terms?.draft[key]);
  }
}

/** @param {string} text @param {number} least @param {number} most */
export function integer(text, least, most) {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && least <= value && value <= most) return value;
  throw new RangeError(`A whole number, ${least} to ${most}`);
}

/** @param {string} text */
export function decimal(text) {
  if (/^(\d+(\.\d*)?|\.\d+)$/.test(text) && Number(text) > 0) return text;
  throw new RangeError("A price such as 150.25");
}

/** What a datetime-local field holds, in this machine's time zone. @param {string} text */
export function moment(text) {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new RangeError("A date and a time");
  return at.toISOString();
}
