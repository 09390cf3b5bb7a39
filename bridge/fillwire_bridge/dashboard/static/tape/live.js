// @ts-check
import { useEffect, useState } from "../html.js";
import { useLink } from "../shell/pulse.js";
import { Following } from "./following.js";

/**
 * The account's orders as they are now. `live` is true only while the stream really stands.
 * @param {import("../link.js").Link} link
 */
export function useTape(link) {
  const [seen, setSeen] = useState({ book: /** @type {import("./book.js").Book} */ (new Map()), read: false, problem: "" });
  const [standing, setStanding] = useState(false);
  const { state, silentSince } = useLink(link);
  useEffect(() => {
    const following = new Following(link, { seen: setSeen, stands: () => setStanding(true) });
    return () => following.stop();
  }, [link]);
  useEffect(() => {
    if (state !== "open") setStanding(false);
  }, [state]);
  return { ...seen, live: standing && state === "open" && !silentSince };
}
