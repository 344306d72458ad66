// What a panel shows of one thing: a row with an identity, a badge in words and its cells. Pure records.

import type {HintCounts} from '../core/domain/hint.ts';
import type {Sighting} from '../core/domain/sighting.ts';
import type {Badge} from '../words/badges.ts';
import type {BadgeCount} from '../words/describe-finding.ts';

export type ListPanel = 'rigs' | 'ports' | 'agents' | 'orphans';
export type PanelId = ListPanel | 'explain' | 'journal';

export const PANELS: readonly PanelId[] = ['rigs', 'ports', 'agents', 'orphans', 'explain', 'journal'];
export const LIST_PANELS: readonly ListPanel[] = ['rigs', 'ports', 'agents', 'orphans'];

/** Keys of the filter language: `state:orphan port:3102 rig:x pid:4388`. */
export const FILTER_FIELDS = [
  'state',
  'rig',
  'agent',
  'role',
  'runtime',
  'session',
  'server',
  'pid',
  'port',
  'slot',
  'kind',
  'machine',
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

export const SORT_FIELDS = ['severity', 'name', 'age', 'cpu', 'memory', 'idle', 'pid', 'port'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

/** Numbers that jitter between looks. Kept beside their text so that `steady` can hold a cell still. */
export interface Measures {
  /** Percent of one core, whole tree. */
  readonly cpu: number | null;
  /** Resident bytes, whole tree. */
  readonly memory: number | null;
}

export interface Row {
  /** Identity: the same thing has the same key at every look, another thing never does. */
  readonly key: string;
  /** What to hand to plan() and explain: a reference or a finding's id. */
  readonly ref: string;
  readonly badge: Badge;
  /** By column id; one line each, safe for a terminal. */
  readonly cells: Readonly<Record<string, string>>;
  /** Lower case. */
  readonly fields: Readonly<Partial<Record<FilterField, readonly string[]>>>;
  readonly order: Readonly<Record<SortField, number | string>>;
  readonly measures: Measures;
  readonly problem: boolean;
  /** Why it cannot be stopped at all; null when a plan may be asked for. */
  readonly barred: string | null;
  /** Why it cannot be taken together with others; null when it can be marked. */
  readonly unmarkable: string | null;
  /** Whether `A` takes it: surely wrong, by a finding about this very thing that ending it cures. */
  readonly eligible: boolean;
  /** What stopping it means: ending processes, or moving a left-over lock aside. */
  readonly remedy: 'kill' | 'clean-locks';
  /** Indentation in a tree; 0 in a flat list. */
  readonly depth: number;
  /** `sessionKey` of the session it is or lives in. */
  readonly session: string | null;
  /** Of a port that nobody declares: whether a stanza could. */
  readonly declarable?: boolean;
  /** How its process is seen; missing where it has none. */
  readonly process?: Sighting;
  /** The other machine that it is on; missing for this one. */
  readonly machine?: string;
}

/** Everything a panel needs of the fleet, structurally shared between looks. */
export interface FleetView {
  readonly rigs: readonly Row[];
  readonly ports: readonly Row[];
  readonly agents: readonly Row[];
  readonly orphans: readonly Row[];
  readonly header: HeaderView;
}

export interface HeaderView {
  readonly host: string;
  readonly rigs: number;
  readonly agents: number;
  readonly counts: readonly BadgeCount[];
  /** How many agents ask, have finished, work, stand still. */
  readonly doing: HintCounts;
  /** Where several machines are shown: how many, and how many of them cannot be seen. */
  readonly machines?: {readonly all: number; readonly lost: number};
  /** How far the look reached, in words: `Looked at 214 processes, 2 servers`. */
  readonly reach: string;
  /** Sources that did not answer, in words. */
  readonly blind: readonly string[];
  /** Sources that answered and want a word from a person, in words. */
  readonly notes: readonly string[];
}
