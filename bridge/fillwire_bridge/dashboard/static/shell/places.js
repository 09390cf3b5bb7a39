// @ts-check
/** @typedef {"trade" | "orders" | "market" | "quality" | "help"} View */

const VIEWS = new Set(["orders", "market", "quality", "help"]);

/**
 * What the address names: "#/orders/ID?raw=1" is the view `orders` with `{id: "ID", raw: "1"}`. Whatever no view has as
 * its name is the trade page.
 * @param {string} hash
 * @returns {{view: View, params: Record<string, string>}}
 */
export function place(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [name, id] = path.split("/");
  const params = Object.fromEntries(new URLSearchParams(query));
  if (!VIEWS.has(name)) return { view: "trade", params };
  return { view: /** @type {View} */ (name), params: id ? { ...params, id: decodeURIComponent(id) } : params };
}

/** @param {string} id */
export function orderPath(id) {
  return `#/orders/${encodeURIComponent(id)}`;
}
