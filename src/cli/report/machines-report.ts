// The text of rigtop status --machines: all of them in a line, then each as its own report. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import {countHints, needYou} from '../../core/domain/hint.ts';
import {exactAge} from '../../words/ages.ts';
import {countOf} from '../../words/counts.ts';
import {needWords} from '../../words/hints.ts';
import {type FleetLook, type MachineLook, troubleOf} from '../documents/fleet-document.ts';
import {formatReport} from './report.ts';
import type {ReportStyle} from './tables.ts';

const summary = ({machines, troubles}: FleetLook, {paint}: ReportStyle): string => {
  const looks = machines.flatMap(({answer}) => ('look' in answer ? [answer.look] : []));
  const agents = looks.flatMap(({fleet}) => fleet.agents);
  const needs = countHints(agents);
  const findings = looks.reduce((sum, look) => sum + look.findings.length, 0);
  const lost = machines.filter(machine => troubleOf(machine) !== null).length;
  return [
    paint('strong', countOf(machines.length, 'machine')),
    countOf(agents.length, 'agent'),
    ...(needYou(needs) === 0 ? [] : [paint(needs.asks > 0 ? 'warning' : 'good', `NEED YOU ${needYou(needs)}: ${needWords(needs)}`)]),
    findings === 0 ? 'nothing wrong found' : countOf(findings, 'finding'),
    ...(lost === 0 ? [] : [paint('unknown', `${countOf(lost, 'machine')} UNKNOWN`)]),
    ...troubles.map(trouble => paint('unknown', `no machines from ${oneLine(trouble)}`)),
  ].join('  ');
};

const section = (machine: MachineLook, {style, now}: {readonly style: ReportStyle; readonly now: number}): string => {
  const {paint} = style;
  const {name, isHere, answer} = machine;
  const trouble = troubleOf(machine);
  const head = paint('strong', `MACHINE ${oneLine(name)}${isHere ? ' (here)' : ''}`);
  const unknown = trouble === null ? [] : [`${paint('unknown', 'UNKNOWN')}  ${oneLine(trouble.because)} (${oneLine(trouble.hint)})`];
  if (!('look' in answer)) {
    return [head, ...unknown].join('\n');
  }
  const age = trouble === null ? [] : [paint('quiet', `as it was ${exactAge(now - answer.seenAt)} ago:`)];
  return [head, ...unknown, ...age, formatReport(answer.look, {...style, readOnly: style.readOnly || !isHere})].join('\n');
};

/** Ends in a newline. Every line is safe for a terminal. */
export const formatMachines = (fleet: FleetLook, style: ReportStyle): string =>
  `${[summary(fleet, style), ...fleet.machines.map(machine => section(machine, {style, now: fleet.now}).trimEnd())].join('\n\n')}\n`;
