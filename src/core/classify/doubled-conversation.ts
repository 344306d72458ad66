// One conversation that two living agents go on with: two writers of one transcript, and often two hands in one work tree. Pure.
import {commandLine} from '../domain/command-line.ts';
import type {Suspicion} from '../domain/finding.ts';
import {ancestorsOf} from '../domain/forest.ts';
import {type Process, processKey} from '../domain/process.ts';
import {processRef} from '../domain/reference.ts';
import {conversationOf} from '../identify/conversations.ts';
import {agentBelow} from '../identify/launchers.ts';
import {directoryFact} from './adrift.ts';
import type {World} from './detector.ts';
import {ageFact, asFindingProcess} from './suspicion.ts';

/** Living agents of this user by the conversation they were told to go on with, without what only launched them. */
const byConversation = (world: World): ReadonlyMap<string, readonly Process[]> => {
  const {snapshot, fleet, roster} = world;
  const found = new Map<string, Process[]>();
  for (const pid of fleet.runtimes.keys()) {
    const process = snapshot.processes.get(pid);
    const id = process === undefined || process.state === 'Z' ? null : conversationOf(process);
    if (process !== undefined && id !== null && agentBelow(roster.places, fleet.runtimes, process) === process) {
      found.set(id, [...(found.get(id) ?? []), process]);
    }
  }
  return found;
};

const where = (world: World, process: Process): string => {
  const agent = world.fleet.agents.find(each => each.process?.pid === process.pid);
  return agent?.ref ?? `${commandLine(process, 40)} ${process.pid}`;
};

const suspect = (world: World, id: string, processes: readonly Process[]): Suspicion => {
  const [first] = processes;
  const agent = world.fleet.agents.find(each => each.process !== null && processes.some(({pid}) => pid === each.process?.pid));
  return {
    key: `doubled-agent ${processes.map(processKey).toSorted().join(' ')}`,
    kind: 'doubled-agent',
    severity: 'high',
    subject: agent?.ref ?? processRef(first?.pid ?? 0),
    title: `conversation ${id} is open in ${processes.length} processes: ${processes.map(each => where(world, each)).join(', ')}`,
    evidence: processes.flatMap(process => [
      {fact: `${process.pid} was started with it: ${commandLine(process, 120)}`, source: 'command line'},
      ...directoryFact(process),
      ageFact(world, process),
    ]),
    processes: processes.map(asFindingProcess),
    protectedBy: null,
    proof: 'two-looks',
    doubt: 'their arguments say so, and one of them may have begun another conversation since',
    remedies: [],
    rig: agent?.rig ?? null,
    session: null,
    holds: [],
  };
};

/** Doubles by conversation. Who is below another of them is a part of that one. */
export const doubledConversations = (world: World): readonly Suspicion[] =>
  [...byConversation(world)].flatMap(([id, processes]) => {
    const tops = processes.filter(
      process => !ancestorsOf(world.snapshot.processes, process.pid).some(pid => processes.some(each => each.pid === pid)),
    );
    return tops.length < 2 ? [] : [suspect(world, id, tops)];
  });
