// The environment variables that rigtop looks at: an exact list, because everything else in an environment may be a secret. Pure.

import type {SlotMark} from './slot-place.ts';

/** Those that no source adds: where a person came from, or the service manager. */
const EVERYWHERE: readonly string[] = [
  'SSH_CONNECTION',
  'SYSTEMD_EXEC_PID',
  'TERM_PROGRAM',
  'VSCODE_CWD',
  'VSCODE_GIT_ASKPASS_MAIN',
  'VSCODE_GIT_IPC_HANDLE',
  'VSCODE_INJECTION',
  'VSCODE_IPC_HOOK',
  'VSCODE_IPC_HOOK_CLI',
  'VSCODE_PID',
  // Which port a server is to take, by a convention older than any of its tools.
  'PORT',
  // rigtop's own demo: which of them.
  'RIGTOP_DEMO',
];

/** What a source says of environments. */
export interface MarkingSource {
  /**
   * Environment variables that are kept of processes and sessions. Names, never patterns: `GT_DSN` or `ECLUSE_DATABASE_URL` fit any
   * pattern that fits the names of the tools' own variables, and what is kept goes into snapshots, streams and bug reports.
   */
  readonly markers?: readonly string[];
}

/** The names that may be kept as evidence: everybody's, what each source adds, and what marks a slot. */
export const markersOf = (
  sources: readonly (MarkingSource & {readonly slots?: {readonly mark?: SlotMark | undefined} | undefined})[],
): ReadonlySet<string> =>
  new Set([
    ...EVERYWHERE,
    ...sources.flatMap(({markers = [], slots}) =>
      [...markers, slots?.mark?.slot, slots?.mark?.slug, slots?.mark?.rig].flatMap(name => name ?? []),
    ),
  ]);
