// Why this person was answered: how likely, on what, against what, and each field's weight in bits.

import { h } from "./dom.js";
import { label, percent, sure } from "./words.js";

/** The likelihood as a dial, with what matched and what spoke against it. */
export function likelihood(match) {
  const share = Math.max(0, Math.min(1, match.likelihood));
  const shown = sure(share);
  const tone = share >= 0.85 ? "var(--good)" : share >= 0.6 ? "var(--warn)" : "var(--bad)";
  return h(
    "div",
    { class: "likelihood" },
    h("span", { class: "dial", role: "img", "aria-label": `Likelihood ${percent(share, 1)}`, vars: { share: `${100 * share}%`, dial: tone } }, h("b", {}, shown.replace(/[>% ]/g, ""))),
    h(
      "div",
      { class: "stack tight" },
      h("p", {}, h("b", {}, shown), " likely to be the right person"),
      marks(match),
    ),
  );
}

/** What matched, and what spoke against it. */
export function marks(match) {
  return h("div", { class: "row" }, match.matched_on.map((one) => h("span", { class: "badge good" }, label(one))), match.conflicts.map((one) => h("span", { class: "badge bad" }, `${label(one)} differs`)));
}

/** The weights as a waterfall that starts at nothing and ends at the score. */
export function waterfall(evidence) {
  if (!evidence?.length) return h("p", { class: "soft" }, "This answer came without reasons: ask with “explain”.");
  const steps = cumulated(evidence);
  const low = Math.min(0, ...steps.map((step) => Math.min(step.from, step.to)));
  const high = Math.max(0, ...steps.map((step) => Math.max(step.from, step.to)));
  const span = high - low || 1;
  const at = (value) => `${(100 * (value - low)) / span}%`;
  const score = steps.at(-1).to;
  return h(
    "div",
    { class: "stack" },
    h("p", { class: "small soft" }, "Each field's weight in bits: +1 doubles the odds that this is the person, −1 halves them. They add up to the score."),
    h(
      "ol",
      { class: "fall", "aria-label": "Reasons" },
      steps.map((step) => line(step, at(Math.min(step.from, step.to)), `${(100 * Math.abs(step.to - step.from)) / span}%`, at(0))),
      h(
        "li",
        {},
        h("span", { class: "what" }, "Score"),
        h("span", { class: "track", vars: { zero: at(0) } }, h("i", { class: "sum", vars: { from: at(Math.min(0, score)), width: `${(100 * Math.abs(score)) / span}%` } })),
        h("span", { class: "bits" }, signed(score)),
      ),
    ),
  );
}

function cumulated(evidence) {
  let sum = 0;
  return evidence.map((one) => {
    const from = sum;
    sum += one.weight;
    return { ...one, from, to: sum };
  });
}

function line(step, from, width, zero) {
  const against = step.weight < 0 ? "against" : "";
  return h(
    "li",
    {},
    h("span", { class: "what" }, h("b", {}, label(step.field)), h("small", {}, sides(step))),
    h("span", { class: "track", vars: { zero } }, h("i", { class: against, vars: { from, width } })),
    h("span", { class: `bits ${against}` }, signed(step.weight)),
  );
}

function sides(step) {
  const level = label(step.level).toLowerCase();
  if (step.query && step.record && step.query !== step.record) return `${level}: ${step.query} · ${step.record}`;
  return step.query || step.record ? `${level}: ${step.query ?? step.record}` : level;
}

function signed(bits) {
  return `${bits < 0 ? "−" : "+"}${Math.abs(bits).toFixed(1)}`;
}
