// zombie-record: a store says active, and everything it speaks of is provably gone. Pure.
import type {Suspicion} from '../../../core/domain/finding.ts';
import {recordRef} from '../../../core/domain/reference.ts';
import type {SlotRecord, SlotRepo} from '../../../core/domain/repo.ts';
import {bearsName} from '../../../core/domain/session-name.ts';
import type {Detector, World} from '../../../core/judge/detect/detector.ts';
import {matchesStartToken} from '../../../core/judge/slots/start-token.ts';
import {suspectRuntimeStores} from '../../runtimes/detect/zombie-runtime.ts';
import {suspectRows} from './zombie-row.ts';

/** Null when it is not provably gone; otherwise the facts. Every part must answer, and every answer must be "gone". */
const proofsOfAbsence = (world: World, session: SlotRecord): readonly string[] | null => {
  const {snapshot} = world;
  if (!session.worktreeExists.known || session.worktreeExists.value || !session.pidFiles.known || !snapshot.processesComplete) {
    return null;
  }
  const alive = session.pidFiles.value.some(file => {
    const process = file.pid === null ? undefined : snapshot.processes.get(file.pid);
    return process !== undefined && (file.startToken === null || matchesStartToken(file.startToken, snapshot.bootedAt + process.bornMs));
  });
  const server = snapshot.servers.find(candidate => candidate.kind === 'tmux' && candidate.name === 'default');
  const sessionGone = session.tmuxSession === null || server?.state === 'ok';
  if (
    alive ||
    !sessionGone ||
    server?.sessions.some(candidate => session.tmuxSession !== null && bearsName(candidate.name, session.tmuxSession))
  ) {
    return null;
  }
  return [
    `its work tree ${session.worktreePath} does not exist`,
    ...(session.tmuxSession === null ? [] : [`the tmux server answered, and has no session ${session.tmuxSession}`]),
    `none of its ${session.pidFiles.value.length} recorded processes lives`,
  ];
};

const suspect = (world: World, repo: SlotRepo, session: SlotRecord): readonly Suspicion[] => {
  const proofs = session.status === 'active' ? proofsOfAbsence(world, session) : null;
  return proofs === null
    ? []
    : [
        {
          key: `zombie-record ${repo.realRoot} ${session.slug}`,
          kind: 'zombie-record',
          severity: 'low',
          subject: recordRef(`ecluse/${repo.name}`, session.slug),
          title: `${repo.name} records ${session.slug} as active in slot ${session.slot}, and nothing of it is left`,
          evidence: [
            {fact: `state.json says active, slot ${session.slot}`, source: `${repo.root}/.ecluse/state.json`},
            ...proofs.map(fact => ({fact, source: 'two looks'})),
          ],
          processes: [],
          protectedBy: null,
          proof: 'two-looks',
          doubt: null,
          remedies: [],
          rig: repo.name,
          session: null,
          holds: [],
        },
      ];
};

export const zombieRecord: Detector = {
  kind: 'zombie-record',
  means:
    'A store says that something is active, while its session is gone: of ecluse, botmux, the stores in `[[registers]]`, and what agent programs record of themselves.',
  when: [
    'the record says active',
    'its session is missing, and every server of its multiplexer answered, all older than the record’s last use',
    'another row of the same store is where it says, so that the right place was looked at',
    'of ecluse: none of its recorded processes lives, and its work tree does not exist',
    'of an agent program: the process of the record runs no more, by pid and start time, in this pid namespace',
    'of a background job of Claude Code: it is said to work, no living session has its conversation, and nothing that runs bears its name (unknown while the daemon lives, which may take it up again)',
    'two looks',
  ],
  not: [
    'pending, stopped and closed records; rows that were adopted, are queued or suspended, or whose worker lives',
    'anything after a restart of the machine or of a server, and anything of which one part could not be asked',
    'a record of an agent program from another container or machine, or of a process that cannot be told',
    'a store that vanished, or of which no row at all was found (shown once, as unknown): that says more about the observer',
  ],
  mistaken: [
    'A session that was renamed, or that lives on a server that nobody asked: what was started for the row bears its id, and one silent server makes all unknown.',
    'A server that was started anew took every session at once, which says nothing about one row.',
    'Whose pid it is: records of containers and other machines carry numbers of another table.',
  ],
  remedy:
    'Close it with its own tool (`ecluse down SLUG`, `botmux delete ID`, or the `close` of its configuration): the evidence names the command. rigtop runs none of them, and never rewrites another tool’s store.',
  detect: world => [
    ...world.snapshot.repos.flatMap(repo =>
      repo.sessions.known ? repo.sessions.value.flatMap(session => suspect(world, repo, session)) : [],
    ),
    ...suspectRows(world),
    ...suspectRuntimeStores(world),
  ],
};
