// One conversation that two living agents go on with: two writers of one transcript, and often two hands in one work tree. Pure.

import type {Evidence} from '../../domain/agent.ts';
import {commandLine, oneLine} from '../../domain/command-line.ts';
import type {Suspicion} from '../../domain/finding.ts';
import {ancestorsOf} from '../../domain/forest.ts';
import {type Process, processKey} from '../../domain/process.ts';
import {processRef} from '../../domain/reference.ts';
import {conversationOf} from '../programs/conversation-argument.ts';
import {agentBelow} from '../programs/launchers.ts';
import type {World} from './detector.ts';
import {directoryFact} from './reparented.ts';
import {ageFact, asFindingProcess} from './suspicion.ts';

/** An agent with the conversation it is in, and what says so. */
interface Speaker {
  readonly process: Process;
  readonly evidence: Evidence;
  /** Whether the program itself recorded it; arguments say only what it began with. */
  readonly recorded: boolean;
}

/** The program’s own record comes first: the conversation changes within one process, and its arguments stay. */
const conversationIn = ({fleet}: World, process: Process): (Speaker & {readonly id: string}) | null => {
  const record = fleet.records.get(process.pid)?.find(each => each.record.role === 'session' && each.record.conversation !== null)?.record;
  if (record?.conversation != null) {
    const evidence = {fact: `${process.pid} is recorded with it: ${commandLine(process, 120)}`, source: record.file};
    return {id: record.conversation.toLowerCase(), process, evidence, recorded: true};
  }
  const id = conversationOf(process);
  const evidence = {fact: `${process.pid} was started with it: ${commandLine(process, 120)}`, source: 'command line'};
  return id === null ? null : {id, process, evidence, recorded: false};
};

/** Living agents of this user by the conversation they are in, without what only launched them. */
const byConversation = (world: World): ReadonlyMap<string, readonly Speaker[]> => {
  const {snapshot, fleet, look} = world;
  const found = new Map<string, Speaker[]>();
  for (const pid of fleet.runtimes.keys()) {
    const process = snapshot.processes.get(pid);
    const speaker = process === undefined || process.state === 'Z' ? null : conversationIn(world, process);
    if (process !== undefined && speaker !== null && agentBelow(look, fleet.runtimes, process) === process) {
      found.set(speaker.id, [...(found.get(speaker.id) ?? []), speaker]);
    }
  }
  return found;
};

const where = (world: World, process: Process): string => {
  const agent = world.fleet.agents.find(each => each.process?.pid === process.pid);
  return agent?.ref ?? `${commandLine(process, 40)} ${process.pid}`;
};

const suspect = (world: World, id: string, speakers: readonly Speaker[]): Suspicion => {
  const processes = speakers.map(({process}) => process);
  const [first] = processes;
  const agent = world.fleet.agents.find(each => each.process !== null && processes.some(({pid}) => pid === each.process?.pid));
  return {
    key: `doubled-agent ${processes.map(processKey).toSorted().join(' ')}`,
    kind: 'doubled-agent',
    severity: 'high',
    subject: agent?.ref ?? processRef(first?.pid ?? 0),
    title: `conversation ${oneLine(id)} is open in ${processes.length} processes: ${processes.map(each => where(world, each)).join(', ')}`,
    evidence: speakers.flatMap(({process, evidence}) => [evidence, ...directoryFact(process), ageFact(world, process)]),
    processes: processes.map(asFindingProcess),
    protectedBy: null,
    proof: 'two-looks',
    doubt: speakers.every(({recorded}) => recorded)
      ? 'their own records say so, and a record is written when something changes: one of them may be leaving it'
      : 'their arguments say so, and one of them may have begun another conversation since',
    remedies: [],
    rig: agent?.rig ?? null,
    session: null,
    holds: [],
  };
};

/** Doubles by conversation. Who is below another of them is a part of that one. */
export const doubledConversations = (world: World): readonly Suspicion[] =>
  [...byConversation(world)].flatMap(([id, speakers]) => {
    const tops = speakers.filter(
      ({process}) => !ancestorsOf(world.snapshot.processes, process.pid).some(pid => speakers.some(each => each.process.pid === pid)),
    );
    return tops.length < 2 ? [] : [suspect(world, id, tops)];
  });
