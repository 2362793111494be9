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

/** Where a program gets its key from. */
export function keyHint() {
  return h("p", { class: "small soft" }, "Both read the key from the environment: ", h("code", {}, "export LEADSPRO_KEY=…"));
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

/** The call as a curl command. The key is a variable of the shell: it does not belong in a history file. `file` is an upload: {media, text, idempotencyKey}. */
export function curl(method, path, body, file = null) {
  const parts = [`curl -X ${method} ${shell(location.origin + path)}`, '-H "Authorization: Bearer $LEADSPRO_KEY"'];
  if (file) parts.push(`-H "Content-Type: ${file.media}"`, `-H "Idempotency-Key: ${file.idempotencyKey}"`, `--data-binary ${shell(file.text)}`);
  else if (body !== undefined) parts.push('-H "Content-Type: application/json"', `-d ${shell(JSON.stringify(body, null, 2))}`);
  return parts.join(" \\\n  ");
}

/** A text as one word of a POSIX shell. */
function shell(text) {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The call as a Python program that needs the standard library alone. */
export function python(method, path, body, file = null) {
  const headers = ['"Authorization": f"Bearer {os.environ[\'LEADSPRO_KEY\']}"'];
  if (file) headers.push(`"Content-Type": ${JSON.stringify(file.media)}`, `"Idempotency-Key": ${JSON.stringify(file.idempotencyKey)}`);
  else if (body !== undefined) headers.push('"Content-Type": "application/json"');
  const data = file ? `${JSON.stringify(file.text)}.encode()` : `json.dumps(${pythonValue(body, 1)}).encode()`;
  return [
    "import json, os, urllib.request",
    "",
    "request = urllib.request.Request(",
    `    ${JSON.stringify(location.origin + path)},`,
    ...(file || body !== undefined ? [`    data=${data},`] : []),
    "    headers={",
    ...headers.map((one) => `        ${one},`),
    "    },",
    `    method="${method}",`,
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    print(response.read().decode())",
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
