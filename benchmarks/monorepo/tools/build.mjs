// Bundles one package: `node ../../tools/build.mjs` in its folder, or with the folder as argument.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { rspack } from "@rspack/core";

const directory = path.resolve(process.argv[2] ?? ".");
// The federation plugin reads the name and version of the package in the working directory.
process.chdir(directory);
const { default: config } = await import(pathToFileURL(path.join(directory, "rspack.config.mjs")));

rspack(config).run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ all: false, errors: true }));
    process.exit(1);
  }
  // Rspack's threads can keep a finished process alive for some tenths of a second.
  process.exit(0);
});
