// Agents that live inside a daemon of their program without a process of their own, and what records add to the agents that were seen. Pure.

import type {Agent, Evidence} from '../../domain/agent.ts';
import {commandLine, oneLine} from '../../domain/command-line.ts';
import {knownValue} from '../../domain/known.ts';
import type {Process} from '../../domain/process.ts';
import {agentRef, processRef} from '../../domain/reference.ts';
import type {LivingByPid, LivingRecord} from '../../domain/runtime-record.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {Look} from '../../look/index/look.ts';
import {conversationsAtWork} from '../../look/index/origin.ts';
import {type SessionContext, UNPLACED} from './session-identity.ts';

/** The end of an id: those of one hour begin alike (RFC 9562, version 7). */
const SHORT = 8;

/** Conversations that a daemon holds open: the kernel says so by a lock, and none is a process. */
const conversationsOf = (records: LivingByPid): readonly LivingRecord[] =>
  [...records.values()].flat().filter(({record}) => record.role === 'session' && record.locked && record.background);

/** How many agents of a program were seen at work in a directory: each shows one of the daemon’s conversations. */
const countShown = (agents: readonly Agent[], {processes}: Snapshot): Map<string, number> => {
  const shown = new Map<string, number>();
  for (const {runtime, process} of agents) {
    const cwd = process === null ? undefined : processes.get(process.pid)?.cwd;
    if (runtime !== null && cwd?.known) {
      const key = `${runtime}\0${cwd.value}`;
      shown.set(key, (shown.get(key) ?? 0) + 1);
    }
  }
  return shown;
};

/** Where a conversation works: its own record, or what it has started in its daemon. */
const directoryOf = ({look}: SessionContext, {record, process}: LivingRecord): string | null =>
  record.directory ??
  look
    .treeOf(process.pid)
    .flatMap(({env, cwd}) => (knownValue(env)?.CODEX_THREAD_ID === record.conversation ? (knownValue(cwd) ?? []) : []))[0] ??
  null;

/** Conversations that go on in a daemon though no screen shows them. */
export const hostedAgents = (around: SessionContext, agents: readonly Agent[], records: LivingByPid): readonly Agent[] => {
  const shown = countShown(agents, around.look.snapshot);
  const atWork = conversationsAtWork(around.look.snapshot);
  return conversationsOf(records).flatMap((living): readonly Agent[] => {
    const {record, process} = living;
    const directory = directoryOf(around, living);
    const key = `${record.program}\0${directory}`;
    const screens = shown.get(key) ?? 0;
    if (screens > 0) {
      shown.set(key, screens - 1);
      return [];
    }
    const rig = directory === null ? null : around.rigs.at(directory);
    const home = rig?.name ?? UNPLACED;
    const name = `${record.program}-${record.conversation?.slice(-SHORT) ?? process.pid}`;
    return [
      {
        ref: agentRef(home, 'agent', name),
        rig: home,
        name,
        role: 'agent',
        town: null,
        runtime: record.program,
        state: 'running',
        because: `runs below ${commandLine(process, 60)} ${process.pid}, without a screen`,
        session: null,
        sessionRef: null,
        // The daemon’s process is not this agent’s: others live in it.
        process: null,
        slot: null,
        evidence: [{fact: `${record.program} ${process.pid} holds its conversation open`, source: record.file}],
        hosts: processRef(process.pid),
        record: {...record, directory, state: record.conversation !== null && atWork.has(record.conversation) ? 'busy' : record.state},
      },
    ];
  });
};

const recordOf = (records: LivingByPid, process: Process, look: Look, runtime: string | null): LivingRecord | undefined =>
  look
    .treeOf(process.pid)
    .flatMap(each => records.get(each.pid) ?? [])
    .find(({record}) => record.role === 'session' && record.program === runtime && !(record.locked && record.background));

/** The job that a session works at: its program starts a session anew that was ended otherwise than by it. */
const jobFacts = ({runtimeStores}: Snapshot, program: string | null, conversation: string | null): readonly Evidence[] =>
  runtimeStores
    .flatMap(store => (store.program === program ? (store.jobs ?? []) : []))
    .filter(({runs, conversations}) => runs && conversation !== null && conversations.includes(conversation))
    .map(({id, state, file}) => ({
      fact: `works at background job ${id}, ${oneLine(state)}: \`${program} stop ${id}\` ends it for good`,
      source: file,
    }));

/** What their own programs record of agents that were seen: conversation, state, question. */
export const withRecords = (agents: readonly Agent[], look: Look, records: LivingByPid): readonly Agent[] =>
  records.size === 0
    ? agents
    : agents.map(agent => {
        const process = agent.process === null ? undefined : look.processes.get(agent.process.pid);
        const living = process === undefined ? undefined : recordOf(records, process, look, agent.runtime);
        if (living === undefined) {
          return agent;
        }
        const {conversation, directory, state, question, stateSince, file} = living.record;
        return {
          ...agent,
          evidence: [
            ...agent.evidence,
            {fact: `${agent.runtime} records it as a session${state === null ? '' : `, ${state}`}`, source: file},
            ...jobFacts(look.snapshot, agent.runtime, conversation),
          ],
          record: {conversation, directory, state, question, stateSince},
        };
      });
