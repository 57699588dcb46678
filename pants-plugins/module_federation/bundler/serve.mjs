// Serves one packaged host at `/` and its remotes beside it, on the loopback interface, until it is
// stopped. Called as `node serve.mjs <site.json> [--port N]`; `site.json` is
// `{"host": "<folder>", "root": "<folder that all outputs lie in>", "title": "<address>"}`.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import sirv from "sirv";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "0" } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write(`--port takes a number from 0 to 65535, not ${values.port}\n`);
  process.exit(2);
}
const site = JSON.parse(readFileSync(positionals[0], "utf8"));
const here = path.dirname(path.resolve(positionals[0]));

// Files under `static/` carry their hash in their name; all others are entries.
const HASHED = /\/static\/.*\.[0-9a-f]{8}\.[^/]+$/;
const options = {
  dev: true,
  // `.backstage/dynamic-features/remotes`, a runtime host's list of remotes.
  dotfiles: true,
  etag: false,
  setHeaders(response, pathname) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cache-Control", HASHED.test(pathname) ? "public, max-age=31536000, immutable" : "no-store");
  },
};
const host = sirv(path.join(here, site.host), options);
const everything = sirv(path.join(here, site.root), options);

/** A client-side route: the page, with its own folder as the base of the relative addresses in it. */
function page(response) {
  const html = readFileSync(path.join(here, site.host, "index.html"), "utf8");
  response.writeHead(200, {
    "Content-Type": "text/html;charset=utf-8",
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "*",
  });
  response.end(html.replace(/<head([^>]*)>/i, '<head$1><base href="/">'));
}

function notFound(response) {
  response.writeHead(404, { "Content-Type": "text/plain", "Access-Control-Allow-Origin": "*" });
  response.end("Not found\n");
}

const server = createServer((request, response) => {
  if (request.method === "OPTIONS") {
    response.writeHead(204, {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Methods": "GET, HEAD",
      "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "*",
    });
    response.end();
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD, OPTIONS" });
    response.end();
    return;
  }
  const wantsPage = (request.headers.accept ?? "").includes("text/html");
  host(request, response, () =>
    everything(request, response, () => (wantsPage ? page(response) : notFound(response))),
  );
});

server.on("error", (error) => {
  const cause = error.code === "EADDRINUSE" ? `port ${port} is taken; choose another with \`-- --port=N\`, or none` : error.message;
  process.stderr.write(`Can't serve ${site.title}: ${cause}\n`);
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => {
  process.stdout.write(`${site.title} is served at http://127.0.0.1:${server.address().port}/ (Ctrl-C stops it)\n`);
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
}
