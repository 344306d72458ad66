// What became of the place that a process names as its origin: still there, provably gone, or not to be told. Pure.
import type {Evidence} from '../../domain/agent.ts';
import {knownValue} from '../../domain/known.ts';
import type {Server} from '../../domain/multiplexer.ts';
import {type PaneMark, parsePaneMark} from '../../domain/pane-mark.ts';
import {mayHaveStarted, type Process, placeOf} from '../../domain/process.ts';
import type {Slots} from '../../domain/slot-place.ts';
import type {Look} from '../../look/index/look.ts';
import {hasHandedPane, ownWords} from '../../look/index/own-environment.ts';
import type {PlacedPane} from '../../look/index/pane-index.ts';
import {isMultiplexerServer} from '../../look/index/program-kinds.ts';
import {tmuxServers, unlistedServers} from '../../look/index/tmux-servers.ts';
import {useOfSlot} from '../slots/slot-home.ts';
import {type NamedSlot, slotNamedIn} from '../slots/slot-marks.ts';

/** What became of the place a process was started in. Only `gone` is a proof of absence. */
export type OriginState =
  | {readonly presence: 'none'}
  | {readonly presence: 'here'; readonly because: string; readonly placed: PlacedPane | null}
  | {readonly presence: 'gone'; readonly evidence: readonly Evidence[]}
  | {readonly presence: 'unknown'; readonly because: string};

const NOWHERE: OriginState = {presence: 'none'};

/** Whether the server an environment names may still run: its pid is a multiplexer's, older than what it started. */
const serverMayLive = (look: Look, pid: number, child: Process): boolean => {
  const process = look.processes.get(pid);
  return (
    process !== undefined &&
    process.state !== 'Z' &&
    mayHaveStarted(process, child) &&
    (look.panes.serverByPid.has(pid) || isMultiplexerServer(process))
  );
};

const where = (mark: PaneMark): string => `pane ${mark.paneId} of ${mark.socket}`;
const namesIt = (mark: PaneMark, process: Process): Evidence => ({
  fact: `its environment names ${where(mark)}${mark.serverPid === null ? '' : `, server ${mark.serverPid}`}`,
  source: `environment of ${process.pid}`,
});

const gone = (mark: PaneMark, process: Process, fact: string, source: string): OriginState => ({
  presence: 'gone',
  evidence: [namesIt(mark, process), {fact, source}],
});

/** On the very server that started it. */
const originOnServer = (look: Look, server: Server, mark: PaneMark, process: Process): OriginState => {
  const source = `tmux ${server.name}`;
  const running = server.pid === null ? undefined : look.processes.get(server.pid);
  if (running !== undefined && !mayHaveStarted(running, process)) {
    return gone(mark, process, `the server there (${running.pid}) is younger than it: it was started by an earlier one`, 'process table');
  }
  const placed = look.panes.find(server, mark.paneId);
  if (placed === null) {
    return gone(mark, process, `the server of its pane answered and has no ${mark.paneId}`, source);
  }
  if (placed.pane.dead) {
    return gone(mark, process, `${mark.paneId} is dead: its program has ended`, source);
  }
  const head = look.processes.get(placed.pane.pid);
  // `respawn-pane` keeps the pane's id: what is older than the pane's first process was started by an earlier one.
  if (head !== undefined && !mayHaveStarted(head, process)) {
    return gone(mark, process, `${mark.paneId} has been respawned since: its process ${head.pid} is younger`, source);
  }
  return {presence: 'here', placed, because: `${where(mark)} still exists, in session ${placed.session.name}`};
};

/** The server is not the one that answers at that socket now, or none is known there. */
const originWithoutServer = (look: Look, mark: PaneMark, process: Process, why: string): OriginState => {
  const {serverPid} = mark;
  if (serverPid === null) {
    return {presence: 'unknown', because: `${why}, and the environment names no server process`};
  }
  if (!look.snapshot.processesComplete) {
    return {presence: 'unknown', because: `${why}, and the process table is incomplete`};
  }
  return serverMayLive(look, serverPid, process)
    ? {presence: 'unknown', because: `${why}, but its server ${serverPid} still runs`}
    : gone(mark, process, `${why}; its server ${serverPid} is no longer running`, 'process table');
};

/**
 * What became of the pane in a process's environment. Pane numbers start at %0 again with every server, so the server's pid in
 * TMUX decides which server is meant, not the socket alone.
 */
