// What the workspace has, uses and answers from.

import { call } from "../api.js";
import { h } from "../dom.js";
import { card, head } from "../page.js";
import { empty, load } from "../states.js";
import { ago, count, day, label, minute, percent, plural } from "../words.js";

const SHOWN = 4;

/** The overview. */
export function page() {
  const figures = h("div", { class: "figures" });
  const chart = h("div");
  const dataset = h("div");
  const ask = () => Promise.all([call("GET", "/api/v1/me"), call("GET", "/api/v1/usage"), call("GET", "/api/health")]);
  load(
    figures,
    ask,
    ([me, usage, health]) => {
      chart.replaceChildren(usageCard(usage));
      dataset.replaceChildren(health.dataset ? datasetCard(health.dataset) : noDataset());
      return tiles(me, usage, health);
    },
  );
  return [head("Overview", "Credits, requests and the dataset that answers come from."), figures, chart, dataset];
}

function tiles(me, usage, health) {
  const { credits, rate_limit: rate } = usage;
  const asked = usage.daily.filter((one) => one.endpoint === "enrich" && (one.status === 200 || one.status === 404));
  const requests = sum(asked);
  const matched = sum(asked.filter((one) => one.status === 200));
  return [
    figure("Credits left", count(credits.remaining), ` of ${count(credits.limit)}`, credits.remaining / credits.limit, `Back to full on ${day(credits.resets_at)}`),
    figure("Requests this minute", count(rate.limit - rate.remaining), ` of ${count(rate.limit)}`, rate.remaining / rate.limit, "The allowance of this key"),
    figure("Match rate this month", requests ? percent(matched / requests) : "–", "", null, requests ? `${count(matched)} of ${plural(requests, "look-up", "look-ups")}` : "No look-ups yet"),
    figure("Plan", label(me.workspace.plan.name), "", null, me.workspace.plan.batch ? `Batches of up to ${count(me.workspace.plan.batch_size)}` : "Single look-ups and search", health.version),
  ];
}

function figure(title, value, more, share, note) {
  const meter = share !== null && h("div", { class: share < 0.1 ? "bar low" : "bar" }, h("i", { vars: { share: `${100 * share}%` } }));
  return h("section", { class: "card figure", "aria-label": title }, h("h2", { class: "small soft" }, title), h("p", { class: "value" }, value, more && h("small", {}, more)), meter, h("p", { class: "small soft" }, note));
}

function usageCard(usage) {
  if (!usage.daily.length) return card("Requests this month", empty("overview", "No requests yet", "Try a look-up or a search; each request appears here the moment it is answered."));
  const endpoints = ranked(usage.totals.by_endpoint).map(([name]) => name);
  const tone = (name) => `tone-${Math.min(endpoints.indexOf(name), SHOWN)}`;
  const days = monthDays(usage.credits.month);
  const byDay = new Map(days.map((one) => [one, usage.daily.filter((entry) => entry.day === one)]));
  const most = Math.max(...days.map((one) => sum(byDay.get(one))), 1);
  const columns = days.map((one) => {
    const entries = byDay.get(one);
    const parts = endpoints.map((name) => [name, sum(entries.filter((entry) => entry.endpoint === name))]).filter(([, number]) => number);
    const told = parts.map(([name, number]) => `${label(name)} ${number}`).join(", ");
    return h("div", { class: "day", title: `${day(one)}: ${told || "no requests"}` }, parts.map(([name, number]) => h("i", { class: tone(name), vars: { share: `${(100 * number) / most}%` } })));
  });
  const content = h(
    "div",
    { class: "body" },
    h(
      "figure",
      { class: "chart" },
      h("figcaption", { class: "row between" }, h("span", {}, h("b", { class: "nums" }, count(usage.totals.requests)), ` requests, ${plural(usage.totals.credits, "credit", "credits")}`), h("span", { class: "soft small nums" }, `up to ${count(most)} a day`)),
      h("div", { class: "plot", "aria-hidden": "true" }, columns),
      h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}, day(days[0])), h("span", {}, day(days.at(-1)))),
      h("div", { class: "legend" }, endpoints.slice(0, SHOWN).map((name) => h("span", { class: tone(name) }, label(name))), endpoints.length > SHOWN && h("span", { class: `tone-${SHOWN}` }, "Others")),
    ),
    h("div", { class: "columns" }, tally("By endpoint", "Endpoint", usage.totals.by_endpoint, label), tally("By status", "Status", usage.totals.by_status, statusWords)),
  );
  return card("Requests this month", content);
}

function tally(title, name, numbers, shown) {
  const rows = ranked(numbers).map(([one, number]) => h("tr", {}, h("td", {}, shown(one)), h("td", { class: "right" }, count(number))));
  return h("div", {}, h("table", {}, h("caption", { class: "unseen" }, title), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, name), h("th", { scope: "col", class: "right" }, "Requests"))), h("tbody", {}, rows)));
}

function datasetCard(dataset) {
  const counts = [["People", dataset.counts.people], ["Companies", dataset.counts.companies], ["Rejected rows", dataset.counts.rejects]].filter(([, number]) => Number.isFinite(number));
  return card(
    "Dataset",
    h(
      "div",
      { class: "body" },
      h("dl", { class: "facts" }, fact("Version", h("code", {}, dataset.version)), fact("Published", `${minute(dataset.published_at)} (${ago(dataset.published_at)})`), counts.map(([name, number]) => fact(name, count(number)))),
      dataset.sources.length > 0 && sources(dataset.sources),
    ),
  );
}

function sources(list) {
  const rows = list.map((one) => h("tr", {}, h("td", {}, one.source), h("td", { class: "soft" }, one.record === "company" ? "companies" : "people"), h("td", { class: "right" }, count(one.rows))));
  return h("div", { class: "table" }, h("table", {}, h("caption", { class: "unseen" }, "Sources"), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Source"), h("th", { scope: "col" }, "Rows are"), h("th", { scope: "col", class: "right" }, "Rows"))), h("tbody", {}, rows)));
}

function noDataset() {
  return card("Dataset", empty("docs", "No dataset yet", "Put source files in place and run leadspro refresh; the page notices by itself."));
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

const STATUS = { 200: "answered", 201: "created", 400: "invalid request", 401: "no key", 403: "refused", 404: "no match", 410: "cursor expired", 429: "rate limited", 503: "unavailable" };
const statusWords = (status) => (STATUS[status] ? `${status} ${STATUS[status]}` : status);
const sum = (entries) => entries.reduce((total, one) => total + one.requests, 0);
const ranked = (numbers) => Object.entries(numbers).sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));

function monthDays(month) {
  const [year, number] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`);
}
