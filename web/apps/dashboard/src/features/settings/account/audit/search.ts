/** The filters of the audit log, as the address has them. */
export type AuditSearch = { action?: string; who?: string; from?: string; until?: string };

export function validateAuditSearch({ action, who, from, until }: Record<string, unknown>): AuditSearch {
  return {
    ...(typeof action === "string" && /^[a-z_]+\.[a-z_]+$/.test(action) && { action }),
    ...(typeof who === "string" && /^(user|key|account)_[0-9a-f]{32}$/.test(who) && { who }),
    ...(isDay(from) && { from }),
    ...(isDay(until) && { until }),
  };
}

const isDay = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
