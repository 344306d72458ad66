// How the start of a slot's service is put into a plan: in a window of its session, and what proves that it is up. Pure.
import type {PlanStart} from '../../domain/plan.ts';
import {slotRef} from '../../domain/reference.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';

const UP_WITHIN_MS = 60_000;

export const refOfService = ({rig, slot, service}: DeclaredService): string => slotRef(rig, slot, service);

/** That it listens on its port, and that its session is there where it is started in one. */
export const proofOfStart = (
  service: DeclaredService,
  seat: {readonly socket: string; readonly name: string} | null,
): PlanStart['proof'] => ({
  port: service.port,
  session: seat,
  runtime: false,
  cwd: service.worktree,
  withinMs: UP_WITHIN_MS,
});

export interface WindowStart {
  readonly because: string;
  readonly socket: string;
  readonly session: string;
  /** Where it works when the slot has no work tree of its own. */
  readonly directory: string;
  readonly command: string;
}

/** Started in a window of its name, in the session of the slot, which is made where there is none. */
export const startInWindow = (service: DeclaredService, {because, socket, session, directory, command}: WindowStart): PlanStart => ({
  ref: refOfService(service),
  because,
  way: {
    kind: 'window',
    socket,
    session,
    id: service.session === null ? null : {socket, id: service.session.id, created: service.session.created},
    window: service.service,
    cwd: service.worktree ?? directory,
    command,
    env: {},
  },
  proof: proofOfStart(service, {socket, name: session}),
});
