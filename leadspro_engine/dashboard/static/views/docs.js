// The reference, drawn from /openapi.json, each operation runnable with one's own key.

import { call, fetchFile, freshKey } from "../api.js";
import { codeBlock, curl, jsonBlock, keyHint, python } from "../code.js";
import { button, fill, h } from "../dom.js";
import { tabs, text } from "../fields.js";
import { head } from "../page.js";
import { busy, failure, load, waiting } from "../states.js";
import { label } from "../words.js";

const METHODS = ["get", "post", "patch", "delete"];
const DEEPEST = 5;

/** The reference. */
export function page() {
  const place = h("div", { class: "stack" });
  load(place, () => call("GET", "/openapi.json", { as: null }), operations, { lines: 8 });
  return [head("Docs", "Every operation of the API, as the server itself describes it. Running one uses your key, and your credits.", h("a", { class: "button", href: "/openapi.json" }, "OpenAPI")), place];
}

function operations(spec) {
  return Object.entries(spec.paths).flatMap(([path, methods]) => METHODS.filter((method) => methods[method]).map((method) => operation(spec, path, method, methods[method])));
}

function operation(spec, path, method, one) {
  const place = h("div", { class: "body" });
  const element = h(
    "details",
    { class: "card operation", on: { toggle: () => { if (element.open && !place.childElementCount) fill(place, detail(spec, path, method, one)); } } },
    h("summary", {}, h("span", { class: `verb ${method}` }, method.toUpperCase()), h("code", { class: "wrap-any" }, path), h("h2", { class: "plain" }, one.summary ?? "")),
    place,
  );
  return element;
}

function detail(spec, path, method, one) {
  const takes = one.requestBody?.content ?? {};
  const body = takes["application/json"];
  const request = body && resolve(spec, body.schema);
  const success = Object.entries(one.responses ?? {}).find(([status]) => status.startsWith("2"));
  const gives = (success && resolve(spec, success[1]).content) ?? {};
  const answer = gives["application/json"] && resolve(spec, gives["application/json"].schema);
  const params = (one.parameters ?? []).map((param) => resolve(spec, param));
  return [
    one.description && h("p", {}, prose(one.description)),
    request && fields("Request", spec, request),
    params.length > 0 && parameters(spec, params),
    answer && fields("Answer", spec, answer),
    h("hr"),
    runner(path, method, one, { body, upload: !body && Object.keys(takes)[0], download: success && !answer, params }),
  ];
}

/** A table of an object's fields; objects within open on demand. */
function fields(title, spec, schema, level = "h3") {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => line(name, typeCell(spec, property), describedBy(spec, property), schema.required?.includes(name)));
  return rows.length > 0 && described(title, rows, level);
}

/** What is said of a property: by itself, by one of the types it may have, or by what it refers to. */
function describedBy(spec, property) {
  return [property, ...(property.anyOf ?? [])].find((one) => one.description)?.description ?? resolve(spec, property).description;
}

function parameters(spec, list) {
  return described("Parameters", list.map((one) => line(one.name, `${typeWords(spec, one.schema)}, ${one.in}`, one.description, one.required)));
}

