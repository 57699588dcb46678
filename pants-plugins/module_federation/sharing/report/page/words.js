// Sentences. Everything that people read and that depends on data is worded here.

export const FATE_WORDS = {
  fits: ["one version", "One version in every load order, and it fits"],
  varies: ["depends on order", "The version depends on the load order"],
  private: ["own copy", "Loads a copy of its own that nobody else uses"],
  warns: ["warning", "The runtime warns: the version does not fit"],
  fails: ["fails", "The request fails"],
  offers: ["provides only", "Provides it and does not ask for it"],
};

const PROOFS = {
  "one-version": "Everybody provides the same versions, so no load order can matter.",
  enumerated: "Every load order that matters was played by the runtime's own rules.",
  bounded: "There are too many load orders to play all: others than those found may exist.",
};

const PROOF_WORDS = {
  "one-version": "proved: one version each",
  enumerated: "proved by enumeration",
  bounded: "bounded: not all load orders played",
};

/** How sure the plan is, short and long. */
export function proof(plan) {
  const { proof: kind, states } = plan.verdict;
  return [
    PROOF_WORDS[kind] ?? kind,
    `${PROOFS[kind] ?? ""}${states ? ` ${count(states, "load state")} played.` : ""}`,
  ];
}

/** "1 error", "2 errors". */
export function count(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

/** Names, the first few of many. */
export function names(list, most = 4) {
  if (list.length <= most) return list.join(", ");
  return `${list.slice(0, most).join(", ")} and ${(list.length - most).toLocaleString("en")} more`;
}

/** Bytes for people: 1.2 MB. */
export function bytes(number) {
  if (number < 1000) return `${number} B`;
  if (number < 999_500) return `${(number / 1000).toFixed(number < 99_500 ? 1 : 0)} kB`;
  return `${(number / 1_000_000).toFixed(number < 99_500_000 ? 1 : 0)} MB`;
}

/** The range of a request, and how it is asked for. */
export function request(ask) {
  const range = ask.anyVersion ? "any version" : (ask.range ?? "no range of its own");
  const flags = [
    ask.singleton && "singleton",
    ask.strict && "strict",
    !ask.fallback && "brings no copy",
  ];
  const scopes = ask.scopes ? [`scope ${ask.scopes.join(", ")}`] : [];
  return [range, ...flags.filter(Boolean), ...scopes];
}

/** The text of a matrix cell: what it brings and, if that is not it, what it gets. */
export function cellText(cell) {
  const gets = versions(cell.gets);
  const own = versions(cell.own);
  if (!cell.fate) return own;
  if (gets === own || cell.gets.length > 1) return gets;
  return own ? `${own}→${gets}` : `→${gets}`;
}

function versions(list) {
  if (list.length > 2) return `${list.length} versions`;
  return list.join(" or ");
}

/** What a matrix cell says to somebody who does not see it. */
export function cellSentence(cell, container, name) {
  if (!cell.fate && !cell.own.length) return `${container}: nothing of ${name}`;
  const own = cell.own.length ? `brings ${cell.own.join(" and ")}` : "brings no copy";
  if (!cell.fate) return `${container}, ${name}: ${own}, does not ask for it`;
  return `${container}, ${name}: ${FATE_WORDS[cell.fate][0]}; gets ${cell.gets.join(" or ")}, ${own}`;
}

/** One step of a trace. */
export function stepSentence(plan, step, key) {
  const container = plan.containers[step.container].name;
  switch (step.does) {
    case "loads":
      return `${container} loads ${plan.containers[step.remote].name}`;
    case "initializes":
      return `${container} makes its share scope ready`;
    case "asks-at-once":
      return `${container} asks for ${key} without an asynchronous boundary`;
    case "starts":
      return `${container} starts`;
    default:
      return key ? `${container} asks for ${key}` : `${container} asks`;
  }
}

/** What one request got. */
export function outcome(plan, one, container) {
  if (one.failure) return "gets nothing";
  if (one.private) return `loads its own copy ${one.version}, which nobody else uses`;
  const providers = one.from === undefined ? (one.providers ?? []) : [one.from];
  if (providers.length === 1 && providers[0] === container) return `gets its own ${one.version}`;
  const from = providers.map((each) => plan.containers[each].name);
  if (from.length > 1) return `gets ${one.version} from one of ${names(from)}`;
  return `gets ${one.version}${from.length ? ` from ${from[0]}` : ""}`;
}

/** A frame of a load order: what happens, and what comes of it. */
export function frameSentence(plan, frame) {
  const gets = frame.gets ?? [];
  const key = gets.length === 1 ? plan.keys[gets[0].key].key : "";
  const parts = [`${stepSentence(plan, frame, key)}.`];
  if (frame.failure) parts.push(frame.failure.message);
  if (frame.arrives?.length) {
    const arrived = frame.arrives.map((each) => plan.containers[each].name);
    parts.push(`${names(arrived, 3)} ${arrived.length === 1 ? "arrives" : "arrive"}.`);
  }
  if (gets.length === 1) {
    parts.push(`It ${outcome(plan, gets[0], frame.container)}.`);
  } else if (gets.length) {
    parts.push(summarizeGets(plan, gets, frame.container));
  }
  const notes = gets.flatMap((get) => [
    ...(get.warnings ?? []),
    ...(get.failure ? [get.failure.message] : []),
  ]);
  return [parts.join(" "), notes];
}

function summarizeGets(plan, gets, container) {
  const own = gets.filter((get) => get.from === container && !get.private).length;
  const copies = gets.filter((get) => get.private).length;
  const failed = gets.filter((get) => get.failure).length;
  const others = gets.length - own - copies - failed;
  const parts = [
    own && `${own} from its own copies`,
    others && `${others} from others`,
    copies && `${copies} as private copies`,
    failed && `${failed} not at all`,
  ].filter(Boolean);
  return `It gets ${count(gets.length, "shared module")}: ${parts.join(", ")}.`;
}

/** What a load order is called. */
export function replayTitle(plan, replay) {
  if (replay.about === "declared") return "Remotes in declared order";
  if (replay.about === "reverse") return "Remotes in reverse order";
  const finding = plan.findings[replay.findings[0]];
  return `${finding.code}: ${finding.package ?? ""}${finding.containers ? ` in ${plan.containers[finding.containers[0]].name}` : ""}`;
}

/** A finding as text for a message or a ticket. */
export function findingText(plan, finding) {
  const place = finding.file ? `${finding.file}${finding.line ? `:${finding.line}` : ""}` : "";
  return [
    `${finding.severity}: ${finding.message} [${finding.code}]`,
    finding.target && `  in ${finding.target}`,
    place && `  at ${place}`,
    ...(finding.chain ?? []).map((each) => `  - ${each}`),
    finding.remedy && `  What to do: ${finding.remedy}`,
    finding.silencedBecause && `  Silenced: ${finding.silencedBecause}`,
  ]
    .filter(Boolean)
    .join("\n");
}
