// What an environment says of its own process: without what its multiplexer server was itself started with. Pure.
import {nearestAbove} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import {parsePaneMark} from '../../domain/pane-mark.ts';
import type {Process} from '../../domain/process.ts';
import {remembered} from '../../domain/remember.ts';
import type {Look} from './look.ts';
import {isMultiplexerServer} from './program-kinds.ts';

type Env = Readonly<Record<string, string>>;

const NOTHING: Env = {};

const serverAt = ({processes, panes}: Look, pid: number): Process | undefined => {
  const server = processes.get(pid);
  return server !== undefined && (panes.serverByPid.has(pid) || isMultiplexerServer(server)) ? server : undefined;
};

/** Worked out once for all processes of a look. */
const serverAbove = remembered((look: Look) => nearestAbove(look.processes, pid => serverAt(look, pid)));

/** The servers whose environment a process may have been handed: the one it is below, and the one that TMUX names. */
const serversOf = (look: Look, process: Process): readonly Process[] => {
  const named = parsePaneMark(knownValue(process.env) ?? NOTHING)?.serverPid ?? null;
  return [serverAbove(look)(process.pid), named === null ? undefined : serverAt(look, named)].filter(server => server !== undefined);
};

/**
 * A tmux server hands what it was started with to every pane and every job of its own (tmux(1), GLOBAL AND SESSION ENVIRONMENT;
 * pipe-pane passes it on untouched): a variable that equals the server’s says who started the server, and nothing of the process.
 */
export const ownWords = (look: Look, process: Process): Env => {
  const env = knownValue(process.env) ?? NOTHING;
  const handed = serversOf(look, process).flatMap(server => Object.entries(knownValue(server.env) ?? NOTHING));
  return handed.length === 0
    ? env
    : Object.fromEntries(Object.entries(env).filter(([name, value]) => !handed.some(([given, same]) => given === name && same === value)));
};

/** Whether TMUX_PANE was handed over with the server’s own environment: the pane in which the server was started, not the process. */
export const hasHandedPane = (look: Look, process: Process): boolean => {
  const pane = knownValue(process.env)?.TMUX_PANE;
  return pane !== undefined && ownWords(look, process).TMUX_PANE !== pane;
};
