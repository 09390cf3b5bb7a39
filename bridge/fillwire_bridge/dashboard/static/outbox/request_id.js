// @ts-check
/** A random UUID; also on pages that came over plain HTTP from another machine, where `randomUUID` is missing. */
export function requestId() {
  return crypto.randomUUID?.() ?? fromBytes(crypto.getRandomValues(new Uint8Array(16)));
}

/** Version 4, as RFC 9562 lays it out. @param {Uint8Array} bytes 16 */
export function fromBytes(bytes) {
  const marked = bytes.with(6, (bytes[6] & 0x0f) | 0x40).with(8, (bytes[8] & 0x3f) | 0x80);
  const hex = Array.from(marked, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
