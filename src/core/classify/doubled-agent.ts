// doubled-agent: one identity, more than one session of it. Pure.
import type {Agent} from '../domain/agent.ts';
import type {Suspicion} from '../domain/finding.ts';
import type {ManagedSession} from '../identify/managed-sessions.ts';
import type {Detector, World} from './detector.ts';
import {asFindingProcess, processesOfSession, suspectSession} from './suspicion.ts';

const suspect = (world: World, ref: string, sessions: readonly ManagedSession[], agents: readonly Agent[]): Suspicion | null => {
  const [first, ...others] = sessions;
  if (first === undefined) {
    return null;
  }
  const places = sessions.map(({session}) => `${session.server}/${session.name}`);
  const base = suspectSession(world, first.session, {
    kind: 'doubled-agent',
    severity: 'high',
    title: `${ref} runs ${sessions.length} times: ${places.join(', ')}`,
    evidence: sessions.flatMap((managed, index) => [
      {
        fact: `session ${places[index]}: ${agents.find(agent => agent.session === managed.key)?.because ?? 'no agent in it'}`,
        source: managed.session.socket,
      },
      ...managed.evidence,
    ]),
    doubt: null,
    remedies: [],
  });
  return {
    ...base,
    key: `doubled-agent ${ref} ${sessions
      .map(managed => managed.key)
      .toSorted()
      .join(' ')}`,
    subject: ref,
    processes: [...base.processes, ...others.flatMap(({session}) => processesOfSession(world, session).map(asFindingProcess))],
    holds: [],
    session: null,
    protectedBy: null,
  };
};

export const doubledAgent: Detector = {
  kind: 'doubled-agent',
  means: 'The same agent runs in two sessions, perhaps on two tmux servers: each looks healthy, and both do the same work.',
  when: [
    'two or more sessions are claimed for one identity by registry, environment or configuration',
    'an agent program lives in at least two of them',
    'two looks',
  ],
  not: [
    'sessions that merely share a name',
    'a second session without an agent program (that is a zombie)',
    'sessions of one group: they share their windows',
  ],
  remedy: 'Decide which one is right (the town’s own socket is in the evidence) and stop the other.',
  detect: world => {
    const byRef = new Map<string, ManagedSession[]>();
    for (const managed of world.roster.sessions.values()) {
      const ref = world.fleet.sessionOwners.get(managed.key)?.agent ?? null;
      const lives = managed.programs.runtimes.length > 0;
      if (ref !== null && lives && (managed.why === 'claim' || managed.why === 'markers' || managed.why === 'configured')) {
        byRef.set(ref, [...(byRef.get(ref) ?? []), managed]);
      }
    }
    return [...byRef].flatMap(([ref, sessions]) => {
      // Grouped sessions show the same panes twice.
      const heads = sessions.map(managed => managed.programs.runtimes[0]?.process.pid);
      const apart = sessions.filter((_, index) => heads.indexOf(heads[index]) === index);
      const agents = world.fleet.agents.filter(agent => agent.ref === ref);
      const found = apart.length < 2 ? null : suspect(world, ref, apart, agents);
      return found === null ? [] : [found];
    });
  },
};
