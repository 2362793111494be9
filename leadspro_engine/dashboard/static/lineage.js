// Where each field comes from: the values that sources claim, with the records that say so, and why some lost.

import { h, icon } from "./dom.js";
import { day, label, plural } from "./words.js";

const SAME = "same value";
const WON = { "chosen: newest": "the newest", "chosen: agreed": "most sources agree", "kept: every value": "" };

/** The fields of a lineage: the person's, or those of their company. */
export function lineageOf(lineage, of) {
  const prefix = "company.";
  const told = Object.entries(lineage ?? {}).filter(([name]) => name.startsWith(prefix) === (of === "company"));
  return told.map(([name, claims]) => [of === "company" ? name.slice(prefix.length) : name, claims]);
}

/** Fields with their claims as a list; nothing when there are none. */
export function origins(fields) {
  if (!fields.length) return h("p", { class: "soft" }, "No source record is known for what is shown.");
  return h("dl", { class: "facts origins" }, fields.map(([name, claims]) => h("div", {}, h("dt", {}, name.split(".").map(label).join(" · ")), h("dd", { class: "stack tight" }, grouped(claims).map(said)))));
}

/** How many sources and records stand behind some fields. */
export function counted(fields) {
  const claims = fields.flatMap(([, listed]) => listed);
  const records = new Set(claims.map((one) => one.record_id));
  const sources = new Set(claims.map((one) => one.source));
  return `${plural(records.size, "record", "records")} of ${plural(sources.size, "source", "sources")}`;
}

/** Claims by what they say, in their order; what says the same as the chosen value counts with it. Values that the very same records have stand together. */
function grouped(claims) {
  const byValue = by(claims, (one) => one.value ?? (one.chosen || one.reason === SAME ? "shown" : one.reason));
  return by(byValue, (same) => JSON.stringify(same.map((one) => [one.record_id, one.reason])));
}

function by(list, key) {
  return [...Map.groupBy(list, key).values()];
}

/** Values with the records that have them. */
function said(values) {
  const [claims] = values;
  const [{ chosen, reason }] = claims;
  const why = chosen ? (WON[reason] ?? reason) : `not chosen: ${reason}`;
  return h(
    "div",
    { class: chosen ? "claim" : "claim lost" },
    icon(chosen ? "check" : "close"),
    h("div", {}, h("p", {}, h("span", { class: "wrap-any" }, values.map(([first]) => first.value ?? "Shown in part").join(" · ")), why && h("span", { class: "small soft" }, ` ${why}`)), h("ul", { class: "small soft" }, claims.map(record))),
  );
}

function record(one) {
  return h("li", {}, h("code", { class: "wrap-any" }, one.record_id), one.observed_at && h("span", { class: "nums" }, day(one.observed_at)));
}
