// Ports, declared or not, and who really holds them: use of a port → row of the Ports panel. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import {mapping} from '../core/domain/finish.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {isInside} from '../core/domain/paths.ts';
import type {PortState, PortUse} from '../core/domain/port.ts';
import {processKey} from '../core/domain/process.ts';
import {portRef, processRef} from '../core/domain/reference.ts';
import type {Service} from '../core/domain/slot.ts';
import {type Badge, badgeRank, findingRank, portBadge} from '../words/badges.ts';
import {type FleetIndex, findingsAbout} from '../words/fleet-index.ts';
import {rigStanza} from '../words/rig-stanza.ts';
import {agentName, refName} from './agent-names.ts';
import {isSurelyEnded} from './agent-rows.ts';
import type {Row} from './rows.ts';

const PROBLEMS: ReadonlySet<PortState> = new Set(['down', 'wrong-owner', 'wrong-port', 'stray', 'unknown', 'orphan']);

/** A port that two want comes after what a declaration judges, and before what is only not declared. */
const CONFLICT_RANK = 25;

/** `shop/2`, or `shop/feat-3` where its slots have names. */
const slotName = ({rig, slot, slug}: Service): string => `${rig}/${slug ?? slot}`;

/** `vite 217 of shop/feat-3`; `+` where others hold it too. */
const heldBy = ({holder, pids, agent, session}: PortUse, index: FleetIndex): string => {
  if (holder === null) {
    return '-';
  }
  const of = index.assessment.fleet.agents.find(({ref}) => ref === agent);
  const name = of === undefined ? index.sessions.get(session ?? '')?.name : `${of.rig}/${agentName(index.assessment, of.ref)}`;
  const whose = name === undefined ? '' : ` ${of === undefined ? 'in' : 'of'} ${name}`;
  return oneLine(`${holder.program} ${holder.pid}${pids.length > 1 ? '+' : ''}${whose}`);
};

/** `~/w/shop` of what lies at home. */
const placeWords = (cwd: string | null, home: string | undefined): string => {
  if (cwd === null) {
    return '-';
  }
  return oneLine(home !== undefined && isInside(cwd, home) ? `~${cwd.slice(home.length)}` : cwd);
};

/** What is found of it: of a service what is about its port, else what is about its holder. */
const findingsOf = (index: FleetIndex, {service, holder}: PortUse): readonly Finding[] =>
  service === null
    ? findingsAbout(index, {
        refs: [],
        session: null,
        processes: holder === null ? [] : [index.look.processes.get(holder.pid) ?? []].flat(),
      })
    : (index.findingsBySubject.get(service) ?? []);

const badgeOf = ({state, conflict}: PortUse): Badge => {
  const badge = portBadge(state);
  return conflict === null ? badge : {word: `${badge.word} !`, tone: 'warning'};
};

const rankOf = ({state, conflict}: PortUse, badge: Badge, finding: Finding | undefined): number => {
  if (finding !== undefined && state !== 'undeclared') {
    return findingRank(finding);
  }
  return conflict === null ? badgeRank(badge) : CONFLICT_RANK;
};

const fieldsOf = (use: PortUse, service: Service | undefined, badge: Badge, index: FleetIndex): Row['fields'] => {
  const {port, pids, agent, session, rig, state} = use;
  const seen = index.sessions.get(session ?? '');
  const names = [seen?.name, service?.expected?.session].flatMap(each => each?.toLowerCase() ?? []);
  return {
    state: [badge.word.toLowerCase(), state],
    rig: rig === null ? [] : [rig.toLowerCase()],
    session: [...new Set(names)],
    server: seen === undefined ? [] : [seen.server.toLowerCase()],
    pid: pids.map(String),
    port: [...new Set([port, ...(service?.port === port ? service.actualPorts : [])])].map(String),
    slot:
      service === undefined
        ? []
        : [slotName({...service, slug: null}), slotName(service), String(service.slot)].map(each => each.toLowerCase()),
    agent: [...(agent === null ? [] : [refName(agent).toLowerCase()]), ...(service === undefined ? [] : [service.service.toLowerCase()])],
  };
};

const refOf = ({port, holder}: PortUse, service: Service | undefined, isAlone: boolean): string => {
  if (service?.port === port) {
    return service.ref;
  }
  return isAlone || holder === null ? portRef(port) : processRef(holder.pid);
};

/** Of what stands by itself, or has moved: a port and its holder. */
const keyOf = ({port, holder}: PortUse): string => `port ${port} ${holder === null ? '' : processKey(holder)}`;

const portRow = (index: FleetIndex, use: PortUse, service: Service | undefined, isAlone: boolean): Row => {
  const {port, holder, cwd, conflict, because} = use;
  const declared = service?.port === port;
  const findings = findingsOf(index, use);
  const badge = badgeOf(use);
  const free = holder === null ? 'nothing listens there' : null;
  const belongs = service === undefined ? '-' : oneLine(`${slotName(service)} ${service.service}`);
  return {
    key: declared ? `service ${service.ref} ${port}` : keyOf(use),
    ref: refOf(use, service, isAlone),
    badge,
    cells: {
      port: String(port),
      belongs,
      held: heldBy(use, index),
      where: placeWords(cwd, index.assessment.snapshot.self.home),
      // Of what nobody declares its state says so.
      why: oneLine(conflict?.because ?? (use.state === 'undeclared' ? '' : because)),
    },
    fields: fieldsOf(use, service, badge, index),
    order: {
      severity: rankOf(use, badge, findings[0]),
      name: service === undefined ? heldBy(use, index) : belongs,
      age: 0,
      cpu: 0,
      memory: 0,
      idle: 0,
      pid: holder?.pid ?? 0,
      port,
    },
    measures: {cpu: null, memory: null},
    problem: PROBLEMS.has(use.state) || conflict !== null,
    barred: free,
    unmarkable: free,
    eligible: (declared || use.state === 'orphan') && findings.some(isSurelyEnded),
    remedy: 'kill',
    depth: 0,
    session: declared ? null : use.session,
    declarable: use.state === 'undeclared' && rigStanza(use, index) !== null,
  };
};

/** One row per port and holder; where two hold one port, each is meant by its process. Pauses after each. */
export const portRows = function* (index: FleetIndex): Generator<void, readonly Row[]> {
  const {ports} = index.assessment;
  const counts = new Map<number, number>();
  for (const {port} of ports) {
    counts.set(port, (counts.get(port) ?? 0) + 1);
  }
  return yield* mapping(ports, use => {
    const service = index.servicesByRef
      .get(use.service ?? '')
      ?.find(({port, actualPorts}) => port === use.port || actualPorts.includes(use.port));
    return portRow(index, use, service, counts.get(use.port) === 1);
  });
};

/** What an undeclared row of the panel stands for; null where it is gone, or declared. */
export const undeclaredUse = ({ports}: Pick<Assessment, 'ports'>, row: Row): PortUse | null =>
  ports.find(use => use.service === null && row.key === keyOf(use)) ?? null;
