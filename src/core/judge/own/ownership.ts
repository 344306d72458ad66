// What is a calling agent's own: what runs below it, in its slot, or in a work tree that is its alone. What cannot be told is not. Pure.
import {commandLine} from '../../domain/command-line.ts';
import {type Known, known, unknown} from '../../domain/known.ts';
import {isKernelThread, type Process, sameProcess} from '../../domain/process.ts';
import {slotRef} from '../../domain/reference.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';
import type {Place} from '../../look/index/places.ts';
import {reaperName} from '../../look/index/program-kinds.ts';
import {type Asking, type Caller, callerName, callerOf, conversationBelow} from './caller.ts';
import {checkoutOf, type Home, homeOf, slotInWords} from './home.ts';
import {markedAs} from './other-marks.ts';
import {isServer, type OwnWorld, servesSeveral, startersOf} from './own-world.ts';

/** By what a process is the caller's: `below` and `mark` go with its identity, the others with where it lives now. */
export type OwnBy = 'below' | 'mark' | 'slot' | 'tree';

/** Whether a process is the caller's own, and why, in words. Only `yes` is; `unknown` counts as not. */
export type Own =
  | {readonly own: 'yes'; readonly by: OwnBy; readonly because: string}
  | {readonly own: 'no' | 'unknown'; readonly because: string};

export interface Ownership {
  readonly caller: Caller;
  readonly home: Home;
  /** Of a process of the look. */
  of(process: Process): Own;
}

const no = (because: string): Own => ({own: 'no', because});
const notKnown = (because: string): Own => ({own: 'unknown', because});
const yes = (by: OwnBy, because: string): Own => ({own: 'yes', by, because});

const called = (process: Process): string => `${commandLine(process, 40)} ${process.pid}`;

/** What no agent ends, whoever started it; null for all else. */
const neverOwn = (world: OwnWorld, caller: Caller, above: ReadonlySet<number>, process: Process): Own | null => {
  const {snapshot} = world.assessment;
  if (process.uid !== snapshot.self.uid || isKernelThread(process)) {
    return no('it belongs to another user');
  }
  if (process.pid === caller.process.pid) {
    return no(caller.proof === 'lineage' ? 'it is the calling agent itself' : 'the calling agent lives in it, and others may as well');
  }
  if (process.pid === snapshot.self.pid || above.has(process.pid)) {
    return no('it is what asks, or stands above that: ending it would end the calling agent, its shell or its terminal');
  }
  return isServer(world, process) ? no('it is a multiplexer’s server, whose panes are whoever’s they are') : null;
};

/** What runs below the caller's program; null for all else. */
const byLineage = (world: OwnWorld, caller: Caller, process: Process): Own | null => {
  const above = startersOf(world, process);
  const at = above.findIndex(each => sameProcess(each, caller.process));
  if (at < 0) {
    return null;
  }
  const chain = [process, ...above.slice(0, at)];
  const shared = chain.find(each => servesSeveral(world, each) !== null);
  if (shared !== undefined) {
    const because = servesSeveral(world, shared);
    return notKnown(shared === process ? `it is ${because}` : `it runs below ${called(shared)}, ${because}`);
  }
  if (caller.proof === 'lineage') {
    return yes('below', `it runs below ${callerName(caller)}`);
  }
  const conversation = conversationBelow(caller.program, chain);
  if (!conversation.known) {
    return notKnown(`it runs below ${caller.program}’s server for several sessions: ${conversation.because}`);
  }
  return conversation.value === caller.conversation
    ? yes('below', `${callerName(caller)} has started it`)
    : no('another conversation of the same server has started it');
};

/** Why a process is, or may be, another agent's; null where nothing says so. */
const ofAnother = (world: OwnWorld, caller: Caller, process: Process): Own | null => {
  const {fleet} = world.assessment;
  for (const each of [process, ...startersOf(world, process)]) {
    const agent = fleet.runtimes.get(each.pid);
    if (agent !== undefined && each.pid !== caller.process.pid) {
      return no(each === process ? `it is an agent: ${called(each)}` : `it runs below ${called(each)}`);
    }
    const shared = servesSeveral(world, each);
    if (shared !== null && !isServer(world, each) && reaperName(each) === null) {
      return notKnown(`it runs below ${called(each)}, ${shared}`);
    }
  }
  const mark = markedAs(world, caller, process);
  if (mark.whose === 'other' || mark.whose === 'unknown') {
    return mark.whose === 'other' ? no(mark.because) : notKnown(mark.because);
  }
  const owner = mark.whose === 'mine' ? null : (fleet.processOwners.get(process.pid)?.agent ?? null);
  const living = owner === null || owner === caller.ref ? undefined : fleet.agents.find(({ref}) => ref === owner);
  return living === undefined || living.process === null ? null : no(`it belongs to ${living.ref}`);
};

