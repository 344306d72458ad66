// doubled-agent: one identity, more than one session of it. Pure.
import type {Suspicion} from '../domain/finding.ts';
import type {ManagedSession} from '../identify/managed-sessions.ts';
import type {Detector, World} from './detector.ts';
import {asFindingProcess, processesOfSession, suspectSession} from './suspicion.ts';

/** Sessions whose identity somebody declared; a discovered agent's name is only that of its session. */
const DECLARED: ReadonlySet<ManagedSession['why']> = new Set(['claim', 'markers', 'configured']);

/** Two towns may have rigs and workers of the same names. */
const townOf = ({claim, env, rig}: ManagedSession): string => claim?.town.realPath ?? env.GT_TOWN_ROOT ?? env.GT_ROOT ?? rig?.path ?? '';

const suspect = (world: World, ref: string, sessions: readonly ManagedSession[]): Suspicion | null => {
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
        fact: `session ${places[index]}: ${world.fleet.agents.find(agent => agent.session === managed.key)?.because ?? 'no agent in it'}`,
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
    const byIdentity = new Map<string, {readonly ref: string; readonly sessions: ManagedSession[]}>();
    for (const managed of world.roster.sessions.values()) {
      const ref = world.fleet.sessionOwners.get(managed.key)?.agent ?? null;
      if (ref !== null && managed.programs.runtimes.length > 0 && DECLARED.has(managed.why)) {
        const identity = `${townOf(managed)}\0${ref}`;
        const known = byIdentity.get(identity);
        if (known === undefined) {
          byIdentity.set(identity, {ref, sessions: [managed]});
        } else {
          known.sessions.push(managed);
        }
      }
    }
    return [...byIdentity.values()].flatMap(({ref, sessions}) => {
      // Grouped sessions show the same panes twice.
      const heads = sessions.map(managed => managed.programs.runtimes[0]?.process.pid);
      const apart = sessions.filter((_, index) => heads.indexOf(heads[index]) === index);
      const found = apart.length < 2 ? null : suspect(world, ref, apart);
      return found === null ? [] : [found];
    });
  },
};
