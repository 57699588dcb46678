// Loaded into npm before it starts (`--import`): `npm ci` as it is, but most files of packages are not made and
// go into a spool. On disk are what npm and the index read, `package.json`, and what is large.
//
// npm's `@npmcli/arborist` lets `pacote.extract` fetch, check and unpack each package (npm 8 to 11, `reify.js`), and
// that is what is replaced here, with npm's own readers. A package about which anything is out of the ordinary, and
// an npm that does not work this way, unpack as always.
import { createRequire } from "node:module";
import path from "node:path";
import { isSmall, makeFile } from "./packs.mjs";
import { readPlainPackage } from "./plain_package.mjs";
import { SpoolWriter } from "./spool.mjs";
import { isNeverLoaded } from "./tidy.mjs";

/** npm asks for all packages at once, and the archive of each is in memory while it is read. */
const AT_ONCE = 16;

const here = process.cwd();
const requireOfNpm = createRequire(process.argv[1]);

/** What npm unpacks packages with, or nothing if this npm is made of other parts. */
function partsOfNpm() {
  try {
    const tar = requireOfNpm("tar");
    const normalizeBin = requireOfNpm("npm-normalize-package-bin");
    return { pacote: requireOfNpm("pacote"), readers: { Parser: tar.Parser ?? tar.Parse, normalizeBin } };
  } catch {
    return undefined;
  }
}

function extractTo(spool, { pacote, readers }) {
  const extract = pacote.extract;
  const turns = new Turns(AT_ONCE);
  let failure;

  pacote.extract = async (spec, folder, options) => {
    // What has no hash (git, folders) is more than an archive.
    const found = options.integrity && (await turns.take(() => plainPackage(spec, options)));
    if (!found) return extract(spec, folder, options);
    const loaded = found.files.filter((file) => !isNeverLoaded(path.posix.basename(file.path)));
    try {
      putAside(folder, loaded);
    } catch (error) {
      failure ??= error;
      throw error;
    }
    return {};
  };

  function putAside(folder, files) {
    const isSpooled = (file) => file.path !== "package.json" && isSmall(file.content.length);
    for (const file of files.filter((file) => !isSpooled(file))) {
      makeFile(path.join(folder, file.path), file.content, file);
    }
    spool.add(path.relative(here, folder).split(path.sep).join("/"), files.filter(isSpooled));
  }

  /** @throws what npm throws if a package cannot be had, or is not what the lockfile says */
  async function plainPackage(spec, options) {
    const known = options.resolved ? undefined : await cachedPackage(spec, options);
    return known ?? readPlainPackage(readers, await pacote.tarball(spec, options));
  }

  /**
   * What npm's cache has under the hash. If a lockfile holds no address, npm asks the registry for one first, even
   * then; and so learns whether there is such a version, which the manifest tells here, and how old it is.
   */
  async function cachedPackage(spec, options) {
    if (options.before) return undefined;
    let archive;
    try {
      archive = await pacote.tarball(spec, { ...options, resolved: "none:", offline: true });
    } catch {
      return undefined;
    }
    const found = await readPlainPackage(readers, archive);
    return found?.id === spec ? found : undefined;
  }

  process.on("exit", () => {
    try {
      spool.close();
    } catch (error) {
      failure ??= error;
    }
    if (!failure) return;
    // npm forgives what happens to optional packages. But this is no package's fault.
    process.stderr.write(`${failure.stack}\n`);
    process.exit(1);
  });
}

/** Lets a number of asynchronous functions run at once. */
class Turns {
  #free;
  #waiting = [];

  constructor(count) {
    this.#free = count;
  }

  async take(work) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

const npm = partsOfNpm();
if (npm) extractTo(new SpoolWriter(here), npm);
