// Looks at several machines → the `rigtop/fleet@1` document. Pure.
import type {Assessment} from '../../core/domain/fleet.ts';
import {countHints, needYou} from '../../core/domain/hint.ts';
import {isoTime} from '../../words/iso-time.ts';
import type {FleetDocument} from './fleet-schema.ts';
import {statusDocument} from './status-document.ts';

/** One machine, looked at once. */
export interface MachineLook {
  readonly name: string;
  readonly isHere: boolean;
  readonly answer:
    | {
        readonly look: Assessment;
        /** When it came, by the clock that does not jump. */
        readonly seenAt: number;
        readonly version: string;
      }
    | {readonly because: string; readonly hint: string};
}

export interface FleetLook {
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  /** The same moment by the clock that does not jump. */
  readonly now: number;
  readonly machines: readonly MachineLook[];
  /** Lists of machines that could not be had, in words. */
  readonly troubles: readonly string[];
  /** Of this rigtop on this machine; from here nothing can be done on another. */
  readonly readOnly: boolean;
}

const machineDocument = ({name, isHere, answer}: MachineLook, {now, readOnly}: FleetLook): FleetDocument['machines'][number] =>
  'look' in answer
    ? {
        name,
        here: isHere,
        state: 'ok',
        because: null,
        hint: null,
        ageMs: Math.round(now - answer.seenAt),
        rigtop: answer.version,
        status: statusDocument(answer.look, {readOnly: readOnly || !isHere}),
      }
    : {name, here: isHere, state: 'unknown', because: answer.because, hint: answer.hint, ageMs: null, rigtop: null, status: null};

export const fleetDocument = (fleet: FleetLook): FleetDocument => {
  const {host, takenAt, machines, troubles} = fleet;
  const looks = machines.flatMap(({answer}) => ('look' in answer ? [answer.look] : []));
  const agents = looks.flatMap(look => look.fleet.agents);
  const doing = countHints(agents);
  return {
    schema: 'rigtop/fleet@1',
    host,
    takenAt: isoTime(takenAt),
    counts: {
      machines: machines.length,
      unknown: machines.length - looks.length,
      agents: agents.length,
      findings: looks.reduce((sum, {findings}) => sum + findings.length, 0),
      needYou: needYou(doing),
      ...doing,
    },
    troubles: [...troubles],
    machines: machines.map(machine => machineDocument(machine, fleet)),
  };
};
