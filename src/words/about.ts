// The sessions, processes and ports that a thing stands for. Pure.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Session} from '../core/domain/multiplexer.ts';
import type {ProcessId} from '../core/domain/process.ts';
import type {Thing} from '../core/domain/thing.ts';
import type {FleetIndex} from './fleet-index.ts';

export interface About {
  readonly refs: readonly string[];
  readonly sessions: readonly Session[];
  /** Processes meant, whatever hangs below them. */
  readonly pids: readonly number[];
  readonly ports: readonly number[];
}

const holdersOf = (assessment: Assessment, port: number): readonly number[] =>
  assessment.snapshot.listeners.filter(listener => listener.port === port).flatMap(({owners}) => (owners.known ? owners.value : []));

const livePanes = (sessions: readonly Session[]): readonly number[] =>
  sessions.flatMap(session => session.panes.filter(pane => !pane.dead).map(pane => pane.pid));

/** Everything a reference stands for: what explains it has to be said of these. */
export const aboutOf = (thing: Thing, {assessment, sessions}: FleetIndex): About => {
  const {processes} = assessment.snapshot;
  const same = (ids: readonly ProcessId[]): readonly number[] =>
    ids.filter(({pid, startTime}) => processes.get(pid)?.startTime === startTime).map(({pid}) => pid);
  const sessionsOf = (key: string | null): readonly Session[] => [sessions.get(key ?? '') ?? []].flat();
  const about = (part: Partial<About>): About => ({
    refs: [thing.ref],
    sessions: [],
    pids: livePanes(part.sessions ?? []),
    ports: [],
    ...part,
  });
  switch (thing.sort) {
    case 'session':
      return about({sessions: [thing.session]});
    case 'pane':
      return about({sessions: [thing.session], pids: thing.pane.dead ? [] : [thing.pane.pid]});
    case 'process':
      return about({pids: [thing.process.pid]});
    case 'port':
      return about({ports: [thing.port], pids: holdersOf(assessment, thing.port)});
    case 'agent': {
      const own = sessionsOf(thing.agent.session);
      const {process} = thing.agent;
      return about({sessions: own, pids: [...livePanes(own), ...(process === null ? [] : same([process]))]});
    }
    case 'slot': {
      const listeners = thing.services.flatMap(service => service.listeners);
      return about({
        refs: [thing.ref, ...thing.services.map(service => service.ref)],
        ports: thing.services.map(service => service.port),
        pids: listeners.map(listener => listener.pid),
      });
    }
    case 'rig': {
      const agents = assessment.fleet.agents.filter(agent => agent.rig === thing.rig.name);
      return about({refs: [thing.ref, ...agents.map(agent => agent.ref)], sessions: agents.flatMap(agent => sessionsOf(agent.session))});
    }
    case 'finding': {
      const {finding} = thing;
      const sessions = sessionsOf(finding.session);
      return about({refs: [finding.subject], sessions, pids: [...livePanes(sessions), ...same(finding.processes)]});
    }
    default:
      return about({});
  }
};
