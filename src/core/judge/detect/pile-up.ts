// pile-up: generations of the same helper below one living owner, which starts new ones and does not end the old. Pure.

import {coarseAge} from '../../../words/ages.ts';
import {shortBytes} from '../../../words/measures.ts';
import type {Evidence} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import type {Suspicion} from '../../domain/finding.ts';
import {ageMs, type Process, processKey} from '../../domain/process.ts';
import {processRef} from '../../domain/reference.ts';
import {type Pile, pilesBelow} from '../owners/generations.ts';
import {indexRuntimes, sidePartOf} from '../programs/recognise-runtime.ts';
import type {Detector, World} from './detector.ts';
import {asFindingProcess, portsOf} from './suspicion.ts';

/** An agent has one set of helpers; while it connects anew there may be two. */
const LEAST_OF_AGENT = 4;
/** A server of agents may have a set for each conversation that it serves: this many more than there are agents of its program. */
const MORE_THAN_AGENTS = 10;

/** How the owner itself gets rid of them, by its program. */
const OWN_REMEDY: ReadonlyMap<string, string> = new Map([
  ['claude', 'in it, /mcp connects the servers anew; left and begun again with --resume it has one set'],
  [
    'codex',
    'left and begun again with `codex resume` it has one set; its shared server begins anew with `codex app-server daemon restart`',
  ],
]);

interface Owner {
  readonly process: Process;
  readonly program: string;
  /** Generations that a helper may have before they are a pile. */
  readonly rightful: number;
}

/** Living agents of this user, and servers and daemons of agent programs. No other program is known to need one of each only. */
const ownersOf = ({snapshot, fleet, settings, look}: World): readonly Owner[] => {
  const table = indexRuntimes(settings.runtimes);
  return [...snapshot.processes.values()].flatMap(process => {
    if (process.uid !== snapshot.self.uid || (look.children.get(process.pid)?.length ?? 0) < LEAST_OF_AGENT) {
      return [];
    }
    const runtime = fleet.runtimes.get(process.pid);
    if (runtime !== undefined) {
      return [{process, program: runtime.runtime, rightful: LEAST_OF_AGENT - 1}];
    }
    const program = sidePartOf(process, table);
    const agents = fleet.agents.filter(agent => agent.runtime === program && agent.process !== null).length;
    // Conversations that it holds open itself, whether anybody shows them or not.
    const held = new Set(
      (fleet.records.get(process.pid) ?? []).flatMap(({record}) => (record.role === 'session' ? [record.conversation ?? record.file] : [])),
    );
    return program === null ? [] : [{process, program, rightful: Math.max(agents, held.size) + MORE_THAN_AGENTS - 1}];
  });
};

/** The newest set is the one that is in use. */
const olderOf = ({generations}: Pile): readonly Process[] => generations.slice(0, -1).flat();

const growth = (world: World, pile: Pile): Evidence => {
  const [oldest, newest] = [pile.generations[0]?.[0], pile.generations.at(-1)?.[0]];
  const ages = [oldest, newest].map(process => coarseAge(process === undefined ? 0 : ageMs(process, world.snapshot)));
  return {
    fact: `${pile.generations.flat().length} × ${oldest === undefined ? '' : commandLine(oldest, 80)}, begun in ${pile.generations.length} goes: the first ${ages[0]} ago, the last ${ages[1]} ago`,
    source: 'process table',
  };
};

const suspect = (world: World, {process: owner, program}: Owner, piles: readonly Pile[]): Suspicion => {
  const older = piles.flatMap(olderOf);
  const trees = [...new Map(older.flatMap(process => world.look.treeOf(process.pid)).map(each => [each.pid, each])).values()];
  const memory = shortBytes(trees.reduce((sum, {rss}) => sum + rss, 0));
  const first = older[0];
  const what = piles.length === 1 && first !== undefined ? commandLine(first, 60) : `${piles.length} helpers`;
  const remedy = OWN_REMEDY.get(program);
  return {
    key: `pile-up ${processKey(owner)}`,
    kind: 'pile-up',
    severity: 'medium',
    subject: processRef(owner.pid),
    title: `${older.length} older copies of ${what} pile up below ${commandLine(owner, 40)} ${owner.pid}, ${memory}`,
    evidence: [
      ...piles.map(pile => growth(world, pile)),
      {fact: `without the newest of each: ${older.length} of them, ${trees.length} processes, ${memory}`, source: 'process table'},
      ...(remedy === undefined ? [] : [{fact: remedy, source: 'what may help'}]),
      {fact: 'they end with their owner: begin it anew when its work allows that', source: 'what may help'},
    ],
    processes: trees.map(asFindingProcess),
    protectedBy: null,
    proof: 'two-looks',
    doubt: 'their number alone does not prove that the older ones are out of use',
    remedies: [],
    rig: world.fleet.processOwners.get(owner.pid)?.rig ?? null,
    session: null,
    holds: portsOf(world, trees),
  };
};

export const pileUp: Detector = {
  kind: 'pile-up',
  means:
    'A living agent, or a server of agents, has started the same helper again and again and keeps the old ones: memory that nobody uses.',
  when: [
    'children of one living agent have the same command line and the same directory, are no agents, and began in at least four goes, all older than `orphan_min_age`',
    'below a server or daemon of an agent program: in ten goes more than there are living agents of that program, or conversations recorded as open in it, each of which may have a set of its own',
    'two looks; unknown always, since a number proves nothing',
  ],
  not: [
    'the newest set',
    'different servers, however many, and the same one in different directories',
    'pools: what was started in one go, and children that are their parent’s own program',
    'parts of a browser, commands that a shell of the agent runs, agents below an agent',
    'helpers of editors, build tools and any other program that is no agent',
  ],
  remedy: 'The owner’s own: connect its servers anew, or begin it again; the evidence says how. Nothing is ended because of a number.',
  detect: world => {
    const isOld = (process: Process): boolean => ageMs(process, world.snapshot) >= world.settings.orphanMinAgeMs;
    return ownersOf(world).flatMap(owner => {
      const piles = pilesBelow(world.look, owner.process, pid => world.fleet.runtimes.has(pid)).filter(
        pile => pile.generations.filter(set => set.every(isOld)).length > owner.rightful,
      );
      return piles.length === 0 ? [] : [suspect(world, owner, piles)];
    });
  },
};
