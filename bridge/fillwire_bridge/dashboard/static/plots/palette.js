// @ts-check
/** The colours of the page as they are now: a canvas cannot follow the style sheet by itself. */

/** @param {string} name "--plot-1" */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Calls at every change between light and dark, by the system or by the switch of the page.
 * @param {() => void} callback
 * @returns {() => void} ends it
 */
export function onScheme(callback) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(callback);
  system.addEventListener("change", callback);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-scheme"] });
  return () => {
    system.removeEventListener("change", callback);
    chosen.disconnect();
  };
}
