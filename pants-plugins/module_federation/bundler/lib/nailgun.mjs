// The protocol by which Pants asks a process that stays. A connection is one request; it goes both ways in
// chunks of four bytes of length, one letter of type, and content (the crate `nails`, which Pants 2.17.1 uses).
const HEAD = 5;
/** From the client: variables and the folder come first; the name of what is to run is the last. */
const FOLDER = "D";
const COMMAND = "C";
const STDOUT = "1";
const EXIT = "X";
/** In bytes, of a whole request: variables and arguments of a bundle are some hundred. */
const LONGEST = 1024 * 1024;

/** Collects what comes in until it is told what to run. */
export class RequestReader {
  #bytes = Buffer.alloc(0);
  #length = 0;
  #folder = null;

  /**
   * @param {Buffer} bytes
   * @returns {null | {folder: string | null, command: string}} what is to run, and where, once it is there
   * @throws {Error} nothing that Pants says
   */
  read(bytes) {
    this.#length += bytes.length;
    if (this.#length > LONGEST) throw new Error("The request is too long.");
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= HEAD) {
      const end = HEAD + this.#bytes.readUInt32BE(0);
      // No chunk that long will ever be whole.
      if (end > LONGEST) throw new Error("A chunk is too long.");
      if (this.#bytes.length < end) return null;
      const type = String.fromCharCode(this.#bytes[4]);
      const content = this.#bytes.subarray(HEAD, end).toString();
      this.#bytes = this.#bytes.subarray(end);
      if (type === FOLDER) this.#folder = content;
      if (type === COMMAND) return { folder: this.#folder, command: content };
    }
    return null;
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
