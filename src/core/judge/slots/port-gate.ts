// The one gate before every way to a port’s holder: what others use is not ended because of a number. Pure.
import {commandLine} from '../../domain/command-line.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {Process} from '../../domain/process.ts';
import {processRef} from '../../domain/reference.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {publishesContainer, supervisorName} from '../../look/index/program-kinds.ts';
import {servesMany} from '../programs/side-programs.ts';

/** Databases, brokers, proxies, containers’ ports, logins: a declared port says nothing about who else works with them. */
const servesOthers = (process: Process): boolean => publishesContainer(process) || servesMany(process) || supervisorName(process) !== null;

/** Whether something says that a process is of the fleet: its agent, or the rig it works in. That it holds a declared port says nothing. */
export const isOfFleet = ({processOwners}: Fleet, pid: number): boolean => {
  const owner = processOwners.get(pid);
  return owner !== undefined && (owner.agent !== null || owner.rig !== null);
};

/** Whether what holds a port serves others, and nothing but the port says that it is of the fleet. */
export const isShared = ({processes}: Pick<Snapshot, 'processes'>, fleet: Fleet, pid: number): boolean => {
  const process = processes.get(pid);
  return process !== undefined && servesOthers(process) && !isOfFleet(fleet, pid);
};

/**
 * Why a holder is not ended for the sake of its port, in the same words whether it was asked for by a finding, a port, a slot or a flush;
 * null where it may be. `belongs`: something else than the port says that it is meant. `isProtected`: a rule of safety stands before it
 * anyhow, and says better why (a container, a login).
 */
export const gateOfHolder = (process: Process, port: number, belongs: boolean, isProtected: boolean): string | null =>
  belongs || isProtected || !servesOthers(process)
    ? null
    : `${commandLine(process, 60)} holds port ${port} and may serve others too: end it by its own name, ${processRef(process.pid)}`;
