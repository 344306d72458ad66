// Slots of a tool that records them in a file (`Snapshot.repos`): services, ranges, directories and sessions follow from the record. Pure.

import {ownValue} from '../../domain/own-value.ts';
import {baseName, isInside} from '../../domain/paths.ts';
import type {LastSeat, PlanStart} from '../../domain/plan.ts';
import type {PidFile, SlotRecord, SlotRepo, SlotService} from '../../domain/repo.ts';
import {bearsName} from '../../domain/session-name.ts';
import type {DeclaredService, ServiceRange, SlotGround, SlotMark, SlotPlace} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {OwningSource} from '../owners/owning-source.ts';
import type {SeenSession} from '../owners/session-claims.ts';
import {type SessionContext, type SessionIdentity, slotIdentity} from '../owners/session-identity.ts';
import {formulaText, overflowText} from './declared-services.ts';
import {slotPort} from './port-arithmetic.ts';
import {slotNamedIn} from './slot-marks.ts';
import {livePanePids, sessionIn} from './slot-sessions.ts';
import {matchesStartToken} from './start-token.ts';

/** What has to be known of such a tool beside its records. */
export interface RecordingTool {
  /** As `SlotRepo.tool` has it. */
  readonly name: string;
  readonly mark: SlotMark;
  /** The name that the tool gives the session of a slot. */
  sessionOf(slug: string): string;
  recordFile(repo: SlotRepo): string;
  /** Name of the file that declares services, to say that it could not be read. */
  readonly configName: string;
  /** What an operation that is pending on a slot means, in words. */
  pendingText(snapshot: Snapshot, record: SlotRecord): string;
  restart(snapshot: Snapshot, repo: SlotRepo, service: DeclaredService, last: LastSeat | null): PlanStart | string;
}

/** The pid a pid file names, when it is alive and still the process that was recorded. */
const livePid = (snapshot: Snapshot, file: PidFile | undefined): number | null => {
  const process = file?.pid == null ? undefined : snapshot.processes.get(file.pid);
  if (file === undefined || process === undefined || process.state === 'Z') {
    return null;
  }
  return file.startToken === null || matchesStartToken(file.startToken, snapshot.bootedAt + process.bornMs) ? process.pid : null;
};

const baseOf = (service: SlotService): number => service.hostPort ?? service.basePort;

/** What ties one service of one recorded slot to processes. */
const runningOf = (
  snapshot: Snapshot,
  record: SlotRecord,
  service: SlotService,
): Pick<DeclaredService, 'session' | 'roots' | 'slotRoots' | 'recordedPid' | 'started'> => {
  const places = [record.worktreeRealPath, record.worktreePath];
  const session = record.tmuxSession === null ? null : sessionIn(snapshot, record.tmuxSession, places);
  const files = record.pidFiles.known ? record.pidFiles.value : [];
  const file = files.find(candidate => candidate.service === service.name);
  const recordedPid = livePid(snapshot, file);
  const recorded = recordedPid === null ? [] : [recordedPid];
  // A pid file that fails its check gives no root; the window's pane is asked only where there is no pid file at all.
  const roots = file === undefined ? livePanePids(session, service.name) : recorded;
  const asked = record.servicesSubset === null || record.servicesSubset.includes(service.name);
  const shown = file !== undefined || roots.length > 0 || record.processManager !== null;
  return {session, roots, slotRoots: livePanePids(session), recordedPid, started: record.status === 'active' && asked && shown};
};

/** A record with the repository it stands in, the look it was read in, and whose it is. */
interface Recorded {
  readonly tool: RecordingTool;
  readonly snapshot: Snapshot;
  readonly repo: SlotRepo;
  readonly record: SlotRecord;
}

const declaredService = ({tool, snapshot, repo, record}: Recorded, range: ServiceRange, service: SlotService): DeclaredService => {
  const {base, stride} = range;
  const {slot} = record;
  const override = ownValue(record.portOverrides, service.name);
  const pending = record.status === 'pending' ? tool.pendingText(snapshot, record) : null;
  const tooHigh = override === undefined ? overflowText(base, slot, stride) : null;
  const startedAt = record.startedAt === null ? Number.NaN : Date.parse(record.startedAt);
  return {
    ...range,
    slot,
    slug: record.slug,
    port: override ?? slotPort(base, slot, stride),
    declaredBy:
      override === undefined ? formulaText(base, slot, stride) : `${override} is recorded for it in ${baseName(tool.recordFile(repo))}`,
    undecidable: pending ?? tooHigh ?? (record.pidFiles.known ? null : record.pidFiles.because),
    managed: service.run === 'docker' || service.command !== null,
    docker: service.run === 'docker',
    startedAt: Number.isNaN(startedAt) ? null : startedAt,
    worktree: record.worktreeRealPath,
    ...runningOf(snapshot, record, service),
  };
};

