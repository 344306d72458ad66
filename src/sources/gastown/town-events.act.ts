// Tells a Gas Town that one of its sessions is about to be ended by a person: a `session_death` line in its event feed.
import type {ActingSource} from '../../core/act/acting-source.ts';
import type {Door} from '../../core/act/telling-source.ts';
import type {PlanSession} from '../../core/domain/plan.ts';
import {appendUnderLock} from '../../core/os/append-file.ts';
import {townsOf} from './daemon-duties.ts';

const OTHERS_WRITE = 0o002;

/** The line as the town's own tools write it: `gt` is the only source its readers know. RFC 3339 without fractions. */
const sessionDeathLine = ({name, agent}: PlanSession, reason: string, epochMs: number): string =>
  JSON.stringify({
    ts: new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    source: 'gt',
    type: 'session_death',
    actor: name,
    payload: {session: name, agent: agent?.replace(/^agent:/, '') ?? 'unknown', reason, caller: 'rigtop'},
    visibility: 'feed',
  });

/** A feed of another user is left alone: a file that root makes there would shut the town out. The reason when it failed. */
const appendEvent = async ({host, isNamed}: Door, town: string, line: string): Promise<string | null> => {
  if (!(await isNamed(town))) {
    return 'nobody has named this town (towns in your configuration, --town, GT_TOWN_ROOT), so nothing is written there';
  }
  const directory = await host.files.inspect(town);
  if (directory.state !== 'ok') {
    return 'its directory could not be read';
  }
  const {kind, uid, mode} = directory.value;
  if (kind !== 'directory' || uid !== host.uid) {
    return kind === 'directory' ? `it belongs to user ${uid}` : 'it is no directory';
  }
  if ((mode & OTHERS_WRITE) !== 0) {
    return 'every user may write in it';
  }
  const written = await appendUnderLock(host, `${town}/.events.jsonl`, line);
  return written.ok ? null : written.because;
};

/** One event for each session of a town, before it ends. What could not be told comes back in words. */
export const tellTowns = async (door: Door, sessions: readonly PlanSession[], reason: string): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const session of sessions) {
    if (session.town !== null) {
      const failed = await appendEvent(door, session.town, sessionDeathLine(session, reason, door.host.epochMs()));
      if (failed !== null) {
        problems.push(`the event feed of ${session.town} was not told of ${session.name}: ${failed}`);
      }
    }
  }
  return problems;
};

/** Tell a town's feed that several deaths came at once, in the form its own daemon uses. The reason when it failed. */
const tellMassDeath = (door: Door, town: string, deaths: number, sessions: readonly string[]): Promise<string | null> =>
  appendEvent(
    door,
    town,
    JSON.stringify({
      ts: new Date(door.host.epochMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
      source: 'gt',
      type: 'mass_death',
      actor: 'rigtop',
      payload: {count: deaths, window: '30s', sessions},
      visibility: 'feed',
    }),
  );

export const townHands: ActingSource = {
  beforeEnd: tellTowns,
  afterDeaths: async (door, assessment, dead, deaths) => {
    const subjects = dead.map(({subject}) => subject);
    const problems: string[] = [];
    for (const {realPath} of townsOf(assessment, dead)) {
      const failed = await tellMassDeath(door, realPath, deaths, subjects);
      if (failed !== null) {
        problems.push(`the event feed of ${realPath} was not told: ${failed}`);
      }
    }
    return problems;
  },
};
