// Who runs, for a model: one line for each agent, what needs somebody first. Pure.
import type {Agent} from '../../core/domain/agent.ts';
import {commandLine, oneLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {knownValue} from '../../core/domain/known.ts';
import {indexLook} from '../../core/look/index/look.ts';
import {findingBadge} from '../../words/badges.ts';
import {countOf} from '../../words/counts.ts';
import {doingBadge, doingRank, doingText} from '../../words/hints.ts';

/** More lines than this a model does not read. */
const MOST = 60;

const placeOf = (agent: Agent, {snapshot}: Assessment): string | null => {
  const process = agent.process === null ? undefined : snapshot.processes.get(agent.process.pid);
  return agent.record?.directory ?? (process === undefined ? null : (knownValue(process.cwd) ?? null));
};

const agentLine = (agent: Agent, assessment: Assessment, caller: string | null): string => {
  const {pid} = agent.process ?? {pid: null};
  const ports = pid === null ? [] : [...indexLook(assessment.snapshot).portsBelow(pid)].sort((a, b) => a - b);
  const place = placeOf(agent, assessment);
  const said = doingText(agent) ?? (agent.state === 'running' ? null : agent.because);
  return oneLine(
    [
      agent.ref,
      ...(agent.ref === caller ? ['(you)'] : []),
      agent.runtime ?? 'no program',
      doingBadge(agent).word,
      ...(pid === null ? [] : [`pid ${pid}`]),
      ...(agent.sessionRef === null ? [] : [agent.sessionRef]),
      ...(place === null ? [] : [`in ${place}`]),
      ...(ports.length === 0 ? [] : [`ports ${ports.join(' ')}`]),
      ...(said === null ? [] : [`| ${said}`]),
    ].join('  '),
  ).slice(0, 300);
};

const cut = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST ? lines : [...lines.slice(0, MOST), `… and ${lines.length - MOST} more`];

/** `caller`: reference of the agent that asks; null where it has none. */
export const describeFleet = (assessment: Assessment, caller: string | null, rig: string | null): string => {
  const agents = assessment.fleet.agents.filter(agent => rig === null || agent.rig === rig).toSorted((a, b) => doingRank(a) - doingRank(b));
  const findings = assessment.findings.filter(finding => rig === null || finding.rig === rig);
  const wrong = findings.map(finding => oneLine(`${finding.id}  ${findingBadge(finding).word}  ${finding.title}`).slice(0, 200));
  return [
    `${countOf(agents.length, 'agent')}${rig === null ? '' : ` of ${oneLine(rig)}`}`,
    ...cut(agents.map(agent => agentLine(agent, assessment, caller))),
    ...(wrong.length === 0 ? [] : [countOf(wrong.length, 'finding'), ...cut(wrong)]),
    ...unseenLines(assessment),
  ].join('\n');
};

/** What could not be seen: an answer without it is not whole. */
export const unseenLines = ({snapshot}: Pick<Assessment, 'snapshot'>): readonly string[] =>
  snapshot.sources
    .filter(({state}) => state === 'unknown')
    .slice(0, 5)
    .map(({source, target, detail}) => oneLine(`not seen: ${source} ${target}: ${detail}`).slice(0, 200));

/** A process in one line. */
export const processLine = (process: Parameters<typeof commandLine>[0] & {readonly pid: number}): string =>
  `process:${process.pid}  ${commandLine(process, 100)}`;
