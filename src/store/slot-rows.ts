// Declared ports and who really holds them: service → row of the Slots panel. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {Service} from '../core/domain/slot.ts';
import {badgeRank, findingRank, serviceBadge} from '../words/badges.ts';
import type {FleetIndex} from '../words/fleet-index.ts';
import {isSurelyEnded} from './agent-rows.ts';
import type {Row} from './rows.ts';

const PROBLEMS: ReadonlySet<Service['state']> = new Set(['down', 'wrong-owner', 'wrong-port', 'stray', 'unknown']);

const slotRow = (index: FleetIndex, service: Service): Row => {
  const holder = service.listeners[0];
  const badge = serviceBadge(service.state);
  const slot = service.slug ?? String(service.slot);
  const finding = index.findingsBySubject.get(service.ref)?.[0];
  const free = service.listeners.length > 0 ? null : 'nothing listens there';
  const holders = new Set(service.listeners.map(listener => listener.pid));
  return {
    key: `service ${service.ref} ${service.port}`,
    ref: service.ref,
    badge,
    cells: {
      port: String(service.port),
      slot: oneLine(`${service.rig}/${slot}`),
      service: oneLine(service.service),
      holder: holder === undefined ? '-' : `${holder.pid}${holders.size > 1 ? '+' : ''}`,
      command: holder === undefined ? '-' : oneLine(holder.command),
      why: oneLine(service.because),
    },
    fields: {
      state: [badge.word.toLowerCase(), service.state],
      rig: [service.rig.toLowerCase()],
      session: service.expected?.session == null ? [] : [service.expected.session.toLowerCase()],
      pid: [...holders].map(String),
      port: [...new Set([service.port, ...service.actualPorts])].map(String),
      slot: [`${service.rig}/${service.slot}`.toLowerCase(), slot.toLowerCase(), String(service.slot)],
      agent: [service.service.toLowerCase()],
    },
    order: {
      severity: finding === undefined ? badgeRank(badge) : findingRank(finding),
      name: `${service.rig}/${slot}/${service.service}`,
      age: 0,
      cpu: 0,
      memory: 0,
      idle: 0,
      pid: holder?.pid ?? 0,
      port: service.port,
    },
    measures: {cpu: null, memory: null},
    problem: PROBLEMS.has(service.state),
    barred: free,
    unmarkable: free,
    eligible: index.findingsBySubject.get(service.ref)?.some(isSurelyEnded) === true,
    remedy: 'kill',
    depth: 0,
    session: null,
  };
};

export const slotRows = (index: FleetIndex): readonly Row[] => index.assessment.services.map(service => slotRow(index, service));
