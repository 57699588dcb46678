// What is loaded once, what twice and by whom.

import { h } from "./dom.js";
import { set } from "./state.js";
import { bytes, names } from "./words.js";

/** A table of bars for one plan. */
export function makeSizes(plan) {
  const rows = packageSizes(plan);
  const isSized = rows.some((row) => row.once + row.twice > 0);
  const amount = (row) =>
    isSized ? [row.once, row.twice] : [row.copies.length - row.extra.length, row.extra.length];
  const largest = Math.max(1, ...rows.map((row) => amount(row)[0] + amount(row)[1]));
  const say = (number) => (isSized ? bytes(number) : String(number));
  rows.sort(
    (left, right) =>
      amount(right)[1] - amount(left)[1] ||
      amount(right)[0] - amount(left)[0] ||
      (left.name < right.name ? -1 : 1),
  );
  return h(
    "div",
    { class: "sizes" },
    h("p", {
      class: "note",
      text: `${isSized ? "Bytes" : "Copies (no sizes are known before the build)"} that a page loads when every container is loaded and each request has its most usual outcome.`,
    }),
    h(
      "table",
      { class: "bars" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Package", "Loaded", "Once", "Again", "By whom"].map((each, index) =>
            h("th", {
              scope: "col",
              class: index === 2 || index === 3 ? "number" : null,
              text: each,
            }),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) => {
          const [once, twice] = amount(row);
          return h(
            "tr",
            {},
            h(
              "th",
              { scope: "row" },
              h(
                "button",
                {
                  type: "button",
                  class: "link",
                  on: { click: () => set({ package: row.name, container: "" }) },
                },
                row.name,
              ),
            ),
            h(
              "td",
              { class: "bar-cell" },
              h(
                "span",
                { class: "bar-track", "aria-hidden": "true" },
                h("span", { class: "bar-once", css: { width: `${(once / largest) * 100}%` } }),
                h("span", { class: "bar-twice", css: { width: `${(twice / largest) * 100}%` } }),
              ),
            ),
            h("td", { class: "number", text: say(once) }),
            h("td", {
              class: `number${twice ? " is-twice" : " faint"}`,
              text: twice ? say(twice) : "–",
            }),
            h(
              "td",
              { class: "users", title: row.extra.map((copy) => copy.words).join("\n") },
              row.extra.length
                ? row.extra
                    .slice(0, 2)
                    .map((copy) => copy.words)
                    .join("; ") + (row.extra.length > 2 ? ` and ${row.extra.length - 2} more` : "")
                : h("span", { class: "faint", text: `${row.users} containers` }),
            ),
          );
        }),
      ),
    ),
  );
}

function packageSizes(plan) {
  const rows = new Map();
  for (const { key, copies } of plan.sizes.keys) {
    const { name } = plan.packages[plan.keys[key].package];
    const row = rows.get(name) ?? { name, once: 0, twice: 0, copies: [], extra: [], users: 0 };
    rows.set(name, row);
    copies.forEach((copy, index) => {
      row.copies.push(copy);
      row.users = Math.max(row.users, (copy.users ?? []).length);
      if (index === 0) {
        row.once += copy.bytes ?? 0;
      } else {
        row.twice += copy.bytes ?? 0;
        const users = (copy.users ?? []).map((each) => plan.containers[each].name);
        row.extra.push({
          ...copy,
          words: `${copy.version} by ${names(users, 2)}${copy.private ? " (own copy)" : ""}`,
        });
      }
    });
  }
  return [...rows.values()];
}
