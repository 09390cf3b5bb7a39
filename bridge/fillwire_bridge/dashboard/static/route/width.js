// @ts-check
import { useLayoutEffect, useRef, useState } from "../html.js";

/**
 * The width of an element, in whole pixels, as it changes; 0 until it is known.
 * @returns {[{current: HTMLElement | null}, number]}
 */
export function useWidth() {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    setWidth(Math.floor(element.current.clientWidth));
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.floor(contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
