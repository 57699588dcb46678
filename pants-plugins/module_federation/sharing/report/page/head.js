// The summary above everything.

import { button, h, sign } from "./dom.js";
import { set } from "./state.js";
import { bytes, count, proof } from "./words.js";

const RESULTS = {
  errors: ["fails", "Has errors"],
  warnings: ["warns", "Has warnings"],
  fits: ["fits", "Everything fits"],
};
const THEMES = ["light dark", "light", "dark"];
const THEME_WORDS = ["System", "Light", "Dark"];

/** The head of the page for one of several plans. */
export function makeHead(plans, plan, position) {
  const [kind, word] = RESULTS[plan.verdict.result];
  const [short, long] = proof(plan);
  const hosts =
    plans.length > 1
      ? h(
          "label",
          { class: "field" },
          h("span", { text: "Host" }),
          h(
            "select",
            {
              id: "host",
              on: {
                change: (event) =>
                  set({
                    host: plans[event.target.value].containers[0].label,
                    package: "",
                    container: "",
                    order: -1,
                    step: 0,
                    open: [],
                    unfolded: [],
                    finding: "",
                  }),
              },
            },
            plans.map((each, index) =>
              h("option", {
                value: index,
                selected: index === position,
                text: `${each.host} (${RESULTS[each.verdict.result][1].toLowerCase()})`,
              }),
            ),
          ),
        )
      : null;
  return [
    h(
      "div",
      { class: "bar" },
      h(
        "div",
        { class: "brand" },
        mark(),
        h("h1", {}, "Federation plan ", h("span", { class: "host", text: plan.host })),
      ),
      hosts,
      h("span", { class: "spring" }),
      h(
        "p",
        { class: `verdict verdict-${kind}` },
        sign(kind),
        h("strong", { text: word }),
        h("span", { class: "proof", title: long, text: short }),
      ),
      makeTheme(),
    ),
    h(
      "dl",
      { class: "figures" },
      figures(plan).map(([name, value, note, tone]) =>
        h(
          "div",
          { class: tone ? `figure figure-${tone}` : "figure", title: note },
          h("dt", { text: name }),
          h("dd", { text: value }),
        ),
      ),
    ),
  ];
}

function figures(plan) {
  const { verdict, sizes } = plan;
  const isSized = sizes.unknownCopies === 0 || sizes.shared.bytes > 0;
  const size = (each) => (isSized ? bytes(each.bytes) : count(each.copies, "copy", "copies"));
  const note = (each, what) =>
    `${count(each.copies, "copy", "copies")} ${what}${sizes.unknownCopies && isSized ? `; the sizes of ${sizes.unknownCopies} copies are unknown` : ""}`;
  const behaviours = plan.groups.length;
  return [
    [
      "Containers",
      plan.containers.length.toLocaleString("en"),
      behaviours < plan.containers.length ? `${behaviours} kinds of behaviour` : "",
    ],
    ["Packages", plan.packages.length.toLocaleString("en"), count(plan.keys.length, "key")],
    ["Errors", verdict.errors.toLocaleString("en"), "", verdict.errors ? "fails" : ""],
    [
      "Warnings",
      verdict.warnings.toLocaleString("en"),
      verdict.silenced ? `${verdict.silenced} findings silenced` : "",
      verdict.warnings ? "warns" : "",
    ],
    ["Load states", verdict.states.toLocaleString("en"), proof(plan)[1]],
    ["Loaded once", size(sizes.shared), note(sizes.shared, "that everybody uses")],
    [
      "Loaded twice",
      size(sizes.duplicated),
      note(sizes.duplicated, "besides the first of each key"),
      sizes.duplicated.copies ? "private" : "",
    ],
    ["Saved", size(sizes.saved), note(sizes.saved, "that sharing spares the page")],
  ];
}

function mark() {
  return h("span", { class: "mark", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

function makeTheme() {
  let theme = Math.max(0, THEMES.indexOf(remembered()));
  const control = button(
    "",
    () => {
      theme = (theme + 1) % THEMES.length;
      remember(THEMES[theme]);
      show();
    },
    { class: "theme", id: "theme" },
  );
  const show = () => {
    document.documentElement.style.colorScheme = THEMES[theme];
    control.textContent = THEME_WORDS[theme];
    control.setAttribute("aria-label", `Colours: ${THEME_WORDS[theme]}. Press to change.`);
  };
  show();
  return control;
}

// A page opened as a file may not be allowed to keep anything.
function remembered() {
  try {
    return localStorage.getItem("federation-plan-theme");
  } catch {
    return null;
  }
}

function remember(theme) {
  try {
    localStorage.setItem("federation-plan-theme", theme);
  } catch {
    return;
  }
}
