// Everything found, most severe first.

import { button, copyText, h, prose, sign } from "./dom.js";
import { matches, words } from "./rows.js";
import { address, look, set } from "./state.js";
import { count, findingText, names } from "./words.js";

const AT_FIRST = innerWidth < 1100 ? 5 : 60;
const SIGNS = { error: "fails", warning: "warns", info: "info" };

/** The list of findings of one plan: `update(now)` after each change. */
export function makeFindings(plan, section, announce) {
  const title = h("h2", { id: "findings-title" });
  const list = h("ol", { class: "finding-list" });
  const silenced = h("ol", { class: "finding-list" });
  const silencedBox = h("details", { class: "silenced" }, h("summary", {}), silenced);
  const more = button("", () => showAll(), { class: "more" });
  const nothing = h("p", { class: "empty" });
  section.replaceChildren(
    h("div", { class: "pane-head" }, title),
    list,
    more,
    nothing,
    silencedBox,
  );
  let limit = AT_FIRST;
  let opened = "";

  function showAll() {
    limit = Infinity;
    draw(look());
  }

  function draw(now) {
    const wanted = words(now.filter);
    const fits = (each) => !wanted.length || matches(searchable(each), wanted);
    const heard = plan.findings.filter((each) => each.silencedBecause === undefined && fits(each));
    const unheard = plan.findings.filter(
      (each) => each.silencedBecause !== undefined && fits(each),
    );
    const target = heard.findIndex((each) => each.id === now.finding);
    if (target >= limit) limit = Infinity;
    title.textContent = heard.length ? count(heard.length, "finding") : "Findings";
    list.replaceChildren(...heard.slice(0, limit).map((each) => card(each, now)));
    silenced.replaceChildren(...unheard.slice(0, limit).map((each) => card(each, now)));
    silencedBox.hidden = !unheard.length;
    silencedBox.firstChild.textContent = `${unheard.length.toLocaleString("en")} silenced`;
    more.hidden = heard.length <= limit && unheard.length <= limit;
    more.textContent = `Show all ${(heard.length + unheard.length).toLocaleString("en")}`;
    nothing.hidden = heard.length > 0;
    nothing.textContent =
      plan.findings.length > unheard.length
        ? "No finding fits the filter."
        : "Nothing found: whatever loads first, every container gets what it asks for.";
    if (now.finding && now.finding !== opened) reveal(now.finding);
    opened = now.finding;
  }

  function searchable(finding) {
    const containers = (finding.containers ?? []).map((index) => plan.containers[index].name);
    return [
      finding.code,
      finding.message,
      finding.file ?? "",
      finding.target ?? "",
      finding.package ?? "",
      ...containers,
    ].join(" ");
  }

  function card(finding, now) {
    const containers = (finding.containers ?? []).map((index) => plan.containers[index].name);
    const order = plan.replays.findIndex((each) =>
      each.findings?.includes(plan.findings.indexOf(finding)),
    );
    const isChosen = now.finding === finding.id;
    return h(
      "li",
      {},
      h(
        "article",
        {
          id: finding.id,
          tabindex: -1,
          class: `finding finding-${finding.severity}${isChosen ? " is-chosen" : ""}`,
          "aria-labelledby": `${finding.id}-title`,
        },
        h(
          "h3",
          { id: `${finding.id}-title` },
          sign(SIGNS[finding.severity], finding.severity),
          h("a", {
            class: "code",
            href: address(finding.id),
            text: finding.code,
            on: {
              click: (event) => {
                event.preventDefault();
                choose(finding, containers);
              },
            },
          }),
          finding.package ? h("span", { class: "about", text: finding.package }) : null,
        ),
        h("p", { class: "message" }, prose(finding.message)),
        place(finding),
        finding.chain?.length
          ? h(
              "details",
              { open: isChosen },
              h("summary", { text: "How it comes about" }),
              h(
                "ol",
                { class: "chain" },
                finding.chain.map((each) => h("li", {}, prose(each))),
              ),
            )
          : null,
        finding.remedy
          ? h("p", { class: "remedy" }, h("strong", { text: "What to do " }), prose(finding.remedy))
          : null,
        finding.silencedBecause
          ? h("p", { class: "remedy" }, h("strong", { text: "Silenced " }), finding.silencedBecause)
          : null,
        h(
          "div",
          { class: "actions" },
          finding.package && containers.length
            ? button("Show in matrix", () => choose(finding, containers, "matrix"))
            : null,
          order >= 0
            ? button("Replay", () =>
                set({
                  finding: finding.id,
                  order,
                  step: 0,
                  package: finding.package,
                  container: containers[0] ?? "",
                }),
              )
            : null,
          button("Copy as text", () => copy(finding)),
          containers.length > 1
            ? h("span", {
                class: "faint",
                title: containers.join("\n"),
                text: names(containers, 2),
              })
            : null,
        ),
      ),
    );
  }

  function place(finding) {
    const where = finding.file ? `${finding.file}${finding.line ? `:${finding.line}` : ""}` : "";
    if (!where && !finding.target) return null;
    return h(
      "p",
      { class: "place" },
      where ? h("code", { text: where }) : null,
      finding.target ? h("span", { class: "faint", text: finding.target }) : null,
    );
  }

  function choose(finding, containers, view) {
    const isKnown = plan.packages.some((each) => each.name === finding.package);
    opened = finding.id;
    set({
      finding: finding.id,
      ...(isKnown ? { package: finding.package, container: containers[0] ?? "" } : {}),
      ...(view ? { view, order: -1 } : {}),
    });
  }

  async function copy(finding) {
    announce(
      (await copyText(findingText(plan, finding)))
        ? "Copied."
        : "The browser did not allow copying.",
    );
  }

  function reveal(id) {
    const element = document.getElementById(id);
    if (!element) return;
    if (silencedBox.contains(element)) silencedBox.open = true;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
  }

  return { update: draw, showAll };
}
