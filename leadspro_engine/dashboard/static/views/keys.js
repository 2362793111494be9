// API keys: make, edit, rotate, revoke; and where agents find their way in.

import { call, freshKey } from "../api.js";
import { codeBlock, copyButton } from "../code.js";
import { button, fill, h } from "../dom.js";
import { check, choice, text } from "../fields.js";
import { table } from "../listing.js";
import { card, head } from "../page.js";
import { box } from "../profile.js";
import { busy, empty, failure, load } from "../states.js";
import { SCOPES } from "../vocabulary.js";
import { ago, day } from "../words.js";

const PATH = "/api/v1/keys";
const USUAL = new Set(["enrich", "batch", "search", "usage"]);
const LIVES = [["", "Never"], ["30", "In 30 days"], ["90", "In 90 days"], ["365", "In a year"]];
const OVERLAPS = [["0", "At once"], ["1", "In an hour"], ["24", "In a day"], ["168", "In a week"]];
const STATES = { active: "good", expired: "warn", revoked: "bad" };
const SKILLS = ["enrich", "search", "jobs", "workspace", "keys", "privacy"];
const SCOPE_WORDS = { enrich: "enrich: look people up", batch: "batch: many at once", search: "search: people, companies", usage: "usage: credits, history", keys: "keys: make and end keys", jobs: "jobs: files", privacy: "privacy: hide, disclose" };
const HINTS = [
  ["ChatGPT (custom GPT)", "Configure → Actions → Create new action → Import from URL; authentication: API key, Bearer."],
  ["Dify", "Tools → Custom → Create custom tool → Import from URL; authorization: API key, header Authorization, prefix Bearer."],
  ["Coze", "Plugins → Create → Import the OpenAPI file; authorization: service, header Authorization."],
  ["Other agents", "Give the skill file as an instruction and the key as a secret of the tool that calls."],
];

/** The page of keys. */
export function page() {
  const place = h("div");
  const fresh = button("New key", () => createBox(refresh), { kind: "primary", symbol: "plus", hidden: true });
  const refresh = () => load(place, () => call("GET", PATH), (answer) => { fresh.hidden = false; return listed(answer.keys, refresh); });
  refresh();
  return [
    head("API keys", "A key for each program that calls; its text is shown once and stored only as a hash.", fresh),
    h("section", { class: "card", "aria-label": "Keys" }, place),
    agents(),
  ];
}

function listed(keys, refresh) {
  if (!keys.length) return empty("keys", "No keys yet", "Make one for your first program.");
  const rows = keys.map((one) =>
    h(
      "tr",
      {},
      h("td", { class: "lead" }, h("b", {}, one.name), h("span", { class: "sub" }, h("code", {}, one.hint))),
      h("td", { data: { label: "State" } }, h("span", { class: `badge status-dot ${STATES[one.status]}` }, one.status), one.mode !== "live" && h("span", { class: "sub" }, one.mode)),
      h("td", { data: { label: "Scopes" } }, h("span", { class: "small" }, one.scopes.join(", "))),
      h("td", { data: { label: "Last used" } }, ago(one.last_used_at), one.expires_at && h("span", { class: "sub" }, `until ${day(one.expires_at)}`)),
      h("td", {}, one.status === "active" && one.mode !== "demo" && actions(one, refresh)),
    ),
  );
  return table(["Key", "State", "Scopes", "Last used", h("span", { class: "unseen" }, "Actions")], rows);
}

function actions(one, refresh) {
  return h(
    "div",
    { class: "actions" },
    button("Edit", () => editBox(one, refresh), { kind: "tiny", "aria-label": `Edit ${one.name}` }),
    button("Rotate", () => rotateBox(one, refresh), { kind: "tiny", "aria-label": `Rotate ${one.name}` }),
    button("Revoke", () => revokeBox(one, refresh), { kind: "tiny danger", "aria-label": `Revoke ${one.name}` }),
  );
}

