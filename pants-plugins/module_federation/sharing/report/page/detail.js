// Everything known of the chosen container, package, or both.

import { button, h, sign } from "./dom.js";
import { asks, brings, FATES, summarize } from "./model.js";
import { set } from "./state.js";
import { count, FATE_WORDS, names, outcome, request, stepSentence } from "./words.js";

/** Fills the panel: `update(now)` after each change. */
export function makeDetail(plan, section) {
  let shown = null;

  function update(now) {
    const container = plan.containers.find((each) => each.name === now.container);
    const [name, keyName] = now.package.split("!");
    const chosen = plan.packages.find((each) => each.name === name);
    const keys = chosen
      ? chosen.keys
          .map((index) => plan.keys[index])
          .filter((key) => !keyName || key.key === keyName)
      : [];
    const what = `${container?.index}/${keys.map((key) => key.index)}`;
    if (what === shown) return;
    shown = what;
    section.classList.toggle("is-empty", !container && !chosen);
    const content =
      container && chosen
        ? cell(container, keys, keyName ?? name)
        : chosen
          ? aboutPackage(chosen, keys, keyName ?? name)
          : container
            ? aboutContainer(container)
            : [
                h("p", {
                  class: "empty",
                  text: "Choose a cell of the matrix to see where its range comes from and everything that can happen.",
                }),
              ];
    section.replaceChildren(
      h(
        "div",
        { class: "pane-head" },
        h("h2", { id: "detail-title", text: title(container, chosen ? (keyName ?? name) : "") }),
        container || chosen
          ? button("Close", () => set({ container: "", package: "" }), { class: "close" })
          : null,
      ),
      ...content,
    );
    section.scrollTop = 0;
  }

  function title(container, name) {
    if (container && name) return `${name} in ${container.name}`;
    return name || container?.name || "Details";
  }

  function cell(container, keys, name) {
    const own = keys.filter(
      (key) => asks(key, container.index).length || brings(key, container.index).length,
    );
    if (!own.length)
      return [
        h("p", { class: "empty", text: `${container.name} has nothing to do with ${name}.` }),
      ];
    return [
      related(container.index, name),
      ...alike(own, container.index).map((group) => aboutKey(group, group[0], container)),
    ];
  }

  // Keys of a package mostly fare alike; then they are said once.
  function alike(keys, container) {
    return together(keys, (key) => {
      const asked = asks(key, container).map((ask) => ({
        ...ask,
        containers: 0,
        position: 0,
        possibilities: ask.possibilities.map((one) => ({ ...one, warnings: one.warnings?.length })),
      }));
      const facts = key.factsOf.get(container);
      return [asked, brings(key, container), facts?.origins, facts?.versionOrigin];
    });
  }

  function together(keys, say) {
    const groups = new Map();
    for (const key of keys) {
      const id = JSON.stringify(say(key));
      groups.set(id, [...(groups.get(id) ?? []), key]);
    }
    return [...groups.values()];
  }

  function aboutKey(group, key, container) {
    const { index } = container;
    const facts = key.factsOf.get(index) ?? {};
    const own = brings(key, index);
    const asked = asks(key, index);
    return h(
      "section",
      { class: "key-detail" },
      h(
        "h3",
        {},
        group.map((each) => h("code", { text: each.key })),
      ),
      h(
        "dl",
        { class: "facts" },
        fact(
          "Asks for",
          asked.length
            ? asked.map((ask) =>
                h(
                  "span",
                  { class: "request" },
                  request(ask).map((each, position) =>
                    h(position ? "span" : "code", {
                      class: position ? "tag" : "range",
                      text: each,
                    }),
                  ),
                ),
              )
            : "nothing: it only provides",
        ),
        fact(
          "Because",
          (facts.origins ?? []).map((origin) =>
            h(
              "span",
              { class: "origin" },
              h("code", { text: origin.text }),
              origin.file
                ? h("code", {
                    class: "place",
                    text: `${origin.file}${origin.line ? `:${origin.line}` : ""}`,
                  })
                : h("span", { text: origin.owner ?? "" }),
              origin.kind ? h("span", { class: "faint", text: origin.kind }) : null,
            ),
          ),
        ),
        fact(
          "Brings",
          own.length
            ? h(
                "span",
                {},
                own.join(", "),
                facts.versionOrigin
                  ? h("span", { class: "faint", text: ` ${facts.versionOrigin}` })
                  : null,
              )
            : "no copy",
        ),
        fact("Imported by", [
          ...(facts.importers ?? []).map((each) => h("code", { text: each })),
          facts.importersLeftOut ? `and ${facts.importersLeftOut} more` : null,
        ]),
        fact("Stateful", facts.statefulBecause),
      ),
      asked.flatMap((ask) =>
        ask.possibilities.map((one, position) => possibility(ask, one, position, key, container)),
      ),
    );
  }

  function fact(name, value) {
    if (!value || (Array.isArray(value) && !value.some(Boolean))) return null;
    return [h("dt", { text: name }), h("dd", {}, value)];
  }

  function possibility(ask, one, position, key, container) {
    const kind = one.failure
      ? "fails"
      : one.warnings
        ? "warns"
        : one.private
          ? "private"
          : ask.fate === "varies"
            ? "varies"
            : "fits";
    const isFirst = ask.containers[0] === container.index;
    const others = ask.possibilities.length;
    return h(
      "div",
      { class: `possibility possibility-${kind}` },
      h(
        "p",
        {},
        sign(kind, FATE_WORDS[kind][0]),
        h("strong", {
          text: others === 1 ? "In every order it " : position === 0 ? "Mostly it " : "Or it ",
        }),
        outcome(plan, one, container.index),
        ".",
      ),
      [...(one.warnings ?? []), ...(one.failure ? [one.failure.message] : [])].map((each) =>
        h("p", { class: "log" }, h("code", { text: each })),
      ),
      one.trace
        ? h(
            "details",
            {},
            h("summary", {
              text: `Shortest load order: ${count(one.trace.length, "step")}${isFirst ? "" : ` (as for ${plan.containers[ask.containers[0]].name})`}`,
            }),
            h(
              "ol",
              {},
              one.trace.map((step) => h("li", { text: `${stepSentence(plan, step, key.key)}.` })),
            ),
          )
        : null,
    );
  }

  function related(container, name) {
    const found = plan.findings.filter(
      (each) =>
        each.package === name &&
        (each.containers ?? []).includes(container) &&
        each.silencedBecause === undefined,
    );
    if (!found.length) return null;
    return h(
      "ul",
      { class: "related" },
      found.map((each) =>
        h(
          "li",
          {},
          sign({ error: "fails", warning: "warns", info: "info" }[each.severity], each.severity),
          button(each.code, () => set({ finding: each.id }), { class: "link" }),
        ),
      ),
    );
  }

  function aboutPackage(chosen, keys, name) {
    return together(keys, (key) => [
      key.proof,
      key.provides,
      key.consumers.map((each) => [
        each.containers,
        request(each),
        each.fate,
        each.possibilities.map((one) => one.version),
      ]),
    ]).map(([key, ...others]) =>
      h(
        "section",
        { class: "key-detail" },
        keys.length > 1 || key.key !== name
          ? h(
              "h3",
              {},
              [key, ...others].map((each) => h("code", { text: each.key })),
            )
          : null,
        h(
          "dl",
          { class: "facts" },
          fact(
            "Provided",
            key.provides.map((each) =>
              h(
                "span",
                { class: "line" },
                h("code", { text: each.version }),
                ` by ${names(
                  each.containers.map((index) => plan.containers[index].name),
                  5,
                )}`,
              ),
            ),
          ),
          fact(
            "Checked",
            `${key.proof === "one-version" ? "one version, so no order matters" : `${count(key.states, "load state")} played${key.proof === "bounded" ? ", not all of them" : ""}`}`,
          ),
        ),
        h(
          "ul",
          { class: "fates" },
          [...key.consumers]
            .sort((left, right) => FATES.indexOf(left.fate) - FATES.indexOf(right.fate))
            .map((each) =>
              h(
                "li",
                {},
                sign(each.fate, FATE_WORDS[each.fate][0]),
                h("code", { text: request(each)[0] }),
                ` ${names(
                  each.containers.map((index) => plan.containers[index].name),
                  4,
                )}: `,
                [
                  ...new Set(
                    each.possibilities.map((one) =>
                      one.failure ? "fails" : `${one.version}${one.private ? " (own copy)" : ""}`,
                    ),
                  ),
                ].join(" or "),
              ),
            ),
        ),
      ),
    );
  }

  function aboutContainer(container) {
    const problems = plan.packages.filter((each) => {
      const { fate } = summarize(
        each.keys.map((index) => plan.keys[index]),
        container.index,
      );
      return fate && fate !== "fits";
    });
    const remotes = container.remotes.map(
      (each) => each.name ?? plan.containers[each.container].name,
    );
    return [
      h(
        "section",
        { class: "key-detail" },
        h(
          "dl",
          { class: "facts" },
          fact("Target", h("code", { text: container.label })),
          fact(
            "Kind",
            [
              container.kind,
              container.mode ? `, ${container.mode}` : "",
              container.strategy ? `, ${container.strategy}` : "",
            ].join(""),
          ),
          fact(
            "Loaded",
            container.depth === 0
              ? "first: it is the host"
              : container.depth === undefined || container.depth === null
                ? "by nobody in this federation"
                : container.depth === 1
                  ? "by the host"
                  : `by a remote, ${container.depth} steps from the host`,
          ),
          fact("Loads", remotes.length ? names(remotes, 12) : null),
          fact("Exposes", container.exposes?.length ? names(container.exposes, 12) : null),
          fact(
            "Not shared",
            container.private
              ? Object.entries(container.private).map(([name, versions]) =>
                  h(
                    "span",
                    { class: "line" },
                    h("code", { text: name }),
                    ` ${versions.join(", ")}`,
                  ),
                )
              : null,
          ),
          fact(
            "Trouble with",
            problems.length
              ? problems.map((each) =>
                  button(each.name, () => set({ package: each.name }), { class: "link" }),
                )
              : "nothing",
          ),
        ),
      ),
    ];
  }

  return { update };
}
