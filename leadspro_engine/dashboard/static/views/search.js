// Who fits? People and companies by filters, page by page, with a drawer for each.

import { call, freshKey } from "../api.js";
import { codeBlock, curl, keyHint, python } from "../code.js";
import { csv, download } from "../csv.js";
import { button, fill, h } from "../dom.js";
import { choice, tabs, text, tokens } from "../fields.js";
import { table } from "../listing.js";
import { bringIn, head } from "../page.js";
import { companyCard, drawer, personCard, statusBadge } from "../profile.js";
import { busy, empty, failure, waiting } from "../states.js";
import { DEPARTMENTS, DETAILS, HEADCOUNTS, SENIORITIES, STATUSES } from "../vocabulary.js";
import { count, label, plural } from "../words.js";

const PLACE = [["country", "Country", { complete: "country", placeholder: "United States, DE…" }], ["region", "Region", { complete: "region" }], ["city", "City", { complete: "city" }]];
const NEAR = ["near", "Near a city", { placeholder: "Berlin 30 km" }];
const SINCE = ["updated_since", "Updated since", { placeholder: "2026-01-31" }];
const KINDS = {
  people: {
    path: "/api/v1/search/people",
    plain: "revops leaders in berlin using salesforce",
    fields: [
      ["keywords", "Anything", { placeholder: "words in any field" }],
      ["job_title", "Job title", { complete: "job_title", placeholder: "VP Sales, RevOps…" }],
      ["seniority", "Seniority", { suggestions: SENIORITIES }],
      ["department", "Department", { suggestions: DEPARTMENTS }],
      ["company", "Company", { complete: "company", placeholder: "name or domain" }],
      ...PLACE,
    ],
    more: [
      NEAR,
      ["domain", "Domain", { placeholder: "company.com" }],
      ["industry", "Industry", { complete: "industry" }],
      ["headcount", "Headcount", { suggestions: HEADCOUNTS }],
      ["skills", "Any of the skills", { complete: "skill" }],
      ["skills_all", "All of the skills", { complete: "skill" }],
      ["has", "Has", { suggestions: DETAILS }],
      SINCE,
    ],
    facets: ["seniority", "department", "company", "industry", "country", "city", "skills"],
    columns: ["Person", "Title", "Company", "Location"],
    row: ({ person, company }) => [
      [h("b", {}, person.full_name ?? "Name unknown"), h("span", { class: "sub clip" }, person.emails[0]?.address ?? "")],
      person.job_title ?? "",
      [company?.name ?? "", h("span", { class: "sub clip" }, company?.domain ?? "")],
      where(person.location),
    ],
    name: ({ person }) => person.full_name ?? "Person",
    show: ({ person, company }) => [personCard(person, { level: "h3" }), company && h("hr"), company && companyCard(company, { level: "h3" })],
    words: ["person", "people"],
    header: ["id", "full_name", "job_title", "department", "management_level", "emails", "phones", "linkedin_url", "city", "region", "country", "company", "company_domain"],
    cells: ({ person, company }) => [
      person.id, person.full_name, person.job_title, person.department, person.management_level, person.emails.map((one) => one.address),
      person.phones.map((one) => one.number), person.linkedin_url, person.location.city, person.location.region, person.location.country, company?.name, company?.domain,
    ],
  },
  companies: {
    path: "/api/v1/search/companies",
    plain: "software companies in germany with 51-200 employees",
    fields: [
      ["name", "Name", { complete: "company" }],
      ["domain", "Domain", { placeholder: "company.com" }],
      ["industry", "Industry", { complete: "industry", placeholder: "software, banking…" }],
      ["headcount", "Headcount", { suggestions: HEADCOUNTS, placeholder: "51-200, 500+" }],
      ["technology", "Technology", { complete: "technology", placeholder: "AWS, Salesforce…" }],
      ...PLACE,
      ["status", "Status", { suggestions: STATUSES }],
    ],
    more: [NEAR, ["technology_all", "All of the technologies", { complete: "technology" }], ["founded", "Founded", { placeholder: "2010-2015, 2015+" }], ["job_title", "Employs", { complete: "job_title", placeholder: "a job title" }], SINCE],
    facets: ["industry", "headcount", "country", "city", "status"],
    columns: ["Company", "Industry", "Headcount", "Location", "Status"],
    row: ({ company }) => [
      [h("b", {}, company.name ?? "Name unknown"), h("span", { class: "sub wrap-any" }, company.domain ?? "")],
      label(company.industry),
      company.headcount_range ?? "",
      where(company.location),
      statusBadge(company.status),
    ],
    name: ({ company }) => company.name ?? "Company",
    show: ({ company }) => companyCard(company, { level: "h3" }),
    words: ["company", "companies"],
    header: ["id", "name", "domain", "website", "industry", "headcount", "headcount_range", "technologies", "city", "region", "country", "status", "founded"],
    cells: ({ company }) => [
      company.id, company.name, company.domain, company.website, company.industry, company.headcount, company.headcount_range, company.technologies,
      company.location.city, company.location.region, company.location.country, company.status, company.founded,
    ],
  },
};
const SORTS = [["relevance", "Best first"], ["completeness", "Fullest first"], ["recency", "Newest first"]];
const SHOWN_VALUES = 5;
const CLOSED = new Set(["seniority", "department", "industry", "status"]);
const SIZES = [["10", "10"], ["25", "25"], ["50", "50"], ["100", "100"]];

