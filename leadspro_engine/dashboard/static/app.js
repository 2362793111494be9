// The frame of the workspace: signing in, navigation, theme, banners, and which page is shown.

import { call, DEMO_KEY, key, tell } from "./api.js";
import { button, fill, h, icon, MARK } from "./dom.js";
import { failure } from "./states.js";
import { signIn } from "./views/signin.js";
import { count } from "./words.js";

const PAGES = [
  ["overview", "Overview"],
  ["lookup", "Lookup"],
  ["search", "Search"],
  ["batch", "Batch"],
  ["jobs", "CSV enrichment"],
  ["keys", "API keys"],
  ["history", "History"],
  ["docs", "Docs"],
];
const THEMES = ["auto", "light", "dark"];
const SYMBOLS = { auto: "half", light: "sun", dark: "moon" };

const root = document.getElementById("app");
let frame = null;
let demo = null;

async function start() {
  theme(localStorage.getItem("leadspro.theme") ?? "auto");
  if (!key.get() && (await demoOffered())) key.set(DEMO_KEY);
  if (key.get()) await enter();
  else await door();
}

/** Whether the server lets everybody in with the demo key; asked once. */
function demoOffered() {
  demo ??= call("GET", "/api/health", { as: null }).then((health) => health.features.demo, () => { demo = null; return false; });
  return demo;
}

/** Ask for a key. */
async function door(problem = null) {
  frame = null;
  document.title = "Sign in · Leads Pro";
  fill(root, signIn({ problem, demo: await demoOffered(), enter }));
}

/** Show the workspace of the key, or ask again when it does not work. */
async function enter() {
  program(wanted()[0]);
  let me = null;
  try {
    me = await call("GET", "/api/v1/me");
  } catch (error) {
    if (error.code !== "insufficient_scope") {
      if (error.status === 401) key.forget();
      await door(error);
      return;
    }
  }
  frame = workspace(me);
  fill(root, frame.element);
  if (me) frame.credits(me.credits.remaining, me.credits.limit);
  await show();
}

function leave() {
  key.forget();
  history.replaceState(null, "", location.pathname);
  door();
}

/** Navigation, banner and the place for pages. */
function workspace(me) {
  const links = PAGES.map(([name, title]) => h("a", { href: `#/${name}`, data: { page: name }, on: { pointerenter: () => program(name), focus: () => program(name) } }, icon(name), title));
  const left = h("b", { class: "nums" });
  const meter = h("i", { vars: { share: "100%" } });
  const bar = h("div", { class: "bar" }, meter);
  const credits = h("div", { class: "side-credits small", hidden: true }, h("div", { class: "side-row" }, h("span", { class: "soft" }, "Credits left"), left), bar);
  const shade = h("div", { class: "shade", hidden: true, on: { click: () => open(false) } });
  const side = h(
    "aside",
    { class: "side", id: "side" },
    brand(),
    h("nav", { class: "nav", "aria-label": "Workspace" }, links),
    h("div", { class: "side-foot" }, credits, h("div", { class: "side-row" }, h("span", { class: "small soft wrap-any" }, me?.workspace.name ?? "Workspace"), h("span", { class: "side-tools" }, themeButton(), button("", leave, { symbol: "out", kind: "quiet tiny", "aria-label": "Sign out", title: "Sign out" })))),
  );
  const menu = button("", () => open(!side.classList.contains("open")), { symbol: "menu", kind: "quiet", "aria-label": "Menu", "aria-controls": "side", "aria-expanded": "false" });
  const main = h("main", { id: "main", tabindex: "-1" });
  const lost = h("div", { class: "banner offline", role: "status", hidden: true }, icon("away"), "The server cannot be reached. What you see may be out of date.");

  function open(wanted) {
    side.classList.toggle("open", wanted);
    shade.hidden = !wanted;
    menu.setAttribute("aria-expanded", String(wanted));
    if (wanted) links[0].focus();
  }
  for (const part of [side, menu]) part.addEventListener("keydown", (event) => { if (event.key === "Escape") { open(false); menu.focus(); } });

  return {
    element: [h("div", { class: "top" }, brand(), menu), shade, h("div", { class: "frame" }, side, h("div", {}, demoBanner(), lost, main))],
    me,
    main,
    lost,
    mark: (name) => {
      open(false);
      for (const link of links) link.toggleAttribute("aria-current", false);
      links.find((link) => link.dataset.page === name)?.setAttribute("aria-current", "page");
    },
    limit: me?.credits.limit ?? null,
    credits(remaining, limit = this.limit) {
      credits.hidden = false;
      left.textContent = count(remaining);
      if (limit) meter.style.setProperty("--share", `${(100 * remaining) / limit}%`);
      bar.classList.toggle("low", Boolean(limit) && remaining < 0.1 * limit);
    },
  };
}

