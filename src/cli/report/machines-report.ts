// The text of rigtop status --machines: all of them in a line, then each as its own report. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import {countHints, needYou} from '../../core/domain/hint.ts';
import {countOf} from '../../words/counts.ts';
import {needWords} from '../../words/hints.ts';
import type {FleetLook, MachineLook} from '../documents/fleet-document.ts';
import {formatReport} from './report.ts';
import type {ReportStyle} from './tables.ts';

const summary = ({machines, troubles}: FleetLook, {paint}: ReportStyle): string => {
  const looks = machines.flatMap(({answer}) => ('look' in answer ? [answer.look] : []));
  const agents = looks.flatMap(({fleet}) => fleet.agents);
  const needs = countHints(agents);
  const findings = looks.reduce((sum, look) => sum + look.findings.length, 0);
  const lost = machines.length - looks.length;
  return [
    paint('strong', countOf(machines.length, 'machine')),
    countOf(agents.length, 'agent'),
    ...(needYou(needs) === 0 ? [] : [paint(needs.asks > 0 ? 'warning' : 'good', `NEED YOU ${needYou(needs)}: ${needWords(needs)}`)]),
    findings === 0 ? 'nothing wrong found' : countOf(findings, 'finding'),
    ...(lost === 0 ? [] : [paint('unknown', `${countOf(lost, 'machine')} UNKNOWN`)]),
    ...troubles.map(trouble => paint('unknown', `no machines from ${oneLine(trouble)}`)),
  ].join('  ');
};

const section = ({name, isHere, answer}: MachineLook, style: ReportStyle): string => {
  const {paint} = style;
  const head = paint('strong', `MACHINE ${oneLine(name)}${isHere ? ' (here)' : ''}`);
  return 'look' in answer
    ? `${head}\n${formatReport(answer.look, {...style, readOnly: style.readOnly || !isHere})}`
    : `${head}\n${paint('unknown', 'UNKNOWN')}  ${oneLine(answer.because)} (${oneLine(answer.hint)})\n`;
};

/** Ends in a newline. Every line is safe for a terminal. */
export const formatMachines = (fleet: FleetLook, style: ReportStyle): string =>
  `${[summary(fleet, style), ...fleet.machines.map(machine => section(machine, style).trimEnd())].join('\n\n')}\n`;