/** The search page. */
export function page() {
  const place = h("div", { class: "stack" });
  const show = (name) => fill(place, searchFor(KINDS[name]));
  show("people");
  return [head("Search", "People and companies that fit: every field must, any value of a field may.", tabs("What to search for", [["people", "People"], ["companies", "Companies"]], "people", show)), place];
}

function searchFor(kind) {
  const made = ([name, title, { complete, ...options }]) => tokens(name, title, { ...options, complete: complete && completion(complete) });
  const usual = kind.fields.map(made);
  const rare = kind.more.map(made);
  const fields = [...usual, ...rare];
  const result = h("div", { class: "stack", "aria-live": "polite" }, nothingYet(kind));
  const submit = h("button", { type: "submit", class: "primary" }, "Search");
  const heard = h("p", { class: "small soft", "aria-live": "polite" });
  let last = "";
  const settings = h("div", { class: "fields" }, choice("sort", "Order", SORTS), choice("limit", "A page", SIZES));
  const others = h("details", {}, h("summary", {}, "More filters"), h("div", { class: "stack compact" }, rare.map((field) => field.element)));
  const form = h(
    "form",
    { class: "card", on: { submit: (event) => { event.preventDefault(); run(); } } },
    h(
      "div",
      { class: "body" },
      text("plain", "In your own words", { placeholder: kind.plain, maxlength: 200, wide: true }),
      heard,
      h("div", { class: "stack compact" }, usual.map((field) => field.element)),
      others,
      settings,
      h("div", { class: "actions" }, submit, button("Clear", clear, { kind: "quiet" })),
    ),
  );

  function clear() {
    for (const field of fields) field.write([]);
    form.elements.plain.value = last = "";
    fill(heard);
    fill(result, nothingYet(kind));
    form.querySelector("input").focus();
  }
  /** Fills the filters in with what the plain text asks for, and says what each part was taken for. */
  async function understand(said) {
    const answer = await call("POST", "/api/v1/understand", { body: { text: said, kind: kind.words[1] } });
    for (const field of fields) field.write(answer.filters[field.name] ?? []);
    if (rare.some((field) => field.name in answer.filters)) others.open = true;
    const taken = answer.parts.filter((part) => part.field).map((part) => `“${part.text}” as ${label(part.field).toLowerCase()}`);
    fill(heard, taken.length ? `Read ${taken.join(", ")}.` : "No word of it is known here.");
    last = said;
  }
  async function run() {
    const said = form.elements.plain.value.trim();
    try {
      if (said && said !== last) await busy(submit, () => understand(said));
    } catch (error) {
      if (error.status === undefined) throw error;
      fill(result, failure(error, { again: run }));
      return;
    }
    search();
  }
  function search() {
    const filters = Object.fromEntries(fields.map((field) => [field.name, field.read()]).filter(([, values]) => values.length));
    const body = { ...filters, sort: form.elements.sort.value, limit: Number(form.elements.limit.value), facets: kind.facets };
    const idempotencyKey = freshKey();
    busy(submit, () => next({ body, found: [], facets: null, idempotencyKey }));
  }
  function narrow(name, value) {
    const field = fields.find((one) => one.name === name);
    field.write([value]);
    if (rare.includes(field)) others.open = true;
    search();
  }
  async function next(asked) {
    const { body, found, idempotencyKey } = asked;
    if (!found.length) fill(result, h("div", { class: "card" }, waiting(6)));
    try {
      const answer = await call("POST", kind.path, { body, idempotencyKey });
      found.push(...answer.results);
      const facets = answer.facets ?? asked.facets;
      const { facets: _, ...rest } = body;
      const following = () => next({ body: { ...rest, cursor: answer.next_cursor }, found, facets, idempotencyKey: freshKey() });
      fill(result, found.length ? [facetCard(facets, narrow), listed(kind, rest, found, answer, following)] : nobody(kind));
      if (!body.cursor) bringIn(result, form);
    } catch (error) {
      if (error.status === undefined) throw error;
      const refusal = failure(error, { again: () => next(asked) });
      if (found.length) result.append(refusal);
      else fill(result, refusal);
    }
  }
  return h("div", { class: "split narrow" }, form, result);
}

