// What the workspace has, uses and answers from.

import { call } from "../api.js";
import { h } from "../dom.js";
import { card, figure, head } from "../page.js";
import { empty, load } from "../states.js";
import { ago, count, day, label, minute, percent, plural } from "../words.js";
import { daysCard, sum } from "./chart.js";

const DAYS = 30;
const DAY_MS = 86_400_000;

/** The overview. */
export function page({ me }) {
  const place = h("div", { class: "stack wide" });
  load(place, ask, ({ now, daily, days, health }) => [
    h("div", { class: "figures" }, tiles(me?.workspace.plan, now, daily)),
    h("div", { class: "pair" }, daysCard(days, daily), health.dataset ? datasetCard(health.dataset) : noDataset()),
  ], { lines: 6 });
  return [head("Overview", "Credits, requests and the dataset that answers come from."), place];
}

/** Everything the page shows; the last thirty days lie in one, two or three months. */
async function ask() {
  const days = lastDays(Date.now());
  const months = [...new Set(days.map((one) => one.slice(0, 7)))];
  const usage = (month) => call("GET", "/api/v1/usage", { query: { month } });
  const [health, now, ...before] = await Promise.all([call("GET", "/api/health"), usage(months.at(-1)), ...months.slice(0, -1).map(usage)]);
  const daily = [...before, now].flatMap((one) => one.daily).filter((one) => one.day >= days[0]);
  return { health, now, days, daily };
}

function lastDays(now) {
  return Array.from({ length: DAYS }, (_, index) => new Date(now - (DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10));
}

function tiles(plan, usage, daily) {
  const { credits, rate_limit: rate } = usage;
  const asked = daily.filter((one) => one.endpoint === "enrich" && (one.status === 200 || one.status === 404));
  const requests = sum(asked);
  const matched = sum(asked.filter((one) => one.status === 200));
  const more = plan && [plan.batch && `batches of ${count(plan.batch_size)}`, plan.job_rows && `files of ${count(plan.job_rows)} rows`].filter(Boolean).join(", ");
  return [
    figure("Credits left", count(credits.remaining), ` of ${count(credits.limit)}`, credits.remaining / credits.limit, `${count(credits.used)} used; back to full on ${day(credits.resets_at)}`),
    figure("Requests this minute", count(rate.limit - rate.remaining), ` of ${count(rate.limit)}`, rate.remaining / rate.limit, "The allowance of this key; the bar is what is left"),
    figure("Match rate", requests ? percent(matched / requests) : "–", "", null, requests ? `${count(matched)} of ${plural(requests, "look-up", "look-ups")} in 30 days` : "No look-ups in 30 days"),
    figure("Plan", label(plan?.name), "", null, more ? `With ${more}` : "Single look-ups and search"),
  ];
}

function datasetCard(dataset) {
  const counts = [["People", dataset.counts.people], ["Companies", dataset.counts.companies], ["Rejected rows", dataset.counts.rejects]].filter(([, number]) => Number.isFinite(number));
  return card(
    "Dataset",
    [
      h("div", { class: "body" }, h("dl", { class: "facts" }, fact("Published", `${ago(dataset.published_at)} (${minute(dataset.published_at)})`), fact("Version", h("code", { class: "small wrap-any" }, dataset.version)), counts.map(([name, number]) => fact(name, h("span", { class: "nums" }, count(number)))))),
      dataset.sources.length > 0 && sources(dataset.sources),
    ],
  );
}

function sources(list) {
  const rows = list.map((one) => h("tr", {}, h("td", { class: "wrap-any" }, one.source), h("td", { class: "soft" }, one.record === "company" ? "companies" : "people"), h("td", { class: "right" }, count(one.rows))));
  return h("table", { class: "dense" }, h("caption", { class: "unseen" }, "Sources"), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Source"), h("th", { scope: "col" }, "Rows are"), h("th", { scope: "col", class: "right" }, "Rows"))), h("tbody", {}, rows));
}

function noDataset() {
  return card("Dataset", empty("docs", "No dataset yet", "Put source files in place and run leadspro refresh; the page notices by itself."));
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}
