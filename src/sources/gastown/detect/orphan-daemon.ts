// orphan-daemon: a town daemon that no town knows. Pure.
import type {Suspicion} from '../../../core/domain/finding.ts';
import {knownValue} from '../../../core/domain/known.ts';
import {baseName, isInside} from '../../../core/domain/paths.ts';
import {ageMs, type Process} from '../../../core/domain/process.ts';
import type {Snapshot} from '../../../core/domain/snapshot.ts';
import type {Detector, World} from '../../../core/judge/detect/detector.ts';
import {ageFact, suspectProcess} from '../../../core/judge/detect/suspicion.ts';
import {claimProcess} from '../gastown.ts';

/** `gt daemon run`, told by the program and its first two words: a mention of these words elsewhere is no daemon. */
export const isTownDaemon = ({argv}: Pick<Process, 'argv'>): boolean =>
  baseName(argv[0] ?? '') === 'gt' && argv[1] === 'daemon' && argv[2] === 'run';

/** Pids that some town's pid file or kernel lock names: never another town's daemon. */
const recordedPids = (snapshot: Snapshot): ReadonlySet<number> =>
  new Set(
    snapshot.towns.flatMap(({records: {daemon}}) =>
      [daemon.pid, daemon.lockHolder].flatMap(pid => (pid.known && pid.value !== null ? [pid.value] : [])),
    ),
  );

const suspect = (world: World, process: Process): Suspicion => {
  const claim = claimProcess(world.snapshot.towns, process);
  const daemon = claim?.town.records.daemon;
  const unread = daemon === undefined ? undefined : [daemon.lockHolder, daemon.pid].find(fact => !fact.known);
  const cwd = knownValue(process.cwd);
  const strayed =
    claim !== null && cwd !== undefined && !claim.town.paths.some(path => isInside(cwd, path))
      ? `it works in ${cwd}, which is not in town ${claim.town.name}: its environment may only be that of who started it`
      : null;
  const untold = unread?.known === false ? unread.because : strayed;
  const doubt = claim === null ? 'no town is known that it could belong to' : untold;
  const holder = daemon?.lockHolder.known === true ? daemon.lockHolder.value : null;
  return suspectProcess(world, process, {
    kind: 'orphan-daemon',
    severity: 'medium',
    title: `daemon ${process.pid}${claim === null ? '' : ` of town ${claim.town.name}`} is not the one its town knows`,
    evidence: [
      {fact: `is gt daemon run`, source: 'command line'},
      ...(claim === null
        ? []
        : [
            ...claim.evidence,
            {
              fact: holder === null ? 'nobody holds the lock of the daemon' : `${holder} holds the lock of the daemon`,
              source: `${claim.town.path}/daemon/daemon.lock`,
            },
          ]),
      {fact: 'no pid file of a known town names it', source: 'towns'},
      ageFact(world, process),
    ],
    doubt,
    remedies: ['kill'],
  });
};

export const orphanDaemon: Detector = {
  kind: 'orphan-daemon',
  means: 'A town daemon runs that neither holds its town’s lock nor stands in its pid file: a second one, or one left over.',
  when: [
    'the process is `gt daemon run` of this user, older than `orphan_min_age`',
    'its working directory or environment says which town it belongs to',
    'that town’s daemon.lock is held by somebody else or by nobody, by the kernel’s own list, and its pid file names another process',
    'two looks',
  ],
  not: [
    'the daemon of any other town, also one that was started from an agent of this one: its environment names this town, its directory does not (unknown)',
    'one whose town is not known, or where the kernel does not tell who holds a lock (unknown)',
  ],
  mistaken: [
    'Whose environment it is: a daemon that an agent of one town starts for another town bears the first one’s variables. Its directory has to agree.',
    'The first of two is the right one only by the lock: a pid file may name either.',
  ],
  remedy: 'Stop it: `rigtop kill process:PID`.',
  detect: world => {
    const recorded = recordedPids(world.snapshot);
    return [...world.snapshot.processes.values()]
      .filter(
        process =>
          isTownDaemon(process) &&
          process.uid === world.snapshot.self.uid &&
          process.state !== 'Z' &&
          !recorded.has(process.pid) &&
          ageMs(process, world.snapshot) >= world.settings.orphanMinAgeMs,
      )
      .map(process => suspect(world, process));
  },
};
