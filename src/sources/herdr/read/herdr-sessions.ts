// herdr's sessions and the agents in them. Three-valued: empty output and bad JSON prove nothing. Reads only.

import {oneLine} from '../../../core/domain/command-line.ts';
import {knownValue} from '../../../core/domain/known.ts';
import type {Pane, Session} from '../../../core/domain/multiplexer.ts';
import {paneIdIn} from '../../../core/domain/session-server.ts';
import type {NamedMultiplexer} from '../../../core/look/named-multiplexers/named-multiplexer.ts';
import {answered, asSession, failed, type Listing, notInstalled, outsideOf} from '../../../core/look/named-multiplexers/session-listing.ts';
import type {CommandResult, Host} from '../../../core/os/host.ts';
import {complaint} from '../../../words/complaints.ts';
import {isHerdrServer, servedByHerdr, shownByHerdr} from '../herdr-program.ts';

type Row = Readonly<Record<string, unknown>>;

const TARGET = 'herdr';
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rows under `key`, at the top or below `result`, both of which were seen; null when there are none to be found. */
const parseRows = (stdout: string, key: string): readonly Row[] | null => {
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch {
    return null;
  }
  const top = isRow(document) ? document : {};
  const rows = top[key] ?? (isRow(top.result) ? top.result[key] : undefined);
  return Array.isArray(rows) && rows.every(isRow) ? rows : null;
};

const isGone = (agent: Row): boolean => agent.running === false || [agent.agent_status, agent.status].includes('exited');

const toPane = (agent: Row, index: number): Pane => {
  const id = String(agent.pane_id ?? index);
  return {
    id,
    windowId: id,
    windowIndex: index,
    windowName: oneLine(String(agent.name ?? agent.agent ?? '')),
    index: 0,
    active: index === 0,
    pid: typeof agent.pid === 'number' ? agent.pid : 0,
    dead: isGone(agent),
    exitStatus: null,
    startCommand: '',
    tty: '',
  };
};

/** Names of running sessions, or null when the output proves nothing: of each row it must be told whether it runs. */
export const parseHerdrSessions = (stdout: string): readonly string[] | null => {
  const rows = parseRows(stdout, 'sessions');
  return rows === null || rows.some(({name, running}) => typeof name !== 'string' || typeof running !== 'boolean')
    ? null
    : rows.flatMap(({name, running}) => (running === true ? [String(name)] : []));
};

/** Agents of one session as panes, exited ones dead; null when the output proves nothing. */
export const parseHerdrAgents = (stdout: string): readonly Pane[] | null => parseRows(stdout, 'agents')?.map(toPane) ?? null;

const reasonOf = (result: CommandResult): string => complaint(result) ?? 'its answer could not be read';

const collectHerdr = async (host: Host, timeoutMs: number): Promise<Listing> => {
  const env = outsideOf(host, 'herdr');
  const ended = host.monotonicMs() + timeoutMs;
  const result = await host.run('herdr', ['session', 'list', '--json'], {timeoutMs, env});
  if (result.trouble === 'missing') {
    return notInstalled('herdr');
  }
  const names = result.exitCode === 0 ? parseHerdrSessions(result.stdout) : null;
  if (names === null) {
    return failed('herdr', TARGET, reasonOf(result));
  }
  const sessions: Session[] = [];
  for (const name of names) {
    const agents = await host.run('herdr', ['--session', name, 'agent', 'list'], {timeoutMs: Math.max(1, ended - host.monotonicMs()), env});
    const panes = agents.exitCode === 0 ? parseHerdrAgents(agents.stdout) : null;
    if (panes === null) {
      return failed('herdr', TARGET, `session ${oneLine(name)}: ${reasonOf(agents)}`);
    }
    // herdr numbers panes anew in each session, and all sessions share one server record.
    const unique = panes.map(pane => ({...pane, id: paneIdIn(name, pane.id), windowId: paneIdIn(name, pane.id)}));
    sessions.push(asSession('herdr', TARGET, name, unique));
  }
  return answered('herdr', TARGET, sessions);
};

export const herdrSessions: NamedMultiplexer = {
  kind: 'herdr',
  collect: collectHerdr,
  isServer: isHerdrServer,
  servedSession: servedByHerdr,
  shownSession: shownByHerdr,
  paneOf: ({env}) => knownValue(env)?.HERDR_PANE_ID ?? null,
};
