// One file: its columns and dry run before it is started, its progress while it runs, its result after.

import { call, fetchFile, freshKey } from "../api.js";
import { save } from "../csv.js";
import { button, fill, h, notice } from "../dom.js";
import { table } from "../listing.js";
import { card, figure, head } from "../page.js";
import { box } from "../profile.js";
import { busy, failure, load } from "../states.js";
import { QUERY_FIELDS } from "../vocabulary.js";
import { ago, count, label, percent, plural } from "../words.js";

export const PATH = "/api/v1/jobs";
const STATES = { ready: "", queued: "warn", running: "warn", done: "good", failed: "bad", cancelled: "", deleted: "" };
const WORDS = { ready: "Not started", queued: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled", deleted: "Deleted" };
const EVERY_MS = 700;
const SHOWN_REJECTS = 20;

/** How far a job is. */
export function stateBadge(status) {
  return h("span", { class: `badge status-dot ${STATES[status]}` }, WORDS[status] ?? status);
}

/** The page of one job; it follows the job until it is over. */
export function job(id) {
  const path = `${PATH}/${encodeURIComponent(id)}`;
  const title = h("h1", {}, "File");
  const place = h("div", { class: "stack" });
  const refresh = () => load(place, () => call("GET", path), draw, { lines: 8 });
  const doing = { path, show: (answer) => fill(place, draw(answer)), refresh };
  refresh();

  function draw(answer) {
    title.textContent = answer.job.name;
    if (answer.job.status === "ready") return ready(answer, doing);
    if (answer.job.status === "queued" || answer.job.status === "running") return running(answer, doing);
    return over(answer, doing);
  }
  return [h("header", { class: "page-head" }, h("div", {}, h("a", { href: "#/jobs", class: "small" }, "All files"), title)), place];
}

/** Run a task of a button; a refusal is shown in the place of problems. */
function task(name, run, { place, ...look }) {
  const attempt = async () => {
    try {
      fill(place);
      await run();
    } catch (error) {
      if (error.status === undefined) throw error;
      fill(place, failure(error, { again: () => busy(control, attempt) }));
    }
  };
  const control = button(name, () => busy(control, attempt), look);
  return control;
}

function ready({ job: one, report, credits }, { path, show }) {
  const problems = h("div");
  const idempotencyKey = freshKey();
  const again = task("Look again", async () => show(await call("PATCH", path, { body: { columns: chosen(), min_likelihood: Number(floor.value) / 100 } })), { place: problems, hidden: true, symbol: "again" });
  const start = task(`Enrich ${plural(one.rows, "row", "rows")}`, async () => show(await call("POST", `${path}/start`, { body: {}, idempotencyKey })), { place: problems, kind: "primary" });
  const drop = task("Discard", async () => { await call("DELETE", path); await call("DELETE", path); location.hash = "#/jobs"; }, { place: problems, kind: "quiet" });
  const changed = () => { again.hidden = false; start.disabled = true; };
  const selects = report.columns.map((column) => h("select", { "aria-label": `Meaning of the column ${column.column}`, on: { change: changed } }, [["", "not used"], ...QUERY_FIELDS.map((name) => [name, label(name)])].map(([value, shown]) => h("option", { value, selected: value === (column.field ?? "") }, shown))));
  const floorShown = h("b", { class: "nums" }, percent(report.min_likelihood));
  const floor = h("input", { type: "range", id: "floor", min: "0", max: "100", step: "5", value: String(Math.round(100 * report.min_likelihood)), on: { input: () => { floorShown.textContent = `${floor.value} %`; changed(); } } });
  const rows = report.columns.map((column, index) => h("tr", {}, h("td", { class: "lead wrap-any" }, h("b", {}, column.column)), h("td", { data: { label: "Means" } }, selects[index]), h("td", { data: { label: "Examples" }, class: "small soft wrap-any" }, column.examples.join(" · "))));

  function chosen() {
    return Object.fromEntries(report.columns.map((column, index) => [column.column, selects[index].value]).filter(([, field]) => field));
  }
  return [
    dryRun(report, credits),
    card("Columns", [table(["Column", "Means", "Examples"], rows, "level"), h("div", { class: "body" }, h("div", {}, h("label", { for: "floor", class: "row between" }, h("span", {}, "Count as a match only when at least this likely"), floorShown), floor))]),
    problems,
    h("div", { class: "actions" }, start, again, drop),
    rejected(report),
  ];
}

function dryRun(report, credits) {
  const { sample } = report;
  const short = credits.expected > credits.remaining;
  return h(
    "div",
    { class: "figures" },
    figure("Likely to match", percent(sample.match_rate, sample.match_rate > 0.99 && sample.match_rate < 1 ? 1 : 0), "", null, `${count(sample.matched)} of ${plural(sample.rows, "row", "rows")} tried, for nothing`),
    figure("Credits expected", count(credits.expected), ` of ${count(credits.remaining)} left`, null, short ? "More than is left: the last matches will not be shown" : `At most ${count(credits.at_most)}`),
    figure("Ask the same twice", count(report.duplicates), report.duplicates === 1 ? " row" : " rows", null, "Each match costs, repeated ones too"),
    figure("Cannot be read", count(report.rejected), report.rejected === 1 ? " row" : " rows", null, report.rejected ? "Left out; the reasons are below" : "Every row was read"),
  );
}

function rejected(report) {
  if (!report.rejected) return null;
  const rows = report.rejects.slice(0, SHOWN_REJECTS).map((one) => h("tr", {}, h("td", { data: { label: "Line" }, class: "nums" }, count(one.line)), h("td", { data: { label: "Why" }, class: "wrap-any" }, one.reason)));
  const more = report.rejected - rows.length;
  return card("Rows that cannot be read", [table(["Line", "Why"], rows), more > 0 && h("p", { class: "body small soft" }, `and ${count(more)} more`)]);
}

function running({ job: one }, { path, show, refresh }) {
  const problems = h("div");
  const meter = h("i", { vars: { share: `${100 * one.progress}%` } });
  const bar = h("div", { class: "bar thick", role: "progressbar", "aria-label": "Rows answered", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.round(100 * one.progress)) }, meter);
  const told = h("p", { class: "nums" });
  const cancel = task("Cancel", async () => show(await call("DELETE", `${path}?keep_finished=true`)), { place: problems, kind: "danger" });
  const state = h("span");
  const element = card("Enriching", h("div", { class: "body" }, told, bar, h("p", { class: "small soft" }, "It goes on when you leave this page, and after a restart of the server where it stood."), h("div", { class: "actions" }, cancel), problems), state);

  function draw(now) {
    fill(state, stateBadge(now.status));
    meter.style.setProperty("--share", `${100 * now.progress}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(100 * now.progress)));
    fill(told, h("b", {}, percent(now.progress)), ` · ${count(now.done)} of ${plural(now.rows, "row", "rows")}, ${count(now.matched)} matched, ${plural(now.credits, "credit", "credits")}`);
  }
  async function follow() {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    if (!element.isConnected) return;
    try {
      const answer = await call("GET", path);
      if (!element.isConnected) return;
      if (answer.job.status === "queued" || answer.job.status === "running") { draw(answer.job); follow(); } else show(answer);
    } catch (error) {
      if (error.status === undefined) throw error;
      if (element.isConnected) fill(problems, failure(error, { again: refresh }));
    }
  }
  draw(one);
  follow();
  return element;
}

function over({ job: one, report, credits }, { path, show }) {
  const problems = h("div");
  const stem = one.name.replace(/\.\w+$/, "");
  const take = (name, format, kind) => task(name, async () => save(`${stem}-enriched.${format === "jsonl" ? "jsonl" : "csv"}`, await fetchFile(`${path}/result`, { format })), { place: problems, symbol: "down", kind });
  const gone = one.status === "deleted";
  const stopped = one.status === "cancelled" || one.status === "failed";
  const left = one.rows - one.done;
  const verb = one.started_at ? `Resume: ${plural(left, "row", "rows")} left` : "Take it up again";
  const resume = stopped && task(verb, async () => show(await call("POST", `${path}/resume`, { body: {} })), { place: problems, symbol: "again", kind: "primary" });
  const some = !gone && one.done > 0;
  const remove = !gone && button("Delete", () => removal(one, path), { kind: "quiet" });
  return [
    h(
      "div",
      { class: "figures" },
      figure("Matched", count(one.matched), ` of ${count(one.done)}`, one.done ? one.matched / one.done : null, one.done ? percent(one.matched / one.done, 1) : "No row was answered yet"),
      figure("No match", count(one.no_match), "", null, "Free"),
      figure("Nothing to go by", count(one.invalid), "", null, "No e-mail, phone, profile or name in the row"),
      figure("Credits", count(one.credits), "", null, one.quota_exceeded ? `${count(one.quota_exceeded)} matched when no credit was left` : "One for each match"),
    ),
    card(
      gone ? "Deleted" : stopped ? "Not finished" : "The result",
      h(
        "div",
        { class: "body" },
        one.problem && h("p", { class: "wrap-any" }, one.problem),
        stopped && one.started_at && h("p", {}, "Resumed, it goes on where it stood: about ", plural(credits.expected, "credit", "credits"), " for what is left, nothing again for what was paid for."),
        some && h("p", { class: "soft" }, "Every row in its order, your columns untouched, new ones that begin with ", h("code", {}, "lp_"), " beside them. In the spreadsheet form a cell that would run as a formula begins with an apostrophe."),
        gone && h("p", { class: "soft" }, "Its files are gone; the numbers stay for the record."),
        h("div", { class: "actions" }, resume, some && [take("For a spreadsheet", "csv", stopped ? "" : "primary"), take("CSV, cells as they are", "raw"), take("JSON lines", "jsonl")], remove),
        problems,
      ),
      stateBadge(one.status),
    ),
    h("p", { class: "small soft" }, `${plural(one.done, "row", "rows")} answered of ${count(one.rows)}, finished ${ago(one.finished_at)}`, one.dataset_version && [" from ", h("code", { class: "wrap-any" }, one.dataset_version)], "."),
    rejected(report),
  ];
}

function removal(one, path) {
  const problems = h("div");
  const sure = task("Delete the file", async () => { await call("DELETE", path); element.close(); notice("Deleted"); location.hash = "#/jobs"; }, { place: problems, kind: "danger" });
  const element = box(`Delete ${one.name}`, h("p", {}, "The file and its result are removed. What it cost stays in the history."), problems, h("div", { class: "actions" }, sure, button("Keep it", () => element.close(), { kind: "quiet" })));
}
