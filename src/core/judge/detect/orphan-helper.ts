// orphan-helper: tool servers, dev servers, test runners and other companions that a gone agent or pane left behind. Pure.

import type {Evidence} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import type {Suspicion} from '../../domain/finding.ts';
import {knownValue} from '../../domain/known.ts';
import {mayHaveStarted, type Process} from '../../domain/process.ts';
import {conversationMark, ownerPid} from '../../look/index/origin.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import type {PlacedPane} from '../../look/index/pane-index.ts';
import type {OriginState} from '../owners/origin-state.ts';
import {isPlugIn, madeItselfDaemon, sharedBecause, staysBecause} from '../programs/daemons.ts';
import {indexRuntimes, sidePartOf} from '../programs/recognise-runtime.ts';
import {sideKindOf} from '../programs/side-programs.ts';
import {type Companion, carriesService, readCompanion} from './companion.ts';
import type {Detector, World} from './detector.ts';
import {removedGround} from './removed-directory.ts';
import {directoryFact, driftFacts, formerPlace, generalDoubt, listHandedOver, listReparented, marksOf, topRuntimes} from './reparented.ts';
import {ageFact, suspectProcess} from './suspicion.ts';

const AT_TERMINAL = 'it is at the terminal of a pane without an agent, and has no parent: nobody but an agent talks to a tool server';

/** The agent program that a process is a part of, without being an agent: its daemon, its updater. */
const partOf = ({settings}: World, process: Process): string | null =>
  sideKindOf(process) === null ? sidePartOf(process, indexRuntimes(settings.runtimes)) : null;

const isInRepository = (world: World, process: Process): boolean => {
  const cwd = knownValue(process.cwd);
  return cwd !== undefined && world.fleet.rigs.some(rig => rig.path !== '' && (cwd === rig.path || cwd.startsWith(`${rig.path}/`)));
};

type Verdict = {readonly doubt: string | null} | null;

/** What a slot gives to all that is started in it, which its owner’s shell can be told to hand on as well (direnv, a profile). */
const isSlotMark = ({identified}: World, {fact}: Evidence): boolean =>
  identified.slots.marks.some(({slug}) => slug !== null && fact.startsWith(`${slug}=`));

/** Who says that an agent started it: its own marks, or a town in whose worker’s directory it works, which nobody else has. */
const isAgents = (world: World, marks: readonly Evidence[], telling: Process): boolean =>
  marks.some(mark => !isSlotMark(world, mark)) || world.identified.claimOf(telling)?.agentRef != null;

/** Why it may be meant to stay, by what it is; null where nothing says so. */
const meantToStay = (world: World, {kind, telling, reparented: {root}}: Companion): string | null => {
  const stays = [telling, root].map(staysBecause).find(because => because !== null) ?? sharedBecause(kind, telling);
  if (stays !== null) {
    return stays;
  }
  const part = partOf(world, root);
  if (part !== null) {
    return `it is a part of ${part} itself: other sessions of it may use it`;
  }
  if (kind !== null) {
    return null;
  }
  if (isPlugIn(telling)) {
    return 'it is a plug-in’s own program: every session of the agent program may use it';
  }
  return madeItselfDaemon(telling) ? 'it leads a session of its own and works in /: it made itself a daemon, and others may use it' : null;
};

/** Its origin is gone: sure for what is known to be a companion or marked by an agent; a stranger may be meant to outlive its pane. */
const judgeLeft = (world: World, companion: Companion): Verdict => {
  const {kind, telling, reparented, witness} = companion;
  const stays = meantToStay(world, companion);
  if (stays !== null) {
    return {doubt: stays};
  }
  const marks = marksOf(world, [witness, telling]);
  const holds = reparented.tree.some(process => world.look.portsOf(process.pid).length > 0);
  if (kind !== null || isAgents(world, marks, telling) || (holds && marks.length > 0)) {
    return {doubt: null};
  }
  return holds || marks.length > 0 || isInRepository(world, telling)
    ? {doubt: 'nothing says that an agent started it: a person may have put it into the background on purpose'}
    : null;
};

/** What its agent called itself, where that runs no more: whatever else lives in its pane, this one’s owner is gone. */
const goneOwner = (world: World, witness: Process): string | null => {
  const owner = ownerPid(ownWords(world.look, witness));
  const there = owner === null ? undefined : world.snapshot.processes.get(owner.pid);
  const lives = there !== undefined && there.state !== 'Z' && mayHaveStarted(there, witness);
  return owner === null || lives || !world.snapshot.processesComplete
    ? null
    : `the agent that started it (${owner.name}=${owner.pid}) runs no more`;
};

/** Whether an agent runs below the first process of a pane, or at its terminal. */
const hasAgent = (world: World, {pane}: PlacedPane): boolean => {
  const {runtimes} = world.fleet;
  return (
    world.look.treeOf(pane.pid).some(process => runtimes.has(process.pid)) ||
    (pane.tty !== '' && [...runtimes.keys()].some(pid => world.snapshot.processes.get(pid)?.tty === pane.tty))
  );
};

