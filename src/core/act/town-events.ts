// Tells a Gas Town that one of its sessions is about to be ended by a person: a `session_death` line in its event feed.
import type {PlanSession} from '../domain/plan.ts';
import type {Host} from '../os/host.ts';

const APPEND_TIMEOUT_MS = 4000;
/** flock(1): seconds to wait for another writer. */
const LOCK_WAIT_S = '2';

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

/**
 * Append under the writers' lock, `.events.jsonl.lock`. Node has no flock(2), so util-linux's flock(1) holds it while tee(1) does one
 * appending write. A feed of another user is left alone: a file that root makes there would shut the town out. The reason when it failed.
 */
const appendEvent = async (host: Host, town: string, line: string): Promise<string | null> => {
  const directory = await host.files.inspect(town);
  if (directory.state !== 'ok' || directory.value.uid !== host.uid) {
    return directory.state === 'ok' ? `it belongs to user ${directory.value.uid}` : 'its directory could not be read';
  }
  const feed = `${town}/.events.jsonl`;
  const options = {timeoutMs: APPEND_TIMEOUT_MS, input: `${line}\n`};
  const locked = await host.run('flock', ['-w', LOCK_WAIT_S, `${feed}.lock`, 'tee', '-a', feed], options);
  // Where there is no flock(1) the append alone has to do: one short write with O_APPEND is never torn (open(2)).
  const ran = locked.trouble === 'missing' ? await host.run('tee', ['-a', feed], options) : locked;
  if (ran.trouble !== null) {
    return `it could not be written (${ran.trouble})`;
  }
  return ran.exitCode === 0 ? null : ran.stderr.trim() || 'another writer holds its lock';
};

/** One event for each session of a town, before it ends. What could not be told comes back in words. */
export const tellTowns = async (host: Host, sessions: readonly PlanSession[], reason: string): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const session of sessions) {
    if (session.town !== null) {
      const failed = await appendEvent(host, session.town, sessionDeathLine(session, reason, host.epochMs()));
      if (failed !== null) {
        problems.push(`the event feed of ${session.town} was not told of ${session.name}: ${failed}`);
      }
    }
  }
  return problems;
};

/** Tell a town's feed that several deaths came at once, in the form its own daemon uses. The reason when it failed. */
export const tellMassDeath = (host: Host, town: string, deaths: number, sessions: readonly string[]): Promise<string | null> =>
  appendEvent(
    host,
    town,
    JSON.stringify({
      ts: new Date(host.epochMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
      source: 'gt',
      type: 'mass_death',
      actor: 'rigtop',
      payload: {count: deaths, window: '30s', sessions},
      visibility: 'feed',
    }),
  );
