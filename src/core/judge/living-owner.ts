// Whether the one who may have started what looks left over still lives: by its own pid, its conversation, or the place both came from. Pure.

import {commandLine, oneLine} from '../domain/command-line.ts';
import type {Suspicion} from '../domain/finding.ts';
import {paneMarkIn} from '../domain/pane-mark.ts';
import {mayHaveStarted, type Process} from '../domain/process.ts';
import {conversationMark, ownerPid} from '../look/index/origin.ts';
import {ownWords} from '../look/index/own-environment.ts';
import {isInteractiveShell} from '../look/index/program-kinds.ts';
import type {World} from './detect/detector.ts';
import {marksOf} from './detect/reparented.ts';
import {conversationOf} from './programs/conversation-argument.ts';
import {type SideKind, sideKindOf} from './programs/side-programs.ts';

/** Who may have started something, by what it says: all that lives and is not left over itself. */
interface Living {
  at(pid: number): Process | undefined;
  /** Whatever came from a pane and may start things, by `paneMark`. */
  fromPane(mark: string): readonly Process[];
  readonly byConversation: ReadonlyMap<string, Process>;
}

/** An agent, anywhere; a shell at a prompt outside of every known pane; an editor’s or terminal’s window with a terminal in it. */
const mayStartThings = ({look, fleet}: World, process: Process): boolean => {
  const place = look.placeOf(process.pid);
  return (
    fleet.runtimes.has(process.pid) ||
    ((place.where === 'terminal' || place.where === 'unseen') && isInteractiveShell(process)) ||
    ((place.where === 'editor' || place.where === 'supervisor') &&
      place.pid === process.pid &&
      look.treeOf(process.pid).some(({tty}) => tty !== null && tty !== process.tty))
  );
};

const surveyLiving = (world: World, left: ReadonlySet<number>): Living => {
  const {snapshot, look, fleet} = world;
  const at = (pid: number): Process | undefined => {
    const process = look.processes.get(pid);
    const lives = process?.uid === snapshot.self.uid && process.state !== 'Z' && process.state !== 'X' && !left.has(pid);
    return lives ? process : undefined;
  };
  const byConversation = new Map<string, Process>();
  for (const process of [...fleet.runtimes.keys()].flatMap(pid => at(pid) ?? [])) {
    const conversation = conversationOf(process);
    if (conversation !== null) {
      byConversation.set(conversation, process);
    }
  }
  for (const {process, record} of fleet.agents) {
    const there = process === null ? undefined : at(process.pid);
    if (there !== undefined && record?.conversation != null) {
      byConversation.set(record.conversation.toLowerCase(), there);
    }
  }
  return {
    at,
    fromPane: mark =>
      (look.startedIn.get(mark) ?? [])
        .flatMap(pid => at(pid) ?? [])
        .filter(process => paneMarkIn(ownWords(look, process)) === mark && mayStartThings(world, process)),
    byConversation,
  };
};

const called = (process: Process): string => `${commandLine(process, 40)} ${process.pid}`;

/** Why the owner of a process may live, in words that name it; null where nothing says so. */
const ownerOf = ({look}: World, living: Living, process: Process): string | null => {
  const env = ownWords(look, process);
  const own = ownerPid(env);
  const named = own === null ? undefined : living.at(own.pid);
  if (own !== null && named !== undefined && mayHaveStarted(named, process)) {
    return `the agent that started it lives: ${called(named)} (${own.name}=${own.pid})`;
  }
  const conversation = conversationMark(env);
  const goesOn = conversation === null ? undefined : living.byConversation.get(conversation.id.toLowerCase());
  if (conversation !== null && goesOn !== undefined) {
    return `the conversation that started it goes on in ${called(goesOn)} (${conversation.name})`;
  }
  // What is younger cannot have started it: a pane that was respawned, an agent that was started anew.
  const pane = paneMarkIn(env);
  const kin = pane === null ? undefined : living.fromPane(pane).find(each => mayHaveStarted(each, process));
  return kin === undefined ? null : `its pane is gone, but what came from it lives on elsewhere and may have started it: ${called(kin)}`;
};

/** What a person starts by hand as well as an agent does. */
const BY_HAND: ReadonlySet<SideKind | null> = new Set(['dev server', 'test runner']);

/**
 * Why a person may have put it into the background on purpose: no agent’s mark is on it, and its output goes to a file that somebody named
 * for it (`nohup npm run dev > dev.log &`, `claude < task.md > log &`: an agent whose output is no terminal does a task and ends). What was
 * merely left at its terminal has none.
 */
const onPurpose = (world: World, tree: readonly Process[]): string | null => {
  const {outputFiles = []} = world.snapshot;
  const isByHand = (process: Process): boolean => world.fleet.runtimes.has(process.pid) || BY_HAND.has(sideKindOf(process));
  const file = outputFiles.find(({pid}) => tree.some(process => process.pid === pid && isByHand(process)));
  return file === undefined || marksOf(world, tree).length > 0
    ? null
    : `its output goes to ${oneLine(file.path)}, and nothing says that an agent started it: a person may have put it into the background on purpose`;
};

/**
 * A pane can go while its agent stays: below screen, in the window of an editor or terminal that was opened from it, in the background.
 * What such a one started is not left over, and neither is what a conversation started that goes on in another place.
 */
export const withLivingOwners = (suspicions: readonly Suspicion[], world: World): readonly Suspicion[] => {
  const doubtless = suspicions.filter(({kind, doubt}) => (kind === 'orphan-helper' || kind === 'orphan-process') && doubt === null);
  if (doubtless.length === 0) {
    return suspicions;
  }
  const left = new Set(doubtless.flatMap(({processes}) => processes.map(({pid}) => pid)));
  const living = surveyLiving(world, left);
  return suspicions.map(suspicion => {
    if (!doubtless.includes(suspicion)) {
      return suspicion;
    }
    const tree = suspicion.processes.flatMap(({pid}) => world.snapshot.processes.get(pid) ?? []);
    const starter =
      suspicion.kind === 'orphan-helper' ? tree.map(process => ownerOf(world, living, process)).find(found => found !== null) : null;
    const owner = starter ?? onPurpose(world, tree);
    return owner === null ? suspicion : {...suspicion, doubt: owner};
  });
};
