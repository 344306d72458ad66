// orphan-helper: tool servers, dev servers, test runners and other companions that a gone agent or pane left behind. Pure.
import {commandLine} from '../domain/command-line.ts';
import type {Suspicion} from '../domain/finding.ts';
import {knownValue} from '../domain/known.ts';
import type {Process} from '../domain/process.ts';
import type {Fate} from '../identify/fate.ts';
import {isCarrier} from '../identify/programs.ts';
import {isBackgroundService, isLauncher, isToldToStay, type SideKind, sideKindOf} from '../identify/side-programs.ts';
import {type Adrift, directoryFact, driftFacts, formerPlace, generalDoubt, listAdrift, marksOf, topRuntimes} from './adrift.ts';
import type {Detector, World} from './detector.ts';
import {ageFact, suspectProcess} from './suspicion.ts';

interface Companion {
  readonly adrift: Adrift;
  /** The process of the tree that tells what it is. */
  readonly telling: Process;
  readonly kind: SideKind | null;
  /** The process whose environment speaks for the tree. */
  readonly witness: Process;
}

/** Whether nothing stands between the root and a companion but what starts companions: any other program is its supervisor. */
const isReached = (companion: Process, {root, tree}: Adrift): boolean => {
  const members = new Map(tree.map(process => [process.pid, process]));
  const seen = new Set<number>();
  for (let each: Process | undefined = companion; each !== undefined && !seen.has(each.pid); each = members.get(each.ppid)) {
    if (each !== companion && !isCarrier(each) && !isLauncher(each) && sideKindOf(each) === null) {
      return false;
    }
    if (each.pid === root.pid) {
      return true;
    }
    seen.add(each.pid);
  }
  return false;
};

/** A tree is told by the first of its members that is a known companion; its root carries it. */
const readCompanion = (adrift: Adrift): Companion => {
  const {root, tree} = adrift;
  const found = tree
    .map(process => ({process, kind: sideKindOf(process)}))
    .find(each => each.kind !== null && isReached(each.process, adrift));
  const witness = [root, found?.process ?? root].find(process => process.env.known) ?? root;
  return {adrift, telling: found?.process ?? root, kind: found?.kind ?? null, witness};
};

/** A carried database is as much a background program as one that stands alone: a shell or runner above it changes nothing. */
const carriesService = ({adrift, kind}: Companion): boolean =>
  kind === null && adrift.tree.some(process => isBackgroundService(process) && isReached(process, adrift));

const isManagedPlace = (world: World, process: Process): boolean => {
  const cwd = knownValue(process.cwd);
  return cwd !== undefined && world.roster.rigs.declaredAt(cwd) !== null;
};

const isInRepository = (world: World, process: Process): boolean => {
  const cwd = knownValue(process.cwd);
  return cwd !== undefined && world.fleet.rigs.some(rig => rig.path !== '' && (cwd === rig.path || cwd.startsWith(`${rig.path}/`)));
};

type Verdict = {readonly doubt: string | null} | null;

/** Its origin is gone: sure for what is known to be a companion or marked by an agent; a stranger may be meant to outlive its pane. */
const judgeLeft = (world: World, {kind, telling, adrift, witness}: Companion): Verdict => {
  const marked = marksOf(world, [witness, telling]).length > 0;
  if (isToldToStay(telling)) {
    return {doubt: 'it was told to go into the background by itself: it is meant to outlive who started it'};
  }
  if (kind !== null || marked || isManagedPlace(world, telling)) {
    return {doubt: null};
  }
  const holds = adrift.tree.some(process => world.roster.places.portsOf(process.pid).length > 0);
  return holds || isInRepository(world, telling)
    ? {doubt: 'nothing says that an agent started it: a person may have put it into the background on purpose'}
    : null;
};

/** Its pane is there, but no agent in it: what an agent left may be missed by nobody, or be somebody’s next tool. */
const judgeBesidePane = (world: World, {kind, telling, witness}: Companion, fate: Extract<Fate, {fate: 'here'}>): Verdict => {
  const {seat} = fate;
  if (seat === null || kind === null || marksOf(world, [witness, telling]).length === 0) {
    return null;
  }
  const agents = world.fleet.agents.filter(agent => agent.sessionRef === `session:${seat.session.server}/${seat.session.name}`);
  return agents.some(agent => agent.state === 'zombie') ? {doubt: `${fate.because}, though no agent runs in it`} : null;
};

const judge = (world: World, companion: Companion, fate: Fate): Verdict => {
  switch (fate.fate) {
    case 'gone':
      return judgeLeft(world, companion);
    case 'here':
      return judgeBesidePane(world, companion, fate);
    case 'unknown':
      return companion.kind !== null || marksOf(world, [companion.witness]).length > 0 ? {doubt: fate.because} : null;
    default:
      return companion.kind !== null && companion.telling.cwdDeleted
        ? {doubt: 'nothing in its environment says who started it; only its directory is gone'}
        : null;
  }
};

const suspect = (world: World, companion: Companion): readonly Suspicion[] => {
  const {adrift, telling, kind, witness} = companion;
  const {root} = adrift;
  const fate = formerPlace(world, witness);
  const verdict = judge(world, companion, fate);
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
        ...driftFacts(adrift, root),
        ...(fate.fate === 'gone' ? fate.evidence : []),
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
    'it is a known companion (MCP server, dev server, test runner, driven browser), or an agent’s marks are in its environment, or it works in a declared rig',
    'two looks',
  ],
  not: [
    'programs that go into the background by design (key agents, databases, browsers, tunnels, build daemons, tools of a town), whatever carries them',
    'what systemd started as a unit',
    'marks that its tmux server hands to every pane, because some agent was the first to use tmux: they say nothing',
    'what a pid file of a town or slot names',
    'a stranger that a person may have put into the background: shown as unknown where it holds a port or works in a known repository, otherwise not at all',
    'what is below a living agent, or below a program that supervises it',
  ],
  remedy: 'Stop it with its tree: `rigtop kill process:PID`; the ports it holds become free.',
  detect: world =>
    listAdrift(world)
      .filter(adrift => !adrift.tree.some(process => world.fleet.runtimes.has(process.pid)) && topRuntimes(world, adrift).length === 0)
      .map(readCompanion)
      .filter(companion => !carriesService(companion))
      .flatMap(companion => suspect(world, companion)),
};
