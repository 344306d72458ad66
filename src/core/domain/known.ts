// Three-valued answers: what was seen, what was proven absent, what could not be observed. Pure records.

/** A fact that may not have been observable. `because` names the obstacle in words a user can act on. */
export type Known<T> = {readonly known: true; readonly value: T} | {readonly known: false; readonly because: string};

/** Whether a thing exists. Only an answer that proves absence may be `missing` (docs/safety.md, rule 1). */
export type Presence = 'exists' | 'missing' | 'unknown';

/**
 * What was looked at: `processes`, `listeners`, `worktrees`, or an outside program by the name of its source. `config` is a source too: a
 * broken file leaves a blind spot; `ssh` is another machine; `rigtop` is a part of rigtop itself that broke over what it saw.
 */
export type SourceName = string;

/** How one look at one source went. `absent` is an answer ("no such server"), `unknown` is the lack of one. */
export interface SourceStatus {
  readonly source: SourceName;
  /** What was looked at: a socket's name, `table`, a town's path. */
  readonly target: string;
  readonly state: 'ok' | 'absent' | 'unknown';
  /** `3 sessions`, or the reason for `absent` and `unknown`, in words. */
  readonly detail: string;
  /** A cure for `unknown`, where one is known ("SIGUSR1 to 4711 recreates the socket"); of an answer that needs a word, what to do. */
  readonly hint?: string;
  readonly tookMs: number;
  /** How long before this look the oldest part of the answer was given, where it was not asked for anew: see `stillness.ts`. */
  readonly ageMs?: number;
}

export const known = <T>(value: T): Known<T> => ({known: true, value});
export const unknown = (because: string): Known<never> => ({known: false, because});

/** Shared by every process nobody asked about, so that unchanged records stay reference-equal. */
export const NOT_ASKED: Known<never> = unknown('not looked at');

/** The value, or `undefined` where it could not be observed. For display; decisions must look at `known`. */
export const knownValue = <T>(fact: Known<T>): T | undefined => (fact.known ? fact.value : undefined);