/** Values of a field that begin as what was typed; nothing where they cannot be had. */
function completion(field) {
  return async (prefix) => {
    try {
      return (await call("POST", "/api/v1/autocomplete", { body: { field, prefix, limit: 8 } })).results;
    } catch (error) {
      if (error.status === undefined) throw error;
      return [];
    }
  };
}

/** The commonest values of the whole result with their counts; a press narrows the search to one. */
function facetCard(facets, narrow) {
  const known = Object.entries(facets ?? {}).filter(([, values]) => values.length > 1);
  if (!known.length) return null;
  const groups = known.map(([name, values]) => h(
    "section",
    { class: "stack tight", "aria-label": label(name) },
    h("h3", { class: "small soft" }, label(name)),
    h("ul", { class: "facet" }, values.slice(0, SHOWN_VALUES).map((one) => h("li", {}, h("button", { type: "button", class: "link wrap-any", on: { click: () => narrow(name, one.value) } }, CLOSED.has(name) ? label(one.value) : one.value), h("span", { class: "soft nums" }, count(one.count))))),
  ));
  return h("details", { class: "card folded facets", open: innerWidth > 900 }, h("summary", {}, h("h2", {}, "Narrow down")), h("div", { class: "body" }, groups));
}

function listed(kind, body, found, answer, next) {
  const { cursor, ...filters } = body;
  const more = button(`Show ${body.limit} more`, () => busy(more, next), { symbol: "next" });
  const total = answer.total.value;
  const title = h("h2", { class: "nums" }, plural(total, ...kind.words), h("span", { class: "soft small" }, found.length < total ? ` · ${count(found.length)} shown` : ""));
  const save = button("CSV", () => download(`${kind.words[1]}.csv`, csv(kind.header, found.map(kind.cells))), { symbol: "down", kind: "tiny", title: "Save the rows shown as CSV" });
  const code = button("Code", () => drawer("The same by program", h("h3", {}, "curl"), codeBlock(curl("POST", kind.path, filters), "the curl command"), h("h3", {}, "Python"), codeBlock(python("POST", kind.path, filters), "the Python program"), keyHint()), { kind: "tiny" });
  return [
    h(
      "section",
      { class: "card appear", "aria-label": "Results" },
      h("header", {}, title, h("div", { class: "actions" }, save, code)),
      table(kind.columns, found.map((one) => row(kind, one)), "even"),
    ),
    answer.limited_by_credits && h("p", { class: "small soft" }, "The page is shorter than asked for: the month's credits are used up."),
    answer.next_cursor && h("div", { class: "actions" }, more),
  ];
}

function row(kind, one) {
  const open = () => drawer(kind.name(one), kind.show(one));
  const cells = kind.row(one).map((content, index) => {
    const shown = index === 0 ? h("button", { type: "button", class: "link", on: { click: (event) => { event.stopPropagation(); open(); } } }, content[0]) : content;
    return h("td", { data: { label: kind.columns[index] }, class: index === 0 ? "lead" : "" }, index === 0 ? [shown, content[1]] : shown);
  });
  return h("tr", { class: "opens", on: { click: () => { if (!getSelection().toString()) open(); } } }, cells);
}

function where(location) {
  const [first, ...rest] = [location.city, location.region, location.country].filter(Boolean);
  const country = location.city || location.region ? location.country : null;
  return [first ?? "", rest.length > 0 && country !== first && h("span", { class: "sub" }, country)];
}

function nobody(kind) {
  return h("div", { class: "card" }, empty("search", `No ${kind.words[1]} fit`, "Every field must fit. Take one away, or add more values to a field: any of them may."));
}

function nothingYet(kind) {
  const price = kind === KINDS.people ? "One credit for each person shown." : "Searching companies is free.";
  return h("div", { class: "card" }, empty("search", kind === KINDS.people ? "Which people?" : "Which companies?", `Fill in at least one field and press Enter. ${price}`));
}
