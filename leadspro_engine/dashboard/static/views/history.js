// What was asked: the workspace's requests, the newest first; each can be opened and shown again from today's dataset.

import { call } from "../api.js";
import { jsonBlock } from "../code.js";
import { button, fill, h } from "../dom.js";
import { choice, read, text } from "../fields.js";
import { listing } from "../listing.js";
import { head } from "../page.js";
import { drawer } from "../profile.js";
import { busy, empty, load } from "../states.js";
import { ASKING } from "../vocabulary.js";
import { count, label, minute, plural } from "../words.js";
import { replay } from "./replay.js";

const PATH = "/api/v1/history";
const DAY_MS = 86_400_000;
const STATUSES = [["", "Any"], ["200", "200 answered"], ["400", "400 invalid request"], ["403", "403 refused"], ["404", "404 no match"], ["422", "422 key used again"], ["429", "429 rate limited"]];

/** The page of past requests. */
export function page() {
  const keys = choice("key_id", "Key", [["", "Any"]]);
  const form = h(
    "form",
    { class: "card filters", "aria-label": "Filter", on: { change: () => list.reload(), submit: (event) => { event.preventDefault(); list.reload(); }, reset: () => setTimeout(() => list.reload()) } },
    choice("endpoint", "Kind", [["", "Any"], ...ASKING.map((name) => [name, label(name)])]),
    choice("status", "Status", STATUSES),
    keys,
    text("since", "From", { type: "date" }),
    text("until", "To", { type: "date" }),
    h("button", { type: "reset", class: "quiet" }, "Clear"),
  );
  const list = listing("Requests", ["Request", "Status", "Credits", "People", "Took", "When"], {
    ask: (cursor) => call("GET", PATH, { query: { ...wanted(form), limit: 50, cursor } }),
    row,
    nothing: () => (Object.keys(read(form)).length ? empty("history", "No such request", "Nothing fits these filters. Take one away.") : empty("history", "No requests yet", "Requests that this workspace makes appear here with what they cost.")),
  });
  offerKeys(keys.querySelector("select"));
  list.reload();
  return [head("History", "Every question of the workspace, and its cost. Kept for as long as the plan says."), form, list.element];
}

/** Whole days in UTC, the last one included. */
function wanted(form) {
  const { since, until, ...rest } = read(form);
  return { ...rest, since: since && `${since}T00:00:00Z`, until: until && new Date(Date.parse(until) + DAY_MS).toISOString() };
}

/** Names of keys to choose from, where the key in use may see them. */
async function offerKeys(select) {
  try {
    const { keys } = await call("GET", "/api/v1/keys");
    select.append(...keys.map((one) => h("option", { value: one.id }, `${one.name} (${one.hint})`)));
  } catch (error) {
    if (error.status === undefined) throw error;
    select.parentElement.hidden = true;
  }
}

function row(one) {
  const open = () => show(one);
  return h(
    "tr",
    { class: "opens", on: { click: () => { if (!getSelection().toString()) open(); } } },
    h("td", { class: "lead" }, h("button", { type: "button", class: "link", on: { click: (event) => { event.stopPropagation(); open(); } } }, label(one.endpoint)), h("span", { class: "sub wrap-any" }, asked(one.request))),
    h("td", { data: { label: "Status" } }, statusBadge(one)),
    h("td", { data: { label: "Credits" }, class: "nums" }, count(one.credits)),
    h("td", { data: { label: "People" }, class: "nums" }, count(one.ids.length)),
    h("td", { data: { label: "Took" }, class: "nums" }, `${count(one.duration_ms)} ms`),
    h("td", { data: { label: "When" }, class: "nums" }, minute(one.created_at)),
  );
}

function statusBadge(one) {
  const kind = one.status < 400 ? "good" : one.status === 404 ? "" : one.status >= 500 ? "bad" : "warn";
  return h("span", { class: `badge ${kind}` }, one.code ? `${one.status} ${one.code}` : String(one.status));
}

const SETTINGS = new Set(["min_likelihood", "explain", "limit", "required", "cursor", "facets"]);
const LONGEST = 90;

/** The question in one line. */
function asked(request) {
  if (!request) return "";
  if (request.items) return plural(request.items.length, "item", "items");
  const told = Object.entries(request).filter(([name]) => !SETTINGS.has(name)).map(([, value]) => (typeof value === "object" ? JSON.stringify(value) : String(value))).join(", ").replace(/[[\]"]/g, "");
  return told.length > LONGEST ? `${told.slice(0, LONGEST)}…` : told;
}

function show(one) {
  const place = h("div", { class: "stack" });
  drawer(label(one.endpoint), place);
  load(place, () => call("GET", `${PATH}/${encodeURIComponent(one.request_id)}`), (answer) => opened(answer.request));
}

function opened(one) {
  const again = h("div", { class: "stack" });
  const press = button("Show it from today's dataset", () => busy(press, () => replay(`${PATH}/${encodeURIComponent(one.request_id)}`, again)), { symbol: "again", kind: "primary" });
  const replayable = one.status < 400 && one.ids.length > 0;
  return [
    h("div", { class: "row" }, statusBadge(one), h("span", { class: "small soft" }, `${minute(one.created_at)} · ${plural(one.credits, "credit", "credits")} · ${count(one.duration_ms)} ms`)),
    replayable && h("div", { class: "actions" }, press, h("span", { class: "small soft" }, "Free: it was paid for then.")),
    again,
    one.request ? [h("h3", {}, "Asked"), jsonBlock(one.request, "the question")] : h("p", { class: "soft small" }, "What was asked is not kept, or not any more."),
    h("h3", {}, "On record"),
    jsonBlock({ ...one, request: undefined }, "the entry"),
  ];
}
