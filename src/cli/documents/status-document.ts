// An assessment → the `rigtop/status@1` document. Pure.
import type {Agent} from '../../core/domain/agent.ts';
import {oneLine, shortName} from '../../core/domain/command-line.ts';
import type {Finding} from '../../core/domain/finding.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {countHints, needYou} from '../../core/domain/hint.ts';
import {knownValue} from '../../core/domain/known.ts';
import type {AgentLock} from '../../core/domain/lock.ts';
import {type Pane, type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import type {PortUse} from '../../core/domain/port.ts';
import {startedAt} from '../../core/domain/process.ts';
import {lockRef, rigRef, sessionRef} from '../../core/domain/reference.ts';
import type {Service} from '../../core/domain/slot.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {indexLook} from '../../core/look/index/look.ts';
import {isoCreated, isoTime, isoTimeOrNull} from '../../words/iso-time.ts';
import {foregroundOf} from './foreground.ts';
import type {FindingDocument, HintDocument, StatusDocument} from './status-schema.ts';

type Part<K extends keyof StatusDocument> = StatusDocument[K] extends readonly (infer T)[] ? T : never;

/** Milliseconds to one decimal: more is noise. */
const tenths = (ms: number): number => Math.round(ms * 10) / 10;

export const findingDocument = (finding: Finding): FindingDocument => ({
  id: finding.id,
  kind: finding.kind,
  severity: finding.severity,
  certainty: finding.certainty,
  subject: finding.subject,
  title: finding.title,
  evidence: finding.evidence.map(({fact, source}) => ({fact, source})),
  processes: finding.processes.map(({pid, startTime, command}) => ({pid, startTime, command})),
  protectedBy: finding.protectedBy === null ? null : {...finding.protectedBy},
  remedies: [...finding.remedies],
  holds: [...finding.holds],
  rig: finding.rig,
});

/** What it is doing, by its own record or its screen; null where nothing is known. */
export const hintDocument = ({hint}: Pick<Agent, 'hint'>): HintDocument =>
  hint === undefined
    ? null
    : {
        state: hint.state,
        since: isoTimeOrNull(hint.since),
        text: hint.text === null ? null : oneLine(hint.text),
        source: hint.source,
      };

/** Resident bytes of a process and everything below it. */
const memoryOf = (snapshot: Snapshot, pid: number): number =>
  indexLook(snapshot)
    .treeOf(pid)
    .reduce((sum, {rss}) => sum + rss, 0);

const agentDocument = (agent: Agent, {snapshot}: Assessment): Part<'agents'> => {
  const process = agent.process === null ? undefined : snapshot.processes.get(agent.process.pid);
  const same = process !== undefined && process.startTime === agent.process?.startTime;
  return {
    ref: agent.ref,
    rig: agent.rig,
    name: agent.name,
    role: agent.role,
    runtime: agent.runtime,
    state: agent.state,
    because: agent.because,
    session: agent.sessionRef,
    pid: agent.process?.pid ?? null,
    startedAt: same ? isoTime(startedAt(process, snapshot)) : null,
    slot: agent.slot,
    town: agent.town,
    evidence: agent.evidence.map(({fact, source}) => ({fact, source})),
    hosts: agent.hosts ?? null,
    hint: hintDocument(agent),
    conversation: agent.record?.conversation ?? null,
    memory: same ? memoryOf(snapshot, process.pid) : null,
  };
};

const paneDocument = (pane: Pane, assessment: Assessment): Part<'sessions'>['panes'][number] => {
  const front = foregroundOf(pane, assessment);
  return {
    id: pane.id,
    // A 0 that a script hands to kill(1) would mean its own group.
    pid: pane.pid > 0 ? pane.pid : null,
    dead: pane.dead,
    exitStatus: pane.exitStatus,
    command: front === null ? oneLine(pane.startCommand) : shortName(front),
    cwd: front === null ? null : (knownValue(front.cwd) ?? null),
  };
};

const sessionDocument = (session: Session, agent: Agent | undefined, panes: Part<'sessions'>['panes']): Part<'sessions'> => ({
  ref: sessionRef(session.server, session.name),
  server: session.server,
  id: session.id,
  name: session.name,
  createdAt: isoCreated(session.created),
  attached: session.attached,
  agent: agent?.ref ?? null,
  panes,
  socket: session.socket,
  kind: session.kind,
});

const serviceDocument = (service: Service): Part<'services'> => ({
  ref: service.ref,
  rig: service.rig,
  slot: service.slot,
  slug: service.slug,
  service: service.service,
  port: service.port,
  state: service.state,
  because: service.because,
  expected: service.expected === null ? null : {...service.expected},
  listeners: service.listeners.map(({pid, startTime, address, command}) => ({pid, startTime, address, command})),
  actualPorts: [...service.actualPorts],
  conflictingSlot: service.conflictingSlot === null ? null : {...service.conflictingSlot},
  worktree: service.worktree,
});

const portDocument = (use: PortUse): Part<'ports'> => ({
  port: use.port,
  addresses: [...use.addresses],
  pid: use.holder?.pid ?? null,
  command: use.holder?.command ?? null,
  agent: use.agent,
  rig: use.rig,
  cwd: use.cwd,
  service: use.service,
  state: use.state,
  because: use.because,
  conflict: use.conflict === null ? null : {...use.conflict},
});

const lockDocument = (lock: AgentLock): Part<'locks'> => ({
  ref: lockRef(lock.path),
  path: lock.path,
  agent: lock.agent,
  pid: lock.pid,
  session: lock.session,
  host: lock.host,
  acquiredAt: isoTimeOrNull(lock.acquiredAt),
  state: lock.state,
  because: lock.because,
});

export const statusDocument = (assessment: Assessment, {readOnly}: {readonly readOnly: boolean}): StatusDocument => {
  const {snapshot, fleet, services, ports, locks, findings} = assessment;
  const sessions = snapshot.servers.flatMap(server => server.sessions);
  const doing = countHints(fleet.agents);
  const agents = new Map(fleet.agents.map(agent => [agent.session, agent]));
  const ofKind = (test: (kind: string) => boolean): number => findings.filter(finding => test(finding.kind)).length;
  return {
    schema: 'rigtop/status@1',
    host: snapshot.hostname,
    takenAt: isoTime(snapshot.takenAt),
    tookMs: tenths(snapshot.tookMs),
    readOnly,
    sources: snapshot.sources.map(({source, target, state, detail, hint, tookMs}) => ({
      source,
      target,
      state,
      detail,
      hint: hint ?? null,
      tookMs: tenths(tookMs),
    })),
    counts: {
      rigs: fleet.rigs.length,
      agents: fleet.agents.length,
      sessions: sessions.length,
      findings: findings.length,
      orphans: ofKind(kind => kind.startsWith('orphan-')),
      zombies: ofKind(kind => kind.startsWith('zombie-')),
      wrongOwners: ofKind(kind => kind === 'wrong-owner'),
      unknown: findings.filter(finding => finding.certainty === 'unknown').length,
      needYou: needYou(doing),
      ...doing,
    },
    rigs: fleet.rigs.map(({name, origin, path, town, operational, because}) => ({
      ref: rigRef(name),
      name,
      origin,
      path,
      town,
      operational,
      because,
    })),
    agents: fleet.agents.map(agent => agentDocument(agent, assessment)),
    sessions: sessions.map(session =>
      sessionDocument(
        session,
        agents.get(sessionKey(session)),
        session.panes.map(pane => paneDocument(pane, assessment)),
      ),
    ),
    services: services.map(serviceDocument),
    ports: ports.map(portDocument),
    locks: locks.map(lockDocument),
    findings: findings.map(findingDocument),
  };
};