/** Its pane is there, but no agent in it: what an agent left may be missed by nobody, or be somebody’s next tool. */
const judgeBesidePane = (
  world: World,
  {kind, telling, witness, reparented}: Companion,
  origin: Extract<OriginState, {presence: 'here'}>,
): Verdict => {
  const holds = reparented.tree.some(process => world.look.portsOf(process.pid).length > 0);
  if (origin.placed === null || (kind === null && !holds) || marksOf(world, [witness, telling]).length === 0) {
    return null;
  }
  const gone = goneOwner(world, witness);
  if (gone !== null) {
    return {doubt: `${origin.because}, but ${gone}`};
  }
  return hasAgent(world, origin.placed) ? null : {doubt: `its pane is there, no agent in it (${origin.because})`};
};

/** Agents without a pane (a server of agents, a background session) leave things behind as well: their tools name them by pid. */
const leftByUnplaced = (world: World, {kind, telling, witness, reparented}: Companion): string | null => {
  const holds = reparented.tree.some(process => world.look.portsOf(process.pid).length > 0);
  if ((kind === null && !holds) || marksOf(world, [witness, telling]).length === 0) {
    return null;
  }
  const conversation = conversationMark(ownWords(world.look, witness))?.id;
  const goesOn = conversation !== undefined && world.fleet.agents.some(({record}) => record?.conversation === conversation);
  return goesOn ? null : goneOwner(world, witness);
};

/**
 * Nothing in its environment says who started it: clients start tool servers with a handful of variables. What has no parent, no
 * terminal and no agent any more, and works where agents do, is shown; whose it was cannot be told.
 */
const judgeUnmarked = (world: World, companion: Companion): Verdict => {
  const {kind, telling, reparented} = companion;
  const part = partOf(world, reparented.root);
  if (part !== null) {
    return {doubt: `it is a part of ${part} itself, and no session of it is known: the next one may use it`};
  }
  const gone = leftByUnplaced(world, companion);
  if (gone !== null) {
    return {doubt: `${gone}, but no pane is named that could prove that nobody has taken it over`};
  }
  if (kind === null) {
    return null;
  }
  if (telling.cwdDeleted) {
    return {doubt: 'nothing in its environment says who started it; only its directory is gone'};
  }
  const leader = world.snapshot.processes.get(reparented.root.sid);
  const alone = leader === undefined || leader.pid === reparented.root.pid || leader.state === 'Z';
  if (!alone && kind === 'MCP server' && reparented.root.tty !== null) {
    return {doubt: AT_TERMINAL};
  }
  return alone && telling.env.known && isInRepository(world, telling)
    ? {doubt: 'nothing in its environment says who started it; it has no parent, and works in a project with agents'}
    : null;
};

const judge = (world: World, companion: Companion, origin: OriginState): Verdict => {
  switch (origin.presence) {
    case 'gone':
      return judgeLeft(world, companion);
    case 'here':
      return judgeBesidePane(world, companion, origin);
    case 'unknown':
      return companion.kind !== null || marksOf(world, [companion.witness]).length > 0 ? {doubt: origin.because} : null;
    default:
      return judgeUnmarked(world, companion);
  }
};

/** What stays by design is left over at most where the work tree that it was started for has been removed. */
const judgeAll = (world: World, companion: Companion, origin: OriginState): Verdict => {
  const removed = removedGround(world, companion.reparented.tree);
  const verdict = carriesService(companion) ? null : judge(world, companion, origin);
  return (
    verdict ??
    (removed === null ? null : {doubt: `its directory ${removed} has been removed, but whether anybody still needs it cannot be told`})
  );
};

const suspect = (world: World, companion: Companion): readonly Suspicion[] => {
  const {reparented, telling, kind, witness} = companion;
  const {root} = reparented;
  const origin = formerPlace(world, witness);
  const verdict = judgeAll(world, companion, origin);
  if (verdict === null) {
    return [];
  }
  const what = kind ?? 'process';
  const through = telling === root ? '' : ` (${telling.pid} below ${commandLine(root, 30)} ${root.pid})`;
  const owner = world.fleet.processOwners.get(witness.pid)?.agent ?? null;
  return [
    suspectProcess(world, root, {
      kind: 'orphan-helper',
      severity: 'medium',
      title: `${what} ${commandLine(telling, 60)} ${telling.pid} was left behind${owner === null ? '' : ` by ${owner}`}`,
      evidence: [
        ...(kind === null ? [] : [{fact: `${kind}: ${commandLine(telling, 80)}${through}`, source: 'command line'}]),
        ...driftFacts(reparented, root),
        ...(origin.presence === 'gone' ? origin.evidence : []),
        ...marksOf(world, [witness, telling]),
        ...directoryFact(telling),
        ageFact(world, root),
      ],
      doubt: generalDoubt(world, witness) ?? verdict.doubt,
      remedies: ['kill'],
    }),
  ];
};

