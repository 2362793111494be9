// Elements made from values. Text is only ever set as text, so data can never become markup.

/** The address of the mark of the product. */
export const MARK = new URL("mark.svg", import.meta.url).href;

const SVG = "http://www.w3.org/2000/svg";

/** An element. `on` holds listeners, `vars` CSS variables, `data` data attributes; false and null leave an attribute out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "vars") for (const [key, one] of Object.entries(value)) element.style.setProperty(`--${key}`, one);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...kept(children));
  return element;
}

/** Put new content into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...kept(children));
  return element;
}

function kept(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

const PATHS = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z",
  lookup: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-5 8-5s7 1 8 5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  batch: "M4 6h16M4 12h16M4 18h10M18 16v5M15.5 18.5h5",
  jobs: "M6 3h9l4 4v14H6zM9 12h7M9 16h7M12 12v8",
  up: "M12 16V5M7 9l5-5 5 5M5 20h14",
  keys: "M8 18a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11 11l8-8M16 6l3 3",
  history: "M4 12a8 8 0 1 0 3-6.2L4 8M4 4v4h4M12 8v4l3 2",
  docs: "M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h7",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  check: "M5 13l4 4L19 7",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  moon: "M20 14a8 8 0 1 1-9-10 7 7 0 0 0 9 10z",
  half: "M12 20a8 8 0 1 0 0-16zM12 4v16a8 8 0 0 1 0-16",
  out: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  plus: "M12 5v14M5 12h14",
  again: "M20 12a8 8 0 1 1-3-6.2L20 8M20 4v4h-4",
  away: "M4 4l16 16M2 9c3-2 5-3 8-3M22 9c-2-1-3-2-6-3M6 13l3-1.500M18 13l-2-1M12 18h.01",
  next: "M9 6l6 6-6 6",
};

/** An icon for the eye only; give the control around it a name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button. */
export function button(label, press, { kind = "", symbol = null, ...props } = {}) {
  return h("button", { type: "button", class: kind, on: { click: press }, ...props }, symbol && icon(symbol), label);
}

/** A sentence at the foot of the page for a few seconds, read aloud by screen readers. */
export function notice(text) {
  const line = h("p", { class: "appear" }, text);
  document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), 3200);
}

let uniques = 0;
/** An id that no other element of the page has. */
export function unique(prefix) {
  uniques += 1;
  return `${prefix}-${uniques}`;
}
