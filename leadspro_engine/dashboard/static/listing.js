// Long lists as tables: the newest first, older rows on demand.

import { button, fill, h } from "./dom.js";
import { failure, busy, waiting } from "./states.js";

/** A table of rows, on a phone a list of cards. `kind`: "even" columns, or "brief" cards. */
export function table(columns, rows, kind = "") {
  const head = columns.map((name) => h("th", { scope: "col" }, name));
  return h("div", { class: "table" }, h("table", { class: `cards ${kind}` }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)));
}

/** A list that `ask(cursor)` answers page by page: `{element, reload}`. `row` draws one result, `nothing` an empty list. */
export function listing(title, columns, { ask, row, nothing }) {
  const place = h("section", { class: "card", "aria-label": title });
  const foot = h("div", { class: "actions" });
  let asked = 0;
  let found = [];

  async function next(cursor) {
    asked += 1;
    const mine = asked;
    try {
      const answer = await ask(cursor);
      if (mine === asked) draw([...found, ...answer.results], answer.next_cursor);
    } catch (error) {
      if (error.status === undefined) throw error;
      if (mine === asked) fill(found.length ? foot : place, failure(error, { again: () => next(cursor) }));
    }
  }
  function draw(results, following) {
    found = results;
    fill(place, found.length ? table(columns, found.map(row), "brief") : nothing());
    const more = following && button("Show older", () => busy(more, () => next(following)), { symbol: "down" });
    fill(foot, more);
  }
  function reload() {
    found = [];
    fill(place, waiting(6));
    fill(foot);
    return next(null);
  }
  return { element: h("div", { class: "stack" }, place, foot), reload };
}
