// The share graph: who loads whom, and for the chosen package whose copy goes where.

import { button, h, svg } from "./dom.js";
import { curve, layOut, NODE, PILL } from "./layout.js";
import {
  accumulate,
  asks,
  brings,
  FATES,
  fateOf,
  shownAt,
  summarize,
  summarizeMoment,
} from "./model.js";
import { makeMovable } from "./moving.js";
import { set } from "./state.js";
import { cellText, FATE_WORDS, names } from "./words.js";

const MARGIN = 24;
const LARGEST = 1.3;

/** The graph of one plan: `element`, and `update(now, moment)` after each change. */
export function makeGraph(plan) {
  let drawing = null;
  let drawn = null;
  let nodeOf = new Map();
  const declared = plan.replays.find((each) => each.about === "declared");
  const usual = declared ? accumulate(declared, declared.frames.length).got : new Map();
  const canvas = svg("svg", { class: "graph", role: "img", preserveAspectRatio: "xMidYMid meet" });
  const caption = h("figcaption", { class: "graph-caption" });
  const select = h(
    "select",
    { id: "graph-package", on: { change: (event) => set({ package: event.target.value }) } },
    h("option", { value: "", text: "none: who loads whom" }),
    plan.packages.map((each) =>
      h("option", {
        value: each.name,
        text: `${each.name}${each.fate === "fits" ? "" : ` (${FATE_WORDS[each.fate][0]})`}`,
      }),
    ),
  );
  const stage = h(
    "div",
    {
      class: "graph-stage",
      tabindex: 0,
      role: "group",
      "aria-label": "Share graph. Arrow keys move it, plus and minus zoom, 0 shows all of it.",
    },
    canvas,
  );
  const element = h(
    "figure",
    { class: "graph-figure" },
    h(
      "div",
      { class: "graph-tools" },
      h("label", { class: "field" }, h("span", { text: "Package" }), select),
      h("span", { class: "spring" }),
      button("−", () => moving.zoom(1.25), { "aria-label": "Zoom out" }),
      button("+", () => moving.zoom(0.8), { "aria-label": "Zoom in" }),
      button("Fit", () => moving.showAll()),
    ),
    stage,
    caption,
  );
  const moving = makeMovable(stage, canvas);

  function update(now, moment) {
    const [name, keyName] = now.package.split("!");
    const chosen = plan.packages.find((each) => each.name === name);
    const keys = chosen
      ? chosen.keys
          .map((index) => plan.keys[index])
          .filter((key) => !keyName || key.key === keyName)
      : [];
    const key = worstKey(keys);
    arrange(keys, name);
    const flows = key ? flowsOf(key, moment) : [];
    select.value = chosen ? chosen.name : "";
    canvas.setAttribute(
      "aria-label",
      key ? `Who gets whose copy of ${key.key}; the text below says it in words` : "Who loads whom",
    );
    canvas.replaceChildren(
      svg(
        "defs",
        {},
        ["load", ...FATES].map((kind) => marker(kind)),
      ),
      svg("g", { class: key ? "loads is-faint" : "loads" }, loads(moment)),
      svg(
        "g",
        {},
        flows.map((flow) =>
          svg("path", {
            class: `flow flow-${flow.fate}${flow.isMaybe ? " is-maybe" : ""}${flow.isNew ? " is-new" : ""}`,
            d: curve(flow.from, flow.to),
            "marker-end": `url(#arrow-${flow.fate})`,
          }),
        ),
      ),
      svg(
        "g",
        {},
        drawing.nodes.map((node) => drawNode(node, keys, now, moment)),
      ),
      svg(
        "g",
        {},
        drawing.pills.map((pill) => drawPill(pill, chosen)),
      ),
    );
    caption.replaceChildren(...describe(key, flows, moment));
  }

  function arrange(keys, name) {
    if (drawn === name) return;
    drawn = name;
    drawing = layOut(plan, keys, name, stage.clientWidth >= 640);
    nodeOf = new Map(drawing.nodes.flatMap((node) => node.members.map((each) => [each, node])));
    // A few nodes are not blown up to fill a large screen.
    const width = Math.max(drawing.width + 2 * MARGIN, stage.clientWidth / LARGEST);
    const next = [(drawing.width - width) / 2, -MARGIN, width, drawing.height + 2 * MARGIN];
    moving.fit(next);
  }

  function worstKey(keys) {
    const rank = (key) =>
      Math.min(FATES.length, ...key.consumers.map((each) => FATES.indexOf(each.fate)));
    return keys.reduce((best, key) => (best && rank(best) <= rank(key) ? best : key), undefined);
  }

  // From whom each container has its copy: at this moment, or in the declared order and, dashed,
  // in others.
  function flowsOf(key, moment) {
    const flows = new Map();
    const add = (from, to, fate, rest) => {
      const [source, target] = [nodeOf.get(from), nodeOf.get(to)];
      if (source && target && source !== target)
        flows.set(`${source.name}>${target.name}>${fate}>${rest.isMaybe}`, {
          from: source,
          to: target,
          fate,
          ...rest,
        });
    };
    for (const node of drawing.nodes) {
      for (const container of moment ? node.members : node.members.slice(0, 1)) {
        const got = (moment ? moment.got : usual).get(`${container}/${key.index}`) ?? [];
        for (const one of got) {
          if (one.from !== undefined && !one.private)
            add(one.from, container, fateOf(one), {
              version: one.version,
              isNew: moment && one.isNew,
            });
        }
        if (moment) continue;
        for (const ask of asks(key, container)) {
          for (const one of ask.possibilities) {
            if (one.private || !one.providers || got.some((each) => each.version === one.version))
              continue;
            const isUsual = !got.length && one === ask.possibilities[0];
            add(one.providers[0], container, ask.fate, { version: one.version, isMaybe: !isUsual });
          }
        }
      }
    }
    return [...flows.values()];
  }

  function loads(moment) {
    const lines = new Map();
    for (const container of plan.containers) {
      for (const remote of container.remotes) {
        const [from, to] = [nodeOf.get(container.index), nodeOf.get(remote.container)];
        if (!from || !to || from === to) continue;
        const isHere =
          !moment || (moment.present.has(container.index) && moment.present.has(remote.container));
        const id = `${from.name}>${to.name}`;
        lines.set(id, { from, to, isHere: isHere || lines.get(id)?.isHere });
      }
    }
    return [...lines.values()].map(({ from, to, isHere }) =>
      svg("path", {
        class: isHere ? "load" : "load is-away",
        d: curve(from, to),
        "marker-end": "url(#arrow-load)",
      }),
    );
  }

  function drawNode(node, keys, now, moment) {
    const [first] = node.members;
    const shown = moment ? shownAt(moment, node.members) : first;
    const cell = keys.length
      ? moment
        ? summarizeMoment(keys, shown, moment.got)
        : summarize(keys, first)
      : null;
    const isHere = !moment || node.members.some((each) => moment.present.has(each));
    const kind = cell ? (cell.fate ?? (cell.own.length ? "offers" : "none")) : "plain";
    const isChosen = node.members.some((each) => plan.containers[each].name === now.container);
    const isSource = keys.some((key) => brings(key, first).length);
    const text = cell ? cellText(cell) || "–" : plan.containers[first].label;
    return svg(
      "g",
      {
        class: `node node-${kind}${isHere ? "" : " is-away"}${isChosen ? " is-chosen" : ""}${cell?.isNew ? " is-new" : ""}`,
        transform: `translate(${node.x},${node.y})`,
        on: { click: () => set({ container: plan.containers[first].name }) },
      },
      svg("title", { text: node.members.map((each) => plan.containers[each].name).join("\n") }),
      node.members.length > 1
        ? svg("rect", {
            class: "behind",
            x: 4,
            y: 4,
            width: NODE.width,
            height: NODE.height,
            rx: 6,
          })
        : null,
      svg("rect", { width: NODE.width, height: NODE.height, rx: 6 }),
      isSource
        ? svg("rect", { class: "source", width: 4, height: NODE.height - 12, x: 4, y: 6, rx: 2 })
        : null,
      svg("text", {
        x: 14,
        y: 17,
        class: "node-name",
        text: short(node.name, node.members.length > 1 ? 20 : 25),
      }),
      node.members.length > 1
        ? svg("text", {
            x: NODE.width - 8,
            y: 17,
            class: "node-count",
            text: `×${node.members.length}`,
          })
        : null,
      svg("text", { x: 14, y: 32, class: "node-note", text: cell ? short(text, 24) : ending(text, 24) }),
      cell?.fate && cell.fate !== "fits"
        ? svg("text", {
            x: NODE.width - 8,
            y: 32,
            class: "node-fate",
            text: FATE_WORDS[cell.fate][0],
          })
        : null,
    );
  }

  function drawPill(pill, chosen) {
    const { name, fate } = pill.package;
    return svg(
      "g",
      {
        class: `pill pill-${fate}${chosen?.name === name ? " is-chosen" : ""}`,
        transform: `translate(${pill.x},${pill.y})`,
        on: { click: () => set({ package: chosen?.name === name ? "" : name }) },
      },
      svg("title", { text: `${name}: ${FATE_WORDS[fate][0]}` }),
      svg("rect", { width: PILL.width, height: PILL.height, rx: PILL.height / 2 }),
      svg("path", {
        class: "pill-sign",
        d: SHAPES[fate],
        transform: `translate(10,${PILL.height / 2 - 5})`,
      }),
      svg("text", { x: 27, y: 16.5, text: short(name, 22) }),
    );
  }

  function describe(key, flows, moment) {
    if (!key)
      return [
        h("p", {
          text: "Lines lead from each container to those that it loads. Choose a package to see whose copy goes where.",
        }),
      ];
    const versions = key.provides.map(
      (each) =>
        `${each.version} is provided by ${names(
          each.containers.map((index) => plan.containers[index].name),
          3,
        )}`,
    );
    const bySource = new Map();
    for (const flow of flows) {
      const what = `${flow.isMaybe ? "In other orders " : ""}${flow.from.name} → `;
      bySource.set(what, [
        ...(bySource.get(what) ?? []),
        `${flow.to.name}${flow.to.members.length > 1 ? ` ×${flow.to.members.length}` : ""}${flow.fate === "fits" ? "" : ` (${FATE_WORDS[flow.fate][0]})`}`,
      ]);
    }
    return [
      h(
        "p",
        {},
        h("strong", { text: key.key }),
        ` ${versions.join("; ") || "is provided by nobody"}.`,
      ),
      h(
        "ul",
        {},
        [...bySource].map(([what, list]) => h("li", { text: `${what}${names(list, 8)}` })),
        moment || flows.length ? null : h("li", { text: "Nobody uses another container's copy." }),
      ),
    ];
  }

  function marker(kind) {
    return svg(
      "marker",
      {
        id: `arrow-${kind}`,
        class: `arrow arrow-${kind}`,
        viewBox: "0 0 8 8",
        refX: 7,
        refY: 4,
        markerWidth: 7,
        markerHeight: 7,
        markerUnits: "userSpaceOnUse",
        orient: "auto-start-reverse",
      },
      svg("path", { d: "M0,0 L8,4 L0,8 z" }),
    );
  }

  return { element, update };
}

const SHAPES = {
  fits: "M5,1 a4,4 0 1 1 -0.01,0 z",
  varies: "M1,1 H9 L1,9 H9 z",
  private: "M5,0 L10,5 L5,10 L0,5 z",
  warns: "M5,0.5 L10,9.5 H0 z",
  fails: "M2,0 L5,3 L8,0 L10,2 L7,5 L10,8 L8,10 L5,7 L2,10 L0,8 L3,5 L0,2 z",
};

/** Addresses differ at their ends. */
function ending(text, most) {
  return text.length > most ? `…${text.slice(1 - most)}` : text;
}

function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
