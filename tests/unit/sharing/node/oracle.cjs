// Answers, for every [version, range] pair on standard input, what the real packages say.
// Usage: node oracle.cjs <node_modules>
"use strict";
const path = require("node:path");

const modules = path.resolve(process.argv[2]);
const { satisfy } = require(
  path.join(modules, "@module-federation/runtime-core/dist/utils/semver/index.cjs"),
);
const semver = require(path.join(modules, "semver"));

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const answers = JSON.parse(text).map(([version, range]) => [
    satisfy(version, range),
    semver.satisfies(version, range),
    semver.validRange(range) !== null,
  ]);
  process.stdout.write(JSON.stringify(answers));
});
