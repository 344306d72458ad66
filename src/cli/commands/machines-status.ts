// rigtop status --machines: this machine and others in one report, and an exit code for scripts.
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {type FleetLook, fleetDocument, type MachineLook, troubleOf} from '../documents/fleet-document.ts';
import {jsonText} from '../documents/json-text.ts';
import {seenOnce} from '../documents/seen-once.ts';
import {EXIT, type ExitCode} from '../exit-codes.ts';
import {isFailure} from '../failure.ts';
import {parseMachines} from '../machine-arguments.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {allowsColor, createPaint} from '../paint.ts';
import {patiently} from '../progress-line.ts';
import {findEveryWay} from '../remote/every-way.ts';
import {createGates} from '../remote/gates.ts';
import {lookOnce, REPORT_INTERVAL_MS} from '../remote/look-once.ts';
import {readNatsFlags} from '../remote/nats-flags.ts';
import {formatMachines} from '../report/machines-report.ts';
import {type Counts, statusExit} from '../status-exit.ts';
import {VERSION} from '../version.ts';

/** The worst of all: findings first, then what could not be seen. */
const exitOf = ({machines, troubles}: FleetLook, counts: Counts): ExitCode => {
  const exits = machines.flatMap(machine => [
    ...('look' in machine.answer ? [statusExit(machine.answer.look, counts)] : []),
    ...(troubleOf(machine) === null ? [] : [EXIT.incomplete]),
  ]);
  if (exits.includes(EXIT.findings)) {
    return EXIT.findings;
  }
  return exits.includes(EXIT.incomplete) || troubles.length > 0 ? EXIT.incomplete : EXIT.done;
};

export const runMachinesStatus = async (invocation: Invocation, counts: Counts): Promise<CommandAnswer> => {
  const {io, flags, args, options} = invocation;
  const asked = parseMachines(args);
  if (isFailure(asked)) {
    return asked;
  }
  const config = await readConfig(invocation);
  const {engine, host} = openFleet(invocation, config, null, {readsScreens: true});
  const {readOnly} = config;
  const nats = await readNatsFlags(options, host);
  if (isFailure(nats)) {
    return nats;
  }
  const lookHere = async (): Promise<MachineLook> => {
    const look = await engine.refreshUntilSettled();
    return {name: host.hostname, isHere: true, answer: {look, seenAt: host.monotonicMs(), version: VERSION, trouble: null}};
  };
  const lookThere = async (): Promise<Pick<FleetLook, 'machines' | 'troubles'>> => {
    const gates = createGates();
    const parts = {host, configured: config.machines, asked, intervalMs: REPORT_INTERVAL_MS, nats};
    const {ways, troubles, close} = await findEveryWay(parts);
    const machines = await Promise.all(
      ways.map(way => lookOnce({way, gates, version: VERSION, epochMs: host.epochMs, monotonicMs: host.monotonicMs, share: () => 1})),
    );
    await close();
    return {machines, troubles};
  };
  try {
    const [here, there] = await patiently(io, () => 'looking at all machines', Promise.all([lookHere(), lookThere()]));
    const {machines, troubles} = there;
    const fleet = {
      host: host.hostname,
      takenAt: host.epochMs(),
      now: host.monotonicMs(),
      machines: seenOnce([here, ...machines]),
      troubles,
      readOnly,
    };
    const style = {readOnly, paint: createPaint(allowsColor(flags.color, io)), columns: io.columns};
    io.out(flags.json ? jsonText(fleetDocument(fleet)) : formatMachines(fleet, style));
    return configTrouble(config, io) ?? exitOf(fleet, counts);
  } finally {
    await engine.close();
  }
};
