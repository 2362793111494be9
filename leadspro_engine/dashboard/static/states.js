// Empty, loading and failed: the three states that every page has beside its content.

import { button, fill, h, icon } from "./dom.js";
import { copyButton } from "./code.js";

/** Grey lines where content will be. */
export function waiting(lines = 4) {
  const widths = ["62%", "100%", "84%", "46%", "92%", "70%"];
  const bars = Array.from({ length: lines }, (_, index) => h("i", { vars: { share: widths[index % widths.length] } }));
  return h("div", { class: "waiting", role: "status", "aria-label": "Loading" }, bars);
}

/** What stands where there is nothing yet. */
export function empty(symbol, title, text, ...more) {
  return h("div", { class: "empty" }, icon(symbol), h("h2", {}, title), h("p", {}, text), more);
}

const HELP = {
  unauthorized: "Check that the whole key was pasted. Keys are shown once; a lost one is replaced with a new one.",
  no_match: "Nobody in the dataset is likely enough to be this person. Add what else you know (a company, a name), or lower the likelihood asked for. Nothing was charged.",
  quota_exceeded: "The month's credits are used up. They come back on the first day of next month (UTC), or with a larger plan.",
  batch_not_available: "Batches and files are part of a larger plan. Single look-ups work on every plan.",
  insufficient_scope: "Sign in with a key that holds the scope. The owner's key, shown when the server first started, holds all of them.",
  rate_limited: "The key made too many requests within a minute. Wait a moment and try again.",
  cursor_expired: "The dataset was refreshed since the first page. Run the search again.",
  idempotency_in_progress: "The same request is still being answered. Wait a moment and look again.",
  idempotency_mismatch: "The same idempotency key came with another request. Start over from the form.",
  job_not_finished: "The result is there once the job is done or cancelled.",
  payload_too_large: "Split the file, or send fewer items at once.",
  unsupported_media_type: "Save the sheet as CSV in UTF-8, or write one JSON object a line.",
  not_found: "It may have been deleted, or it belongs to another workspace.",
  internal_error: "This is a fault of the server. Its log tells more under the request id.",
  unavailable: "There may be no published dataset yet: run `leadspro refresh`.",
};

/** A refusal with its code, what to do about it, and the request id for support. */
export function failure(error, { again = null, mild = error.code === "no_match" || error.code === "insufficient_scope" } = {}) {
  const places = (error.errors ?? []).map((one) => h("li", {}, h("code", {}, one.pointer || "the whole request"), ` ${one.detail}`));
  return h(
    "div",
    { class: mild ? "failure mild appear" : "failure appear", role: "alert" },
    h("div", { class: "row between" }, h("h2", {}, error.title ?? "Something went wrong"), h("code", {}, error.code ?? "error")),
    error.detail && !error.detail.startsWith(error.title) && h("p", { class: "wrap-any" }, error.detail),
    places.length > 0 && h("ul", { class: "small" }, places),
    HELP[error.code] && h("p", { class: "small soft" }, HELP[error.code]),
    h(
      "div",
      { class: "row" },
      again && error.retryable && button("Try again", again, { symbol: "again", kind: "tiny" }),
      error.requestId && h("span", { class: "small soft" }, "Request ", h("code", { class: "wrap-any" }, error.requestId), copyButton(error.requestId, "request id")),
    ),
  );
}

/** Fill a place with what a promise brings, with grey lines before and a refusal when it fails. */
export async function load(place, ask, show, { lines = 4 } = {}) {
  fill(place, waiting(lines));
  place.setAttribute("aria-busy", "true");
  try {
    fill(place, show(await ask()));
  } catch (error) {
    if (error.status === undefined) throw error;
    fill(place, failure(error, { again: () => load(place, ask, show, { lines }) }));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

/** Run a task while its button shows that it is busy. */
export async function busy(control, task) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await task();
  } finally {
    control.removeAttribute("aria-busy");
  }
}
