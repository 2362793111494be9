// What was asked: the workspace's requests, the newest first.

import { call } from "../api.js";
import { jsonBlock } from "../code.js";
import { button, fill, h } from "../dom.js";
import { choice } from "../fields.js";
import { head } from "../page.js";
import { drawer } from "../profile.js";
import { busy, empty, failure, load, waiting } from "../states.js";
import { count, label, minute } from "../words.js";

const PATH = "/api/v1/history";
const SHOWN = [["", "All requests"], ["answered", "Answered"], ["refused", "Refused"]];

/** The page of past requests. */
export function page() {
  const entries = [];
  const filter = choice("shown", "Show", SHOWN, { on: { change: () => draw() } });
  const rows = h("tbody");
  const place = h("div", {}, waiting(6));
  const foot = h("div", { class: "actions" });
  const table = h("div", { class: "table" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ["Request", "Status", "Credits", "People", "Took", "When"].map((name) => h("th", { scope: "col" }, name)))), rows));

  function draw(following) {
    const wanted = filter.querySelector("select").value;
    const kept = entries.filter((one) => !wanted || (wanted === "answered") === one.status < 400);
    fill(rows, kept.map(row));
    fill(place, kept.length ? table : empty("history", "No requests here", "Requests that this workspace makes appear here with what they cost."));
    if (following === undefined) return;
    const more = following && button("Show older", () => busy(more, () => next(following)), { symbol: "down" });
    fill(foot, more);
  }
  async function next(cursor) {
    try {
      const answer = await call("GET", PATH, { query: { limit: 50, cursor } });
      entries.push(...answer.results);
      draw(answer.next_cursor);
    } catch (error) {
      if (error.status === undefined) throw error;
      fill(entries.length ? foot : place, failure(error, { again: () => next(cursor) }));
    }
  }
  next(null);
  return [head("History", "Every request of the workspace, with its cost. Who was shown is kept as ids only, for as long as the plan says.", filter), h("section", { class: "card", "aria-label": "Requests" }, place), foot];
}

function row(one) {
  const open = () => show(one.request_id);
  const kind = one.status < 400 ? "good" : one.status === 404 ? "" : one.status >= 500 ? "bad" : "warn";
  return h(
    "tr",
    { class: "opens", on: { click: () => { if (!getSelection().toString()) open(); } } },
    h("td", { class: "lead" }, h("button", { type: "button", class: "link", on: { click: (event) => { event.stopPropagation(); open(); } } }, label(one.endpoint)), h("span", { class: "sub wrap-any" }, h("code", {}, one.request_id))),
    h("td", { data: { label: "Status" } }, h("span", { class: `badge ${kind}` }, one.code ? `${one.status} ${one.code}` : String(one.status))),
    h("td", { data: { label: "Credits" }, class: "nums" }, count(one.credits)),
    h("td", { data: { label: "People" }, class: "nums" }, count(one.ids.length)),
    h("td", { data: { label: "Took" }, class: "nums" }, `${count(one.duration_ms)} ms`),
    h("td", { data: { label: "When" } }, minute(one.created_at)),
  );
}

function show(requestId) {
  const place = h("div");
  drawer("Request", place);
  load(place, () => call("GET", `${PATH}/${encodeURIComponent(requestId)}`), (answer) => jsonBlock(answer.request, "the request"));
}
