// Places the packages of many graphs: JSON on the standard input and output, one list each.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { decidePlaces } = await import(pathToFileURL(process.argv[2]).href);
const answers = JSON.parse(readFileSync(0, "utf8")).map(({ graph, importers, bundled }) => {
  const links = new Map(Object.entries(graph).map(([id, to]) => [id, new Map(Object.entries(to))]));
  const inner = new Map(Object.entries(bundled).map(([id, names]) => [id, new Set(names)]));
  try {
    const places = decidePlaces(links, importers, inner);
    return { places: places.map(({ path, instance, isLink }) => ({ path, instance, isLink })) };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));
