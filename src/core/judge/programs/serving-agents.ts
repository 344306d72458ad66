// Agent programs that serve clients instead of a terminal, and which of them somebody works through now. Pure.
import type {RuntimeProcess} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import {descendantsOf} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import type {Process} from '../../domain/process.ts';
import type {Look} from '../../look/index/look.ts';
import {ownerPid} from '../../look/index/origin.ts';
import {scriptOf} from '../../look/index/program-of.ts';
import {isSurelyVerb, MOST_WORDS} from './verbs.ts';

/** `opencode serve`, `claude remote-control`, an editor's `--acp`. */
const SERVES = /^(?:serve|server|web|acp|remote-control|daemon|gateway|bridge|--acp|--experimental-acp|--serve|--server)$/;

/** Whether an agent program was told to serve clients. */
export const servesClients = ({argv}: Pick<Process, 'argv'>): boolean => {
  const words = (scriptOf(argv)?.rest ?? argv.slice(1)).slice(0, MOST_WORDS);
  return words.some((word, at) => SERVES.test(word) && (at < 2 || isSurelyVerb(words, at)));
};

/** A server on this machine that a client was told to work through: `opencode attach http://127.0.0.1:4096`. */
const LOCAL_URL = /^(?:--?[\w-]+=)?(?:https?|wss?):\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})(?:\/|$)/;

const portsNamed = ({argv}: Process): readonly number[] =>
  argv.slice(1).flatMap(word => {
    const port = LOCAL_URL.exec(word)?.[1];
    return port === undefined ? [] : [Number(port)];
  });

/**
 * Why somebody works through each such server, by pid: an agent of this user that was told its address, or a tool of one of its
 * sessions, which bears its pid. Others may be connected: that is asked of what would be sure otherwise.
 */
export const serversInUse = (look: Look, runtimes: ReadonlyMap<number, RuntimeProcess>): ReadonlyMap<number, string> => {
  const {processes} = look;
  const agents = [...runtimes.keys()].flatMap(pid => processes.get(pid) ?? []).filter(({state}) => state !== 'Z');
  const used = new Map<number, string>();
  for (const server of agents.filter(servesClients)) {
    const below = new Set(descendantsOf(look.children, server.pid).map(({pid}) => pid));
    const ports = look.portsOf(server.pid);
    const client = agents.find(
      each => each.pid !== server.pid && !below.has(each.pid) && portsNamed(each).some(port => ports.includes(port)),
    );
    const tool = [...below]
      .flatMap(pid => processes.get(pid) ?? [])
      .find(({env, state}) => state !== 'Z' && ownerPid(knownValue(env) ?? {})?.pid === server.pid);
    if (client !== undefined) {
      used.set(server.pid, `${commandLine(client, 60)} ${client.pid} works through it`);
    } else if (tool !== undefined) {
      used.set(server.pid, `a session in it runs ${commandLine(tool, 60)} ${tool.pid}`);
    }
  }
  return used;
};
