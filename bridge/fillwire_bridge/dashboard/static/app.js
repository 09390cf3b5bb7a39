// @ts-check
import { html, render, useEffect, useState } from "./html.js";
import { Link } from "./link.js";
import { Help } from "./help.js";
import { OrderPage } from "./order/page.js";
import { KEPT } from "./outbox/kept.js";
import { Outbox } from "./outbox/outbox.js";
import { Trade } from "./trade/trade.js";
import { onKeys } from "./shell/keys.js";
import { later } from "./shell/later.js";
import { place } from "./shell/places.js";
import { Shell } from "./shell/shell.js";
import { keyOf } from "./shell/key.js";
import { useTokens } from "./tokens.js";

const VIEWS = {
  trade: Trade,
  orders: OrderPage,
  market: later(() => import("./market/market.js"), "Market"),
  quality: later(() => import("./quality/quality.js"), "Quality"),
  help: Help,
};

const TITLES = { trade: "Trade", orders: "Order", market: "Market", quality: "Execution quality", help: "Keys" };

/** @param {{link: Link, outbox: Outbox}} props */
function App({ link, outbox }) {
  const at = usePlace();
  const tokens = useTokens(link);
  useEffect(onKeys, []);
  useEffect(() => {
    document.title = `${TITLES[at.view]} – fillwire`;
  }, [at.view]);
  const View = VIEWS[at.view];
  return html`<${Shell} link=${link} outbox=${outbox} view=${at.view}>
    <${View} link=${link} outbox=${outbox} tokens=${tokens} params=${at.params} />
  <//>`;
}

function usePlace() {
  const [at, setAt] = useState(() => place(location.hash));
  useEffect(() => {
    const moved = () => setAt(place(location.hash));
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return at;
}

const socket = new URL("v1/ws", document.baseURI);
socket.protocol = socket.protocol.replace("http", "ws");
socket.hash = socket.search = "";
const container = /** @type {Element} */ (document.getElementById("page"));
container.replaceChildren();
const link = new Link(socket.href, { token: keyOf() });
render(html`<${App} link=${link} outbox=${new Outbox(link, KEPT)} />`, container);
