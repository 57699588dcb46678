// Texts by key, in a folder that many processes use.
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  futimesSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

const DAY = 24 * 60 * 60 * 1000;
const KEPT_UNUSED = 14 * DAY;
/** In bytes, all entries together. */
const KEPT_SIZE = 256 * 1024 * 1024;
const ENTRY = /^[0-9a-f]{64}$/;
const TEMPORARY = /^[0-9a-f]{64}\.[0-9a-f]{16}$/;
const LAST_CLEARED = "last-cleared";

/**
 * Files by key. All that goes wrong with the folder is no more than a miss: it may be damaged, full,
 * read-only, or used by several processes at once.
 */
export class KeptTexts {
  constructor(folder) {
    this.folder = folder;
    this.writable = true;
  }

  /** @returns {string | undefined} what was put there under this key */
  get(key) {
    try {
      const entry = readAndRenew(path.join(this.folder, key));
      const text = entry.subarray(entry.indexOf("\n") + 1);
      return entry.equals(entryOf(key, text)) ? text.toString() : undefined;
    } catch {
      return undefined;
    }
  }

  put(key, text) {
    if (!this.writable) return;
    const file = path.join(this.folder, key);
    const temporary = `${file}.${randomBytes(8).toString("hex")}`;
    try {
      writeFileSync(temporary, entryOf(key, Buffer.from(text)), { flag: "wx" });
      renameSync(temporary, file);
    } catch {
      this.writable = false;
      quietly(() => rmSync(temporary, { force: true }));
    }
  }

  /** Once a day, takes away what was not used for long, and the oldest of what is too much. */
  clear() {
    const now = Date.now();
    const stamp = path.join(this.folder, LAST_CLEARED);
    quietly(() => {
      // A time to come is of a clock that was wrong.
      if (Math.abs(now - (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0)) < DAY) return;
      // First of all, so that processes which end at the same time do not do it too.
      writeFileSync(stamp, "");
      utimesSync(stamp, now / 1000, now / 1000);
      const files = readdirSync(this.folder).map((name) => this.#described(name));
      files.sort((one, other) => other.used - one.used);
      let size = 0;
      for (const file of files) {
        size += file.size;
        const unused = Math.abs(now - file.used);
        const kept = ENTRY.test(file.name)
          ? unused < KEPT_UNUSED && size <= KEPT_SIZE
          : !TEMPORARY.test(file.name) || unused < DAY;
        if (!kept) quietly(() => rmSync(path.join(this.folder, file.name), { force: true }));
      }
    });
  }

  #described(name) {
    const found = statSync(path.join(this.folder, name), { throwIfNoEntry: false });
    return { name, used: found?.mtimeMs ?? 0, size: found?.size ?? 0 };
  }
}

/** The key is part of the sum: an entry under another's name is a damaged one. */
function entryOf(key, text) {
  const sum = createHash("sha256").update(`${key}\n`).update(text).digest("hex");
  return Buffer.concat([Buffer.from(`${sum}\n`), text]);
}

function readAndRenew(file) {
  const descriptor = openSync(file, "r");
  try {
    const now = Date.now();
    // At most once a day: a read is far more often.
    if (Math.abs(now - fstatSync(descriptor).mtimeMs) > DAY) {
      quietly(() => futimesSync(descriptor, now / 1000, now / 1000));
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function quietly(run) {
  try {
    run();
  } catch {
    // Without the folder, everything is minified again.
  }
}
