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

const isEmpty = (env: Env): boolean => {
  for (const _ in env) {
    return false;
  }
  return true;
};

const serverAt = ({processes, panes}: Look, pid: number): Process | undefined => {
  const server = processes.get(pid);
  return server !== undefined && (panes.serverByPid.has(pid) || isMultiplexerServer(server)) ? server : undefined;
};

/** Worked out once for all processes of a look. */
const serverAbove = remembered((look: Look) => nearestAbove(look.processes, pid => serverAt(look, pid)));

/** What a process may have been handed: by the server that it is below, and by the one that TMUX names. */
const handedTo = (look: Look, {pid}: Process, env: Env): readonly (readonly [name: string, value: string])[] => {
  const above = serverAbove(look)(pid);
  const number = parsePaneMark(env)?.serverPid ?? null;
  const named = number === null ? undefined : serverAt(look, number);
  return [above, named === above ? undefined : named].flatMap(server =>
    server?.env.known === true ? Object.entries(server.env.value) : [],
  );
};

/**
 * A tmux server hands what it was started with to every pane and every job of its own (tmux(1), GLOBAL AND SESSION ENVIRONMENT;
 * pipe-pane passes it on untouched): a variable that equals the server’s says who started the server, and nothing of the process.
 */
export const ownWords = (look: Look, process: Process): Env => {
  const env = knownValue(process.env) ?? NOTHING;
  const handed = isEmpty(env) ? [] : handedTo(look, process, env);
  return handed.length === 0
    ? env
    : Object.fromEntries(Object.entries(env).filter(([name, value]) => !handed.some(([given, same]) => given === name && same === value)));
};

/** Whether TMUX_PANE was handed over with the server’s own environment: the pane in which the server was started, not the process. */
export const hasHandedPane = (look: Look, process: Process): boolean => {
  const pane = knownValue(process.env)?.TMUX_PANE;
  return pane !== undefined && ownWords(look, process).TMUX_PANE !== pane;
};
