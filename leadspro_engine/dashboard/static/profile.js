// People and companies as cards, and as a drawer from the side.

import { copyButton } from "./code.js";
import { button, h } from "./dom.js";
import { count, day, initials, label, placeLine } from "./words.js";

/** A person's golden record. */
export function personCard(person, { level = "h2" } = {}) {
  return h(
    "div",
    { class: "profile" },
    h(
      "div",
      { class: "profile-head" },
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(person.full_name)),
      h("div", { class: "stack tight" }, h(level, {}, person.full_name ?? "Name unknown"), h("p", { class: "soft wrap-any" }, person.job_title ?? "No title known")),
    ),
    marks([person.department, person.management_level]),
    facts([
      ["E-mail", list(person.emails, (one) => [h("span", { class: "wrap-any" }, one.address), mark(one.type), copyButton(one.address, "e-mail address")])],
      ["Phone", list(person.phones, (one) => [h("span", { class: "nums" }, one.number), mark(one.type), copyButton(one.number, "phone number")])],
      ["LinkedIn", person.linkedin && outside(person.linkedin_url, person.linkedin)],
      ["Location", placeLine(person.location)],
      ["Skills", chips(person.skills)],
      ["Updated", person.updated_at && day(person.updated_at)],
      ["Record", h("code", { class: "small" }, person.id)],
    ]),
  );
}

/** A company's golden record. */
export function companyCard(company, { level = "h2" } = {}) {
  return h(
    "div",
    { class: "profile" },
    h(
      "div",
      { class: "profile-head" },
      h("span", { class: "avatar square", "aria-hidden": "true" }, initials(company.name)),
      h("div", { class: "stack tight" }, h(level, {}, company.name ?? "Name unknown"), h("div", { class: "row" }, statusBadge(company.status), company.industry && h("span", { class: "soft" }, label(company.industry)))),
    ),
    facts([
      ["Domain", company.domain && [outside(company.website, company.domain), copyButton(company.domain, "domain")]],
      ["Headcount", company.headcount ? `${count(company.headcount)} (${company.headcount_range})` : company.headcount_range],
      ["Location", placeLine(company.location)],
      ["Technologies", chips(company.technologies)],
      ["LinkedIn", company.linkedin && outside(`https://www.linkedin.com/company/${encodeURIComponent(company.linkedin)}`, company.linkedin)],
      ["Founded", company.founded && String(company.founded)],
      ["Updated", company.updated_at && day(company.updated_at)],
      ["Record", h("code", { class: "small" }, company.id)],
    ]),
  );
}

/** Whether a company is known to exist. */
export function statusBadge(status) {
  const kind = { verified: "good", inactive: "bad" }[status] ?? "";
  return h("span", { class: `badge status-dot ${kind}` }, label(status));
}

/** A drawer with a title; it closes by Escape, by its button, or by a press beside it. */
export function drawer(title, ...content) {
  return dialog("drawer", title, content);
}

/** A box in the middle of the page. */
export function box(title, ...content) {
  return dialog("box", title, content);
}

function dialog(kind, title, content) {
  const element = h("dialog", { class: kind, "aria-label": title });
  const close = button("", () => element.close(), { symbol: "close", kind: "quiet", "aria-label": "Close" });
  element.append(h("header", {}, h("h2", {}, title), close), h("div", { class: "body" }, content));
  element.addEventListener("close", () => element.remove());
  element.addEventListener("mousedown", (event) => { if (event.target === element) element.close(); });
  document.body.append(element);
  element.showModal();
  return element;
}

function facts(rows) {
  const known = rows.filter(([, value]) => value && (!Array.isArray(value) || value.length > 0));
  return h("dl", { class: "facts" }, known.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function list(values, show) {
  return values?.length ? h("ul", { class: "stack tight" }, values.map((one) => h("li", {}, show(one)))) : null;
}

function chips(values) {
  return values?.length ? h("div", { class: "row" }, values.map((one) => h("span", { class: "chip" }, one))) : null;
}

function marks(values) {
  const known = values.filter(Boolean);
  return known.length ? h("div", { class: "row" }, known.map((one) => h("span", { class: "badge" }, label(one)))) : null;
}

function mark(type) {
  return h("span", { class: "small soft" }, label(type).toLowerCase());
}

/** A link out of the page, only ever to the web. */
function outside(url, shown) {
  if (!/^https?:\/\//i.test(url ?? "")) return h("span", { class: "wrap-any" }, shown);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "wrap-any" }, shown);
}
