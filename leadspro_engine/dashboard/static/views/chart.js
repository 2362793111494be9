// The last thirty days as stacked columns, by endpoint or by status.

import { fill, h } from "../dom.js";
import { tabs } from "../fields.js";
import { card } from "../page.js";
import { empty } from "../states.js";
import { count, day, label, plural } from "../words.js";

const SHOWN = 4;
const STATUS = { 200: "answered", 201: "created", 400: "invalid request", 401: "no key", 403: "refused", 404: "no match", 409: "in progress", 410: "cursor expired", 422: "key used again", 429: "rate limited", 503: "unavailable" };
const WAYS = {
  endpoint: { of: (one) => one.endpoint, words: label, name: "Endpoint" },
  status: { of: (one) => String(one.status), words: (status) => (STATUS[status] ? `${status} ${STATUS[status]}` : status), name: "Status" },
};

/** How many requests some counts stand for. */
export const sum = (entries) => entries.reduce((total, one) => total + one.requests, 0);

/** The card of the days' counts. `daily` holds counts by day, endpoint, key and status. */
export function daysCard(days, daily) {
  if (!daily.length) return card("Last 30 days", empty("overview", "No requests yet", "Try a look-up or a search; each request appears here the moment it is answered."));
  const place = h("div", { class: "body" });
  const show = (way) => fill(place, drawn(days, daily, WAYS[way]));
  show("endpoint");
  return card("Last 30 days", place, tabs("Columns by", [["endpoint", "By endpoint"], ["status", "By status"]], "endpoint", show));
}

function drawn(days, daily, { of, words, name }) {
  const groups = ranked(daily, of);
  const names = groups.map(([one]) => one);
  const tone = (one) => `tone-${Math.min(names.indexOf(one), SHOWN)}`;
  const byDay = new Map(days.map((one) => [one, daily.filter((entry) => entry.day === one)]));
  const most = Math.max(...days.map((one) => sum(byDay.get(one))), 1);
  const columns = days.map((one) => {
    const parts = names.map((group) => [group, sum(byDay.get(one).filter((entry) => of(entry) === group))]).filter(([, number]) => number);
    const told = parts.map(([group, number]) => `${words(group)} ${count(number)}`).join(", ");
    return h("div", { class: "day", title: `${day(one)}: ${told || "no requests"}` }, parts.map(([group, number]) => h("i", { class: tone(group), vars: { share: `${(100 * number) / most}%` } })));
  });
  const credits = daily.reduce((total, one) => total + one.credits, 0);
  return [
    h(
      "figure",
      { class: "chart" },
      h("figcaption", { class: "row between" }, h("span", {}, h("b", { class: "nums" }, count(sum(daily))), ` ${sum(daily) === 1 ? "request" : "requests"}, ${plural(credits, "credit", "credits")}`), h("span", { class: "soft small nums" }, `up to ${count(most)} a day`)),
      h("div", { class: "plot", "aria-hidden": "true" }, columns),
      h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}, day(days[0])), h("span", {}, day(days.at(-1)))),
    ),
    tally(name, groups, words, tone),
  ];
}

/** The groups with their requests: the legend of the chart, and what it says for those who do not see it. */
function tally(name, groups, words, tone) {
  const rows = groups.map(([one, requests, credits]) => h("tr", {}, h("td", {}, h("span", { class: `swatch ${tone(one)}` }), words(one)), h("td", { class: "right" }, count(requests)), h("td", { class: "right" }, count(credits))));
  const head = h("tr", {}, h("th", { scope: "col" }, name), h("th", { scope: "col", class: "right" }, "Requests"), h("th", { scope: "col", class: "right" }, "Credits"));
  return h("table", { class: "dense" }, h("caption", { class: "unseen" }, `Requests by ${name.toLowerCase()}`), h("thead", {}, head), h("tbody", {}, rows));
}

function ranked(daily, of) {
  const groups = new Map();
  for (const one of daily) {
    const [requests, credits] = groups.get(of(one)) ?? [0, 0];
    groups.set(of(one), [requests + one.requests, credits + one.credits]);
  }
  return [...groups].map(([name, [requests, credits]]) => [name, requests, credits]).sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}
