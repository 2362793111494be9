// The head of every page.

import { h } from "./dom.js";

/** The title of a page, a sentence on what it is for, and its actions. */
export function head(title, text, ...actions) {
  return h("header", { class: "page-head" }, h("div", {}, h("h1", {}, title), h("p", {}, text)), actions.length > 0 && h("div", { class: "actions" }, actions));
}

/** A card with a title. */
export function card(title, content, ...actions) {
  return h("section", { class: "card", "aria-label": title }, h("header", {}, h("h2", {}, title), h("div", { class: "actions" }, actions)), content);
}
