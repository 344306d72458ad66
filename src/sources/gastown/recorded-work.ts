// What a town's files say an agent was doing: self-reports, locks, orderly ends. They may prove work, never death. Pure.
import type {Evidence} from '../../core/domain/agent.ts';
import type {TownHeartbeat} from '../../core/domain/town.ts';
import type {ExpectedAgent} from './expected-agents.ts';
import {parseSessionName, sessionRegistry} from './town-names.ts';

/** Younger reports are taken for a living agent's last word (gt, polecat.heartbeat_stale_threshold; the deacon's own threshold). */
const HEARTBEAT_FRESH_MS = 3 * 60_000;
const DEACON_FRESH_MS = 5 * 60_000;
/** Longer than the deacon may wait for work (15 minutes). */
export const DEACON_VERY_STALE_MS = 20 * 60_000;
/** After its start it may not have spoken yet. */
export const DEACON_GRACE_MS = 5 * 60_000;
/** The daemon makes a round every three minutes; slow databases make some take longer. */
export const DAEMON_STALE_MS = 15 * 60_000;

const DONE = new Set(['idle', 'exiting', 'done']);
const ORDERLY = /shutdown|idle-reap|done means idle|clean ?up|stopp?ed|restart/i;

/** Sessions an agent's reports may be filed under: today's name and the older ones that read as this very agent. */
const isSessionOf = (agent: ExpectedAgent, session: string): boolean =>
  session === agent.sessionName ||
  parseSessionName(session, sessionRegistry(agent.town)).some(
    reading =>
      reading.scheme === 'legacy' &&
      reading.role === agent.role &&
      reading.name === agent.name &&
      reading.rig === (agent.rig?.name ?? null),
  );

const heartbeatOf = (agent: ExpectedAgent): TownHeartbeat | null => {
  const {heartbeats} = agent.town.records;
  const own = heartbeats.known ? heartbeats.value.filter(each => isSessionOf(agent, each.session)) : [];
  return own.sort((a, b) => b.at - a.at)[0] ?? null;
};

/** When the session was last ended on purpose, by the town's own feed; null when it tells of no such end. */
const orderlyEndOf = (agent: ExpectedAgent): number | null => {
  const {events} = agent.town.records;
  const ends = events.known
    ? events.value.filter(
        event => event.type === 'session_death' && event.session !== null && isSessionOf(agent, event.session) && ORDERLY.test(event.text),
      )
    : [];
  return ends.at(-1)?.at ?? null;
};

/** Moments, not ages: evidence that changes at every look would redraw a screen on which nothing has happened. */
export const momentOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

interface Sign {
  readonly at: number;
  readonly evidence: Evidence;
}

const heartbeatSign = (heartbeat: TownHeartbeat | null, now: number): Sign | null => {
  if (heartbeat === null || (heartbeat.state !== null && DONE.has(heartbeat.state))) {
    return null;
  }
  const age = now - heartbeat.at;
  const onHook = heartbeat.bead !== null && heartbeat.state !== null;
  return onHook || age < HEARTBEAT_FRESH_MS
    ? {
        at: heartbeat.at,
        evidence: {
          fact: `said ${heartbeat.state ?? 'a sign of life'}${heartbeat.bead === null ? '' : ` on ${heartbeat.bead}`} at ${momentOf(heartbeat.at)}`,
          source: `.runtime/heartbeats/${heartbeat.session}.json`,
        },
      }
    : null;
};

/** A polecat's lock outlives its session only when nobody ended it orderly. Crew come and go, so a crew lock says nothing. */
const lockSign = (agent: ExpectedAgent, heartbeat: TownHeartbeat | null): Sign | null => {
  const file = agent.role === 'polecat' ? agent.town.records.locks.find(each => each.worker.home === agent.worker.home) : undefined;
  const at = file?.content.known === true ? (file.content.value.acquiredAt ?? file.modifiedAt) : null;
  const doneSince = heartbeat !== null && heartbeat.state !== null && DONE.has(heartbeat.state) && at !== null && heartbeat.at >= at;
  return file === undefined || at === null || doneSince
    ? null
    : {at, evidence: {fact: `took its lock at ${momentOf(at)} and never gave it back`, source: file.path}};
};

const dogSign = (agent: ExpectedAgent): Sign | null => {
  const {dogs} = agent.town.records;
  const dog = agent.role === 'dog' && dogs.known ? dogs.value.find(each => each.name === agent.name) : undefined;
  return dog === undefined || dog.state !== 'working' || dog.work === null
    ? null
    : {at: Number.POSITIVE_INFINITY, evidence: {fact: `works on ${dog.work}`, source: `deacon/dogs/${dog.name}/.dog.json`}};
};

const deaconSign = (agent: ExpectedAgent, now: number): Sign | null => {
  const {deaconHeartbeat} = agent.town.records;
  const heartbeat = agent.role === 'deacon' && deaconHeartbeat.known ? deaconHeartbeat.value : null;
  return heartbeat === null || now - heartbeat.at >= DEACON_FRESH_MS
    ? null
    : {at: heartbeat.at, evidence: {fact: `spoke at ${momentOf(heartbeat.at)}`, source: 'deacon/heartbeat.json'}};
};

export interface WorkSigns {
  /** Why it was at work when it was last heard of; empty when nothing says so. */
  readonly working: readonly Evidence[];
  /** It spoke so recently that it may live where nobody looked; milliseconds since then, or null. */
  readonly spokeAgoMs: number | null;
}

/** `now`: milliseconds since the epoch, of the look. */
export const workSignsOf = (agent: ExpectedAgent, now: number): WorkSigns => {
  const heartbeat = heartbeatOf(agent);
  const ended = orderlyEndOf(agent);
  const signs = [heartbeatSign(heartbeat, now), lockSign(agent, heartbeat), dogSign(agent), deaconSign(agent, now)]
    .filter(sign => sign !== null)
    .filter(sign => ended === null || sign.at > ended);
  return {working: signs.map(sign => sign.evidence), spokeAgoMs: heartbeat === null ? null : now - heartbeat.at};
};
