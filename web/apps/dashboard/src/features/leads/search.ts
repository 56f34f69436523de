/** What the address of the leads' page can say: the filters, and which lead is open. */
export type LeadFilters = { q?: string; from?: string; to?: string; consent?: boolean };
export type LeadSearch = LeadFilters & { lead?: string };

export function validateLeadSearch({ q, from, to, consent, lead }: Record<string, unknown>): LeadSearch {
  const words = typeof q === "number" ? String(q) : q;
  return {
    ...(typeof words === "string" && words.trim() && { q: words.slice(0, 200) }),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
    ...(typeof consent === "boolean" && { consent }),
    ...(typeof lead === "string" && /^lead_[0-9a-f]{32}$/.test(lead) && { lead }),
  };
}

const isDay = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
