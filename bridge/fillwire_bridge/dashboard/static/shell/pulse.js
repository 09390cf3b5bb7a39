// @ts-check
import { useEffect, useState } from "../html.js";

/**
 * The time, again and again while `on`: for what counts seconds.
 * @param {boolean} [on]
 * @param {number} [every] milliseconds
 */
export function useNow(on = true, every = 1000) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!on) return;
    setNow(Date.now());
    const ticking = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(ticking);
  }, [on, every]);
  return now;
}

/**
 * How the connection is, kept up to date.
 * @param {import("../link.js").Link} link
 */
export function useLink(link) {
  const read = () => ({ state: link.state, since: link.since, silentSince: link.engineSilentSince });
  const [seen, setSeen] = useState(read);
  useEffect(() => {
    setSeen(read());
    return link.onState(() => setSeen(read()));
  }, [link]);
  return seen;
}
