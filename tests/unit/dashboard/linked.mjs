/** A link to a server that accepts everybody, for tests of what runs over it. */
import { Link } from "../../../bridge/fillwire_bridge/dashboard/static/link.js";
import { serve } from "./socket_server.mjs";

export const READY = { ready: { accountId: "default" } };

/** Runs a test with a link to a server that answers calls with `answer(message, connection, server)`. */
export async function linked(answer, run, { token = "" } = {}) {
  const server = await serve((message, connection) => {
    if (message.hello) connection.say(READY);
    else answer(message, connection, server);
  });
  const link = new Link(server.url, { token });
  try {
    await run(link, server);
  } finally {
    link.close();
    server.close();
  }
}

/** Answers a call with one message. */
export function say(connection, { id }, message) {
  connection.say({ id, message });
  connection.say({ id, end: { code: "OK" } });
}
