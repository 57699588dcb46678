// Called as `node unpack.mjs <source folder> <target folder>`: decompresses every `*.br` file of the
// source folder into the target folder, without that ending.
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [source, target] = process.argv.slice(2);

for (const name of readdirSync(source).filter((file) => file.endsWith(".br"))) {
  await pipeline(
    createReadStream(path.join(source, name)),
    createBrotliDecompress(),
    createWriteStream(path.join(target, name.slice(0, -".br".length))),
  );
}
