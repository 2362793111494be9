// Who is this? One form for everything that may be known of a person, and the answer with its reasons.

import { call, DEMO_KEY, freshKey, key } from "../api.js";
import { codeBlock, curl, jsonBlock, keyHint, python } from "../code.js";
import { button, fill, h } from "../dom.js";
import { check, read, tabs, text } from "../fields.js";
import { counted, lineageOf, origins } from "../lineage.js";
import { bringIn, card, head } from "../page.js";
import { companyCard, personCard } from "../profile.js";
import { likelihood, waterfall } from "../reasons.js";
import { busy, empty, failure, waiting } from "../states.js";
import { available, candidates, nearMisses } from "./candidates.js";

const PATH = "/api/v1/enrich";
const EXAMPLES = [
  { email: "amanda@northpeak.io", company: "North Peak" },
  { phone: "+1 415 555 0106" },
  { linkedin: "priya-shah-growth" },
];

/** The look-up page. */
export function page() {
  const result = h("div", { class: "stack", "aria-live": "polite" }, nothingYet());
  const submit = h("button", { type: "submit", class: "primary" }, "Look up");
  const preview = button("Preview", () => run("preview"), { title: "Free: which fields the answer would have" });
  const everybody = button("Candidates", () => run("candidates"), { title: "Everybody it may be, to choose by hand: one credit when there is anybody" });
  const floor = h("input", { type: "range", id: "floor", min: "0", max: "100", step: "5", value: "50", on: { input: () => { shown.textContent = `${floor.value} %`; } } });
  const shown = h("b", { class: "nums" }, "50 %");
  const form = h(
    "form",
    { class: "card", on: { submit: (event) => { event.preventDefault(); run(); } } },
    h(
      "div",
      { class: "body" },
      h(
        "div",
        { class: "fields" },
        text("email", "E-mail", { wide: true, placeholder: "name@company.com, or its SHA-256", inputmode: "email" }),
        text("phone", "Phone", { wide: true, placeholder: "+1 415 555 0106", inputmode: "tel" }),
        text("linkedin", "LinkedIn", { wide: true, placeholder: "profile URL or slug" }),
        text("first_name", "First name"),
        text("last_name", "Last name"),
        text("company", "Company"),
        text("domain", "Domain", { placeholder: "company.com" }),
      ),
      h("details", {}, h("summary", {}, "More to go by"), h("div", { class: "fields" }, text("name", "Whole name", { wide: true }), text("title", "Job title", { wide: true }), text("city", "City"), text("region", "Region"), text("country", "Country", { wide: true }))),
      h("div", { class: "stack" }, h("div", {}, h("label", { for: "floor", class: "row between" }, h("span", {}, "Answer only when at least this likely"), shown), floor), check("explain", "Give the reasons", { checked: true })),
      h("div", { class: "actions" }, submit, preview, everybody, button("Clear", clear, { kind: "quiet" })),
    ),
  );

  function clear() {
    form.reset();
    shown.textContent = `${floor.value} %`;
    fill(result, nothingYet());
    form.elements.email.focus();
  }
  function run(way = "answer") {
    const { explain, ...query } = read(form);
    if (!Object.keys(query).length) {
      fill(result, failure({ code: "invalid_request", title: "Nothing to go by", detail: "Give an e-mail, a phone number, a LinkedIn profile, or a name with a company or domain.", errors: [] }, { mild: true }));
      form.elements.email.focus();
      return;
    }
    const likely = { min_likelihood: Number(floor.value) / 100 };
    const ways = {
      answer: { path: PATH, body: { ...query, ...likely, explain: Boolean(explain) }, show: answered, control: submit },
      preview: { path: PATH, body: { ...query, ...likely, preview: true }, show: available, control: preview },
      candidates: { path: "/api/v1/identify", body: { ...query, limit: 10, explain: true }, show: candidates, control: everybody },
    };
    const asked = { ...ways[way], idempotencyKey: freshKey() };
    busy(asked.control, () => ask(asked));
  }
  async function ask(asked) {
    const { path, body, show, idempotencyKey } = asked;
    fill(result, h("div", { class: "card" }, waiting(6)));
    try {
      fill(result, show(await call("POST", path, { body, idempotencyKey }), body));
      bringIn(result, form);
    } catch (error) {
      if (error.status === undefined) throw error;
      fill(result, failure(error, { again: () => ask(asked) }), nearMisses(error.nearest), codeCard(body, path));
      bringIn(result, form);
    }
  }
  function tryExample(example) {
    form.reset();
    for (const [name, value] of Object.entries(example)) form.elements[name].value = value;
    run();
  }
  function nothingYet() {
    const examples = key.get() === DEMO_KEY && h("div", { class: "actions" }, EXAMPLES.map((one) => button(Object.values(one)[0], () => tryExample(one), { kind: "tiny" })));
    return h("div", { class: "card" }, empty("lookup", "Who is this?", "Give what you know, as you have it: the more, the surer the answer. A look-up without a match is free.", examples));
  }

  return [head("Lookup", "One person by anything you know of them, with the reasons."), h("div", { class: "split" }, form, result)];
}

function answered(answer, body) {
  const views = {
    card: () => [
      h("div", { class: "card" }, h("div", { class: "body" }, likelihood(answer.match), h("hr"), personCard(answer.person))),
      card("Reasons", h("div", { class: "body" }, waterfall(answer.match.explain))),
      answer.company && h("div", { class: "card" }, h("div", { class: "body" }, companyCard(answer.company))),
      comesFrom("Where the person's fields come from", lineageOf(answer.lineage, "person"), true),
      comesFrom("Where the company's fields come from", lineageOf(answer.lineage, "company"), false),
    ],
    json: () => jsonBlock(answer, "the answer as JSON"),
    code: () => codeCard(body),
  };
  const place = h("div", { class: "stack appear" }, views.card());
  const spent = `${answer.meta.credits_used} ${answer.meta.credits_used === 1 ? "credit" : "credits"}`;
  return [h("div", { class: "row between" }, tabs("How to show the answer", [["card", "Card"], ["json", "JSON"], ["code", "Code"]], "card", (name) => fill(place, views[name]())), h("span", { class: "small soft" }, `${spent} · `, h("code", { class: "wrap-any" }, answer.meta.request_id))), place];
}

/** A lineage to be opened; none when the answer came without reasons. */
function comesFrom(title, fields, open) {
  return fields.length > 0 && h("details", { class: "card folded", open }, h("summary", {}, h("h2", {}, title), h("span", { class: "small soft" }, counted(fields))), h("div", { class: "body" }, origins(fields)));
}

function codeCard(body, path = PATH) {
  return card("The same by program", h("div", { class: "body" }, h("div", { class: "stack tight" }, h("h3", {}, "curl"), codeBlock(curl("POST", path, body), "the curl command")), h("div", { class: "stack tight" }, h("h3", {}, "Python"), codeBlock(python("POST", path, body), "the Python program")), keyHint()));
}
