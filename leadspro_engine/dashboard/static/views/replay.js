// An answer shown again from today's dataset: what became of each person, and which fields have another value.

import { call } from "../api.js";
import { fill, h } from "../dom.js";
import { card } from "../page.js";
import { drawer, personCard } from "../profile.js";
import { failure } from "../states.js";
import { count, day, label, placeLine, plural } from "../words.js";

const CHANGES = {
  changed: ["warn", "Changed since"],
  merged: ["warn", "Now part of another record"],
  gone: ["bad", "Not in it any more"],
  same: ["good", "As it was"],
  unknown: ["", "Cannot be told"],
};
const WORDS = new Set(["department", "management_level", "company.industry", "company.status"]);

/** Ask for a past request's people from today's dataset, and show in a place what is different. */
export async function replay(path, place) {
  try {
    fill(place, difference(await call("POST", `${path}/replay`, { body: {} })));
  } catch (error) {
    if (error.status === undefined) throw error;
    fill(place, failure(error, { again: () => replay(path, place) }));
  }
}

function difference({ request, results, compared_with: compared, meta }) {
  const told = results.map((one) => ({ ...one, change: one.change ?? "unknown" }));
  const tally = Object.keys(CHANGES).map((name) => [name, told.filter((one) => one.change === name).length]).filter(([, number]) => number);
  const moved = request.dataset_version !== meta.dataset_version;
  return card("Then and today", [
    h(
      "div",
      { class: "body" },
      h("dl", { class: "facts" }, dataset("Then", request.dataset_version), dataset("Today", moved ? meta.dataset_version : "the same dataset")),
      h("div", { class: "row" }, tally.map(([name, number]) => badge(name, `${count(number)} ${CHANGES[name][1].toLowerCase()}`))),
      !compared && h("p", { class: "small soft" }, "The dataset of then is not kept any more (the newest versions are), so nobody can tell which fields changed; only who is gone or joined to another."),
      h("ul", { class: "lines" }, told.map(person)),
    ),
  ]);
}

/** One person: who they are today, what became of them, and each field that differs. */
function person({ id, person: who, company, change, changes }) {
  const open = () => drawer(who.full_name ?? "Person", personCard(who, { level: "h3" }));
  const name = who ? h("button", { type: "button", class: "link", on: { click: open } }, who.full_name ?? "Name unknown") : h("code", {}, id);
  return h(
    "li",
    { class: "stack tight" },
    h("div", { class: "row between" }, name, badge(change, CHANGES[change][1])),
    h("p", { class: "small soft" }, [who?.job_title, company?.name].filter(Boolean).join(", "), change === "unknown" && who.updated_at && ` · newest source record ${day(who.updated_at)}`),
    changes?.length > 0 && h("dl", { class: "facts small" }, changes.map((one) => h("div", {}, h("dt", {}, one.field.split(".").map(label).join(" · ")), h("dd", { class: "row" }, between(one))))),
  );
}

/** What a field was and is; of a list what came and went. */
function between({ field, then, now }) {
  const [old, fresh] = [then, now].map((value) => shown(field, value));
  if (!Array.isArray(then) || !Array.isArray(now)) return [h("del", {}, old[0] ?? "nothing"), h("span", { "aria-label": "became" }, "→"), h("ins", {}, fresh[0] ?? "nothing")];
  const gone = old.filter((one) => !fresh.includes(one));
  const come = fresh.filter((one) => !old.includes(one));
  return gone.length + come.length ? [gone.map((one) => h("del", {}, one)), come.map((one) => h("ins", {}, one))] : h("span", { class: "soft" }, `${plural(fresh.length, "value", "values")} as before, seen again since`);
}

/** The values of a field as texts. */
function shown(field, value) {
  if (Array.isArray(value)) return value.map((one) => one.address ?? one.number ?? String(one));
  if (value === null || value === "") return [];
  if (typeof value === "object") return [placeLine(value)].filter(Boolean);
  if (field.endsWith("updated_at")) return [day(value)];
  return [WORDS.has(field) ? label(value) : String(value)];
}

function badge(name, text) {
  return h("span", { class: `badge ${CHANGES[name][0]}` }, text);
}

function dataset(name, version) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("code", { class: "small wrap-any" }, version ?? "–")));
}
