// @ts-check
import { useEffect, useState } from "./html.js";

/** @typedef {{symbol: string, decimals: number, name: string}} Token */

/**
 * The engine's tokens by symbol; `null` until they are known. Asked again at each connection, since an engine may have
 * been replaced by another.
 * @param {import("./link.js").Link} link
 * @returns {Map<string, Token> | null}
 */
export function useTokens(link) {
  const [tokens, setTokens] = useState(/** @type {Map<string, Token> | null} */ (null));
  useEffect(() => {
    const ask = () => link.call("MarketService/ListTokens", {}).then((answer) => setTokens(bySymbol(answer)), () => {});
    if (link.state !== "denied") ask();
    return link.onState((state, before) => {
      if (state === "open" && before !== "open") ask();
    });
  }, [link]);
  return tokens;
}

/** @param {{tokens?: any[]}} answer @returns {Map<string, Token>} */
function bySymbol({ tokens = [] }) {
  return new Map(tokens.map(({ symbol, decimals = 0, name = symbol }) => [symbol, { symbol, decimals, name }]));
}