const fateOfPane = (look: Look, process: Process, mark: PaneMark): OriginState => {
  const byPid = mark.serverPid === null ? undefined : look.panes.serverByPid.get(mark.serverPid);
  const server = byPid ?? look.panes.serverAt(mark.socket);
  if (server === null || server === undefined) {
    return originWithoutServer(look, mark, process, `no server at ${mark.socket} is known`);
  }
  switch (server.state) {
    case 'unknown':
      return {presence: 'unknown', because: `tmux ${server.name}, which it was started in, did not answer: ${server.because}`};
    case 'absent':
      return originWithoutServer(look, mark, process, `no server runs at ${server.socket}`);
    default:
      return mark.serverPid === null || server.pid === null || server.pid === mark.serverPid
        ? originOnServer(look, server, mark, process)
        : originWithoutServer(look, mark, process, `the server at ${mark.socket} is another one now (${server.pid})`);
  }
};

const unlistedServer = (look: Look): string | null => {
  const [hidden] = unlistedServers(look);
  return hidden === undefined ? null : `tmux server ${hidden.pid} runs on a socket that was not found`;
};

/** A name can be changed, what a session and its panes were started with cannot: who else bears that word is the session it speaks of. */
const renamedSession = (look: Look, servers: readonly Server[], name: string): string | null => {
  const bears = (pid: number): boolean => {
    const head = look.processes.get(pid);
    return head !== undefined && ownWords(look, head).GT_SESSION === name;
  };
  const found = servers
    .flatMap(({sessions}) => sessions)
    .find(session => session.env?.GT_SESSION === name || session.panes.some(pane => !pane.dead && bears(pane.pid)));
  return found?.name ?? null;
};

/** GT_SESSION without TMUX: a session by name, wherever it may be. `blind` says why not every server answered. */
const fateOfNamedSession = (look: Look, name: string, process: Process, blind: string | null): OriginState => {
  const servers = tmuxServers(look.snapshot);
  const found = servers.find(server => server.sessions.some(session => session.name === name));
  if (found !== undefined) {
    return {presence: 'here', placed: null, because: `session ${name}, named by GT_SESSION, exists on ${found.name}`};
  }
  const renamed = renamedSession(look, servers, name);
  if (renamed !== null) {
    return {
      presence: 'here',
      placed: null,
      because: `session ${renamed} was called ${name}, which GT_SESSION names, and goes by another name now`,
    };
  }
  const because = blind ?? unlistedServer(look);
  if (because !== null) {
    return {presence: 'unknown', because: `session ${name} may be where nobody looked: ${because}`};
  }
  return servers.some(server => server.state === 'ok')
    ? {
        presence: 'gone',
        evidence: [
          {fact: `GT_SESSION=${name}`, source: `environment of ${process.pid}`},
          {fact: `no tmux server has a session ${name}`, source: servers.map(server => server.name).join(', ')},
        ],
      }
    : {presence: 'unknown', because: `no tmux server answered that could have had session ${name}`};
};

/** The name of a slot without TMUX: a slot by its tool's own record. */
const originOfSlug = (
  {snapshot}: Look,
  slots: Slots,
  {mark, slug}: {readonly mark: NamedSlot['mark']; readonly slug: string},
  process: Process,
): OriginState => {
  const cwd = placeOf(process);
  const answer = useOfSlot(snapshot, slots, {tool: mark.tool, slug}, cwd === undefined ? [] : [cwd]);
  switch (answer.use) {
    case 'used':
      return {presence: 'here', placed: null, because: `repository ${answer.repo.name} records slot ${slug} as in use`};
    case 'unknown':
      return {presence: 'unknown', because: answer.because};
    case 'unused':
      return {
        presence: 'gone',
        evidence: [
          {fact: `${mark.slug}=${slug}`, source: `environment of ${process.pid}`},
          {fact: `repository ${answer.repo.name} has no slot ${slug} in use`, source: answer.recordFile},
        ],
      };
  }
};

/** What became of the place that a process names as its origin. `blind` says why not every tmux server answered; null when each did. */
export const originState = (look: Look, slots: Slots, process: Process, blind: string | null): OriginState => {
  const env = knownValue(process.env);
  if (env === undefined) {
    return NOWHERE;
  }
  const mark = parsePaneMark(env);
  if (mark !== null) {
    if (hasHandedPane(look, process)) {
      // TMUX may be the job’s own word then; which of its panes it was given, if any, is not told.
      return ownWords(look, process).TMUX === undefined
        ? NOWHERE
        : {presence: 'unknown', because: `its TMUX_PANE may be what its tmux server was started with, and not its own`};
    }
    return fateOfPane(look, process, mark);
  }
  if (env.GT_SESSION !== undefined) {
    return fateOfNamedSession(look, env.GT_SESSION, process, blind);
  }
  const named = slotNamedIn(slots.marks, env);
  return named === null || named.slug === null ? NOWHERE : originOfSlug(look, slots, {mark: named.mark, slug: named.slug}, process);
};
