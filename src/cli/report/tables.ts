// The tables of the report: agents, the sessions that belong to no agent, services. Pure.
import type {Agent} from '../../core/domain/agent.ts';
import {shortName} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {sessionKey} from '../../core/domain/multiplexer.ts';
import {ageMs} from '../../core/domain/process.ts';
import {exactAge} from '../../words/ages.ts';
import {portBadge, serviceBadge} from '../../words/badges.ts';
import {countOf} from '../../words/counts.ts';
import {indexFleet, placeOf} from '../../words/fleet-index.ts';
import {doingBadge, doingText} from '../../words/hints.ts';
import {foregroundOf} from '../documents/foreground.ts';
import type {Paint} from '../paint.ts';
import {type Cell, formatTable} from '../table.ts';

export interface ReportStyle {
  readonly readOnly: boolean;
  readonly paint: Paint;
  /** Width to cut tables to; null leaves them whole. */
  readonly columns: number | null;
}

const NONE = '-';

const number = (value: number | null | undefined): Cell => ({text: value == null ? NONE : String(value), align: 'right'});

const titled = (title: string, lines: readonly string[], {paint}: ReportStyle): readonly string[] => [paint('strong', title), ...lines];

/** What it says, else why it is in its state; what simply runs needs no reason. */
const whyOf = (agent: Agent): string => doingText(agent) ?? (agent.state === 'running' && agent.hosts === undefined ? '' : agent.because);

export const agentTable = (assessment: Assessment, style: ReportStyle): readonly string[] => {
  const {fleet, snapshot} = assessment;
  const {sessions} = indexFleet(assessment);
  if (fleet.agents.length === 0) {
    return [];
  }
  const rows = fleet.agents.map(agent => {
    const badge = doingBadge(agent);
    const session = sessions.get(agent.session ?? '');
    const process = agent.process === null ? undefined : snapshot.processes.get(agent.process.pid);
    return [
      {text: badge.word, tone: badge.tone},
      agent.ref.slice('agent:'.length),
      agent.runtime ?? NONE,
      session === undefined ? NONE : placeOf(indexFleet(assessment), session),
      number(agent.process?.pid),
      process === undefined ? NONE : exactAge(ageMs(process, snapshot)),
      number(agent.slot),
      {text: whyOf(agent), tone: 'quiet' as const},
    ];
  });
  const titles = ['STATE', 'AGENT', 'RUNTIME', 'SESSION', 'PID', 'AGE', 'SLOT', 'WHY'];
  return titled(countOf(rows.length, 'agent'), formatTable(titles, rows, style.paint, style.columns), style);
};

export const sessionTable = (assessment: Assessment, style: ReportStyle): readonly string[] => {
  const index = indexFleet(assessment);
  const others = [...index.sessions.values()].filter(session => !index.agentsBySession.has(sessionKey(session)));
  if (others.length === 0) {
    return [];
  }
  const rows = others.map(session => {
    const shown = session.panes.find(pane => pane.active) ?? session.panes[0];
    const front = shown === undefined ? null : foregroundOf(shown, assessment);
    const idle = shown?.dead === true ? 'dead' : NONE;
    const directory = front?.cwd.known === true ? front.cwd.value : NONE;
    return [
      `${session.server}/${session.name}`,
      number(session.panes.length),
      number(session.attached),
      front === null ? idle : shortName(front),
      directory,
    ];
  });
  const titles = ['SESSION', 'PANES', 'ATTACHED', 'RUNS', 'IN'];
  return titled(`${countOf(rows.length, 'session')} without an agent`, formatTable(titles, rows, style.paint, style.columns), style);
};

export const serviceTable = ({services}: Assessment, style: ReportStyle): readonly string[] => {
  if (services.length === 0) {
    return [];
  }
  const rows = services.map(service => {
    const badge = serviceBadge(service.state);
    return [
      {text: badge.word, tone: badge.tone},
      `${service.rig}/${service.slot}/${service.service}`,
      service.slug ?? NONE,
      number(service.port),
      service.actualPorts.map(String).join(' ') || NONE,
      service.listeners.map(({pid, command}) => `${pid} ${command}`).join('; ') || NONE,
      {text: service.state === 'up' || service.state === 'free' ? '' : service.because, tone: 'quiet' as const},
    ];
  });
  const titles = ['STATE', 'SERVICE', 'SLUG', 'EXPECTED', 'ACTUAL', 'HELD BY', 'WHY'];
  return titled(countOf(rows.length, 'service'), formatTable(titles, rows, style.paint, style.columns), style);
};

/** What is listened on and declared nowhere; what is declared stands among the services. */
export const portTable = ({ports}: Assessment, style: ReportStyle): readonly string[] => {
  const undeclared = ports.filter(({service}) => service === null);
  if (undeclared.length === 0) {
    return [];
  }
  const rows = undeclared.map(({state, port, addresses, holder, agent, cwd, because, conflict}) => {
    const {word, tone} = portBadge(state);
    return [
      {text: conflict === null ? word : `${word} !`, tone: conflict === null ? tone : ('warning' as const)},
      number(port),
      addresses.join(' '),
      holder === null ? NONE : `${holder.pid} ${holder.command}`,
      agent?.slice('agent:'.length) ?? NONE,
      cwd ?? NONE,
      {text: conflict?.because ?? because, tone: 'quiet' as const},
    ];
  });
  const titles = ['STATE', 'PORT', 'ON', 'HELD BY', 'AGENT', 'IN', 'WHY'];
  return titled(`${countOf(rows.length, 'port')} declared nowhere`, formatTable(titles, rows, style.paint, style.columns), style);
};
