// Time: a chosen load order, step by step.

import { button, h, icon } from "./dom.js";
import { look, set } from "./state.js";
import { frameSentence, replayTitle } from "./words.js";

const PACE = 1100;

/** The controls of the load order of one plan: `element`, and `update(now)` after each change. */
export function makeReplay(plan) {
  let timer = 0;
  const select = h(
    "select",
    { id: "order", on: { change: (event) => begin(Number(event.target.value)) } },
    h("option", { value: -1, text: "All load orders (the plan)" }),
    h(
      "optgroup",
      { label: "One load order" },
      options((each) => each.about !== "finding"),
    ),
    plan.replays.some((each) => each.about === "finding")
      ? h(
          "optgroup",
          { label: "Shortest order to a finding" },
          options((each) => each.about === "finding"),
        )
      : null,
  );
  const slider = h("input", {
    type: "range",
    id: "step",
    min: 0,
    step: 1,
    "aria-label": "Step of the load order",
    on: { input: () => go(Number(slider.value)) },
  });
  const first = button(icon("first"), () => go(0), { "aria-label": "First step" });
  const back = button(icon("back"), () => go(look().step - 1), { "aria-label": "Step back" });
  const play = button(icon("play"), () => (timer ? stop() : start()), {
    class: "play",
    "aria-label": "Play",
  });
  const next = button(icon("next"), () => go(look().step + 1), { "aria-label": "Step forward" });
  const leave = button("Show all orders", () => begin(-1), { class: "leave" });
  const counter = h("span", { class: "counter" });
  const text = h("p", { class: "step-text" });
  const notes = h("ul", { class: "notes" });
  const live = h(
    "div",
    { class: "step-live", "aria-live": "polite", "aria-atomic": "true" },
    text,
    notes,
  );
  const element = h(
    "section",
    { class: "replay", "aria-label": "Load order" },
    h(
      "div",
      { class: "replay-bar" },
      h("label", { class: "field" }, h("span", { text: "Load order" }), select),
      h("div", { class: "replay-buttons" }, first, back, play, next),
      slider,
      counter,
      leave,
    ),
    live,
  );

  function options(wanted) {
    return plan.replays.map((each, index) =>
      wanted(each) ? h("option", { value: index, text: replayTitle(plan, each) }) : null,
    );
  }

  function begin(order) {
    stop();
    set({ order, step: 0 });
  }

  function go(step) {
    stop();
    move(step);
  }

  function move(step) {
    const now = look();
    const order = plan.replays[now.order] ? now.order : 0;
    const last = plan.replays[order].frames.length - 1;
    set({ order, step: Math.max(0, Math.min(last, now.order < 0 ? 0 : step)) });
  }

  function start() {
    const now = look();
    const replay = plan.replays[now.order];
    if (!replay || now.step >= replay.frames.length - 1)
      set({ order: replay ? now.order : 0, step: 0 });
    timer = setInterval(() => {
      const { order, step } = look();
      if (order < 0 || step >= plan.replays[order].frames.length - 1) stop();
      else move(step + 1);
    }, PACE);
    update(look());
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    update(look());
  }

  function update(now) {
    const replay = plan.replays[now.order];
    select.value = String(replay ? now.order : -1);
    element.classList.toggle("is-on", Boolean(replay));
    for (const control of [first, back, next, slider, leave]) control.disabled = !replay;
    play.disabled = plan.replays.length === 0;
    play.replaceChildren(icon(timer ? "pause" : "play"));
    play.setAttribute("aria-label", timer ? "Pause" : "Play");
    slider.max = replay ? replay.frames.length - 1 : 0;
    slider.value = replay ? now.step : 0;
    counter.textContent = replay ? `${now.step + 1} / ${replay.frames.length}` : "";
    if (!replay) {
      text.textContent = plan.replays.length
        ? "What is shown holds for every load order. Choose one, or press play, to see it unfold."
        : "This federation cannot be played.";
      notes.replaceChildren();
      return;
    }
    back.disabled = first.disabled = now.step <= 0;
    next.disabled = now.step >= replay.frames.length - 1;
    const [sentence, remarks] = frameSentence(
      plan,
      replay.frames[Math.min(now.step, replay.frames.length - 1)],
    );
    text.textContent = sentence;
    notes.replaceChildren(
      ...remarks.slice(0, 3).map((each) => h("li", { text: each })),
      ...(remarks.length > 3 ? [h("li", { text: `and ${remarks.length - 3} more` })] : []),
    );
    slider.setAttribute(
      "aria-valuetext",
      `Step ${now.step + 1} of ${replay.frames.length}: ${sentence}`,
    );
  }

  return { element, update, stop };
}
