/** Requests that can be written: what comes from a caller without a compiler may be of any type. */
import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";

/** The same request. Throws `TypeError` where a field has the wrong type; sent, it would look like a broken way. */
export function checked<Desc extends DescMessage>(
  desc: Desc,
  request: MessageInitShape<Desc>,
): MessageInitShape<Desc> {
  try {
    toBinary(desc, create(desc, request));
  } catch (error) {
    throw new TypeError((error as Error).message, { cause: error });
  }
  return request;
}
