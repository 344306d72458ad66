// Who else uses a process: what a living user outside of a plan's targets works through is never ended (docs/safety.md, rule 11). Pure.
import type {Agent} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import type {Fleet} from '../../domain/fleet.ts';
import {ancestorsOf} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import {isInside} from '../../domain/paths.ts';
import {mayHaveStarted, type Process, sameProcess} from '../../domain/process.ts';
import {rememberedTogether} from '../../domain/remember.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexLook, type Look} from '../../look/index/look.ts';
import {ownerPid} from '../../look/index/origin.ts';
import {namesOf, scriptOf} from '../../look/index/program-of.ts';
import {staysBecause} from '../programs/daemons.ts';

/** Whether a process ends with what is being planned. */
export type Ends = (pid: number) => boolean;

/** Why somebody outside of `ends` uses a process, in words that name the user; null when nobody is known to. */
export type UsedBy = (process: Process, ends: Ends) => string | null;

type Program = Pick<Process, 'comm' | 'argv'>;

/** `MainThread` is what Node 24 calls the first thread of each of its programs, and so comm. */
const SHARED_NAMES = /^(?:(?:node-)?MainThread|node|nodejs|bun|deno|python[\d.]*|ruby|java|sh|bash|zsh|dash|env|npm|npx|pnpm)$/;

/** Names by which two processes are of one program; interpreters and shells say nothing. */
const programsOf = (process: Program): readonly string[] => {
  const script = scriptOf(process.argv);
  return [...namesOf(process), ...(script === null ? [] : [script.name])].filter(name => !SHARED_NAMES.test(name));
};

const called = (process: Process): string => `${commandLine(process, 40)} ${process.pid}`;

/**
 * Whether a process stands by itself, as servers do that more than one client works through: it leads a session of its own without a
 * terminal (setsid(2)), so that the end of whoever started it does not reach it.
 */
const standsAlone = ({pid, sid, tty}: Process): boolean => sid === pid && tty === null;

const livesElsewhere = (snapshot: Snapshot, {process}: Agent, ends: Ends): boolean => {
  const there = process === null ? undefined : snapshot.processes.get(process.pid);
  return there !== undefined && process !== null && sameProcess(there, process) && there.state !== 'Z' && !ends(there.pid);
};

/** What the users of one look are told by. */
interface UsersContext {
  readonly look: Look;
  /** Those with a process. */
  readonly agents: readonly Agent[];
  /** The living agent that a process is, or runs below. */
  agentAt(pid: number): Agent | undefined;
}

const groundOf = (look: Look, fleet: Fleet): UsersContext => {
  const agents = fleet.agents.filter(agent => agent.process !== null);
  return {
    look,
    agents,
    agentAt: pid => {
      const chain = [pid, ...ancestorsOf(look.processes, pid)];
      return agents.find(({process}) => process !== null && chain.includes(process.pid));
    },
  };
};

/** What has a process below it that says whose tool it is: only there is it worth looking, however deep the trees are. */
const processesAboveTools = ({processes}: Look): ReadonlySet<number> => {
  const aboveTools = new Set<number>();
  for (const tool of processes.values()) {
    let above = ownerPid(knownValue(tool.env) ?? {}) === null ? undefined : tool.ppid;
    while (above !== undefined && !aboveTools.has(above)) {
      aboveTools.add(above);
      above = processes.get(above)?.ppid;
    }
  }
  return aboveTools;
};

/** Who is connected to it. */
const byConnection = ({look, agentAt}: UsersContext, served: Process, ends: Ends): string | null => {
  const {processes} = look;
  const to = look.connectionsTo(served.pid);
  const own = new Set(to.length === 0 ? [] : look.treeOf(served.pid).map(({pid}) => pid));
  for (const {client, how} of to) {
    const process = client === null ? undefined : processes.get(client);
    if (process === undefined) {
      return `somebody is connected to its ${how}; who, cannot be told`;
    }
    if (!own.has(process.pid) && !ends(process.pid)) {
      const agent = agentAt(process.pid);
      return `${agent === undefined ? called(process) : `${agent.ref} (${called(process)})`} is connected to its ${how}`;
    }
  }
  return null;
};

/** Whose a tool below is, by the pid that its agent gave it. */
const byOwner = ({look: {processes}, agentAt}: UsersContext, tool: Process, ends: Ends): string | null => {
  const owner = ownerPid(knownValue(tool.env) ?? {});
  const living = owner === null ? undefined : processes.get(owner.pid);
  return owner === null || living === undefined || living.state === 'Z' || ends(owner.pid) || !mayHaveStarted(living, tool)
    ? null
    : `${called(tool)} below it is a tool of ${agentAt(owner.pid)?.ref ?? called(living)} (${owner.name}=${owner.pid})`;
};

/** Whose work tree a tool below works in: of a living agent that stays, and of none that ends. */
const byDirectory = (
  {look: {snapshot}}: UsersContext,
  tool: Process,
  staying: readonly Agent[],
  ending: readonly Agent[],
): string | null => {
  const cwd = knownValue(tool.cwd);
  const inTreeOf = ({process}: Agent): boolean => {
    const home = knownValue(snapshot.processes.get(process?.pid ?? 0)?.cwd ?? {known: false, because: ''});
    return cwd !== undefined && home !== undefined && home !== '/' && home !== snapshot.self.home && isInside(cwd, home);
  };
  const user = staying.find(inTreeOf);
  return user === undefined || ending.some(inTreeOf) ? null : `${called(tool)} below it works in ${cwd}, as ${user.ref} does`;
};

/** An agent of the same program. Of an agent's tree only what is the agent itself counts: two agents that each run a dev server share none. */
const kinOf = ({look: {processes, treeOf}}: UsersContext, fleet: Fleet, served: Process, staying: readonly Agent[]): Agent | undefined => {
  const names = programsOf(served);
  return staying.find(({process}) => {
    const there = processes.get(process?.pid ?? 0);
    const tree = there === undefined ? [] : treeOf(there.pid).filter(each => each.pid === there.pid || fleet.runtimes.has(each.pid));
    return there?.pid !== served.pid && tree.some(each => programsOf(each).some(name => names.includes(name)));
  });
};

/**
 * The users of every process of one look, by evidence: who is connected to its sockets, whose tools run below it (by the marks that
 * agents give them, or by the work tree they work in), and which other agents of the same program live.
 */
export const usersOf = rememberedTogether((fleet: Fleet, snapshot: Snapshot): UsedBy => {
  const look = indexLook(snapshot);
  const ground = groundOf(look, fleet);
  const {agents} = ground;
  const aboveTools = processesAboveTools(look);

  return (served, ends) => {
    if (!standsAlone(served) || served.state === 'Z') {
      return null;
    }
    const connected = byConnection(ground, served, ends);
    if (connected !== null) {
      return connected;
    }
    const staying = agents.filter(agent => livesElsewhere(snapshot, agent, ends));
    const ending = agents.filter(({process}) => process !== null && ends(process.pid));
    const serves = look.portsOf(served.pid).length > 0 || look.connectionsTo(served.pid).length > 0 || staysBecause(served) !== null;
    for (const tool of serves || aboveTools.has(served.pid) ? look.treeOf(served.pid).slice(1) : []) {
      const found = byOwner(ground, tool, ends) ?? (serves ? byDirectory(ground, tool, staying, ending) : null);
      if (found !== null) {
        return found;
      }
    }
    if (!serves) {
      return null;
    }
    const kin = kinOf(ground, fleet, served, staying);
    return kin === undefined ? null : `${kin.ref} is of the same program and may work through it`;
  };
});
