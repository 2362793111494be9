// Who are these? Many look-ups at once, one a line or as JSON, with a result for each.

import { call, freshKey } from "../api.js";
import { jsonBlock } from "../code.js";
import { csv, download } from "../csv.js";
import { button, fill, h } from "../dom.js";
import { table } from "../listing.js";
import { bringIn, head } from "../page.js";
import { drawer } from "../profile.js";
import { busy, empty, failure, waiting } from "../states.js";
import { count, label, plural, sure } from "../words.js";
import { personDrawer } from "./candidates.js";

const PATH = "/api/v1/enrich/batch";
const SAMPLE = "amanda@northpeak.io\n+1 415 555 0106\npriya-shah-growth\nnobody@example.com";
const KINDS = { matched: "good", no_match: "", invalid: "bad", quota_exceeded: "warn" };
const HEADER = ["input", "status", "likelihood", "id", "full_name", "job_title", "email", "phone", "linkedin_url", "company", "domain", "country"];

/** The batch page. */
export function page() {
  const told = h("p", { class: "hint", "aria-live": "polite" });
  const area = h("textarea", { id: "lines", spellcheck: "false", placeholder: SAMPLE, rows: "11", "aria-describedby": "lines-hint", on: { input: tellKinds, keydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(); } } });
  const submit = button("Look up all", () => run(), { kind: "primary" });
  const result = h("div", { class: "stack", "aria-live": "polite" }, nothingYet());
  const form = h(
    "section",
    { class: "card", "aria-label": "Input" },
    h(
      "div",
      { class: "body" },
      h("div", {}, h("label", { for: "lines" }, "One a line, or a JSON array"), area, h("p", { class: "hint", id: "lines-hint" }, "An e-mail, a phone number, a LinkedIn profile, or “Name, company”. Ctrl + Enter runs it."), told),
      h("div", { class: "actions" }, submit, button("Put in a sample", () => { area.value = SAMPLE; tellKinds(); area.focus(); }, { kind: "quiet" })),
    ),
  );

  function tellKinds() {
    try {
      const kinds = {};
      for (const item of parse(area.value)) kinds[kindOf(item)] = (kinds[kindOf(item)] ?? 0) + 1;
      const parts = Object.entries(kinds).map(([kind, number]) => `${number} × ${kind.split(" + ").map(label).join(" and ")}`);
      told.textContent = parts.length ? `Understood: ${parts.join(", ")}.` : "";
    } catch (problem) {
      told.textContent = problem.message;
    }
  }
  function run() {
    let items = [];
    try {
      items = parse(area.value);
    } catch (problem) {
      fill(result, failure({ code: "invalid_request", title: "This is not the JSON of a list", detail: problem.message, errors: [] }, { mild: true }));
    }
    if (items.length) ask(items, items.map((_, index) => index), []);
    else area.focus();
  }
  function ask(items, wanted, before) {
    const idempotencyKey = freshKey();
    const body = { items: wanted.map((index) => items[index]), explain: true };
    const attempt = async () => {
      fill(result, h("div", { class: "card" }, waiting(6)));
      try {
        const answer = await call("POST", PATH, { body, idempotencyKey });
        const merged = [...before];
        answer.results.forEach((one, position) => { merged[wanted[position]] = one; });
        fill(result, listed(items, merged, answer, (again) => ask(items, again, merged)));
        bringIn(result, form);
      } catch (error) {
        if (error.status === undefined) throw error;
        fill(result, failure(error, { again: () => busy(submit, attempt) }));
      }
    };
    busy(submit, attempt);
  }
  return [head("Batch", "Many look-ups at once; every line gets its own answer, in its own place."), h("div", { class: "split" }, form, result)];
}

/** Lines or JSON as queries. */
export function parse(text) {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    let value;
    try {
      value = JSON.parse(trimmed);
    } catch (problem) {
      throw new Error(`The text begins like JSON but is not: ${problem.message}`);
    }
    return Array.isArray(value) ? value : (value.items ?? [value]);
  }
  return trimmed.split(/\r?\n/).map((line) => line.trim()).filter(Boolean).map(readLine);
}

