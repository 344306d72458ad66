// Where a calling agent is alone: its work tree and its slot, each its own only while no other agent lives there. Pure.
import {commandLine} from '../../domain/command-line.ts';
import {type Known, known, knownValue, unknown} from '../../domain/known.ts';
import {isInside} from '../../domain/paths.ts';
import {type Process, placeOf} from '../../domain/process.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';
import {agentBelow} from '../programs/launchers.ts';
import {describeSlot, indexSlots} from '../slots/slot-index.ts';
import {tooWide} from '../slots/wide-directories.ts';
import type {Caller} from './caller.ts';
import type {OwnWorld} from './own-world.ts';

export interface Home {
  /** Top of the work tree in which the caller is the only agent; or why there is none. */
  readonly tree: Known<string>;
  /** Top of the work tree in which it works, whoever else does; null where it works in none. */
  readonly checkout: string | null;
  /** Services of the slot that is the caller's alone; empty where it has none. */
  readonly slot: readonly DeclaredService[];
}

/** Another agent: a process, or a conversation that lives in a daemon. */
interface Other {
  readonly called: string;
  /** Null for what has none of its own. */
  readonly pid: number | null;
  /** Null: not known. */
  readonly directories: readonly (string | null)[];
  readonly program: string;
  /** Whether its conversation is known; a screen of a conversation in a daemon has none. */
  readonly conversation: string | null;
}

const otherAgents = ({assessment: {fleet}, look}: OwnWorld, caller: Caller, isOwn: (process: Process) => boolean): readonly Other[] =>
  [...fleet.runtimes.values()].flatMap(({process: {pid}, runtime}) => {
    const process = look.processes.get(pid);
    const isSame = process !== undefined && agentBelow(look, fleet.runtimes, process).pid === caller.process.pid;
    if (process === undefined || process.state === 'Z' || isSame || isOwn(process)) {
      return [];
    }
    const record = fleet.records.get(pid)?.find(each => each.record.role === 'session')?.record;
    return [
      {
        called: `${commandLine(process, 40)} ${pid}`,
        pid,
        directories: [placeOf(process) ?? null, ...(record?.directory == null ? [] : [record.directory])],
        program: runtime,
        conversation: record?.conversation ?? null,
      },
    ];
  });

/** Conversations in daemons: they are no processes. */
const otherConversations = ({assessment: {fleet}}: OwnWorld, caller: Caller): readonly Other[] =>
  [...fleet.records.values()].flat().flatMap(({record, process}) => {
    const {role, conversation, program, directory} = record;
    return role !== 'session' || fleet.runtimes.has(process.pid) || conversation === null || conversation === caller.conversation
      ? []
      : [{called: `${program} conversation ${conversation}`, pid: null, directories: [directory], program, conversation}];
  });

/** One screen of a daemon's program, which may be the caller's own: no record says whose it shows. */
const withoutOwnScreen = (others: readonly Other[], caller: Caller, isThere: (other: Other) => boolean): readonly Other[] => {
  const screens = others.filter(({pid, program, conversation}) => pid !== null && program === caller.program && conversation === null);
  const [own, ...more] = caller.proof === 'conversation' ? screens.filter(isThere) : [];
  return own === undefined || more.length > 0 ? others : others.filter(each => each !== own);
};

const treeOf = (world: OwnWorld, checkout: string | null, others: readonly Other[], caller: Caller): Known<string> => {
  const {snapshot} = world.assessment;
  if (checkout === null) {
    return unknown('it works in no git work tree that is known');
  }
  const wide = tooWide(checkout, snapshot.self.home ?? null);
  if (wide !== null) {
    return unknown(wide);
  }
  const isThere = ({directories}: Other): boolean =>
    directories.some(
      each => each !== null && (snapshot.checkouts.get(each)?.root ?? (isInside(each, checkout) ? checkout : null)) === checkout,
    );
  const strangers = withoutOwnScreen(others, caller, isThere);
  const mate = strangers.find(isThere);
  if (mate !== undefined) {
    return unknown(`${mate.called} works in ${checkout} as well: it is nobody’s alone`);
  }
  const doubt = strangers.find(({directories}) => directories.every(each => each === null));
  return doubt === undefined ? known(checkout) : unknown(`where ${doubt.called} works is not known: ${checkout} may be its as well`);
};

/** Only what a person has named counts: a file beside a project may claim any process for its slot. */
const slotOf = ({assessment}: OwnWorld, tree: Known<string>, others: readonly Other[], caller: Caller): readonly DeclaredService[] => {
  const index = indexSlots(assessment.fleet, assessment.snapshot, assessment.slots);
  const at = (pid: number): DeclaredService | undefined => index.slotOfRoot.get(pid) ?? index.slotAbove(pid);
  const own =
    index.services.find(({worktree}) => tree.known && worktree === tree.value) ??
    (caller.proof === 'lineage' ? at(caller.process.pid) : undefined);
  if (own === undefined || own.provenance !== 'named') {
    return [];
  }
  const isSame = (service: DeclaredService | undefined): boolean =>
    service !== undefined && service.rigPath === own.rigPath && service.slot === own.slot;
  const isShared = others.some(
    ({pid, directories}) =>
      (pid !== null && isSame(at(pid))) ||
      (own.worktree !== null && directories.some(each => each !== null && isInside(each, own.worktree ?? each))),
  );
  return isShared ? [] : index.services.filter(isSame);
};

/** `isOwn`: what runs below the caller, agents included. */
export const homeOf = (world: OwnWorld, caller: Caller, isOwn: (process: Process) => boolean): Home => {
  const {checkouts} = world.assessment.snapshot;
  const checkout = caller.directory === null ? null : (checkouts.get(caller.directory)?.root ?? null);
  const others = [...otherAgents(world, caller, isOwn), ...otherConversations(world, caller)];
  const tree = treeOf(world, checkout, others, caller);
  return {tree, checkout, slot: slotOf(world, tree, others, caller)};
};

/** The slot of a caller in words; null where it has none of its own. */
export const slotInWords = ({slot}: Home): string | null => (slot[0] === undefined ? null : describeSlot(slot[0]));

/** Top of the innermost work tree that a process works in; null where that is none, or not known. */
export const checkoutOf = ({assessment: {snapshot}}: OwnWorld, process: Process): string | null => {
  const place = process.cwdDeleted || process.cwdRemade !== undefined ? undefined : knownValue(process.cwd);
  return place === undefined ? null : (snapshot.checkouts.get(place)?.root ?? null);
};
