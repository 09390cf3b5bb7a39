/** Requests that can be written: what comes from a caller without a compiler may have any name and be of any type. */
import { create, toBinary, toJson, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";

/** The same request. Throws `TypeError` where a field has the wrong type; sent, it would look like a broken way. */
export function checked<Desc extends DescMessage>(
  desc: Desc,
  request: MessageInitShape<Desc>,
): MessageInitShape<Desc> {
  try {
    const message = create(desc, request);
    // Each of the two lets something pass: a number is a text in binary.
    toBinary(desc, message);
    toJson(desc, message);
  } catch (error) {
    throw new TypeError((error as Error).message, { cause: error });
  }
  return request;
}

/** Throws `TypeError` for a name that is none of these: left out in silence, it would not do what was meant. */
export function expectNames(what: string, names: ReadonlySet<string>, given: object): void {
  for (const name of Object.keys(given)) {
    if (!names.has(name)) throw new TypeError(`${what} has no term named "${name}"`);
  }
}
