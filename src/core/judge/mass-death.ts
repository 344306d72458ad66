// mass-death: everything of a server, or most agents, gone in one look. More often the observer is wrong than the fleet. Pure.
import {firstOf} from '../../words/counts.ts';
import type {Agent} from '../domain/agent.ts';
import type {Suspicion} from '../domain/finding.ts';
import type {Fleet} from '../domain/fleet.ts';
import {sessionKey} from '../domain/multiplexer.ts';
import {processKey} from '../domain/process.ts';
import {sourceRef} from '../domain/reference.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {Described} from './detect/detector.ts';

/** A server's only session ends in everyday life; two or more at once do not. */
const LEAST_SESSIONS = 2;
/** docs/safety.md, rule 2: more than half of all agents, at least 3. */
const LEAST_AGENTS = 3;
/** How long the notice stays after the look it is about, by the clock that does not jump. */
export const MASS_DEATH_SHOWN_MS = 10 * 60_000;

interface CountedAgent {
  readonly ref: string;
  readonly socket: string | null;
}

interface CountedServer {
  readonly kind: string;
  readonly server: string;
  /** Names of its sessions by their keys. */
  readonly names: ReadonlyMap<string, string>;
}

/** What was alive when last seen. A server without an answer keeps what it last answered. */
export interface Population {
  /** By socket. */
  readonly sessions: ReadonlyMap<string, CountedServer>;
  /**
   * Living agents by the identity of their process: a reference changes while an agent is being recognised, as when its server
   * answers late. `socket` is its server's; null outside of every session.
   */
  readonly agents: ReadonlyMap<string, CountedAgent>;
}

export const emptyPopulation: Population = {sessions: new Map(), agents: new Map()};

/** First part of a `sessionKey`. */
const socketOf = (key: string): string => key.slice(0, key.indexOf('\u0000'));

const lives = (agent: Agent): boolean => agent.state === 'running' || agent.state === 'stopped';

/** Whether nothing came of a kind of server in this look: what it had before is not known to have gone. */
const isHidden = (socket: string, kind: string | undefined, {sources, servers}: Snapshot): boolean =>
  servers.every(server => server.socket !== socket) &&
  sources.some(each => each.source === kind && each.target === 'all' && each.state === 'unknown');

/** Count the population of one look. Agents that cannot be told, and those whose process lives on, stay counted as they were. */
export const countPopulation = (snapshot: Snapshot, fleet: Fleet, before: Population): Population => {
  const sessions = new Map<string, CountedServer>();
  for (const server of snapshot.servers) {
    if (server.state === 'ok') {
      const names = new Map(server.sessions.map(session => [sessionKey(session), session.name] as const));
      sessions.set(server.socket, {kind: server.kind, server: server.name, names});
    } else if (server.state === 'unknown') {
      const kept = before.sessions.get(server.socket);
      if (kept !== undefined) {
        sessions.set(server.socket, kept);
      }
    }
  }
  for (const [socket, kept] of before.sessions) {
    if (isHidden(socket, kept.kind, snapshot)) {
      sessions.set(socket, kept);
    }
  }
  const agents = new Map<string, CountedAgent>();
  for (const agent of fleet.agents) {
    // An agent with a process has lived; one of a parked or missing session has not.
    if (lives(agent) && agent.process !== null) {
      agents.set(processKey(agent.process), {ref: agent.ref, socket: agent.session === null ? null : socketOf(agent.session)});
    }
  }
  const present = new Set([...snapshot.processes.values()].filter(({state}) => state !== 'Z' && state !== 'X').map(processKey));
  const silent = new Set(snapshot.servers.filter(server => server.state === 'unknown').map(server => server.socket));
  const isSilent = (socket: string): boolean => silent.has(socket) || isHidden(socket, before.sessions.get(socket)?.kind, snapshot);
  for (const [key, counted] of before.agents) {
    // A process that is still there has not died, whatever it is taken for in this look.
    const cannotBeTold = !snapshot.processesComplete || (counted.socket !== null && isSilent(counted.socket));
    if (!agents.has(key) && (present.has(key) || cannotBeTold)) {
      agents.set(key, counted);
    }
  }
  return {sessions, agents};
};

export interface MassDeath {
  readonly key: string;
  readonly subject: string;
  readonly title: string;
  readonly evidence: Suspicion['evidence'];
}

const list = (names: readonly string[]): string => firstOf(names, 8);

const vanishedServers = (before: Population, snapshot: Snapshot, now: Population): readonly MassDeath[] =>
  [...before.sessions].flatMap(([socket, {kind, server, names}]) => {
    const left = now.sessions.get(socket)?.names ?? new Map<string, string>();
    if (names.size < LEAST_SESSIONS || [...names.keys()].some(key => left.has(key))) {
      return [];
    }
    const record = snapshot.servers.find(each => each.socket === socket);
    return [
      {
        key: `mass-death ${socket}`,
        subject: sourceRef(kind, server),
        title: `all ${names.size} sessions of ${server} vanished in one look`,
        evidence: [
          {fact: `were there one look before: ${list([...names.values()])}`, source: `${kind} ${server}`},
          {fact: record === undefined ? 'its socket is gone, too' : record.because, source: `${kind} ${server}`},
        ],
      },
    ];
  });

const vanishedAgents = (before: Population, now: Population): readonly MassDeath[] => {
  const gone = [...before.agents].flatMap(([key, {ref}]) => (now.agents.has(key) ? [] : [ref]));
  return gone.length < LEAST_AGENTS || gone.length * 2 <= before.agents.size
    ? []
    : [
        {
          key: 'mass-death agents',
          subject: sourceRef('processes', 'agents'),
          title: `${gone.length} of ${before.agents.size} agents vanished in one look`,
          evidence: [{fact: `were alive one look before: ${list(gone)}`, source: 'two looks'}],
        },
      ];
};

/** Compare two looks. Sockets that are silent now have not vanished. */
export const findMassDeaths = (before: Population, snapshot: Snapshot, now: Population): readonly MassDeath[] => [
  ...vanishedServers(before, snapshot, now),
  ...vanishedAgents(before, now),
];

/** It is found where looks are compared, so no detector describes it. */
export const MASS_DEATH: Described = {
  kind: 'mass-death',
  means: 'Everything of a server, or most agents, vanished between two looks. More often the observer is wrong than the fleet.',
  when: ['all sessions of one server, at least two, were there one look before; or more than half of all agents, at least three'],
  not: ['a socket that is silent: it has not answered, so nothing vanished'],
  mistaken: [
    'A tmux server that answered late, once: it is silent, and silence is no death.',
    'A server that was ended on purpose, with all its sessions, looks the same. So nothing is done because of it, and a supervisor only waits.',
  ],
  remedy: 'Look again. Everything seen in that look is unknown, and only two fresh looks make anything sure.',
};

const ADVICE = 'doubt the observer first: everything seen in that look was taken for unknown, and only two fresh looks make anything sure';

export const suspectMassDeath = ({key, subject, title, evidence}: MassDeath): Suspicion => ({
  key,
  kind: 'mass-death',
  severity: 'high',
  subject,
  title,
  evidence,
  processes: [],
  protectedBy: null,
  proof: 'one-look',
  doubt: ADVICE,
  remedies: [],
  rig: null,
  session: null,
  holds: [],
});
