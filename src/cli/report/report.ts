// The text of rigtop status: how far the look reached, what is wrong and why, then what there is. Pure.

import {oneLine} from '../../core/domain/command-line.ts';
import type {Finding} from '../../core/domain/finding.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {countHints, needYou} from '../../core/domain/hint.ts';
import {findingBadge, findingRank} from '../../words/badges.ts';
import {countOf, portList} from '../../words/counts.ts';
import {countVerdicts, describeProtection, suspicionOf, titleAfter} from '../../words/describe-finding.ts';
import {describeSource} from '../../words/describe-source.ts';
import {needWords} from '../../words/hints.ts';
import {agentTable, portTable, type ReportStyle, serviceTable, sessionTable} from './tables.ts';

/** `WRONG-OWNER`, the longest common badge. */
const BADGE_WIDTH = 11;

const headLines = ({snapshot}: Assessment, {paint, readOnly}: ReportStyle): readonly string[] => {
  const time = new Date(snapshot.takenAt).toISOString().slice(11, 19);
  const {sources} = snapshot;
  const good = sources.filter(({state, detail, hint}) => state === 'ok' && detail !== '' && hint === undefined);
  const lines = [
    `${paint('strong', oneLine(snapshot.hostname))}  ${time} UTC, looked for ${Math.round(snapshot.tookMs)} ms${readOnly ? '  READ-ONLY' : ''}`,
  ];
  if (good.length > 0) {
    lines.push(paint('quiet', `saw ${good.map(describeSource).join('; ')}`));
  }
  for (const status of sources.filter(({state}) => state === 'unknown')) {
    lines.push(`${paint('unknown', 'UNKNOWN')}  ${describeSource(status)}`);
  }
  for (const status of sources.filter(({state, hint}) => state !== 'unknown' && hint !== undefined)) {
    lines.push(`${paint('quiet', 'NOTE')}  ${describeSource(status)}`);
  }
  return lines;
};

const findingLines = (finding: Finding, {paint}: ReportStyle): readonly string[] => {
  const {subject, title, holds, evidence, protectedBy, remedies, id} = finding;
  const badge = findingBadge(finding);
  const suspicion = suspicionOf(finding);
  const words = [oneLine(subject), ...(suspicion === null ? [] : [`perhaps ${suspicion}:`]), oneLine(titleAfter(title, subject))];
  const ports = holds.length === 0 ? '' : `, holds ${portList(holds)}`;
  const below = [
    ...evidence.map(({fact, source}) => paint('quiet', `${oneLine(fact)} (${oneLine(source)})`)),
    ...(protectedBy === null ? [] : [oneLine(describeProtection(protectedBy))]),
    paint('quiet', `${id}${remedies.length === 0 ? '' : `, can be cured by ${remedies.join(', ')}`}`),
  ];
  return [
    `${paint(badge.tone, badge.word.padEnd(BADGE_WIDTH))} ${words.join(' ')}${ports}`,
    ...below.map(line => `${' '.repeat(BADGE_WIDTH)} ${line}`),
  ];
};

/** `6 findings: 3 ORPHAN, 2 WRONG-OWNER, 1 UNKNOWN`, the worst first. */
const headline = (findings: readonly Finding[]): string => {
  const counts = countVerdicts(findings).map(({count, word}) => `${count} ${word}`);
  return `${countOf(findings.length, 'finding')}: ${counts.join(', ')}`;
};

const nothingWrong = ({snapshot}: Assessment): string => {
  const servers = snapshot.servers.filter(server => server.state === 'ok').length;
  const blind = snapshot.sources.some(source => source.state === 'unknown') ? ' Not everything could be observed.' : '';
  return `Nothing wrong found. Looked at ${countOf(snapshot.processes.size, 'process')} and ${countOf(servers, 'server')}.${blind}`;
};

/** `NEED YOU 3: 2 ask, 1 done`, where anybody does. */
const needLines = ({fleet}: Assessment, {paint}: ReportStyle): readonly string[] => {
  const counts = countHints(fleet.agents);
  return needYou(counts) === 0 ? [] : [paint(counts.asks > 0 ? 'warning' : 'good', `NEED YOU ${needYou(counts)}: ${needWords(counts)}`)];
};

/** Ends in a newline. Every line is safe for a terminal. */
export const formatReport = (assessment: Assessment, style: ReportStyle): string => {
  const findings = assessment.findings.toSorted((a, b) => findingRank(a) - findingRank(b) || (a.subject < b.subject ? -1 : 1));
  const parts = [
    headLines(assessment, style),
    needLines(assessment, style),
    findings.length === 0
      ? [nothingWrong(assessment)]
      : [style.paint('strong', headline(findings)), ...findings.flatMap(finding => findingLines(finding, style))],
    agentTable(assessment, style),
    sessionTable(assessment, style),
    serviceTable(assessment, style),
    portTable(assessment, style),
  ];
  return parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.map(line => `${line}\n`).join(''))
    .join('\n');
};
