// What is looked at, kept in the address so that a link shows the same.

const NUMBERS = ["order", "step"];
const LISTS = ["open", "unfolded"];
const EMPTY = {
  host: "",
  view: "matrix",
  filter: "",
  problems: false,
  package: "",
  container: "",
  order: -1,
  step: 0,
  open: [],
  unfolded: [],
  finding: "",
};

let current = { ...EMPTY, ...read() };
const listeners = [];

/** What is looked at now. Not to be changed. */
export function look() {
  return current;
}

/** Changes what is looked at and tells everybody. */
export function set(changes) {
  const before = current;
  current = { ...before, ...changes };
  history.replaceState(null, "", address());
  for (const listener of listeners) listener(current, before);
}

/** Calls a function with (now, before) after every change. */
export function onChange(listener) {
  listeners.push(listener);
}

/** The address of what is looked at, or of a finding. */
export function address(finding = current.finding) {
  const parts = finding ? [finding] : [];
  for (const [name, value] of Object.entries(current)) {
    if (name === "finding" || value === EMPTY[name]) continue;
    if (Array.isArray(value)) {
      if (value.length) parts.push(`${name}=${value.map(encodeURIComponent).join(",")}`);
    } else {
      parts.push(`${name}=${value === true ? 1 : encodeURIComponent(value)}`);
    }
  }
  return `#${parts.join("&")}`;
}

function read() {
  const found = {};
  for (const part of location.hash.slice(1).split("&")) {
    const [name, raw = ""] = part.split(/=(.*)/s);
    const value = decode(raw);
    if (part.startsWith("finding-")) found.finding = decode(part);
    else if (!Object.hasOwn(EMPTY, name)) continue;
    else if (NUMBERS.includes(name)) found[name] = Number.parseInt(value, 10) || 0;
    else if (LISTS.includes(name)) found[name] = raw.split(",").filter(Boolean).map(decode);
    else found[name] = name === "problems" ? value === "1" : value;
  }
  return found;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

addEventListener("hashchange", () => {
  const before = current;
  current = { ...EMPTY, ...read() };
  for (const listener of listeners) listener(current, before);
});
