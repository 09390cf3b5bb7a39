/** The tokens an engine knows, as far as a client has heard of them. */
import type { Line } from "./line.js";
import type { Options } from "./terms.js";
import { Tokens } from "./tokens.js";

/** Remembers the list of tokens. */
export class Known {
  #tokens: Tokens | undefined;

  constructor(private readonly line: Line) {}

  /** The tokens as they are now; remembered. */
  async tokens(options: Options): Promise<Tokens> {
    const { tokens } = await this.line.ask(
      { timeoutMs: 3000 },
      (call) => this.line.market.listTokens({}, call),
      options,
    );
    this.#tokens = new Tokens(tokens);
    return this.#tokens;
  }

  /** The tokens remembered; asked for again where one of these is not among them, for it may be new. */
  async tokensWith(names: readonly string[], options: Options): Promise<Tokens> {
    const tokens = this.#tokens;
    if (tokens !== undefined && names.every((name) => tokens.has(name))) return tokens;
    return this.tokens(options);
  }
}
