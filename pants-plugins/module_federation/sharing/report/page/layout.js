// Where the nodes of the share graph lie: host, remotes, remotes of remotes; packages at the right.

import { asks, brings } from "./model.js";

export const NODE = { width: 184, height: 40 };
export const PILL = { width: 176, height: 24 };
const GAP = { x: 120, y: 16, column: 28 };
const TALLEST = 14;
const FOLD_ABOVE = 26;
const MOST_PILLS = 24;

/**
 * Nodes { members, name, x, y, column }, pills { package, x, y }, and the size of it all.
 *
 * Of many containers, those are one node that lie at the same depth and do the same with `keys`. Of
 * many packages, those have a pill that need attention, and the one named `chosen`; without
 * `hasPills`, for want of room, none has.
 */
export function layOut(plan, keys, chosen, hasPills) {
  const units = unitsOf(plan, keys);
  const layers = new Map();
  for (const unit of units) {
    const depth = plan.containers[unit.members[0]].depth ?? Infinity;
    layers.set(depth, [...(layers.get(depth) ?? []), unit]);
  }
  const depths = [...layers.keys()].sort((left, right) => left - right);
  const tallest = Math.max(TALLEST, Math.ceil(Math.sqrt(units.length * 2.2)));
  const height = Math.max(
    ...depths.map((depth) => rowsHigh(Math.min(tallest, layers.get(depth).length))),
    8 * (PILL.height + 6),
  );
  const nodes = [];
  let x = 0;
  let column = 0;
  for (const depth of depths) {
    const layer = layers.get(depth);
    const columns = Math.ceil(layer.length / tallest);
    const perColumn = Math.ceil(layer.length / columns);
    layer.forEach((unit, index) => {
      const inColumn = Math.min(
        perColumn,
        layer.length - Math.floor(index / perColumn) * perColumn,
      );
      nodes.push({
        ...unit,
        column: column + Math.floor(index / perColumn),
        x: x + Math.floor(index / perColumn) * (NODE.width + GAP.column),
        y: (height - rowsHigh(inColumn)) / 2 + (index % perColumn) * (NODE.height + GAP.y),
      });
    });
    column += columns;
    x += columns * (NODE.width + GAP.column) - GAP.column + GAP.x;
  }
  const packages = !hasPills
    ? []
    : plan.packages.length > MOST_PILLS
      ? plan.packages.filter((each) => each.fate !== "fits" || each.name === chosen)
      : plan.packages;
  const perColumn = Math.max(1, Math.floor((height + 6) / (PILL.height + 6)));
  const columns = Math.ceil(packages.length / perColumn);
  const used = Math.ceil(packages.length / Math.max(1, columns));
  const top = (height - used * (PILL.height + 6) + 6) / 2;
  const pills = packages.map((each, index) => ({
    package: each,
    x: x + Math.floor(index / used) * (PILL.width + 12),
    y: top + (index % used) * (PILL.height + 6),
  }));
  return {
    nodes,
    pills,
    width: columns ? x + columns * (PILL.width + 12) - 12 : x - GAP.x,
    height,
  };
}

function unitsOf(plan, keys) {
  const isFolded = plan.containers.length > FOLD_ABOVE;
  const units = new Map();
  for (const { index, name, depth, kind } of plan.containers) {
    const does = keys.map((key) => [
      asks(key, index).map((ask) => ask.position),
      brings(key, index),
    ]);
    const id = isFolded && depth !== 0 ? JSON.stringify([depth, kind, does]) : name;
    const unit = units.get(id);
    if (unit) unit.members.push(index);
    else units.set(id, { members: [index], name });
  }
  return [...units.values()];
}

function rowsHigh(rows) {
  return rows * (NODE.height + GAP.y) - GAP.y;
}

/** A curve from one node to another: across columns, or in an arc at the right of one column. */
export function curve(from, to) {
  const y1 = from.y + NODE.height / 2;
  const y2 = to.y + NODE.height / 2;
  if (from.column === to.column) {
    const x = from.x + NODE.width;
    const bulge = x + 28 + Math.min(70, Math.abs(y2 - y1) / 4);
    return `M${x},${y1} C${bulge},${y1} ${bulge},${y2} ${x + 3},${y2}`;
  }
  const isForward = from.x < to.x;
  const x1 = isForward ? from.x + NODE.width : from.x;
  const x2 = isForward ? to.x - 3 : to.x + NODE.width + 3;
  const reach = Math.max(50, Math.abs(x2 - x1) / 2) * (isForward ? 1 : -1);
  return `M${x1},${y1} C${x1 + reach},${y1} ${x2 - reach},${y2} ${x2},${y2}`;
}
