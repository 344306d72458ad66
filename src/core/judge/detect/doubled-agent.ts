// doubled-agent: one identity, more than one session of it. Pure.
import type {Suspicion} from '../../domain/finding.ts';
import type {ManagedSession} from '../owners/managed-sessions.ts';
import type {Detector, World} from './detector.ts';
import {doubledConversations} from './doubled-conversation.ts';
import {asFindingProcess, processesOfSession, suspectSession} from './suspicion.ts';

/** Sessions whose identity somebody declared; a discovered agent's name is only that of its session. */
const DECLARED: ReadonlySet<ManagedSession['why']> = new Set(['claim', 'markers', 'configured']);

/** Two towns may have rigs and workers of the same names. */
const townOf = ({claim, env, rig}: ManagedSession): string => claim?.home ?? env.GT_TOWN_ROOT ?? env.GT_ROOT ?? rig?.path ?? '';

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
  means:
    'The same agent runs twice, in two sessions or with one conversation: each looks healthy, and both do the same work or write one transcript.',
  when: [
    'two or more sessions are claimed for one identity by registry, environment or configuration, and an agent program lives in at least two of them',
    'or two living agents were told to go on with the same conversation (`--resume ID`, `--session-id ID`, `codex resume ID`; unknown, since either may have begun another one)',
    'or their own programs record both with one conversation (unknown as well: a record may lag)',
    'two looks',
  ],
  not: [
    'sessions that merely share a name',
    'a second session without an agent program (that is a zombie)',
    'sessions of one group: they share their windows',
    'a launcher and its agent, the host of a background session and the session, a conversation that was forked',
  ],
  mistaken: [
    'Who else has that name: two towns with a rig and a worker of the same names are two. The town’s real path tells them apart.',
    'One agent seen twice: grouped sessions and linked windows, a launcher and its agent, a background host and its session.',
  ],
  remedy: 'Decide which one is right (sockets, directories and ages are in the evidence) and stop the other.',
  detect: world => {
    const byIdentity = new Map<string, {readonly ref: string; readonly sessions: ManagedSession[]}>();
    for (const managed of world.identified.sessions.values()) {
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
    const doubles = [...byIdentity.values()].flatMap(({ref, sessions}) => {
      // Grouped sessions show the same panes twice.
      const heads = sessions.map(managed => managed.programs.runtimes[0]?.process.pid);
      const apart = sessions.filter((_, index) => heads.indexOf(heads[index]) === index);
      const found = apart.length < 2 ? null : suspect(world, ref, apart);
      return found === null ? [] : [found];
    });
    const told = new Set(doubles.flatMap(({processes}) => processes.map(({pid}) => pid)));
    return [...doubles, ...doubledConversations(world).filter(({processes}) => !processes.every(({pid}) => told.has(pid)))];
  },
};
