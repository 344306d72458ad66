// Finds the server process that holds each listed session that is known by name, and what runs in it. Pure.

import type {Pane, Server, Session} from '../../domain/multiplexer.ts';
import type {Process} from '../../domain/process.ts';
import {heldBy, ownPaneId} from '../../domain/session-server.ts';
import type {ProcessTable} from '../../os/host.ts';
import type {NamedMultiplexer} from './named-multiplexer.ts';
import type {Listing} from './session-listing.ts';

type Grammar = Pick<NamedMultiplexer, 'isServer' | 'servedSession' | 'shownSession' | 'paneOf'>;

/** The listing and the process table are read one after the other, and zellij counts whole seconds. */
const AGE_SLACK_MS = 10_000;

/** Direct children of a session's server lead the panes: both give each pane a terminal and a session of its own (setsid(2)). */
const childrenOf = (table: ProcessTable, holder: Process): readonly Process[] =>
  [...table.processes.values()]
    .filter(({ppid, state}) => ppid === holder.pid && state !== 'Z' && state !== 'X')
    .sort((a, b) => a.pid - b.pid);

/** Pids are unique on the whole machine, and all sessions share one server record: zellij numbers panes per session. */
const asPane = (child: Process, index: number): Pane => ({
  id: String(child.pid),
  windowId: String(child.pid),
  windowIndex: 0,
  windowName: '',
  index,
  active: index === 0,
  pid: child.pid,
  dead: false,
  exitStatus: null,
  startCommand: '',
  tty: child.tty ?? '',
});

/** herdr tells its agents' pane ids, and each pane's first process carries its own in HERDR_PANE_ID. */
const withPid = ({paneOf}: Grammar, pane: Pane, children: readonly Process[]): Pane => {
  const own = children.filter(child => paneOf?.(child) === ownPaneId(pane.id));
  const [child] = own;
  return child === undefined || own.length > 1 || pane.dead ? pane : {...pane, pid: child.pid, tty: child.tty ?? ''};
};

/** Ages agree, or the listing tells none. */
const agrees = (holder: Process, age: number | undefined, table: ProcessTable): boolean =>
  age === undefined || Math.abs(table.uptimeMs - holder.bornMs - age * 1000) <= AGE_SLACK_MS;

/**
 * The one process that can hold a session. A renamed session keeps a process of its old name (zellij moves the socket, not the
 * argument), so a name alone does not do: two processes of that name, an age that differs, or, where no age is told, any server
 * process of this kind whose name is not listed, and it cannot be told.
 */
const findHolder = (
  {servedSession}: Grammar,
  session: Session,
  servers: readonly Process[],
  names: ReadonlySet<string>,
  listing: Listing,
  table: ProcessTable,
): Process | null => {
  const candidates = servers.filter(process => servedSession(process) === session.name);
  const [holder] = candidates;
  if (holder === undefined || candidates.length > 1) {
    return null;
  }
  const age = listing.ages.get(session.name);
  const renamed = age === undefined && servers.some(process => !names.has(servedSession(process) ?? ''));
  return !renamed && agrees(holder, age, table) ? holder : null;
};

/**
 * Clients that show this session, or may: one whose arguments name no session, or none that is listed, counts for each of them. zellij
 * takes the beginning of a name, too.
 */
const countClients = ({shownSession}: Grammar, name: string, names: ReadonlySet<string>, table: ProcessTable, uid: number): number =>
  [...table.processes.values()].filter(process => {
    const shown = process.uid === uid ? shownSession(process) : null;
    return shown !== null && (shown.name === null || shown.name === name || !names.has(shown.name));
  }).length;

/** A server process that lives without a session in the listing; null when each has one. A child is a server about to run a pane. */
const findUnlisted = ({servedSession}: Grammar, servers: readonly Process[], names: ReadonlySet<string>): Process | null => {
  const pids = new Set(servers.map(({pid}) => pid));
  const own = servers.filter(({ppid}) => !pids.has(ppid));
  return own.length > names.size ? (own.find(process => !names.has(servedSession(process) ?? '')) ?? own.at(-1) ?? null) : null;
};

/**
 * The listing's server with each session's identity, panes and clients, as far as the process table tells them. A listing that lacks a
 * session whose server lives is no proof of absence: sockets may lie elsewhere, or be of another version.
 */
export const placeSessions = (grammar: Grammar, listing: Listing, table: ProcessTable | null, uid: number): Server => {
  const {server} = listing;
  if (table === null || server.state === 'unknown') {
    return server;
  }
  const servers = [...table.processes.values()].filter(
    process => process.uid === uid && process.state !== 'Z' && grammar.isServer(process),
  );
  const names = new Set(server.sessions.map(({name}) => name));
  const sessions = server.sessions.map(session => {
    const attached = countClients(grammar, session.name, names, table, uid);
    const holder = findHolder(grammar, session, servers, names, listing, table);
    if (holder === null) {
      return {...session, attached};
    }
    const children = childrenOf(table, holder);
    const told = session.panes.map(pane => withPid(grammar, pane, children));
    const others = children.filter(({pid}) => !told.some(pane => pane.pid === pid));
    const panes = [...told, ...others.map((child, index) => asPane(child, told.length + index))];
    return {...session, id: heldBy(holder), attached, panes};
  });
  const unlisted = findUnlisted(grammar, servers, names);
  return unlisted === null
    ? {...server, sessions}
    : {...server, sessions, state: 'unknown', because: `its server ${unlisted.pid} lives and is not listed`};
};
