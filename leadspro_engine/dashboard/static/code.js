// Code to look at and to take away: JSON, curl, Python, and copying.

import { button, h, icon, notice } from "./dom.js";

/** Put a text on the clipboard, also where the page has no permission for the newer way. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "unseen", value: text, readonly: true });
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  notice(`Copied ${what}`);
}

/** A small button that copies a value. */
export function copyButton(text, what) {
  return h("button", { type: "button", class: "copy", "aria-label": `Copy ${what}`, title: `Copy ${what}`, on: { click: (event) => { event.stopPropagation(); copy(text, what); } } }, icon("copy"));
}

/** A block of code with a copy button. */
export function codeBlock(text, what, nodes = [text]) {
  return h("div", { class: "code" }, button("Copy", () => copy(text, what), { symbol: "copy", kind: "tiny" }), h("pre", { tabindex: "0", "aria-label": what }, h("code", {}, nodes)));
}

/** JSON, indented and coloured. */
export function jsonBlock(value, what = "the JSON") {
  const text = JSON.stringify(value, null, 2);
  return codeBlock(text, what, coloured(text));
}

const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

function coloured(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(TOKENS)) {
    nodes.push(text.slice(end, found.index));
    const [all, string, colon, word] = found;
    const kind = string ? (colon ? "j-key" : "j-text") : word ? "j-word" : "j-number";
    nodes.push(h("span", { class: kind }, string ?? all), colon ?? "");
    end = found.index + all.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** The call as a curl command. The key is a variable of the shell: it does not belong in a history file. */
export function curl(method, path, body) {
  const parts = [`curl -X ${method} ${location.origin}${path}`, '-H "Authorization: Bearer $LEADSPRO_KEY"'];
  if (body !== undefined) {
    parts.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`);
  }
  return parts.join(" \\\n  ");
}

/** The call as a Python program that needs the standard library alone. */
export function python(method, path, body) {
  const data = body === undefined ? "" : `    data=json.dumps(${pythonValue(body, 1)}).encode(),\n`;
  const type = body === undefined ? "" : ', "Content-Type": "application/json"';
  return [
    "import json, os, urllib.request",
    "",
    "request = urllib.request.Request(",
    `    ${JSON.stringify(location.origin + path)},`,
    `${data}    headers={"Authorization": f"Bearer {os.environ['LEADSPRO_KEY']}"${type}},`,
    `    method="${method}",`,
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    print(json.load(response))",
  ].join("\n");
}

function pythonValue(value, depth) {
  const indent = "    ".repeat(depth + 1);
  const closing = "    ".repeat(depth);
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return value.length ? `[\n${value.map((one) => `${indent}${pythonValue(one, depth + 1)},\n`).join("")}${closing}]` : "[]";
  if (typeof value === "object") {
    const lines = Object.entries(value).map(([name, one]) => `${indent}${JSON.stringify(name)}: ${pythonValue(one, depth + 1)},\n`);
    return lines.length ? `{\n${lines.join("")}${closing}}` : "{}";
  }
  return JSON.stringify(value);
}
