// A file of people, enriched in the background: dropped, looked at, started, followed, taken away.

import { call, DEMO_KEY, freshKey, key } from "../api.js";
import { button, fill, h, icon } from "../dom.js";
import { listing } from "../listing.js";
import { head } from "../page.js";
import { busy, empty, failure, waiting } from "../states.js";
import { ago, count, percent } from "../words.js";
import { job, PATH, stateBadge } from "./job.js";

const MEDIA = { csv: "text/csv", txt: "text/csv", tsv: "text/tab-separated-values", tab: "text/tab-separated-values", jsonl: "application/x-ndjson", ndjson: "application/x-ndjson" };
const LONGEST_NAME = 100;

const SAMPLE = `Name,Work e-mail,Phone,LinkedIn,Note
Amanda Reeves,amanda@northpeak.io,,,met at the fair
Marcus Bell,,+1 415 555 0106,,call back
Priya Shah,,,priya-shah-growth,"asked for prices, twice"
Nobody Known,nobody@example.com,,,=1+1
`;

/** The page of files; of one file when the address names its job. */
export function page({ me, query }) {
  return query.get("id") ? job(query.get("id")) : files(me?.workspace.plan.job_rows);
}

function files(most) {
  const list = listing("Files", ["File", "State", "Rows", "Matched", "Credits", "Uploaded"], {
    ask: (cursor) => call("GET", PATH, { query: { limit: 20, cursor } }),
    row,
    nothing: () => empty("jobs", "No files yet", "Drop one above: nothing is spent before you have seen what it will cost."),
  });
  list.reload();
  return [head("CSV enrichment", "A whole file at once: your columns stay as they are, what is found stands beside them."), dropZone(most), list.element];
}

function dropZone(most) {
  const told = h("div", { "aria-live": "polite" });
  const input = h("input", { type: "file", id: "file", class: "unseen", accept: Object.keys(MEDIA).map((one) => `.${one}`).join(), on: { change: () => take(input.files[0]) } });
  const zone = h(
    "label",
    { class: "drop", for: "file" },
    icon("up"),
    h("b", {}, "Drop a file here, or choose one"),
    h("span", { class: "small soft" }, "CSV, TSV or JSON lines with a header", most > 0 && `, up to ${count(most)} rows`, ". E-mails, phones, LinkedIn profiles, or names with companies."),
  );
  const shared = key.get() === DEMO_KEY && h("div", { class: "row between small soft" }, h("span", {}, "Everybody who uses the demo sees these files, for a day at most: bring invented people only."), button("Try a sample file", () => take(new File([SAMPLE], "sample.csv")), { kind: "tiny" }));
  for (const event of ["dragenter", "dragover"]) zone.addEventListener(event, (moved) => { moved.preventDefault(); zone.classList.add("over"); });
  for (const event of ["dragleave", "drop"]) zone.addEventListener(event, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (dropped) => { dropped.preventDefault(); take(dropped.dataTransfer.files[0]); });

  function take(file) {
    if (!file) return;
    const media = MEDIA[file.name.split(".").at(-1).toLowerCase()];
    input.value = "";
    if (media) busy(zone, () => upload(file, media, freshKey()));
    else fill(told, failure({ code: "unsupported_media_type", title: "This kind of file is not read", detail: `“${file.name}” is not a .csv, .tsv or .jsonl file. Save the sheet as CSV first.` }, { mild: true }));
  }
  async function upload(file, media, idempotencyKey) {
    fill(told, h("div", { class: "card" }, h("p", { class: "body soft" }, `Reading “${file.name}”, ${size(file.size)}…`), waiting(2)));
    try {
      const name = file.name.slice(0, LONGEST_NAME);
      const answer = await call("POST", PATH, { file, media, query: { name }, idempotencyKey });
      location.hash = `#/jobs?id=${encodeURIComponent(answer.job.id)}`;
    } catch (error) {
      if (error.status === undefined) throw error;
      fill(told, failure(error, { again: () => upload(file, media, idempotencyKey) }));
    }
  }
  return h("div", { class: "stack" }, h("div", { class: "drop-place" }, input, zone), shared, told);
}

function row(one) {
  const address = `#/jobs?id=${encodeURIComponent(one.id)}`;
  const share = one.done > 0 && h("span", { class: "sub nums" }, percent(one.matched / one.done));
  const running = (one.status === "queued" || one.status === "running") && h("span", { class: "sub nums" }, percent(one.progress));
  return h(
    "tr",
    { class: "opens", on: { click: (event) => { if (!event.target.closest("a") && !getSelection().toString()) location.hash = address; } } },
    h("td", { class: "lead wrap-any" }, h("a", { href: address }, one.name)),
    h("td", { data: { label: "State" } }, stateBadge(one.status), running),
    h("td", { data: { label: "Rows" }, class: "nums" }, count(one.rows)),
    h("td", { data: { label: "Matched" }, class: "nums" }, one.started_at ? count(one.matched) : "–", share),
    h("td", { data: { label: "Credits" }, class: "nums" }, count(one.credits)),
    h("td", { data: { label: "Uploaded" } }, ago(one.created_at)),
  );
}

function size(bytes) {
  return bytes < 1_000_000 ? `${count(Math.ceil(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
