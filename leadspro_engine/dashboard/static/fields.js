// Form controls: a labelled input, a choice, a switch, and a field that takes several values.

import { h, icon, unique } from "./dom.js";

/** A labelled text input. */
export function text(name, title, { hint = null, wide = false, suggestions = null, ...props } = {}) {
  const id = unique(name);
  const list = suggestions && datalist(suggestions);
  const input = h("input", { id, name, autocomplete: "off", spellcheck: "false", list: list?.id, "aria-describedby": hint && `${id}-hint`, ...props });
  return h("div", { class: wide ? "wide" : "" }, h("label", { for: id }, title), input, list, hint && h("p", { class: "hint", id: `${id}-hint` }, hint));
}

/** A labelled choice out of a list of [value, text]. */
export function choice(name, title, options, props = {}) {
  const id = unique(name);
  return h("div", {}, h("label", { for: id }, title), h("select", { id, name, ...props }, options.map(([value, shown]) => h("option", { value }, shown))));
}

/** A check box with its label behind it. */
export function check(name, title, props = {}) {
  const id = unique(name);
  return h("label", { class: "check", for: id }, h("input", { type: "checkbox", id, name, ...props }), title);
}

const PAUSE_MS = 150;

/**
 * A field of several values: Enter or leaving the field takes one, Backspace in the empty input takes the last one back.
 * Offered while typing: fixed `suggestions`, or what `complete(prefix)` finds as [{value, count}].
 */
export function tokens(name, title, { hint = null, suggestions = null, complete = null, placeholder = "" } = {}) {
  const id = unique(name);
  const list = (suggestions || complete) && datalist(suggestions ?? []);
  const input = h("input", { id, autocomplete: "off", spellcheck: "false", placeholder, list: list?.id, "aria-describedby": hint && `${id}-hint` });
  const box = h("div", { class: "tokens" }, input);
  const values = [];

  const draw = () => {
    for (const old of box.querySelectorAll(".token")) old.remove();
    input.before(...values.map((value, index) => token(value, () => { values.splice(index, 1); draw(); input.focus(); })));
    input.placeholder = values.length ? "" : placeholder;
  };
  const take = () => {
    const value = input.value.trim();
    input.value = "";
    if (value && !values.includes(value)) values.push(value);
    if (value) draw();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) { event.preventDefault(); take(); }
    if (event.key === "Backspace" && !input.value && values.length) { values.pop(); draw(); }
  });
  let typed = 0;
  const offer = async () => {
    const prefix = input.value.trim();
    typed += 1;
    const mine = typed;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (mine !== typed || !prefix) return;
    const found = await complete(prefix);
    if (mine === typed) list.replaceChildren(...found.map((one) => h("option", { value: one.value, label: `${one.value} (${one.count})` })));
  };
  if (complete) input.addEventListener("input", offer);
  input.addEventListener("change", take);
  const element = h("div", { class: "wide" }, h("label", { for: id }, title), box, list, hint && h("p", { class: "hint", id: `${id}-hint` }, hint));
  return {
    name,
    element,
    read: () => { take(); return [...values]; },
    write: (next) => { values.splice(0, values.length, ...next); draw(); },
  };
}

/** A group of buttons of which one is pressed. */
export function tabs(title, options, chosen, pick) {
  const buttons = options.map(([value, shown]) => h("button", { type: "button", "aria-pressed": String(value === chosen), data: { value }, on: { click: () => press(value) } }, shown));
  const press = (value) => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.value === value));
    pick(value);
  };
  return h("div", { class: "tabs", role: "group", "aria-label": title }, buttons);
}

/** The values of a form's named inputs, without the blank ones. */
export function read(form) {
  const pairs = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
  return Object.fromEntries(pairs.filter(([, value]) => value));
}

function token(value, remove) {
  return h("span", { class: "token" }, h("span", { class: "wrap-any" }, value), h("button", { type: "button", "aria-label": `Remove ${value}`, on: { click: remove } }, icon("close")));
}

function datalist(values) {
  return h("datalist", { id: unique("list") }, values.map((value) => h("option", { value })));
}
