// Puts the page together, and together again when another host is chosen.

import { makeDetail } from "./detail.js";
import { button, h } from "./dom.js";
import { makeFindings } from "./findings.js";
import { makeGraph } from "./graph.js";
import { makeHead } from "./head.js";
import { makeLegend, makeMatrix } from "./matrix.js";
import { accumulate, readPlan } from "./model.js";
import { makeReplay } from "./replay.js";
import { makeSizes } from "./sizes.js";
import { look, onChange, set } from "./state.js";

const VIEWS = { matrix: "Matrix", graph: "Graph", sizes: "Sizes" };

const documents = JSON.parse(document.getElementById("plans").textContent);
const live = h("div", { class: "unseen", "aria-live": "polite" });
document.body.append(live);
let update = () => {};
let stop = () => {};

function build() {
  stop();
  const position = Math.max(
    0,
    documents.findIndex((each) => each.containers[0].label === look().host),
  );
  const plan = readPlan(documents[position]);
  const element = (id) => document.getElementById(id);
  document.title = `${plan.host}: federation plan`;
  element("head").replaceChildren(...makeHead(documents, plan, position));

  const parts = { matrix: makeMatrix(plan) };
  const replay = makeReplay(plan);
  const findings = makeFindings(plan, element("findings"), (text) => {
    live.textContent = text;
  });
  const detail = makeDetail(plan, element("detail"));
  const filter = h("input", {
    type: "search",
    id: "filter",
    placeholder: "Filter packages, containers",
    "aria-label": "Filter packages, containers and findings",
    value: look().filter,
    autocomplete: "off",
    spellcheck: "false",
    on: { input: () => set({ filter: filter.value }) },
  });
  const problems = h("input", {
    type: "checkbox",
    id: "problems",
    on: { change: () => set({ problems: problems.checked }) },
  });
  const tabs = Object.entries(VIEWS).map(([name, word]) =>
    button(word, () => set({ view: name }), {
      role: "tab",
      id: `tab-${name}`,
      "aria-controls": `panel-${name}`,
      "data-view": name,
    }),
  );
  const panels = Object.keys(VIEWS).map((name) =>
    h("div", {
      role: "tabpanel",
      id: `panel-${name}`,
      class: `panel panel-${name}`,
      "aria-labelledby": `tab-${name}`,
    }),
  );
  const tablist = h(
    "div",
    {
      role: "tablist",
      class: "tabs",
      "aria-label": "View",
      on: { keydown: (event) => turn(event, tabs) },
    },
    tabs,
  );
  panels[0].append(parts.matrix.element, makeLegend());
  element("view").replaceChildren(
    h("h2", { id: "view-title", class: "unseen", text: "Containers and packages" }),
    h(
      "div",
      { class: "pane-head toolbar" },
      tablist,
      h("span", { class: "spring" }),
      filter,
      h("label", { class: "check" }, problems, "Only problems"),
    ),
    ...panels,
    replay.element,
  );

  stop = replay.stop;
  update = (now) => {
    const order = plan.replays[now.order];
    const moment = order ? accumulate(order, now.step) : null;
    document.body.classList.toggle("is-replaying", Boolean(moment));
    if (document.activeElement !== filter) filter.value = now.filter;
    problems.checked = now.problems;
    tabs.forEach((tab, index) => {
      const isChosen = tab.dataset.view === (VIEWS[now.view] ? now.view : "matrix");
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      panels[index].hidden = !isChosen;
    });
    show(VIEWS[now.view] ? now.view : "matrix", now, moment);
    element("main").classList.toggle("is-graph", now.view === "graph");
    element("main").classList.toggle("is-small", now.view === "matrix" && parts.matrix.isSmall());
    replay.update(now);
    findings.update(now);
    detail.update(now);
  };

  function show(view, now, moment) {
    if (view === "graph" && !parts.graph) {
      parts.graph = makeGraph(plan);
      panels[1].append(parts.graph.element);
    }
    if (view === "sizes" && !parts.sizes) {
      parts.sizes = makeSizes(plan);
      panels[2].append(parts.sizes);
    }
    parts[view].update?.(now, moment);
  }

  printAll = () => {
    findings.showAll();
    for (const view of Object.keys(VIEWS)) show(view, look(), null);
  };
  update(look());
}

let printAll = () => {};

function turn(event, tabs) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const edge = { Home: 0, End: tabs.length - 1 }[event.key];
  if (step === undefined && edge === undefined) return;
  event.preventDefault();
  const index = tabs.findIndex((each) => each.tabIndex === 0);
  const next = tabs[edge ?? (index + step + tabs.length) % tabs.length];
  set({ view: next.dataset.view });
  next.focus();
}

for (const skip of document.querySelectorAll("[data-skip]")) {
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const target = document.getElementById(skip.dataset.skip);
    target.scrollIntoView();
    target.focus();
  });
}
let openedToPrint = [];
addEventListener("beforeprint", () => {
  printAll();
  // Nobody can open them on paper.
  openedToPrint = [...document.querySelectorAll("details:not([open])")];
  for (const each of openedToPrint) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of openedToPrint) each.open = false;
});
onChange((now, before) => {
  if (now.host !== before.host) build();
  else update(now);
});
build();
