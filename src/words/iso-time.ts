// Moments as the documents write them. Pure.

const LATEST_DATE_MS = 8.64e15;

/** ISO 8601 in UTC; the epoch for moments that no date can hold, which only a hostile record has. */
export const isoTime = (epochMs: number): string =>
  new Date(Number.isFinite(epochMs) && Math.abs(epochMs) <= LATEST_DATE_MS ? epochMs : 0).toISOString();

/** When a session was made; null for zellij and herdr, which do not tell (see `Session.created`). */
export const isoCreated = (seconds: number): string | null => (seconds === 0 ? null : isoTime(seconds * 1000));

export const isoTimeOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : isoTime(epochMs));
