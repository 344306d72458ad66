// Looks at several machines → the `rigtop/fleet@1` document. Pure.
import type {Assessment} from '../../core/domain/fleet.ts';
import {countHints, needYou} from '../../core/domain/hint.ts';
import {isoTime} from '../../words/iso-time.ts';
import type {FleetDocument} from './fleet-schema.ts';
import {statusDocument} from './status-document.ts';

/** Why a machine cannot be seen, and what would help. */
export interface MachineTrouble {
  readonly because: string;
  readonly hint: string;
}

export interface SeenMachine {
  readonly look: Assessment;
  /** When it came, by the clock that does not jump. */
  readonly seenAt: number;
  readonly version: string;
  /** Why nothing could be seen behind that look: it is as it was then. Null where nothing was missing. */
  readonly trouble: MachineTrouble | null;
}

/** One machine, looked at once. */
export interface MachineLook {
  readonly name: string;
  readonly isHere: boolean;
  readonly answer: SeenMachine | MachineTrouble;
}

/** Why it is unknown how it stands there now; null where it is known. */
export const troubleOf = ({answer}: MachineLook): MachineTrouble | null => ('look' in answer ? answer.trouble : answer);

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

const machineDocument = (machine: MachineLook, {now, readOnly}: FleetLook): FleetDocument['machines'][number] => {
  const {name, isHere, answer} = machine;
  const trouble = troubleOf(machine);
  const seen =
    'look' in answer
      ? {
          ageMs: Math.round(now - answer.seenAt),
          rigtop: answer.version,
          status: statusDocument(answer.look, {readOnly: readOnly || !isHere}),
        }
      : {ageMs: null, rigtop: null, status: null};
  return {
    name,
    here: isHere,
    state: trouble === null ? 'ok' : 'unknown',
    because: trouble?.because ?? null,
    hint: trouble?.hint ?? null,
    ...seen,
  };
};

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
      unknown: machines.filter(machine => troubleOf(machine) !== null).length,
      agents: agents.length,
      findings: looks.reduce((sum, {findings}) => sum + findings.length, 0),
      needYou: needYou(doing),
      ...doing,
    },
    troubles: [...troubles],
    machines: machines.map(machine => machineDocument(machine, fleet)),
  };
};
