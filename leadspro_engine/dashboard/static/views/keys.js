// API keys: make, rename, rotate, revoke; and where agents find their way in.

import { call, freshKey } from "../api.js";
import { codeBlock } from "../code.js";
import { button, fill, h } from "../dom.js";
import { check, choice, text } from "../fields.js";
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
const SKILLS = ["enrich", "search", "workspace", "keys"];

/** The page of keys. */
export function page() {
  const place = h("div");
  const fresh = button("New key", () => createBox(refresh), { kind: "primary", symbol: "plus", hidden: true });
  const refresh = () => load(place, () => call("GET", PATH), (answer) => { fresh.hidden = false; return table(answer.keys, refresh); });
  refresh();
  return [
    head("API keys", "A key for each program that calls; its text is shown once and stored only as a hash.", fresh),
    h("section", { class: "card", "aria-label": "Keys" }, place),
    agents(),
  ];
}

function table(keys, refresh) {
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
  return h("div", { class: "table" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ["Key", "State", "Scopes", "Last used"].map((name) => h("th", { scope: "col" }, name)), h("th", { scope: "col" }, h("span", { class: "unseen" }, "Actions")))), h("tbody", {}, rows)));
}

function actions(one, refresh) {
  return h(
    "div",
    { class: "actions" },
    button("Rename", () => renameBox(one, refresh), { kind: "tiny", "aria-label": `Rename ${one.name}` }),
    button("Rotate", () => rotateBox(one, refresh), { kind: "tiny", "aria-label": `Rotate ${one.name}` }),
    button("Revoke", () => revokeBox(one, refresh), { kind: "tiny danger", "aria-label": `Revoke ${one.name}` }),
  );
}

function createBox(refresh) {
  const scopes = h("fieldset", { class: "stack tight" }, h("legend", {}, "May"), SCOPES.map((name) => check("scopes", name, { value: name, checked: USUAL.has(name) })));
  ask("New key", "Make the key", [text("name", "Name", { required: true, maxlength: "100", placeholder: "CRM sync" }), scopes, h("div", { class: "fields" }, choice("mode", "Kind", [["live", "Live"], ["test", "Test"]]), choice("days", "Expires", LIVES))], async (form) => {
    const data = new FormData(form);
    const days = Number(data.get("days"));
    const body = { name: data.get("name").trim(), mode: data.get("mode"), scopes: data.getAll("scopes"), ...(days ? { expires_at: new Date(Date.now() + days * 86400000).toISOString() } : {}) };
    reveal(await call("POST", PATH, { body, idempotencyKey: freshKey() }));
    refresh();
  });
}

function renameBox(one, refresh) {
  ask(`Rename ${one.name}`, "Rename", [text("name", "Name", { required: true, maxlength: "100", value: one.name })], async (form) => {
    await call("PATCH", `${PATH}/${encodeURIComponent(one.id)}`, { body: { name: form.elements.name.value.trim() } });
    refresh();
  });
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
  const links = SKILLS.map((name) => h("li", {}, h("a", { href: `/skills/${name}.md` }, `${name}.md`)));
  return card(
    "For agents and integrations",
    h(
      "div",
      { class: "body columns" },
      h("div", { class: "stack tight" }, h("h3", {}, "OpenAPI"), h("p", { class: "soft" }, "Import ", h("a", { href: "/openapi.json" }, "/openapi.json"), " as an action of a GPT, as a custom tool in Dify, or as a plugin in Coze; choose Bearer or API-key authentication and paste a key with few scopes.")),
      h("div", { class: "stack tight" }, h("h3", {}, "Skill files"), h("p", { class: "soft" }, "Short guides in Markdown that tell an agent when to call what, and what it costs."), h("ul", { class: "row" }, links)),
    ),
  );
}
