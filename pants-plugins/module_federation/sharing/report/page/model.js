// The document, made ready for looking things up.

/** Worst first. */
export const FATES = ["fails", "warns", "varies", "private", "fits"];

/** One plan with everything that the page asks of it again and again. */
export function readPlan(document) {
  const containers = document.containers.map((each, index) => ({ remotes: [], ...each, index }));
  const keys = document.keys.map((each, index) => readKey(each, index));
  const host = Math.max(
    0,
    containers.findIndex((each) => each.name === document.host),
  );
  const depths = measureDepths(containers, host);
  for (const container of containers) {
    container.depth = depths[container.index];
    container.fate = worst(
      keys.flatMap((key) => asks(key, container.index).map((ask) => ask.fate)),
    );
  }
  const packages = document.packages.map((each, index) => ({ ...each, index }));
  const groups = foldContainers(containers, keys, host);
  return { ...document, containers, keys, packages, groups, hostIndex: host };
}

function readKey(key, index) {
  const asksOf = new Map();
  const bringsOf = new Map();
  const factsOf = new Map();
  key.consumers.forEach((consumer, position) => {
    for (const container of consumer.containers) {
      push(asksOf, container, { ...consumer, position });
    }
  });
  for (const provide of key.provides) {
    for (const container of provide.containers) push(bringsOf, container, provide.version);
  }
  for (const facts of key.facts) {
    for (const container of facts.containers) factsOf.set(container, facts);
  }
  return { ...key, index, asksOf, bringsOf, factsOf };
}

function push(map, name, value) {
  const list = map.get(name);
  if (list) list.push(value);
  else map.set(name, [value]);
}

/** The ways in which a container asks for a key. */
export function asks(key, container) {
  return key.asksOf.get(container) ?? [];
}

/** The versions of a key that a container brings along. */
export function brings(key, container) {
  return key.bringsOf.get(container) ?? [];
}

/** The worst of some fates; undefined if there are none. */
export function worst(fates) {
  return FATES.find((fate) => fates.includes(fate));
}

function measureDepths(containers, host) {
  const depths = containers.map(() => null);
  depths[host] = 0;
  const waiting = [host];
  for (const index of waiting) {
    for (const remote of containers[index].remotes) {
      const next = remote.container;
      if (next !== undefined && depths[next] === null) {
        depths[next] = depths[index] + 1;
        waiting.push(next);
      }
    }
  }
  return depths;
}

/** Containers that behave alike in every respect that the page shows, host first, worst next. */
function foldContainers(containers, keys, host) {
  const groups = new Map();
  for (const container of containers) {
    const behaviour = [
      container.index === host,
      container.kind,
      container.mode,
      container.strategy,
      container.depth,
      ...keys.map((key) => {
        const asked = asks(key, container.index)
          .map((ask) => ask.position)
          .join("+");
        return `${asked}/${brings(key, container.index).join("+")}`;
      }),
    ].join("|");
    push(groups, behaviour, container.index);
  }
  const order = (group) => [
    group.members[0] === host ? 0 : 1,
    group.fate ? FATES.indexOf(group.fate) : FATES.length,
    containers[group.members[0]].depth ?? 99,
  ];
  return [...groups.values()]
    .map((members) => ({
      members,
      fate: containers[members[0]].fate,
      name: containers[members[0]].name,
    }))
    .sort((left, right) => {
      const [a, b] = [order(left), order(right)];
      return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || (left.name < right.name ? -1 : 1);
    });
}

/**
 * What the plan says of a container and some keys (those of a package, or one): own versions,
 * versions that it can get, the worst fate (null if it does not ask).
 */
export function summarize(keys, container) {
  const own = new Set();
  const gets = new Set();
  const fates = [];
  for (const key of keys) {
    for (const version of brings(key, container)) own.add(version);
    for (const ask of asks(key, container)) {
      fates.push(ask.fate);
      if (ask.fallback) own.add(ask.fallback);
      for (const one of ask.possibilities) gets.add(one.failure ? "fails" : one.version);
    }
  }
  return { own: [...own], gets: [...gets], fate: worst(fates) ?? null };
}

/** The same for a moment of a load order; `got` is what `accumulate` gives. */
export function summarizeMoment(keys, container, got) {
  const own = new Set();
  const gets = new Set();
  const fates = [];
  let isNew = false;
  for (const key of keys) {
    for (const version of brings(key, container)) own.add(version);
    for (const one of got.get(`${container}/${key.index}`) ?? []) {
      fates.push(fateOf(one));
      gets.add(one.failure ? "fails" : one.version);
      isNew ||= one.isNew;
    }
  }
  return { own: [...own], gets: [...gets], fate: worst(fates) ?? null, isNew };
}

/** The fate of one request in one load order. */
export function fateOf(get) {
  if (get.failure) return "fails";
  if (get.warnings) return "warns";
  return get.private ? "private" : "fits";
}

/** Everything that has happened up to a frame: who is there, and "container/key" → what it got. */
export function accumulate(replay, step) {
  const got = new Map();
  const present = new Set();
  const askers = new Set();
  replay.frames.slice(0, step + 1).forEach((frame, number) => {
    present.add(frame.container);
    for (const container of frame.arrives ?? []) present.add(container);
    for (const get of frame.gets ?? []) {
      askers.add(frame.container);
      push(got, `${frame.container}/${get.key}`, { ...get, isNew: number === step });
    }
  });
  return { got, present, askers, frame: replay.frames[step] };
}

/** Of some containers that fare alike, the one to show at a moment: one that has asked, if any. */
export function shownAt(moment, members) {
  return (
    members.find((each) => moment.askers.has(each)) ??
    members.find((each) => moment.present.has(each)) ??
    members[0]
  );
}
