// What pages are made of: their head, cards, figures.

import { h } from "./dom.js";

/** The title of a page, a sentence on what it is for, and its actions. */
export function head(title, text, ...actions) {
  return h("header", { class: "page-head" }, h("div", {}, h("h1", {}, title), h("p", {}, text)), actions.length > 0 && h("div", { class: "actions" }, actions));
}

/** A card with a title. */
export function card(title, content, ...actions) {
  return h("section", { class: "card", "aria-label": title }, h("header", {}, h("h2", {}, title), h("div", { class: "actions" }, actions)), content);
}

/** Scroll to a result that stands below its form, as on a phone, rather than beside it. */
export function bringIn(result, form) {
  if (result.offsetTop > form.offsetTop) result.scrollIntoView();
}

/** A number with what it means; `share` in [0, 1] is drawn as a bar, null draws none. */
export function figure(title, value, more, share, note) {
  const meter = share !== null && h("div", { class: share < 0.1 ? "bar low" : "bar" }, h("i", { vars: { share: `${100 * share}%` } }));
  return h("section", { class: "card figure", "aria-label": title }, h("h2", { class: "small soft" }, title), h("p", { class: "value" }, value, more && h("small", {}, more)), meter, h("p", { class: "small soft" }, note));
}
