// Where a process stands: in a pane, at a terminal, below an editor or a supervisor, or reparented with nobody above it. Pure.
import type {ProcessMap} from '../../domain/forest.ts';
import {isKernelThread, type Process} from '../../domain/process.ts';
import type {PaneIndex, PlacedPane} from './pane-index.ts';
import {editorName, isMultiplexerServer, isSystemdUnit, multiplexerName, reaperName, supervisorName} from './program-kinds.ts';

export type Place =
  | {readonly where: 'pane'; readonly placed: PlacedPane}
  /** Below a multiplexer whose panes could not be listed: it may well be in one. */
  | {readonly where: 'unseen'; readonly because: string}
  | {readonly where: 'terminal'; readonly tty: string; readonly pid: number}
  | {readonly where: 'editor'; readonly pid: number; readonly name: string}
  | {readonly where: 'supervisor'; readonly pid: number; readonly name: string}
  /** Its parent cannot be seen: another pid namespace, another user's, or gone while the table was read. */
  | {readonly where: 'outside'; readonly because: string}
  /** A multiplexer's server, init, a kernel thread: owned by the system. */
  | {readonly where: 'system'; readonly name: string}
  /** Handed over when its parent ended. `root` is the topmost of its tree, the child of the reaper. */
  | {readonly where: 'adrift'; readonly root: number; readonly reaper: Reaper};

export interface Reaper {
  readonly pid: number;
  /** `init (systemd)`, `systemd --user 1423`, `tmux server 4711`. */
  readonly name: string;
}

const GONE: Place = {where: 'outside', because: 'its parent is not in the process table'};
const LOOP: Place = {where: 'outside', because: 'its ancestors contradict each other'};
/** Deeper chains are no real ones. */
const MOST_ANCESTORS = 4096;

/** Below a multiplexer's server, but below none of its live panes. */
const placeUnderServer = (server: Process, process: Process, panes: PaneIndex): Place => {
  const known = panes.serverByPid.get(server.pid);
  // One process that serves all its sessions has told all its panes.
  if (known?.state === 'ok') {
    return {where: 'adrift', root: process.pid, reaper: {pid: server.pid, name: `${known.kind} server ${server.pid}`}};
  }
  const name = multiplexerName(server) ?? known?.kind ?? 'multiplexer';
  return {where: 'unseen', because: `it is below ${name} server ${server.pid}, whose panes could not be listed`};
};

/** VSCODE_* outlives the window; inside tmux it only tells where the server was started. */
const startedByEditor = (process: Process): boolean =>
  process.env.known && process.env.value.TMUX === undefined && Object.keys(process.env.value).some(name => name.startsWith('VSCODE_'));

/** What a process that nobody above claims is by itself. */
const ownPlace = (process: Process, reparented: Place, panes: PaneIndex): Place => {
  if (process.tty !== null) {
    const placed = panes.byTty.get(process.tty);
    return placed === undefined ? {where: 'terminal', tty: process.tty, pid: process.pid} : {where: 'pane', placed};
  }
  const editor = editorName(process) ?? (startedByEditor(process) ? 'an editor, by its environment' : null);
  if (editor !== null) {
    return {where: 'editor', pid: process.pid, name: editor};
  }
  const supervisor = supervisorName(process) ?? (isSystemdUnit(process) ? 'a unit of systemd' : null);
  return supervisor === null ? reparented : {where: 'supervisor', pid: process.pid, name: supervisor};
};

const isServer = (process: Process, panes: PaneIndex): boolean => panes.serverByPid.has(process.pid) || isMultiplexerServer(process);

/** Where a process is whose parent is `above`. */
const placeBelow = (process: Process, parent: Process | undefined, above: Place | undefined, panes: PaneIndex): Place => {
  if (parent === undefined || above === undefined) {
    return ownPlace(process, GONE, panes);
  }
  if (above.where === 'system') {
    if (isServer(parent, panes)) {
      // What a server runs for itself (pipe-pane, run-shell, `#()`, hooks) stays in the server’s own session of processes; the program
      // of a pane leads one of its own (setsid(2) in forkpty(3)).
      if (process.sid === parent.sid && parent.sid === parent.pid) {
        return {where: 'supervisor', pid: parent.pid, name: `${multiplexerName(parent) ?? 'multiplexer'} server`};
      }
      const place = placeUnderServer(parent, process, panes);
      return place.where === 'unseen' ? place : ownPlace(process, place, panes);
    }
    const name = reaperName(parent);
    return name === null
      ? {where: 'system', name: process.comm}
      : ownPlace(process, {where: 'adrift', root: process.pid, reaper: {pid: parent.pid, name}}, panes);
  }
  if (above.where === 'adrift' || above.where === 'outside') {
    return ownPlace(process, above, panes);
  }
  // The shell of an ssh login: the terminal says more than the daemon above it.
  return above.where === 'supervisor' && process.tty !== null ? ownPlace(process, above, panes) : above;
};

/** Where each process of a look stands: worked out when asked for, each once. */
export const createPlaces = (processes: ProcessMap, panes: PaneIndex): ((pid: number) => Place) => {
  const places = new Map<number, Place>();

  const settled = (process: Process): Place | null => {
    const placed = panes.byPid.get(process.pid);
    if (placed !== undefined) {
      return {where: 'pane', placed};
    }
    if (isServer(process, panes) || reaperName(process) !== null || isKernelThread(process)) {
      return {where: 'system', name: process.comm};
    }
    return null;
  };

  return pid => {
    const known = places.get(pid);
    if (known !== undefined) {
      return known;
    }
    const chain: Process[] = [];
    const seen = new Set<number>();
    let above: Place | undefined;
    let parent: Process | undefined;
    for (let current = processes.get(pid); current !== undefined; current = processes.get(current.ppid)) {
      above = places.get(current.pid) ?? settled(current) ?? undefined;
      if (above !== undefined) {
        places.set(current.pid, above);
        parent = current;
        break;
      }
      if (seen.has(current.pid) || chain.length > MOST_ANCESTORS) {
        above = LOOP;
        parent = current;
        break;
      }
      seen.add(current.pid);
      chain.push(current);
    }
    for (const process of chain.reverse()) {
      above = placeBelow(process, parent, above, panes);
      places.set(process.pid, above);
      parent = process;
    }
    return above ?? GONE;
  };
};
