// zombie-record in what agent programs record of themselves: sessions whose process runs no more, jobs that nothing works at. Pure.
import {oneLine} from '../../../core/domain/command-line.ts';
import type {Suspicion} from '../../../core/domain/finding.ts';
import {knownValue} from '../../../core/domain/known.ts';
import {recordRef} from '../../../core/domain/reference.ts';
import type {RuntimeRecord, RuntimeStore} from '../../../core/domain/runtime-record.ts';
import type {Detector, World} from '../../../core/judge/detect/detector.ts';
import {conversationsAtWork} from '../../../core/look/index/origin.ts';
import {judgeRecord} from '../living-records.ts';

/** More are counted. */
const MOST_TOLD = 8;

const titleOf = (store: RuntimeStore, left: readonly RuntimeRecord[]): string =>
  left.length === 1
    ? `${store.program} records a session of process ${left[0]?.pid}, which runs no more`
    : `${store.program} records ${left.length} sessions whose processes run no more`;

/** A program that is killed leaves its record, and none of them sweeps soon: one finding for all that one store left. */
const suspectStore = (world: World, store: RuntimeStore): readonly Suspicion[] => {
  const records = store.records.known ? store.records.value : [];
  // The pid file of a daemon stays where it is until the next one starts: that is no session.
  const left = records.flatMap(record => {
    const verdict = record.role === 'daemon' ? null : judgeRecord(record, world.snapshot);
    return verdict?.state === 'left' ? [{record, because: verdict.because}] : [];
  });
  const files = left.filter(({record}, index) => left.findIndex(each => each.record.pid === record.pid) === index);
  return files.length === 0
    ? []
    : [
        {
          key: `zombie-record ${store.program} ${store.place}`,
          kind: 'zombie-record',
          severity: 'low',
          subject: recordRef(store.program, files.length === 1 ? String(files[0]?.record.pid) : '*'),
          title: titleOf(
            store,
            files.map(({record}) => record),
          ),
          evidence: [
            ...files.slice(0, MOST_TOLD).map(({record, because}) => ({
              fact: `${because}${record.conversation === null ? '' : `; conversation ${oneLine(record.conversation)}`}${record.directory === null ? '' : ` in ${oneLine(record.directory)}`}`,
              source: record.file,
            })),
            ...(files.length > MOST_TOLD ? [{fact: `and ${files.length - MOST_TOLD} more`, source: store.place}] : []),
            {fact: `${store.program} removes it by itself, or the file can be removed`, source: 'what may help'},
          ],
          processes: [],
          protectedBy: null,
          proof: 'two-looks',
          doubt: null,
          remedies: [],
          rig: null,
          session: null,
          holds: [],
        },
      ];
};

/** Why it cannot be told whether a job that is said to run still does; null when it can. */
const doubtOfJobs = (world: World, {records, unreadable, program}: RuntimeStore): string | null => {
  const {snapshot} = world;
  if (!records.known || unreadable.length > 0) {
    return `not all that ${program} records could be read`;
  }
  if (!snapshot.processesComplete) {
    return 'the process table is incomplete';
  }
  const verdicts = records.value.map(record => ({role: record.role, ...judgeRecord(record, snapshot)}));
  if (verdicts.some(({state}) => state === 'elsewhere' || state === 'unknown')) {
    return `some sessions that ${program} records are not of this machine or cannot be told, and one of them may be its own`;
  }
  return verdicts.some(({role, state}) => role === 'daemon' && state === 'living')
    ? `the daemon of ${program} lives, and may take it up again`
    : null;
};

/**
 * Jobs that are said to run while nothing of them does. A job names no process: its session does, by the conversation, and whatever it
 * has started, by its environment.
 */
const suspectJobs = (world: World, store: RuntimeStore): readonly Suspicion[] => {
  const {snapshot, settings, identified} = world;
  const running = (store.jobs ?? []).filter(({runs}) => runs);
  if (running.length === 0) {
    return [];
  }
  const living = new Set([...identified.fleet.records.values()].flat().map(({record}) => record.conversation));
  const atWork = conversationsAtWork(snapshot);
  const started = new Set(
    [...snapshot.processes.values()].flatMap(({env, state, argv}) =>
      state === 'Z' ? [] : [knownValue(env)?.CLAUDE_JOB_DIR?.split('/').at(-1), ...argv],
    ),
  );
  // A session is there some time after its job.
  const ghosts = running.filter(
    ({id, conversations, updatedAt}) =>
      updatedAt !== null &&
      snapshot.takenAt - updatedAt >= settings.orphanMinAgeMs &&
      !conversations.some(each => living.has(each) || atWork.has(each) || started.has(each)) &&
      !started.has(id),
  );
  const [first] = ghosts;
  if (first === undefined) {
    return [];
  }
  const {program, place} = store;
  return [
    {
      key: `zombie-record ${program} ${place}/jobs`,
      kind: 'zombie-record',
      severity: 'low',
      subject: recordRef(program, ghosts.length === 1 ? first.id : 'jobs'),
      title:
        ghosts.length === 1
          ? `${program} says that background job ${first.id} is ${oneLine(first.state)}, and nothing of it runs`
          : `${program} says of ${ghosts.length} background jobs that they run, and nothing of them does`,
      evidence: [
        ...ghosts.slice(0, MOST_TOLD).map(({id, state, directory, conversations, file}) => ({
          fact: `job ${id} is said to be ${oneLine(state)}${conversations[0] === undefined ? '' : `; no process has its conversation ${oneLine(conversations[0])}`}${directory === null ? '' : ` in ${oneLine(directory)}`}`,
          source: file,
        })),
        ...(ghosts.length > MOST_TOLD ? [{fact: `and ${ghosts.length - MOST_TOLD} more`, source: `${place}/jobs`}] : []),
        {fact: `\`${program} respawn ${first.id}\` takes it up again, \`${program} rm ${first.id}\` puts it away`, source: 'what may help'},
      ],
      processes: [],
      protectedBy: null,
      proof: 'two-looks',
      doubt: doubtOfJobs(world, store),
      remedies: [],
      rig: null,
      session: null,
      holds: [],
    },
  ];
};

/** Of every store that could be read. */
export const zombieRuntime: Detector = {
  kind: 'zombie-record',
  means: 'An agent program records a session or a job of its own as running, and nothing of it does.',
  when: [
    'of an agent program: the process of the record runs no more, by pid and start time, in this pid namespace',
    'of a background job of Claude Code: it is said to work, no living session has its conversation, and nothing that runs bears its name (unknown while the daemon lives, which may take it up again)',
  ],
  not: ['a record of an agent program from another container or machine, or of a process that cannot be told'],
  mistaken: ['Whose pid it is: records of containers and other machines carry numbers of another table.'],
  remedy: 'Of an agent program: it removes the record by itself, or the file can be removed.',
  detect: world => world.snapshot.runtimeStores.flatMap(store => [...suspectStore(world, store), ...suspectJobs(world, store)]),
};
