// One line of what doctor says: something that was looked at, how it stands, and what to do about it. Pure records.

export interface Check {
  readonly about: string;
  /** note: nothing wrong, but worth knowing. trouble: part of the fleet cannot be seen, or nothing can be acted on. */
  readonly state: 'ok' | 'note' | 'trouble';
  readonly detail: string;
  readonly cure: string | null;
}

export const ok = (about: string, detail: string): Check => ({about, state: 'ok', detail, cure: null});
export const note = (about: string, detail: string, cure: string | null = null): Check => ({about, state: 'note', detail, cure});
export const trouble = (about: string, detail: string, cure: string): Check => ({about, state: 'trouble', detail, cure});
