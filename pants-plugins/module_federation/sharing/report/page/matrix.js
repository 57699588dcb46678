// Containers × packages. Only the rows in sight exist as elements, so hundreds cost nothing.

import { breakable, h, sign } from "./dom.js";
import { shownAt, summarize, summarizeMoment } from "./model.js";
import { matrixColumns, matrixRows, providersOf } from "./rows.js";
import { look, set } from "./state.js";
import { cellSentence, cellText, FATE_WORDS } from "./words.js";

const ROW = 30;
const SPARE = 8;
// Of more, marking them would say nothing.
const MOST_PROVIDERS = 12;

/** The matrix of one plan: `element`, and `update(now, moment)` after each change. */
export function makeMatrix(plan) {
  let rows = [];
  let columns = [];
  let moment = null;
  let focus = { row: 0, column: 0 };
  let drawn = { first: -1, last: -1 };
  const head = h("thead");
  const body = h("tbody");
  const table = h(
    "table",
    { role: "grid", class: "matrix", "aria-label": "Containers and packages" },
    head,
    body,
  );
  const empty = h("p", { class: "empty", hidden: true });
  const element = h("div", { class: "matrix-scroll" }, table, empty);
  element.addEventListener("scroll", () => requestAnimationFrame(() => drawRows()), {
    passive: true,
  });
  new ResizeObserver(() => drawRows()).observe(element);
  table.addEventListener("click", (event) => onClick(event));
  table.addEventListener("keydown", (event) => onKey(event));
  table.addEventListener("focusin", (event) => onFocus(event));

  function update(now, nextMoment) {
    rows = matrixRows(plan, now);
    columns = matrixColumns(plan, now);
    moment = nextMoment;
    focus = {
      row: Math.min(focus.row, rows.length),
      column: Math.min(focus.column, columns.length),
    };
    const hadFocus = table.contains(document.activeElement);
    drawHead(now);
    drawRows(true);
    table.setAttribute("aria-rowcount", rows.length + 1);
    table.setAttribute("aria-colcount", columns.length + 1);
    empty.hidden = rows.length > 0 && columns.length > 0;
    empty.textContent =
      now.problems && !now.filter
        ? "No problems: every request gets one version, and it fits."
        : "Nothing fits the filter.";
    table.hidden = !empty.hidden;
    if (hadFocus) focusCell();
  }

  function drawHead(now) {
    const corner = h(
      "th",
      { scope: "col", class: "corner", "aria-colindex": 1, tabindex: tabindex(0, 0) },
      h("span", { text: moment ? "Container at this step" : "Container" }),
    );
    const cells = columns.map((column, index) => {
      const canOpen = column.keys.length > 1 && !column.isKey;
      return h(
        "th",
        {
          scope: "col",
          "aria-colindex": index + 2,
          tabindex: tabindex(0, index + 1),
          title: column.name,
          class: `package${column.isKey ? " is-key" : ""}${now.package === column.id ? " is-chosen" : ""}`,
          "aria-expanded": canOpen ? String(column.isOpen) : null,
          "data-column": index,
        },
        sign(column.fate, FATE_WORDS[column.fate][0]),
        h(
          "span",
          { class: "package-name" },
          breakable(column.isKey ? shortKey(column) : column.name),
        ),
        canOpen
          ? h("span", {
              class: "toggle",
              "data-open": column.id,
              "aria-hidden": "true",
              title: "Show its keys apart",
              text: column.isOpen ? "−" : `+${column.keys.length}`,
            })
          : null,
      );
    });
    head.replaceChildren(h("tr", { "aria-rowindex": 1 }, corner, cells));
    table.style.setProperty("--columns", columns.length);
  }

  function drawRows(force = false) {
    const first = Math.max(0, Math.floor(element.scrollTop / ROW) - SPARE);
    const height = printing.matches ? Infinity : element.clientHeight || 600;
    const last = Math.min(rows.length, Math.ceil((element.scrollTop + height) / ROW) + SPARE);
    if (!force && first === drawn.first && last === drawn.last) return;
    drawn = { first, last };
    const hadFocus = body.contains(document.activeElement);
    const now = look();
    const chosen = plan.containers.find((each) => each.name === now.container);
    const column = columns.find((each) => each.id === now.package);
    const providers =
      chosen && column && !moment ? providersOf(column.keys, chosen.index) : new Set();
    body.replaceChildren(
      spacer(first),
      ...rows.slice(first, last).map((row, index) => drawRow(row, first + index, now, providers)),
      spacer(rows.length - last),
    );
    if (hadFocus) focusCell(false);
  }

  function drawRow(row, index, now, providers) {
    const [container] = row.members;
    const shown = moment ? shownAt(moment, row.members) : container;
    const isHere = !moment || row.members.some((each) => moment.present.has(each));
    const isProvider =
      providers.size <= MOST_PROVIDERS && row.members.some((each) => providers.has(each));
    const isCurrent =
      moment &&
      row.members.some((each) => each === (moment.frame.remote ?? moment.frame.container));
    const { kind, mode } = plan.containers[container];
    const name = h(
      "th",
      {
        scope: "row",
        "aria-colindex": 1,
        tabindex: tabindex(index + 1, 0),
        title: `${row.name}\n${plan.containers[container].label}`,
        class: `container${row.isPart ? " is-part" : ""}${now.container === plan.containers[container].name && !now.package ? " is-chosen" : ""}`,
        "aria-expanded": row.isGroup ? String(row.isUnfolded) : null,
        "data-row": index,
      },
      row.isGroup
        ? h("span", {
            class: "toggle",
            "data-unfold": row.id,
            "aria-hidden": "true",
            text: row.isUnfolded ? "−" : "+",
          })
        : null,
      h("span", { class: "container-name", text: row.name }),
      kind !== "remote" ? h("span", { class: "tag", text: kind }) : null,
      mode === "development"
        ? h("span", { class: "tag tag-warn", title: "development build", text: "dev" })
        : null,
      row.isGroup
        ? h("span", {
            class: "tag",
            title: `${row.members.length} containers that behave alike`,
            text: `×${row.members.length}`,
          })
        : null,
      isProvider ? h("span", { class: "unseen", text: ", can be the provider" }) : null,
    );
    const cells = columns.map((column, number) => {
      const cell = moment
        ? summarizeMoment(column.keys, shown, moment.got)
        : summarize(column.keys, container);
      const kindOf = cell.fate ?? (cell.own.length ? (moment ? "waits" : "offers") : "none");
      const isChosen =
        now.package === column.id &&
        row.members.some((each) => plan.containers[each].name === now.container) &&
        !row.isUnfolded;
      const brings = isProvider && cell.own.length > 0 && now.package === column.id;
      return h(
        "td",
        {
          role: "gridcell",
          "aria-colindex": number + 2,
          tabindex: tabindex(index + 1, number + 1),
          class: `cell cell-${kindOf}${isChosen ? " is-chosen" : ""}${cell.isNew ? " is-new" : ""}${brings ? " is-provider" : ""}`,
          "aria-selected": String(isChosen),
          "aria-label": cellSentence(cell, row.name, column.name),
          "data-row": index,
          "data-column": number,
          title: cell.fate && cell.fate !== "fits" ? FATE_WORDS[cell.fate][1] : null,
        },
        cell.fate && cell.fate !== "fits" ? sign(cell.fate) : null,
        kindOf === "none" ? null : h("span", { class: "version", text: cellText(cell) }),
      );
    });
    return h(
      "tr",
      {
        "aria-rowindex": index + 2,
        class: `${isHere ? "" : "is-away"}${isProvider ? " has-provider" : ""}${isCurrent ? " is-current" : ""}`,
      },
      name,
      cells,
    );
  }

  function spacer(count) {
    return h(
      "tr",
      {
        class: "spacer",
        "aria-hidden": "true",
        hidden: count <= 0,
        css: { height: `${Math.max(0, count) * ROW}px` },
      },
      h("td", { colspan: columns.length + 1 }),
    );
  }

  function tabindex(row, column) {
    return row === focus.row && column === focus.column ? 0 : -1;
  }

  function cellAt(row, column) {
    return table.querySelector(`tr[aria-rowindex="${row + 1}"] > [aria-colindex="${column + 1}"]`);
  }

  function focusCell(scroll = true) {
    const { row, column } = focus;
    if (scroll && row > 0) {
      const top = (row - 1) * ROW;
      const room = element.clientHeight - head.offsetHeight - ROW;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top > element.scrollTop + room) element.scrollTop = top - room;
      drawRows();
    }
    const cell = cellAt(row, column);
    if (!cell) return;
    makeReachable(cell);
    cell.focus({ preventScroll: true });
    if (scroll) revealColumn(cell, column);
  }

  function revealColumn(cell, column) {
    if (column === 0) return;
    const left = head.querySelector(".corner").offsetWidth;
    const start = cell.offsetLeft - left;
    const end = cell.offsetLeft + cell.offsetWidth - element.clientWidth;
    if (start < element.scrollLeft) element.scrollLeft = start;
    else if (end > element.scrollLeft) element.scrollLeft = end;
  }

  function onFocus(event) {
    const cell = event.target.closest("[aria-colindex]");
    if (!cell) return;
    focus = {
      row: Number(cell.parentElement.getAttribute("aria-rowindex")) - 1,
      column: Number(cell.getAttribute("aria-colindex")) - 1,
    };
    makeReachable(cell);
  }

  // One cell only is reached by the tab key: the one where the arrow keys have led.
  function makeReachable(cell) {
    for (const other of table.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    cell.tabIndex = 0;
  }

  function onClick(event) {
    const toggle = event.target.closest(".toggle");
    const cell = event.target.closest("[aria-colindex]");
    if (!cell) return;
    onFocus(event);
    if (toggle) flip(toggle.dataset);
    else choose(cell.dataset);
  }

  function flip({ open, unfold }) {
    const now = look();
    const [name, value] = open === undefined ? ["unfolded", unfold] : ["open", open];
    const others = now[name].filter((each) => each !== value);
    set({ [name]: others.length < now[name].length ? others : [...others, value] });
  }

  function choose({ row, column }) {
    set({
      container: row === undefined ? "" : plan.containers[rows[row].members[0]].name,
      package: column === undefined ? "" : columns[column].id,
    });
  }

  function onKey(event) {
    const page = Math.max(1, Math.floor(element.clientHeight / ROW) - 2);
    const moves = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-page, 0],
      PageDown: [page, 0],
      Home: [event.ctrlKey ? -Infinity : 0, -Infinity],
      End: [event.ctrlKey ? Infinity : 0, Infinity],
    };
    const cell = event.target.closest("[aria-colindex]");
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const toggle = event.key === " " && cell.querySelector(".toggle");
      if (toggle) flip(toggle.dataset);
      else choose(cell.dataset);
    } else if (moves[event.key]) {
      event.preventDefault();
      const [down, right] = moves[event.key];
      focus = {
        row: Math.max(0, Math.min(rows.length, focus.row + down)),
        column: Math.max(0, Math.min(columns.length, focus.column + right)),
      };
      focusCell();
    }
  }

  const printing = matchMedia("print");
  addEventListener("beforeprint", () => drawRows(true));
  addEventListener("afterprint", () => drawRows(true));
  return { element, update, isSmall: () => rows.length > 0 && rows.length <= 10 };
}

function shortKey(column) {
  const prefix = `${column.package.name}/`;
  return column.name.startsWith(prefix) ? `/${column.name.slice(prefix.length)}` : column.name;
}

/** What the colours and shapes mean. */
export function makeLegend() {
  return h(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    ["fits", "varies", "private", "warns", "fails"].map((fate) =>
      h("li", { title: FATE_WORDS[fate][1] }, sign(fate), FATE_WORDS[fate][0]),
    ),
    h(
      "li",
      { title: "What it brings along, and what it gets instead" },
      h("code", { text: "18.3.1→19.1.0" }),
      "brings → gets",
    ),
    h(
      "li",
      { title: FATE_WORDS.offers[1] },
      h("code", { class: "faint", text: "19.1.0" }),
      FATE_WORDS.offers[0],
    ),
  );
}
