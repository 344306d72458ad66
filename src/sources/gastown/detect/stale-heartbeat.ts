// stale-heartbeat: a watcher of a town that lives and has not been heard of for long. Pure.
import type {Suspicion} from '../../../core/domain/finding.ts';
import {knownValue} from '../../../core/domain/known.ts';
import {ageMs} from '../../../core/domain/process.ts';
import {agentRef, processRef} from '../../../core/domain/reference.ts';
import type {Town} from '../../../core/domain/town.ts';
import type {Detector, World} from '../../../core/judge/detect/detector.ts';
import {DAEMON_STALE_MS, DEACON_GRACE_MS, DEACON_VERY_STALE_MS, momentOf} from '../recorded-work.ts';

interface Silence {
  readonly subject: string;
  readonly title: string;
  readonly source: string;
  readonly pid: number;
  /** Its last word, ms since the epoch. */
  readonly at: number;
}

const isFrozen = (town: Town): boolean => [town.records.estop, town.records.shutdown].some(fact => !fact.known || fact.value !== null);

const pauseOf = (town: Town): boolean => {
  const {deaconPaused} = town.records;
  return !deaconPaused.known || deaconPaused.value !== null;
};

/** The deacon: alive, past its grace, not paused, and silent for longer than it may wait for work. */
const deaconSilence = (world: World, town: Town): Silence | null => {
  const heartbeat = knownValue(town.records.deaconHeartbeat) ?? null;
  const ref = agentRef(town.name, 'deacon', 'deacon');
  const deacon = world.fleet.agents.find(agent => agent.ref === ref && agent.state === 'running');
  const process = deacon?.process == null ? undefined : world.snapshot.processes.get(deacon.process.pid);
  if (heartbeat === null || process === undefined || pauseOf(town) || ageMs(process, world.snapshot) < DEACON_GRACE_MS) {
    return null;
  }
  const agoMs = world.snapshot.takenAt - heartbeat.at;
  return agoMs < DEACON_VERY_STALE_MS
    ? null
    : {
        subject: ref,
        title: `the deacon of ${town.name} has said nothing since ${momentOf(heartbeat.at)}`,
        source: `${town.path}/deacon/heartbeat.json`,
        pid: process.pid,
        at: heartbeat.at,
      };
};

/** The daemon: holds its lock, and its last round is long ago. */
const daemonSilence = (world: World, town: Town): Silence | null => {
  const pid = knownValue(town.records.daemon.lockHolder) ?? null;
  const state = knownValue(town.records.daemon.state) ?? null;
  const process = pid === null ? undefined : world.snapshot.processes.get(pid);
  if (process === undefined || state === null || state.pid !== pid || state.lastHeartbeat === null || process.state === 'T') {
    return null;
  }
  const agoMs = world.snapshot.takenAt - state.lastHeartbeat;
  return agoMs < DAEMON_STALE_MS || ageMs(process, world.snapshot) < DAEMON_STALE_MS
    ? null
    : {
        subject: processRef(process.pid),
        title: `the daemon of ${town.name} has made no round since ${momentOf(state.lastHeartbeat)}`,
        source: `${town.path}/daemon/state.json`,
        pid: process.pid,
        at: state.lastHeartbeat,
      };
};

const suspect = (world: World, town: Town, {subject, title, source, pid, at}: Silence): Suspicion => {
  const process = world.snapshot.processes.get(pid);
  return {
    key: `stale-heartbeat ${town.realPath} ${subject} ${process?.startTime ?? 0}`,
    kind: 'stale-heartbeat',
    severity: 'medium',
    subject,
    title,
    evidence: [
      {fact: `its last heartbeat was at ${momentOf(at)}`, source},
      {fact: `its process ${pid} lives`, source: 'process table'},
    ],
    processes: process === undefined ? [] : [{pid, startTime: process.startTime, command: process.comm}],
    protectedBy: null,
    proof: 'one-look',
    doubt: null,
    remedies: [],
    rig: null,
    session: null,
    holds: [],
  };
};

export const staleHeartbeat: Detector = {
  kind: 'stale-heartbeat',
  means: 'A watcher of a town (its deacon or its daemon) lives, but has not been heard of for longer than it may be silent.',
  when: [
    'the deacon’s heartbeat is 20 minutes old or older, or the daemon’s last round 15 minutes',
    'its process lives and is past its grace after the start',
    'the town is neither frozen nor being shut down, and the deacon is not paused',
  ],
  not: ['heartbeats of workers: a long build keeps a healthy one silent', 'a reason to kill: silence is a hint, never a proof'],
  mistaken: [
    'A town that is frozen or being shut down, and a deacon that is paused, are silent for good reason. Silence is never a reason to end anything.',
  ],
  remedy: 'Look at its pane; restart it by hand if it hangs: `rigtop restart agent:TOWN/deacon`.',
  detect: world =>
    world.snapshot.towns
      .filter(town => !isFrozen(town))
      .flatMap(town =>
        [deaconSilence(world, town), daemonSilence(world, town)].flatMap(silence =>
          silence === null ? [] : [suspect(world, town, silence)],
        ),
      ),
};
