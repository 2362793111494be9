// Who it may be: candidates to choose from, who came near, and what an answer would hold.

import { h, icon } from "../dom.js";
import { origins } from "../lineage.js";
import { table } from "../listing.js";
import { card } from "../page.js";
import { companyCard, drawer, personCard } from "../profile.js";
import { likelihood, marks, waterfall } from "../reasons.js";
import { empty } from "../states.js";
import { label, plural, sure } from "../words.js";

/** A person in a drawer, with how likely they are, why, and where their fields come from. */
export function personDrawer({ person, company, match, lineage }) {
  const fields = Object.entries(lineage ?? {});
  return drawer(
    person.full_name ?? "Person",
    likelihood(match),
    personCard(person, { level: "h3" }),
    company && [h("hr"), companyCard(company, { level: "h3" })],
    match.explain && [h("hr"), h("h3", {}, "Reasons"), waterfall(match.explain)],
    fields.length > 0 && [h("hr"), h("h3", {}, "Where it comes from"), origins(fields)],
  );
}

/** Everybody whom a query may mean, the likeliest first. */
export function candidates(answer) {
  if (!answer.candidates.length) return h("div", { class: "card" }, empty("lookup", "Nobody comes into question", "Not even from far. Add what else you know of them. Nothing was charged."));
  return card(plural(answer.candidates.length, "candidate", "candidates"), table(["Person", "Likelihood", "Company", "For and against"], answer.candidates.map(candidate), "even"));
}

function candidate(one) {
  const open = () => personDrawer(one);
  return h(
    "tr",
    { class: "opens", on: { click: open } },
    h("td", { class: "lead" }, h("button", { type: "button", class: "link", on: { click: (event) => { event.stopPropagation(); open(); } } }, one.person.full_name ?? "Name unknown"), h("span", { class: "sub" }, one.person.job_title ?? "")),
    h("td", { data: { label: "Likelihood" }, class: "nums" }, sure(one.match.likelihood)),
    h("td", { data: { label: "Company" } }, one.company?.name ?? "", h("span", { class: "sub wrap-any" }, one.company?.domain ?? "")),
    h("td", { data: { label: "Why" } }, marks(one.match)),
  );
}

/** Those who were not likely enough: why, and what would settle it; nothing of theirs. */
export function nearMisses(nearest) {
  if (!nearest?.length) return null;
  const lines = nearest.map((one) => h(
    "li",
    { class: "stack tight" },
    h("div", { class: "row" }, h("b", { class: "nums" }, sure(one.match.likelihood)), marks(one.match)),
    one.lacks.length > 0 && h("p", { class: "small" }, "Has no ", listed(one.lacks), "."),
    one.would_settle.length > 0 && h("p", { class: "small soft" }, "Would settle it: ", listed(one.would_settle), "."),
    one.match.explain && h("details", { class: "small" }, h("summary", {}, "Reasons"), waterfall(one.match.explain)),
  ));
  return card("Who came near", h("div", { class: "body" }, h("p", { class: "small soft" }, "Not likely enough to be shown. With more to go by, one of them may be."), h("ol", { class: "stack" }, lines)));
}

/** Which fields an answer would have. */
export function available(answer) {
  const rows = Object.entries(answer.available).map(([name, there]) => h("li", { class: there ? "" : "soft" }, icon(there ? "check" : "close"), h("span", {}, name.split(".").map(label).join(" · "), !there && h("span", { class: "unseen" }, ": not there"))));
  return [
    h("div", { class: "card" }, h("div", { class: "body" }, likelihood(answer.match))),
    card("What the answer would hold", h("div", { class: "body" }, h("ul", { class: "columns narrow there" }, rows), h("p", { class: "small soft" }, "A preview is free. Looking up costs one credit."))),
  ];
}

const listed = (names) => names.map((one) => (one === "linkedin" ? "LinkedIn" : label(one).toLowerCase())).join(", ");
