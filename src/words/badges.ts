// The word and tone of every verdict and state. Words first: colour only repeats them. Pure.
import type {AgentState} from '../core/domain/agent.ts';
import type {Finding, FindingKind, Severity} from '../core/domain/finding.ts';
import type {LockState} from '../core/domain/lock.ts';
import type {PortState} from '../core/domain/port.ts';
import type {ServiceState} from '../core/domain/slot.ts';

/** Meaning, not colour: a theme or a paint decides what it looks like. */
export type Tone = 'danger' | 'warning' | 'good' | 'busy' | 'quiet' | 'unknown' | 'plain';

export interface Badge {
  readonly word: string;
  readonly tone: Tone;
}

const KIND_BADGES: Readonly<Record<FindingKind, Badge>> = {
  'orphan-session': {word: 'ORPHAN', tone: 'warning'},
  'zombie-session': {word: 'ZOMBIE', tone: 'warning'},
  'crashed-agent': {word: 'CRASHED', tone: 'danger'},
  'doubled-agent': {word: 'DOUBLED', tone: 'danger'},
  'dead-pane': {word: 'DEAD-PANE', tone: 'warning'},
  'orphan-process': {word: 'ORPHAN', tone: 'warning'},
  'orphan-helper': {word: 'ORPHAN', tone: 'warning'},
  'orphan-daemon': {word: 'ORPHAN', tone: 'warning'},
  'defunct-process': {word: 'DEFUNCT', tone: 'quiet'},
  'wrong-owner': {word: 'WRONG-OWNER', tone: 'danger'},
  'wrong-port': {word: 'WRONG-PORT', tone: 'warning'},
  'service-down': {word: 'DOWN', tone: 'warning'},
  'stray-listener': {word: 'STRAY', tone: 'warning'},
  'shared-slot': {word: 'SHARED-SLOT', tone: 'danger'},
  'stale-lock': {word: 'STALE-LOCK', tone: 'warning'},
  'orphaned-lock': {word: 'ORPHAN-LOCK', tone: 'warning'},
  'lock-collision': {word: 'COLLISION', tone: 'danger'},
  'invalid-lock': {word: 'BAD-LOCK', tone: 'warning'},
  'stale-heartbeat': {word: 'STALE-BEAT', tone: 'warning'},
  'mass-death': {word: 'MASS-DEATH', tone: 'danger'},
  'pile-up': {word: 'PILE-UP', tone: 'warning'},
  'zombie-record': {word: 'DEAD-RECORD', tone: 'warning'},
  'blind-spot': {word: 'BLIND', tone: 'unknown'},
};

const UNKNOWN: Badge = {word: 'UNKNOWN', tone: 'unknown'};

/** A verdict that is not sure is called unknown, whatever it suspects; a blind spot is its own word. */
export const findingBadge = (finding: Pick<Finding, 'kind' | 'certainty'>): Badge =>
  finding.certainty === 'sure' || finding.kind === 'blind-spot' || finding.kind === 'mass-death' ? KIND_BADGES[finding.kind] : UNKNOWN;

/** What an unsure verdict suspects, in lower case: `orphan`, `stale-lock`. */
export const suspicionWord = (kind: FindingKind): string => KIND_BADGES[kind].word.toLowerCase();

const STATE_BADGES: Readonly<Record<AgentState, Badge>> = {
  running: {word: 'RUNNING', tone: 'good'},
  zombie: {word: 'ZOMBIE', tone: 'warning'},
  crashed: {word: 'CRASHED', tone: 'danger'},
  stopped: {word: 'STOPPED', tone: 'quiet'},
  parked: {word: 'PARKED', tone: 'quiet'},
  unknown: UNKNOWN,
};

export const agentBadge = (state: AgentState): Badge => STATE_BADGES[state];

const SERVICE_BADGES: Readonly<Record<ServiceState, Badge>> = {
  up: {word: 'up', tone: 'good'},
  down: {word: 'DOWN', tone: 'warning'},
  'wrong-owner': {word: 'WRONG-OWNER', tone: 'danger'},
  'wrong-port': {word: 'WRONG-PORT', tone: 'warning'},
  stray: {word: 'STRAY', tone: 'warning'},
  free: {word: 'free', tone: 'quiet'},
  unmanaged: {word: 'unmanaged', tone: 'quiet'},
  unknown: UNKNOWN,
};

export const serviceBadge = (state: ServiceState): Badge => SERVICE_BADGES[state];

/** Of a port: its service’s where one is declared. */
export const portBadge = (state: PortState): Badge => {
  switch (state) {
    case 'undeclared':
      return {word: 'undeclared', tone: 'plain'};
    case 'orphan':
      return {word: 'orphan', tone: 'warning'};
    default:
      return serviceBadge(state);
  }
};

const LOCK_BADGES: Readonly<Record<LockState, Badge>> = {
  held: {word: 'HELD', tone: 'good'},
  stale: {word: 'STALE', tone: 'warning'},
  orphaned: {word: 'ORPHANED', tone: 'warning'},
  collision: {word: 'COLLISION', tone: 'danger'},
  invalid: {word: 'INVALID', tone: 'warning'},
  unknown: UNKNOWN,
};

export const lockBadge = (state: LockState): Badge => LOCK_BADGES[state];

const SEVERITY_RANK: Readonly<Record<Severity, number>> = {high: 0, medium: 10, low: 20};

/** Lower is worse. The unsure comes after everything sure: it cannot be acted on. */
export const findingRank = (finding: Pick<Finding, 'severity' | 'certainty'>): number =>
  SEVERITY_RANK[finding.severity] + (finding.certainty === 'sure' ? 0 : 30);

const TONE_RANK: Readonly<Record<Tone, number>> = {danger: 0, warning: 10, unknown: 30, busy: 40, good: 50, plain: 60, quiet: 70};

/** Rank of a badge that no finding stands behind. */
export const badgeRank = (badge: Badge): number => TONE_RANK[badge.tone];