export const orphanHelper: Detector = {
  kind: 'orphan-helper',
  means: 'A tool server, dev server, test runner or other companion still runs although the agent or pane that started it is gone.',
  when: [
    'a tree of processes of this user without an agent, pane, terminal, editor, supervisor or container above it, older than `orphan_min_age`',
    'its environment names a pane, session or slot that is provably gone, or a pane that has been respawned since',
    'it is a known companion (MCP server, language server, dev server, test runner, driven browser), or an agent’s marks are in its environment, or it works in a town worker’s own directory; of a slot’s mark alone only what holds a port',
    'or it is a companion or holds a port, names no pane, and the pid that its agent gave it (CLAUDE_PID, OPENCODE_PID) runs no more (unknown)',
    'or its directory, inside a project or beside one, has been removed: then databases, build daemons and jobs count too (unknown)',
    'two looks',
  ],
  not: [
    'programs that go into the background by design (key agents, databases, browsers, tunnels, build daemons, tools of a town), whatever carries them',
    'what systemd started as a unit',
    'what calls itself a daemon, names a socket that it serves, is a part of an agent program itself (`codex app-server`) or a plug-in’s own: others may use it (unknown)',
    'what somebody outside of it is connected to, by TCP or a unix socket, and what leads a session of its own and listens on a unix socket (unknown)',
    'what listens or leads a session of its own where nobody can be asked who is connected: another machine, a system without /proc (unknown)',
    'a tool server that was told to listen for whoever comes (`--port`, `--transport http`), a browser with a debugging port that everybody can know, what left for / as daemons do (unknown)',
    'what its agent may still use: one that lives below screen, in a window opened from the pane or in the background, or whose conversation goes on elsewhere (unknown)',
    'what a tmux server runs for itself: pipe-pane, run-shell, if-shell, `#()`, hooks, popups',
    'an agent’s leftover whose pane lives on without an agent, and a tool server whose environment names nobody, in a project with agents (unknown)',
    'marks that its tmux server hands to every pane, because some agent was the first to use tmux: they say nothing',
    'what a pid file of a town or slot names',
    'a stranger that a person may have put into the background: shown as unknown where it holds a port or works in a known repository, otherwise not at all',
    'what is below a living agent, or below a program that supervises it',
    'what is at the terminal of a living pane: that is whoever’s is in it. Only a tool server that init has adopted, in a pane without an agent, is shown as unknown',
  ],
  mistaken: [
    'Its pane is gone, its agent is not: the agent runs below screen or dtach, in an editor’s or terminal’s window that was opened from the pane, or in the background. What came from the same pane, lives elsewhere and is old enough may have started it. So may the agent whose pid it was given (`CLAUDE_PID`), wherever that is now.',
    'Its conversation goes on: an agent was started anew with `--resume` in another pane and still knows its dev server. The id of the conversation in the environment tells.',
    'Its session is there under another name: `rename-session` changes the name, not what the session and its panes were started with.',
    'Whose environment it is: marks of an agent come to a person’s job through a tmux server, a window or a profile; the name of a slot through direnv. A job that only bears a slot’s name, or only works in a declared rig, is nobody’s leftover.',
    'Who else is in that directory: persons start jobs in the directories of rigs. Only a town worker’s own directory says whose something is.',
    'Who uses it now, without being connected at the moment of the look: servers of builds (bazel, buck2, gradle, pants, sccache, watchman, nx, turbo, Roslyn), tunnels (ssh -L/-D/-R, socat), mounted file systems, databases with their data in a work tree, tool servers with a port, a browser with a known debugging port, what left for / as daemon(7) has it.',
    'Two servers of one name: which of a tree’s members speaks for it does not depend on the order of the process table.',
    'What cannot be told: a person’s dev server that was put into the background in a pane that has been closed, without any mark, looks like an agent’s. Output to a file (`nohup vite > dev.log &`) shows a purpose, and so does whoever is connected; without either it counts as left over. An imported environment that a service of systemd hands to what it forks looks like a pane’s.',
  ],
  remedy: 'Stop it with its tree: `rigtop kill process:PID`; the ports it holds become free.',
  detect: world => [
    ...listReparented(world)
      .filter(
        reparented =>
          !reparented.tree.some(process => world.fleet.runtimes.has(process.pid)) && topRuntimes(world, reparented).length === 0,
      )
      .map(readCompanion)
      .flatMap(companion => suspect(world, companion)),
    ...listHandedOver(world)
      .filter(({placed, tree}) => !hasAgent(world, placed) && !tree.some(process => world.fleet.runtimes.has(process.pid)))
      .map(readCompanion)
      .filter(({kind}) => kind === 'MCP server')
      .flatMap(companion => suspect(world, companion))
      // Whatever its environment proves: at a terminal that somebody has, it may be that one's.
      .map(suspicion => ({...suspicion, doubt: suspicion.doubt ?? AT_TERMINAL})),
  ],
};