function demoBanner() {
  if (key.get() !== DEMO_KEY) return null;
  return h("div", { class: "banner", role: "region", "aria-label": "Demo" }, h("span", {}, h("b", {}, "Demo. "), "You are signed in with the public key ", h("code", {}, DEMO_KEY), ", which everybody shares. All people here are invented; bring no real ones."), button("Use your own key", leaveDemo, { kind: "tiny" }));
}

function leaveDemo() {
  key.forget();
  door();
}

function brand() {
  return h("a", { class: "brand", href: "#/overview" }, h("img", { src: MARK, alt: "" }), "Leads Pro");
}

function themeButton() {
  const shown = () => document.documentElement.dataset.theme ?? "auto";
  const change = (event) => {
    theme(THEMES[(THEMES.indexOf(shown()) + 1) % THEMES.length]);
    event.currentTarget.replaceWith(themeButton());
    document.querySelector("[data-theme-button]").focus();
  };
  return button("", change, { symbol: SYMBOLS[shown()], kind: "quiet tiny", "aria-label": `Theme: ${shown()}. Change`, title: `Theme: ${shown()}`, data: { themeButton: "" } });
}

function theme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  localStorage.setItem("leadspro.theme", name);
}

/** The page that the address names: its name and its title. */
function wanted() {
  const name = location.hash.replace(/^#\//, "").split("?")[0];
  return PAGES.find(([one]) => one === name) ?? PAGES[0];
}

const programs = new Map();
let attempts = 0;
/** The program of a page, fetched once; null when it cannot be had now. A browser remembers a failure by its address, so a later attempt has another one. */
async function program(name) {
  if (!programs.has(name)) programs.set(name, import(attempts ? `./views/${name}.js?${attempts}` : `./views/${name}.js`));
  try {
    return await programs.get(name);
  } catch {
    programs.delete(name);
    attempts += 1;
    return null;
  }
}

const MISSING = {
  code: "offline",
  title: "This page could not be loaded",
  detail: "The server cannot be reached, or it was updated since you opened the workspace; then load the workspace again.",
  retryable: true,
};

/** Show the page that the address names. */
async function show() {
  if (!frame) return;
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  const [name, title] = wanted();
  const found = await program(name);
  if (wanted()[0] !== name || !frame) return;
  const content = found ? found.page({ me: frame.me, query: new URLSearchParams(location.hash.split("?")[1] ?? "") }) : [h("h1", {}, title), failure(MISSING, { again: show })];
  frame.mark(name);
  document.title = `${title} · Leads Pro`;
  fill(frame.main, h("div", { class: "page appear" }, content));
  scrollTo(0, 0);
  const heading = frame.main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // its address would be taken for that of a page
  document.getElementById("main")?.focus();
});
addEventListener("hashchange", show);
addEventListener("online", () => tell("online"));
addEventListener("offline", () => tell("offline"));
document.addEventListener("leadspro:credits", (event) => frame?.credits(event.detail.credits_remaining));
document.addEventListener("leadspro:offline", () => { if (frame) frame.lost.hidden = false; });
document.addEventListener("leadspro:online", () => { if (frame) frame.lost.hidden = true; });
document.addEventListener("leadspro:unauthorized", (event) => {
  if (!frame) return;
  key.forget();
  door(event.detail);
});

start();
