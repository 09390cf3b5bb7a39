/** A way to the bridge on which answers get lost. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Hands bytes on, both ways; used between `begin` and `end`. */
export class Lossy {
  /** How many answers were lost. */
  lost = 0;
  readonly #bridge: URL;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #losing = false;

  constructor(bridge: string) {
    this.#bridge = new URL(bridge);
    this.#server = createServer((caller) => this.#join(caller));
  }

  /** Gives the URL to call. */
  async begin(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks the connection as soon as the bridge has answered what is asked next. */
  loseNext(): void {
    this.#losing = true;
  }

  end(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #join(caller: Socket): void {
    const bridge = connect(Number(this.#bridge.port), this.#bridge.hostname);
    const end = () => [caller, bridge].forEach((socket) => socket.destroy());
    for (const socket of [caller, bridge]) {
      this.#open.add(socket);
      // Whoever broke it, there is nothing to tell but that it is over.
      socket.on("error", end).on("close", () => {
        this.#open.delete(socket);
        end();
      });
    }
    caller.on("data", (bytes) => bridge.write(bytes));
    bridge.on("data", (bytes) => {
      if (!this.#losing) return caller.write(bytes);
      this.#losing = false;
      this.lost += 1;
      end();
    });
  }
}