const slotPorts = ({config}: SlotRepo, slot: number, record: SlotRecord | undefined): readonly number[] => {
  const {services, slotStride} = config.known ? config.value : {services: [], slotStride: 1};
  return services
    .filter(service => service.run === 'native')
    .flatMap(service => [
      (record === undefined ? undefined : ownValue(record.portOverrides, service.name)) ?? slotPort(baseOf(service), slot, slotStride),
      ...service.extraPorts.map(extra => slotPort(extra.basePort, slot, slotStride)),
    ]);
};

const groundOf = (repo: SlotRepo, slot: number, record: SlotRecord | undefined): SlotGround => ({
  slot,
  slug: record?.slug ?? null,
  directories: record === undefined ? [] : [record.worktreeRealPath],
  ports: slotPorts(repo, slot, record),
  composeProjects: record?.composeProject == null ? [] : [record.composeProject],
});

const placeOfRepo = (tool: RecordingTool, snapshot: Snapshot, repo: SlotRepo): SlotPlace => {
  const {config} = repo;
  const records = repo.sessions.known ? repo.sessions.value : [];
  const services = config.known && repo.sessions.known ? config.value.services : [];
  const rangeOf = (service: SlotService): ServiceRange => ({
    tool: tool.name,
    rig: repo.name,
    rigPath: repo.realRoot,
    provenance: repo.provenance,
    service: service.name,
    base: baseOf(service),
    stride: config.known ? config.value.slotStride : 1,
    maxSlots: config.known ? config.value.maxSlots : 0,
    baseIsSlot: false,
  });
  return {
    tool: tool.name,
    name: repo.name,
    path: repo.realRoot,
    paths: [repo.realRoot, repo.root],
    provenance: repo.provenance,
    recordFile: tool.recordFile(repo),
    ranges: services.filter(({run, command}) => run === 'native' && command !== null).map(rangeOf),
    unsure: null,
    recorded: records.map(record => groundOf(repo, record.slot, record)),
    services: () =>
      records
        .filter(({status}) => status !== 'stopped')
        .flatMap(record => services.map(service => declaredService({tool, snapshot, repo, record}, rangeOf(service), service))),
    groundOf: slot => {
      if (!repo.sessions.known || !config.known) {
        return {unknown: repo.sessions.known ? `its ${tool.configName} could not be read` : repo.sessions.because};
      }
      return groundOf(
        repo,
        slot,
        records.find(record => record.slot === slot),
      );
    },
    // Its record alone tells whether a slot is in use.
    idleService: () => null,
    restart: (service, last) => tool.restart(snapshot, repo, service, last),
  };
};

/** The kernel names directories by their real path; records may not. */
const isInWorktree = (cwd: string, record: SlotRecord): boolean =>
  isInside(cwd, record.worktreeRealPath) || isInside(cwd, record.worktreePath);

/** A session that the tool recorded, confirmed by a pane in the work tree; or one by the tool's own marks and naming. */
const identify = (tool: RecordingTool, {session, env, cwds}: SeenSession, {look, rigs}: SessionContext): SessionIdentity | null => {
  for (const repo of look.snapshot.repos.filter(each => each.tool === tool.name)) {
    const record = repo.sessions.known
      ? repo.sessions.value.find(each => each.tmuxSession !== null && bearsName(session.name, each.tmuxSession))
      : undefined;
    const cwd = record === undefined ? undefined : cwds.find(each => isInWorktree(each, record));
    if (record !== undefined && cwd !== undefined) {
      return slotIdentity({
        why: 'services',
        name: record.slug,
        rig: rigs.declaredAt(cwd),
        slot: record.slot,
        evidence: [
          {fact: `recorded as the session of slot ${record.slot} (${record.slug})`, source: tool.recordFile(repo)},
          {fact: `a pane works in ${cwd}`, source: 'working directory'},
        ],
      });
    }
  }
  const named = slotNamedIn([tool.mark], env);
  return named === null || named.slug === null || session.name !== tool.sessionOf(named.slug)
    ? null
    : slotIdentity({
        why: 'services',
        name: named.slug,
        rig: cwds.map(cwd => rigs.declaredAt(cwd)).find(rig => rig !== null) ?? null,
        slot: named.slot,
        evidence: [{fact: `${named.mark.slug}=${named.slug}`, source: 'environment of its panes'}],
      });
};

/** What a tool that keeps such records contributes to judging. */
export const recordedSlots = (tool: RecordingTool): Required<Pick<OwningSource, 'slots' | 'sessionClaims'>> => ({
  slots: {
    mark: tool.mark,
    sessionOf: tool.sessionOf,
    places: snapshot => snapshot.repos.filter(repo => repo.tool === tool.name).map(repo => placeOfRepo(tool, snapshot, repo)),
  },
  sessionClaims: [{rank: 'record', identify: (seen, around) => identify(tool, seen, around)}],
});