function createBox(refresh) {
  ask("New key", "Make the key", [text("name", "Name", { required: true, maxlength: "100", placeholder: "CRM sync" }), scopesField(USUAL), h("div", { class: "fields" }, choice("mode", "Kind", [["live", "Live"], ["test", "Test"]]), choice("days", "Expires", LIVES))], async (form) => {
    const data = new FormData(form);
    const body = { name: data.get("name").trim(), mode: data.get("mode"), scopes: data.getAll("scopes"), expires_at: expiry(data.get("days")) };
    reveal(await call("POST", PATH, { body, idempotencyKey: freshKey() }));
    refresh();
  });
}

function editBox(one, refresh) {
  const kept = ["keep", one.expires_at ? `Stay as it is: ${day(one.expires_at)}` : "Stay as it is: never"];
  ask(`Edit ${one.name}`, "Save", [text("name", "Name", { required: true, maxlength: "100", value: one.name }), scopesField(new Set(one.scopes)), choice("days", "Expires", [kept, ...LIVES])], async (form) => {
    const data = new FormData(form);
    const until = data.get("days") === "keep" ? {} : { expires_at: expiry(data.get("days")) };
    await call("PATCH", `${PATH}/${encodeURIComponent(one.id)}`, { body: { name: data.get("name").trim(), scopes: data.getAll("scopes"), ...until } });
    refresh();
  });
}

function scopesField(held) {
  return h("fieldset", { class: "columns narrow" }, h("legend", {}, "May"), SCOPES.map((name) => check("scopes", SCOPE_WORDS[name] ?? name, { value: name, checked: held.has(name) })));
}

/** The instant so many days from now; null for never. */
function expiry(days) {
  return days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null;
}

function rotateBox(one, refresh) {
  ask(`Rotate ${one.name}`, "Make the new key", [h("p", {}, "A new key with the same name and scopes. The old one keeps working for as long as your programs need to change over."), choice("overlap", "The old key ends", OVERLAPS, { value: "24" })], async (form) => {
    reveal(await call("POST", `${PATH}/${encodeURIComponent(one.id)}/rotate`, { body: { overlap_hours: Number(form.elements.overlap.value) }, idempotencyKey: freshKey() }));
    refresh();
  });
}

function revokeBox(one, refresh) {
  ask(`Revoke ${one.name}`, "Revoke", [h("p", {}, "Programs that use ", h("code", {}, one.hint), " are refused from now on. This cannot be undone.")], async () => {
    await call("DELETE", `${PATH}/${encodeURIComponent(one.id)}`);
    refresh();
  }, "danger");
}

/** A box with a form; it closes when its task succeeds and says why when it does not. */
function ask(title, verb, content, task, kind = "primary") {
  const problem = h("div");
  const submit = h("button", { type: "submit", class: kind }, verb);
  const form = h("form", { class: "stack", on: { submit: (event) => { event.preventDefault(); busy(submit, attempt); } } }, content, problem, h("div", { class: "actions" }, submit, button("Cancel", () => element.close(), { kind: "quiet" })));
  const element = box(title, form);
  async function attempt() {
    try {
      await task(form);
      element.close();
    } catch (error) {
      if (error.status === undefined) throw error;
      fill(problem, failure(error));
    }
  }
}

function reveal(answer) {
  box("Copy your key now", h("p", {}, `This is the only time that the text of “${answer.key.name}” is shown. Put it where your program keeps its secrets.`), codeBlock(answer.token, "the key"));
}

function agents() {
  const address = new URL("/openapi.json", location.href).href;
  const links = SKILLS.map((name) => h("li", {}, h("a", { href: `/skills/${name}.md` }, `${name}.md`)));
  return card(
    "For agents and integrations",
    h(
      "div",
      { class: "body columns" },
      h("div", { class: "stack" }, h("h3", {}, "OpenAPI"), h("p", { class: "row" }, h("a", { href: "/openapi.json" }, "/openapi.json"), copyButton(address, "the address of /openapi.json")), h("h3", {}, "Skill files"), h("p", { class: "soft" }, "Short guides in Markdown that tell an agent when to call what, and what it costs."), h("ul", { class: "row" }, links)),
      h("div", { class: "stack" }, h("h3", {}, "How to import"), h("dl", { class: "stack tight" }, HINTS.map(([name, text]) => h("div", {}, h("dt", {}, h("b", {}, name)), h("dd", { class: "soft small" }, text))))),
    ),
  );
}