function described(title, rows, level = "h3") {
  const table = h("table", { class: "cards" }, h("caption", { class: "unseen" }, title), h("thead", {}, h("tr", {}, ["Field", "Type", "Description"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows));
  return h("div", { class: "schema stack tight" }, level && h(level, {}, title), h("div", { class: "table" }, table));
}

function line(name, type, description, required) {
  return h("tr", {}, h("td", { class: "lead" }, h("code", {}, name), required && h("span", { class: "sub" }, "always there")), h("td", { class: "small" }, type), h("td", { class: "small soft" }, prose(description ?? "")));
}

/** A description, in which what stands between backticks is code. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

function typeCell(spec, property) {
  const inner = objectWithin(spec, property);
  if (!inner) return typeWords(spec, property);
  const place = h("div");
  const element = h("details", { on: { toggle: () => { if (element.open && !place.childElementCount) fill(place, fields(inner.name, spec, inner.schema, null)); } } }, h("summary", {}, typeWords(spec, property)), place);
  return element;
}

function objectWithin(spec, property) {
  const nested = (one) => [one, one.items, one.additionalProperties, one.additionalProperties?.items];
  const options = [property, ...(property.anyOf ?? [])].flatMap(nested).filter((one) => one?.$ref);
  const found = options.find((one) => resolve(spec, one).properties);
  return found && { name: found.$ref.split("/").at(-1), schema: resolve(spec, found) };
}

const SAMPLE_FILE = "Name,E-mail\nAmanda Reeves,amanda@northpeak.io\nNobody Known,nobody@example.com\n";

/** A form that sends one operation with the key in use. `upload` is the type of a body that is a file, `download` says that a file comes back. */
function runner(path, method, one, { body, upload, download, params }) {
  const examples = examplesOf(body);
  const inputs = params.filter((param) => param.in !== "header").map((param) => [param, text(param.name, param.name, { placeholder: param.in === "path" ? "needed" : typeWords({}, param.schema), required: param.in === "path" })]);
  const area = (body || upload) && h("textarea", { "aria-label": upload ? "The file" : "Request body as JSON", spellcheck: "false", rows: "8" });
  if (area) area.value = upload ? SAMPLE_FILE : JSON.stringify(examples[0]?.[1] ?? {}, null, 2);
  const result = h("div");
  const run = button("Run", () => busy(run, send), { kind: "primary" });
  const code = h("div");

  function target() {
    const values = inputs.map(([param, field]) => [param, field.querySelector("input").value.trim()]);
    const filled = values.filter(([param]) => param.in === "path").reduce((url, [param, value]) => url.replace(`{${param.name}}`, encodeURIComponent(value)), path);
    const asked = values.filter(([param, value]) => param.in === "query" && value).map(([param, value]) => [param.name, value]);
    return asked.length ? `${filled}?${new URLSearchParams(asked)}` : filled;
  }
  function content() {
    return area && !upload ? JSON.parse(area.value || "{}") : undefined;
  }
  async function answer() {
    if (download) return codeBlock(await (await fetchFile(target())).text(), "the file");
    const sent = upload ? { file: new Blob([area.value]), media: upload } : { body: content() };
    const paid = method === "post" ? { idempotencyKey: freshKey() } : {};
    return jsonBlock(await call(method.toUpperCase(), target(), { ...sent, ...paid }), "the answer");
  }
  async function send() {
    fill(result, waiting(3));
    try {
      fill(result, await answer());
    } catch (error) {
      if (error instanceof SyntaxError) fill(result, notJson(error));
      else if (error.status !== undefined) fill(result, failure(error));
      else throw error;
    }
  }
  function program(write, what) {
    try {
      const file = upload ? { media: upload, text: area.value, idempotencyKey: freshKey() } : null;
      fill(code, h("div", { class: "stack tight" }, codeBlock(write(method.toUpperCase(), target(), content(), file), what), keyHint()));
    } catch (error) {
      fill(code, notJson(error));
    }
  }
  const changes = method === "delete" || method === "patch" || one.operationId?.includes("key") || one.operationId === "suppress";
  return h(
    "div",
    { class: "stack" },
    h("h3", {}, "Try it"),
    examples.length > 1 && tabs("Example", examples.map(([name]) => [name, label(name)]), examples[0][0], (name) => { area.value = JSON.stringify(Object.fromEntries(examples)[name], null, 2); }),
    inputs.length > 0 && h("div", { class: "columns narrow" }, inputs.map(([, field]) => field)),
    area,
    changes && method !== "get" && h("p", { class: "small soft" }, "This changes your workspace."),
    h("div", { class: "actions" }, run, button("curl", () => program(curl, "the curl command"), { kind: "quiet" }), button("Python", () => program(python, "the Python program"), { kind: "quiet" })),
    code,
    result,
  );
}

function notJson(error) {
  return failure({ code: "invalid_request", title: "The body is not JSON", detail: error.message, errors: [] }, { mild: true });
}

function examplesOf(body) {
  if (!body) return [];
  if (body.examples) return Object.entries(body.examples).map(([name, one]) => [one.summary ?? name.replaceAll("-", " "), one.value]);
  return body.example ? [["example", body.example]] : [];
}

function resolve(spec, schema) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split("/").reduce((value, step) => value?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], spec) ?? {};
}

/** The name of a referenced object, and what any other reference stands for. */
function typeName(spec, schema) {
  const target = resolve(spec, schema);
  return target.properties ? schema.$ref.split("/").at(-1) : typeWords(spec, target, 1);
}

function typeWords(spec, schema, depth = 0) {
  if (!schema || depth > DEEPEST) return "any";
  if (schema.$ref) return typeName(spec, schema);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.anyOf || schema.oneOf) return [...new Set((schema.anyOf ?? schema.oneOf).map((one) => typeWords(spec, one, depth + 1)))].filter((one) => one !== "null").join(" or ");
  if (schema.additionalProperties) return `object of ${typeWords(spec, schema.additionalProperties, depth + 1)}`;
  if (schema.type === "array") return `list of ${typeWords(spec, schema.items, depth + 1).replace(/^text$/, "texts")}`;
  if (schema.type === "string" && !schema.format) return "text";
  return schema.format ? `${schema.type} (${schema.format})` : (Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type) ?? "any";
}
