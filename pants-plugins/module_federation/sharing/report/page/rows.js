// Which rows and columns the matrix has: folding, filter, problems only.

import { FATES, summarize, worst } from "./model.js";

/** Rows: { id, name, members, fate, isGroup, isUnfolded, isPart }. */
export function matrixRows(plan, now) {
  const rows = [];
  for (const group of plan.groups) {
    const members = group.members.filter((index) => isWanted(plan, now, index));
    if (!members.length || (now.problems && (group.fate ?? "fits") === "fits")) continue;
    const id = group.name;
    if (members.length === 1) {
      rows.push({ id, name: plan.containers[members[0]].name, members, fate: group.fate });
      continue;
    }
    const isUnfolded = now.unfolded.includes(id);
    rows.push({ id, name: group.name, members, fate: group.fate, isGroup: true, isUnfolded });
    if (isUnfolded) {
      for (const index of members) {
        const { name } = plan.containers[index];
        rows.push({ id: `${id}/${name}`, name, members: [index], fate: group.fate, isPart: true });
      }
    }
  }
  return rows;
}

/** Columns: { id, name, package, keys, fate, isOpen, isKey }; a key's column follows its package's. */
export function matrixColumns(plan, now) {
  const columns = [];
  const wanted = words(now.filter);
  const namesPackages = plan.packages.some((each) => matches(each.name, wanted));
  // What needs attention comes first, also where there is no room for all columns.
  const packages = [...plan.packages].sort(
    (left, right) => FATES.indexOf(left.fate) - FATES.indexOf(right.fate),
  );
  for (const each of packages) {
    const isProblem = each.fate !== "fits";
    if (now.problems && !isProblem) continue;
    if (wanted.length && namesPackages && !matches(each.name, wanted)) continue;
    const keys = each.keys.map((index) => plan.keys[index]);
    const isOpen = keys.length > 1 && now.open.includes(each.name);
    columns.push({ id: each.name, name: each.name, package: each, keys, fate: each.fate, isOpen });
    if (!isOpen) continue;
    for (const key of keys) {
      const fate = worst(key.consumers.map((consumer) => consumer.fate)) ?? "fits";
      columns.push({
        id: `${each.name}!${key.key}`,
        name: key.key,
        package: each,
        keys: [key],
        fate,
        isKey: true,
      });
    }
  }
  return columns;
}

// A filter that fits a package narrows the columns; one that fits no package narrows the rows.
function isWanted(plan, now, index) {
  const wanted = words(now.filter);
  if (!wanted.length || plan.packages.some((each) => matches(each.name, wanted))) return true;
  const { name, label } = plan.containers[index];
  return matches(`${name} ${label}`, wanted);
}

/** A filter's words. */
export function words(filter) {
  return filter.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether a text holds all words of a filter. */
export function matches(text, wanted) {
  const lower = text.toLowerCase();
  return wanted.every((word) => lower.includes(word));
}

/** Containers of which a cell's container can get its copy, for marking them. */
export function providersOf(keys, container) {
  const found = new Set();
  for (const key of keys) {
    for (const ask of key.asksOf.get(container) ?? []) {
      for (const one of ask.possibilities) {
        for (const provider of one.private ? [container] : (one.providers ?? []))
          found.add(provider);
      }
    }
  }
  return found;
}

/** Whether a container has anything to do with some keys. */
export function takesPart(keys, container) {
  const { own, fate } = summarize(keys, container);
  return own.length > 0 || fate !== null;
}
