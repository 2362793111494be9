// Numbers, days and names as people read them.

const NUMBER = new Intl.NumberFormat("en");
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MINUTE = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const SPANS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
const CAPITALS = { vp: "VP", cxo: "C-level", api: "API", linkedin: "LinkedIn", url: "URL", email: "E-mail", id: "ID", enrich: "Look-up", identify: "Candidates", enrich_batch: "Batch", job: "CSV enrichment", search_people: "People search", search_companies: "Company search", understand: "Plain words", autocomplete: "Suggestions", create_job: "File uploaded", change_job: "File's columns", start_job: "File started", resume_job: "File resumed", end_job: "File ended", create_key: "Key made", change_key: "Key changed", rotate_key: "Key rotated", revoke_key: "Key revoked", suppress: "Person hidden" };

export const count = (value) => (Number.isFinite(value) ? NUMBER.format(value) : "–");
export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;
/** A likelihood, which is never quite certain. */
export const sure = (share) => (share > 0.999 ? "> 99.9 %" : percent(share, share > 0.99 ? 1 : 0));
export const day = (iso) => (iso ? DAY.format(new Date(iso)) : "–");
export const minute = (iso) => (iso ? MINUTE.format(new Date(iso)) : "–");

/** "2 hours ago" for an instant. */
export function ago(iso, now = Date.now()) {
  if (!iso) return "never";
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const [unit, length] = SPANS.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  return unit === "second" ? "just now" : AGO.format(Math.round(seconds / length), unit);
}

/** `human_resources` -> "Human resources". */
export function label(name) {
  if (!name) return "";
  if (CAPITALS[name]) return CAPITALS[name];
  const spaced = String(name).replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** One or two letters for an avatar. */
export function initials(name) {
  const parts = String(name ?? "").trim().split(/\s+/).filter(Boolean);
  const chosen = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return chosen.map((part) => Array.from(part)[0].toUpperCase()).join("") || "–";
}

/** "1 person", "2 people". */
export const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

/** A place as one line. */
export function placeLine(where) {
  const parts = [where?.city, where?.region === where?.city ? null : where?.region, where?.country];
  return parts.filter(Boolean).join(", ");
}
