// Tables as CSV for a spreadsheet, in which no cell can become a formula.

const FORMULA = /^[=+\-@\t\r\0]/;

/** Rows of values as CSV (RFC 4180). Source: OWASP ASVS 5, 1.2.10 for the apostrophe before a formula. */
export function csv(header, rows) {
  return [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Offer a table as a file that spreadsheets read as UTF-8. */
export function download(name, text) {
  save(name, new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
}

/** Offer a file. */
export function save(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function cell(value) {
  const text = value === null || value === undefined ? "" : Array.isArray(value) ? value.join("; ") : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
