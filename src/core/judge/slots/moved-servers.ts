// Dev servers that took another port of their rig than their slot's: told by work tree and session, whatever the window is called. Pure.
import {commandLine} from '../../domain/command-line.ts';
import {ancestorsOf} from '../../domain/forest.ts';
import {type Process, placeOf} from '../../domain/process.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';
import {sideKindOf} from '../programs/side-programs.ts';
import {slotPort} from './port-arithmetic.ts';
import {isBelow} from './port-holders.ts';
import {innermost, type SlotIndex} from './slot-index.ts';

export interface MovedServer {
  readonly port: number;
  readonly because: string;
}

/** Whether a process is a dev server, or works below one of the slot's. */
const servesDevelopment = ({look}: SlotIndex, {pid}: Process, roots: readonly number[]): boolean => {
  const chain = [pid, ...ancestorsOf(look.processes, pid)];
  const end = chain.findIndex(each => roots.includes(each));
  return chain.slice(0, end + 1).some(each => {
    const process = look.processes.get(each);
    return process !== undefined && sideKindOf(process) === 'dev server';
  });
};

/** Ports of this service in all slots of its rig, that of the main work tree first; its own left out. */
const otherPorts = ({services}: SlotIndex, service: DeclaredService): readonly number[] => {
  const own = services.filter(other => other.rigPath === service.rigPath && other.slot === service.slot).map(({port}) => port);
  return Array.from({length: service.maxSlots + 1}, (_, slot) => slotPort(service.base, slot, service.stride)).filter(
    port => !own.includes(port),
  );
};

/** The slot's own dev servers on ports that this service has in other slots. Both work tree and session must be the slot's. */
export const movedServers = (slots: SlotIndex, service: DeclaredService): readonly MovedServer[] => {
  const {worktree, slotRoots} = service;
  if (worktree === null || slotRoots.length === 0 || !service.managed || service.docker) {
    return [];
  }
  return otherPorts(slots, service).flatMap(port => {
    const holder = slots.look
      .holdersOf(port)
      .flatMap(pid => slots.look.processes.get(pid) ?? [])
      .find(
        process =>
          innermost(slots, placeOf(process) ?? '')?.path === worktree &&
          isBelow(slots.look, process.pid, slotRoots) &&
          servesDevelopment(slots, process, slotRoots),
      );
    return holder === undefined
      ? []
      : [{port, because: `${commandLine(holder, 60)} (${holder.pid}), in its work tree and session, listens on ${port} instead`}];
  });
};
