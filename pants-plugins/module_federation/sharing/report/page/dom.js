// Elements are only made here, from texts that never become markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an HTML element. In `properties`, `on` holds listeners, `text` the text, `css` custom
 * properties, and everything else attributes; null, undefined and false leave an attribute out.
 */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value))
        element.addEventListener(event, listener);
    } else if (name === "text") {
      element.textContent = value;
    } else if (name === "css") {
      for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(
    ...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** A text with `code` in it, as a finding writes it. */
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("code", { text: part }) : part));
}

/** A name that may be broken after a slash, a dash or an underscore. */
export function breakable(name) {
  return name
    .split(/(?<=[/_-])(?![/_-])/)
    .flatMap((part, index) => (index ? [h("wbr"), part] : [part]));
}

/** A sign for a fate or a severity: a shape of its own each, and a word for those who do not see it. */
export function sign(kind, word = "") {
  return h(
    "span",
    { class: `sign sign-${kind}`, "aria-hidden": word ? null : "true" },
    word ? h("span", { class: "unseen", text: word }) : null,
  );
}

const ICONS = {
  first: "M3,3 h2 v10 h-2 z M13,3 v10 L6,8 z",
  back: "M12,3 v10 L4,8 z",
  play: "M4,2 v12 L14,8 z",
  pause: "M4,3 h3 v10 h-3 z M9,3 h3 v10 h-3 z",
  next: "M4,3 v10 L12,8 z",
};

/** A small picture for a button. */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: ICONS[name] }),
  );
}

/** A button that looks like text or like a control. */
export function button(label, listener, properties = {}) {
  return h("button", { type: "button", on: { click: listener }, ...properties }, label);
}

/** Puts a text on the clipboard; where the browser forbids it (files, for some), by selection. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
