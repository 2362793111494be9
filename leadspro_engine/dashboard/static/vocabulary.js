// The closed vocabularies of the engine and the API. A test holds them equal to those of the engine.

export const SENIORITIES = ["cxo", "director", "entry", "manager", "owner", "partner", "senior", "training", "unpaid", "vp"];
export const DEPARTMENTS = [
  "advisory", "analyst", "creative", "education", "engineering", "finance", "fulfillment", "health", "hospitality",
  "human_resources", "legal", "manufacturing", "marketing", "operations", "partnerships", "product", "professional_service",
  "public_service", "research", "sales", "sales_engineering", "support", "trade", "unemployed",
];
export const HEADCOUNTS = ["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"];
export const STATUSES = ["verified", "unverified", "inactive"];
export const DETAILS = ["email", "phone", "linkedin", "job_title", "company", "skills"];
export const SCOPES = ["enrich", "batch", "search", "usage", "keys", "jobs", "privacy"];
export const QUERY_FIELDS = ["email", "phone", "linkedin", "name", "first_name", "last_name", "company", "domain", "title", "country", "region", "city"];
export const ASKING = ["enrich", "identify", "enrich_batch", "search_people", "search_companies", "job"];
