// @ts-check
const NAME = "fillwire.key";

/** The API key that this tab was given; it is forgotten with the tab. */
export function keyOf() {
  return sessionStorage.getItem(NAME) ?? "";
}

/** @param {string} key */
export function keepKey(key) {
  if (key) sessionStorage.setItem(NAME, key);
  else sessionStorage.removeItem(NAME);
}
