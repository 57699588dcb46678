// Bundles packages in one process: `node tools/build_all.mjs <at once> <folder>...`, as a multi-compiler.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { rspack } from "@rspack/core";

const [atOnce, ...folders] = process.argv.slice(2);
const configs = await Promise.all(
  folders.map(async (folder) => {
    const file = path.resolve(folder, "rspack.config.mjs");
    return (await import(pathToFileURL(file))).default;
  }),
);
// Without a limit, all are in memory at once.
configs.parallelism = Number(atOnce);

rspack(configs).run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ all: false, errors: true }));
    process.exit(1);
  }
  process.exit(0);
});
