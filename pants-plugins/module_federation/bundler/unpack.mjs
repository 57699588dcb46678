// Puts the files of a pack where they belong. Called as `node unpack.mjs <pack> <folder>`.
import { mkdirSync } from "node:fs";
import { unpack } from "./install/packs.mjs";

const [pack, folder] = process.argv.slice(2);
// A worker may have made it already.
mkdirSync(folder, { recursive: true });
unpack(pack, folder);
