// Signing in with an API key, which is kept for this tab only.

import { DEMO_KEY, key } from "../api.js";
import { button, h, MARK } from "../dom.js";
import { busy, failure } from "../states.js";

/** The door of the workspace. */
export function signIn({ problem, demo, enter }) {
  const input = h("input", { id: "key", name: "key", type: "password", autocomplete: "off", spellcheck: "false", placeholder: "pl_live_…", required: true, "aria-describedby": "key-hint" });
  const reveal = button("Show", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    reveal.lastChild.textContent = hidden ? "Hide" : "Show";
  }, { kind: "quiet tiny", "aria-label": "Show or hide the key" });
  const submit = h("button", { type: "submit", class: "primary" }, "Open workspace");
  const form = h(
    "form",
    { class: "stack", on: { submit: (event) => { event.preventDefault(); busy(submit, () => open(input.value.trim())); } } },
    h("div", {}, h("label", { for: "key" }, "API key"), h("div", { class: "reveal" }, input, reveal), h("p", { class: "hint", id: "key-hint" }, "Kept in this tab only and gone when you close it. The server shows the owner's key when it first starts; ", h("code", {}, "leadspro keys create"), " makes more.")),
    submit,
    demo && button("Look around with the demo key", () => open(DEMO_KEY)),
  );

  function open(value) {
    key.set(value);
    return enter();
  }

  return h(
    "main",
    { class: "door", id: "main" },
    h("div", { class: "card appear" }, h("div", { class: "body" }, h("div", { class: "stack" }, h("img", { src: MARK, alt: "", width: "40", height: "40" }), h("div", {}, h("h1", {}, "Leads Pro"), h("p", { class: "soft" }, "Who is this, and who fits? Answered from your own data, with reasons."))), problem && failure(problem), form)),
  );
}