function readLine(line) {
  if (/^[^\s@,;]+@[^\s@,;]+$/.test(line)) return { email: line };
  if (/linkedin\.com\//i.test(line)) return { linkedin: line };
  if (/^\+?[\d\s().\-/]{6,}$/.test(line)) return { phone: line };
  const [name, ...rest] = line.split(/\s*[,;\t]\s*/);
  const where = rest.join(", ");
  if (where) return /^[\w-]+(\.[\w-]+)+$/.test(where) ? { name, domain: where } : { name, company: where };
  return /\s/.test(line) ? { name: line } : { linkedin: line };
}

function kindOf(item) {
  return Object.keys(item ?? {}).filter((name) => name !== "id" && name !== "metadata").join(" + ") || "blank";
}

function listed(items, results, answer, retry) {
  const failed = results.map((one, index) => [one, index]).filter(([one]) => one.status === "quota_exceeded" || one.status === "invalid").map(([, index]) => index);
  const matched = results.filter((one) => one.status === "matched").length;
  const tally = Object.entries(Object.groupBy(results, (one) => one.status)).map(([status, some]) => h("span", { class: `badge ${KINDS[status]}` }, `${count(some.length)} ${label(status).toLowerCase()}`));
  const save = button("CSV", () => download("batch.csv", csv(HEADER, results.map((one, index) => cells(items[index], one)))), { symbol: "down", kind: "tiny", title: "Save the results as CSV" });
  const again = failed.length > 0 && button(`Retry ${count(failed.length)} that failed`, () => retry(failed), { symbol: "again", kind: "tiny" });
  return [
    h(
      "section",
      { class: "card appear", "aria-label": "Results" },
      h("header", {}, h("h2", { class: "nums" }, `${count(matched)} of ${count(results.length)} matched`), h("div", { class: "actions" }, again, save, button("JSON", () => drawer("The answer as JSON", jsonBlock(answer)), { kind: "tiny" }))),
      table(["Input", "Result", "Person", "Company"], results.map((one, index) => row(items[index], one)), "even wide-first"),
    ),
    h("div", { class: "row between small soft" }, h("div", { class: "row" }, tally), h("span", {}, plural(answer.meta.credits_used, "credit", "credits"), " · ", h("code", { class: "wrap-any" }, answer.meta.request_id))),
  ];
}

function row(item, one) {
  const open = () => personDrawer(one);
  const problem = one.error && h("span", { class: "sub wrap-any" }, [one.error.field, one.error.detail].filter(Boolean).join(": "));
  const likely = one.match && h("span", { class: "sub nums" }, sure(one.match.likelihood));
  const who = one.person && [h("button", { type: "button", class: "link", on: { click: (event) => { event.stopPropagation(); open(); } } }, one.person.full_name ?? "Name unknown"), h("span", { class: "sub" }, one.person.job_title ?? "")];
  return h(
    "tr",
    { class: one.person ? "opens" : "", on: one.person ? { click: open } : {} },
    h("td", { class: "lead wrap-any" }, inputLine(item)),
    h("td", { data: { label: "Result" } }, h("span", { class: `badge ${KINDS[one.status]}` }, label(one.status)), likely, problem),
    h("td", one.person ? { data: { label: "Person" } } : {}, who),
    h("td", one.company ? { data: { label: "Company" } } : {}, one.company && [one.company.name ?? "", h("span", { class: "sub clip" }, one.company.domain ?? "")]),
  );
}

function inputLine(item) {
  if (item === null || typeof item !== "object") return JSON.stringify(item);
  return Object.entries(item).filter(([name]) => name !== "metadata").map(([, value]) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ") || "{}";
}

function cells(item, one) {
  const { person, company } = one;
  return [inputLine(item), one.status, one.match?.likelihood, person?.id, person?.full_name, person?.job_title, person?.emails[0]?.address, person?.phones[0]?.number, person?.linkedin_url, company?.name, company?.domain, person?.location.country];
}

function nothingYet() {
  return h("div", { class: "card" }, empty("batch", "Nothing looked up yet", "Paste a column of a spreadsheet. Only lines that match cost a credit, and one bad line never stops the others."));
}
