// The protocol by which Pants asks a process that stays. A connection is one request; it goes both ways in
// chunks of four bytes of length, one letter of type, and content (the crate `nails`, which Pants 2.17.1 uses).
const HEAD = 5;
/** From the client: arguments, variables and folder come first; the name of what is to run is the last. */
const COMMAND = "C";
const STDOUT = "1";
const EXIT = "X";

/** Collects what comes in until it is told what to run. */
export class Request {
  #bytes = Buffer.alloc(0);

  /**
   * @param {Buffer} bytes
   * @returns {string | undefined} the name of what is to run, once it is there
   */
  read(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= HEAD) {
      const end = HEAD + this.#bytes.readUInt32BE(0);
      if (this.#bytes.length < end) return undefined;
      const type = String.fromCharCode(this.#bytes[4]);
      const content = this.#bytes.subarray(HEAD, end);
      this.#bytes = this.#bytes.subarray(end);
      if (type === COMMAND) return content.toString();
    }
    return undefined;
  }
}

/** The bytes of an answer that says that all went well. */
export function success(stdout) {
  const text = Buffer.from(stdout);
  return Buffer.concat([...(text.length > 0 ? [chunk(STDOUT, text)] : []), chunk(EXIT, Buffer.from("0"))]);
}

function chunk(type, content) {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(content.length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}
