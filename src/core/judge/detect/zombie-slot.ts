// zombie-record of slots: one is recorded as active, and everything of it is provably gone. Pure.
import type {Suspicion} from '../../domain/finding.ts';
import {baseName} from '../../domain/paths.ts';
import {recordRef} from '../../domain/reference.ts';
import type {SlotRecord, SlotRepo} from '../../domain/repo.ts';
import {bearsName} from '../../domain/session-name.ts';
import {defaultTmuxServer} from '../../look/index/tmux-servers.ts';
import {recordFileOf} from '../slots/slot-home.ts';
import {matchesStartToken} from '../slots/start-token.ts';
import type {Detector, World} from './detector.ts';

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
  const server = defaultTmuxServer(snapshot);
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
  const file = recordFileOf(world.identified.slots.places, repo);
  const proofs = session.status === 'active' ? proofsOfAbsence(world, session) : null;
  return proofs === null
    ? []
    : [
        {
          key: `zombie-record ${repo.realRoot} ${session.slug}`,
          kind: 'zombie-record',
          severity: 'low',
          subject: recordRef(`${repo.tool}/${repo.name}`, session.slug),
          title: `${repo.name} records ${session.slug} as active in slot ${session.slot}, and nothing of it is left`,
          evidence: [
            {fact: `${baseName(file)} says active, slot ${session.slot}`, source: file},
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

export const zombieSlot: Detector = {
  kind: 'zombie-record',
  means: 'A slot is recorded as active, and everything of it is gone.',
  when: [
    'the record says active',
    'of a slot: its session is missing, none of its recorded processes lives, and its work tree does not exist',
    'two looks',
  ],
  not: ['pending, stopped and closed records', 'anything of which one part could not be asked'],
  mistaken: ['Whose pid it is: a number that was given out again is another process, which its start time tells.'],
  remedy:
    'Close it with its own tool (ecluse: `ecluse down SLUG`): the evidence names the command. rigtop runs none of them, and never rewrites another tool’s store.',
  detect: world =>
    world.snapshot.repos.flatMap(repo =>
      repo.sessions.known ? repo.sessions.value.flatMap(session => suspect(world, repo, session)) : [],
    ),
};
