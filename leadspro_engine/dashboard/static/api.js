// The one way to the API. The key lives in this tab's session storage and in the Authorization header, nowhere else.

const SLOT = "leadspro.key";
export const DEMO_KEY = "pl_demo_public";

/** The API's refusal, or why no answer came: `code`, `detail`, `errors`, `nearest`, `requestId`, `retryable`. */
export class Refusal extends Error {
  constructor(status, problem, requestId) {
    super(problem.detail ?? problem.title ?? "The request failed.");
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.title = problem.title ?? "The request failed";
    this.detail = problem.detail ?? "";
    this.errors = problem.errors ?? [];
    this.nearest = problem.nearest ?? [];
    this.retryable = problem.retryable ?? status >= 500;
    this.requestId = problem.meta?.request_id ?? requestId ?? null;
  }
}

/** The key that calls are made with. */
export const key = {
  get: () => sessionStorage.getItem(SLOT),
  set: (value) => sessionStorage.setItem(SLOT, value),
  forget: () => sessionStorage.removeItem(SLOT),
};

/** The answer of one call, decoded. `body` is sent as JSON, `file` as it is. Charging calls carry an idempotency key, so that a retry is never paid twice. */
export async function call(method, path, { body, file, media, query, idempotencyKey, as = key.get() } = {}) {
  const headers = { Accept: "application/json" };
  if (as) headers.Authorization = `Bearer ${as}`;
  if (file || body !== undefined) headers["Content-Type"] = file ? media : "application/json";
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  const response = await reach(path + search(query), { method, headers, body: file ?? (body === undefined ? undefined : JSON.stringify(body)) });
  const answer = await decoded(response);
  if (!response.ok) throw refused(response, answer);
  if (Number.isInteger(answer.meta?.credits_remaining)) tell("credits", answer.meta);
  return answer;
}

/** The file that an address answers with. */
export async function fetchFile(path, query) {
  const response = await reach(path + search(query), { headers: { Authorization: `Bearer ${key.get()}` } });
  if (!response.ok) throw refused(response, await decoded(response));
  return response.blob();
}

/** A fresh idempotency key, one for each press of a button. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Tell the rest of the page that something happened. */
export function tell(event, detail) {
  document.dispatchEvent(new CustomEvent(`leadspro:${event}`, { detail }));
}

async function reach(url, options) {
  try {
    const response = await fetch(url, { ...options, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" });
    tell("online");
    return response;
  } catch {
    tell("offline");
    throw new Refusal(0, {
      code: "offline",
      title: "The server cannot be reached",
      detail: "Check your connection, or whether the server is still running. Nothing was charged twice: trying again is safe.",
      retryable: true,
    });
  }
}

async function decoded(response) {
  try {
    return await response.json();
  } catch {
    return { title: "The answer could not be read", detail: `The server answered ${response.status} with something that is not JSON.` };
  }
}

function refused(response, problem) {
  const refusal = new Refusal(response.status, problem, response.headers.get("X-Request-Id"));
  if (response.status === 401) tell("unauthorized", refusal);
  return refusal;
}

function search(query) {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}
