/** A WebSocket server that says what a test tells it to: RFC 6455 as far as short text frames go. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Serves on a free port. `answer(message, connection)` is called for each message that a page sends. */
export async function serve(answer) {
  const server = new Server(answer);
  server.http.listen(0, "127.0.0.1");
  await once(server.http, "listening");
  return server;
}

class Server {
  heard = [];
  connections = [];
  #waiting = [];

  constructor(answer) {
    this.http = createServer();
    this.http.on("upgrade", (request, socket) => {
      const connection = new Connection(request, socket, (message) => this.#hear(message, connection, answer));
      this.connections.push(connection);
      this.#wake();
    });
  }

  get url() {
    return `ws://127.0.0.1:${this.http.address().port}/v1/ws`;
  }

  /** Until the test's condition holds; it is looked at after each message and connection. */
  until(condition) {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  calls(method) {
    return this.heard.filter(({ call }) => call === method);
  }

  close() {
    for (const connection of this.connections) connection.cut();
    this.http.close();
  }

  #hear(message, connection, answer) {
    this.heard.push(message);
    answer(message, connection, this);
    this.#wake();
  }

  #wake() {
    const due = this.#waiting.filter(({ condition }) => condition());
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const { resolve } of due) resolve();
  }
}

class Connection {
  #rest = Buffer.alloc(0);

  constructor(request, socket, heard) {
    this.socket = socket;
    this.heard = heard;
    const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, "Sec-WebSocket-Protocol: fillwire.v1+json", "", ""].join("\r\n"));
    socket.on("data", (bytes) => this.#read(bytes));
    socket.on("error", () => {});
  }

  say(message) {
    this.#write(1, Buffer.from(JSON.stringify(message)));
  }

  close(code, reason = "") {
    const body = Buffer.alloc(2 + Buffer.byteLength(reason));
    body.writeUInt16BE(code);
    body.write(reason, 2);
    this.#write(8, body);
  }

  /** Without a word, as a bridge that is killed. */
  cut() {
    this.socket.destroy();
  }

  #write(opcode, body) {
    const head = body.length < 126 ? Buffer.from([0x80 | opcode, body.length]) : Buffer.from([0x80 | opcode, 126, body.length >> 8, body.length & 255]);
    this.socket.write(Buffer.concat([head, body]));
  }

  #read(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (let frame = this.#frame(); frame; frame = this.#frame()) {
      if (frame.opcode === 1) this.heard(JSON.parse(frame.text));
      if (frame.opcode === 8) this.socket.end();
    }
  }

  #frame() {
    const long = (this.#rest[1] & 127) === 126;
    const begin = long ? 4 : 2;
    if (this.#rest.length < begin + 4) return null;
    const length = long ? this.#rest.readUInt16BE(2) : this.#rest[1] & 127;
    if (this.#rest.length < begin + 4 + length) return null;
    const mask = this.#rest.subarray(begin, begin + 4);
    const body = this.#rest.subarray(begin + 4, begin + 4 + length).map((byte, index) => byte ^ mask[index % 4]);
    const opcode = this.#rest[0] & 15;
    this.#rest = this.#rest.subarray(begin + 4 + length);
    return { opcode, text: Buffer.from(body).toString() };
  }
}