const standing = (place: Place): string => {
  switch (place.where) {
    case 'pane':
      return `it runs in pane ${place.placed.pane.id} of session ${place.placed.session.name}`;
    case 'terminal':
      return `it runs at ${place.tty}`;
    case 'editor':
    case 'supervisor':
      return `it runs below ${place.name} ${place.pid}`;
    case 'unseen':
    case 'outside':
      return place.because;
    default:
      return 'the system runs it';
  }
};

/** The service of the caller's slot that a process is a part of: below what holds its port, or below what was recorded as it. */
const serviceOf = ({assessment: {services}, look}: OwnWorld, {slot}: Home, process: Process): DeclaredService | undefined =>
  slot.find(({rig, rigPath, slot: number, service, roots}) => {
    const state = services.find(each => each.rigPath === rigPath && each.ref === slotRef(rig, number, service));
    const rightful = state?.state === 'up' || state?.state === 'wrong-owner' ? state.listeners : [];
    const holders = rightful.map(({pid}) => pid).filter(pid => !(state?.foreign ?? []).includes(pid));
    return [...holders, ...roots].some(root => look.treeOf(root).some(({pid}) => pid === process.pid));
  });

/** What lives where the caller alone works, with nobody above it. */
const byTree = (world: OwnWorld, caller: Caller, home: Home, process: Process): Own | null => {
  const checkout = checkoutOf(world, process);
  if (checkout === null || checkout !== home.checkout) {
    return null;
  }
  const place = world.look.placeOf(process.pid);
  if (place.where !== 'adrift') {
    return notKnown(`it works in ${checkout}, but ${standing(place)}`);
  }
  const root = world.look.processes.get(place.root) ?? process;
  if (markedAs(world, caller, root).whose === 'mine') {
    return yes('mark', `${callerName(caller)} has started it, by the mark of its conversation`);
  }
  if (!home.tree.known) {
    return notKnown(`it works in ${checkout}, but ${home.tree.because}`);
  }
  return checkoutOf(world, root) === checkout
    ? yes('tree', `it works in ${checkout}, where ${callerName(caller)} is the only agent`)
    : notKnown(`it works in ${checkout}, but runs below ${called(root)}, which does not`);
};

/** Whose each process of a look is, from the calling agent's side. */
export const ownershipOf = (world: OwnWorld, caller: Caller): Ownership => {
  const {processes, snapshot} = world.look;
  const self = processes.get(snapshot.self.pid);
  const agent = processes.get(caller.process.pid);
  const above = new Set([self, agent].flatMap(each => (each === undefined ? [] : startersOf(world, each))).map(({pid}) => pid));
  const isBelow = (process: Process): boolean => byLineage(world, caller, process)?.own === 'yes';
  const home = homeOf(world, caller, isBelow);
  const judged = new Map<number, Own>();

  const judge = (process: Process): Own => {
    const decided = neverOwn(world, caller, above, process) ?? byLineage(world, caller, process) ?? ofAnother(world, caller, process);
    if (decided !== null) {
      return decided;
    }
    const service = serviceOf(world, home, process);
    return service === undefined
      ? (byTree(world, caller, home, process) ?? no(`it is neither below ${callerName(caller)}, nor in its slot, nor in its work tree`))
      : yes('slot', `it is ${service.service} of ${slotInWords(home)}, the slot of ${callerName(caller)}`);
  };

  return {
    caller,
    home,
    of: process => {
      const before = judged.get(process.pid);
      if (before !== undefined && processes.get(process.pid) === process) {
        return before;
      }
      const found = judge(process);
      judged.set(process.pid, found);
      return found;
    },
  };
};

/** The same for whoever asks; unknown where no agent does, with the reason. */
export const ownershipFor = (world: OwnWorld, asking: Asking): Known<Ownership> => {
  const caller = callerOf(world, asking);
  return caller.known ? known(ownershipOf(world, caller.value)) : unknown(caller.because);
};
