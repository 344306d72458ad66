// Whether the one who may have started what looks left over still lives: by its own pid, its conversation, or the place both came from. Pure.

import {commandLine, oneLine} from '../domain/command-line.ts';
import type {Suspicion} from '../domain/finding.ts';
import {paneMark, parsePaneMark} from '../domain/pane-mark.ts';
import {mayHaveStarted, type Process} from '../domain/process.ts';
import {conversationMark, ownerPid} from '../look/index/origin.ts';
import {ownWords} from '../look/index/own-environment.ts';
import {isInteractiveShell} from '../look/index/program-kinds.ts';
import type {World} from './detect/detector.ts';
import {marksOf} from './detect/reparented.ts';
import {conversationOf} from './programs/conversation-argument.ts';
import {type SideKind, sideKindOf} from './programs/side-programs.ts';

/** The same text names the same pane; null where none is named. */
const paneOf = (env: Readonly<Record<string, string>>): string | null => {
  const mark = parsePaneMark(env);
  return mark === null ? null : paneMark(mark.socket, mark.serverPid, mark.paneId);
};

/** Who may have started something, by what it says: all that lives and is not left over itself. */
interface Living {
  readonly byPid: (pid: number) => Process | undefined;
  readonly byPane: ReadonlyMap<string, readonly Process[]>;
  readonly byConversation: ReadonlyMap<string, Process>;
}

/** An agent, anywhere; a shell at a prompt outside of every known pane; an editor’s or terminal’s window with a terminal in it. */
const mayStartThings = ({roster, fleet}: World, process: Process): boolean => {
  const place = roster.places.placeOf(process.pid);
  return (
    fleet.runtimes.has(process.pid) ||
    ((place.where === 'terminal' || place.where === 'unseen') && isInteractiveShell(process)) ||
    ((place.where === 'editor' || place.where === 'supervisor') &&
      place.pid === process.pid &&
      roster.places.treeOf(process.pid).some(({tty}) => tty !== null && tty !== process.tty))
  );
};

const push = (map: Map<string, Process[]>, key: string, process: Process): void => {
  const there = map.get(key);
  if (there === undefined) {
    map.set(key, [process]);
  } else {
    there.push(process);
  }
};

const surveyLiving = (world: World, left: ReadonlySet<number>): Living => {
  const {snapshot, roster, fleet} = world;
  const byPane = new Map<string, Process[]>();
  const byConversation = new Map<string, Process>();
  const lives = (process: Process): boolean =>
    process.uid === snapshot.self.uid && process.state !== 'Z' && process.state !== 'X' && !left.has(process.pid);
  for (const process of snapshot.processes.values()) {
    if (!lives(process)) {
      continue;
    }
    const pane = paneOf(ownWords(roster.places, process));
    if (pane !== null && mayStartThings(world, process)) {
      push(byPane, pane, process);
    }
    const conversation = fleet.runtimes.has(process.pid) ? conversationOf(process) : null;
    if (conversation !== null) {
      byConversation.set(conversation, process);
    }
  }
  for (const {process, record} of fleet.agents) {
    const there = process === null ? undefined : snapshot.processes.get(process.pid);
    if (there !== undefined && lives(there) && record?.conversation != null) {
      byConversation.set(record.conversation.toLowerCase(), there);
    }
  }
  return {
    byPid: pid => {
      const process = snapshot.processes.get(pid);
      return process !== undefined && lives(process) ? process : undefined;
    },
    byPane,
    byConversation,
  };
};

const called = (process: Process): string => `${commandLine(process, 40)} ${process.pid}`;

/** Why the owner of a process may live, in words that name it; null where nothing says so. */
const ownerOf = ({roster}: World, living: Living, process: Process): string | null => {
  const env = ownWords(roster.places, process);
  const own = ownerPid(env);
  const named = own === null ? undefined : living.byPid(own.pid);
  if (own !== null && named !== undefined && mayHaveStarted(named, process)) {
    return `the agent that started it lives: ${called(named)} (${own.name}=${own.pid})`;
  }
  const conversation = conversationMark(env);
  const goesOn = conversation === null ? undefined : living.byConversation.get(conversation.id.toLowerCase());
  if (conversation !== null && goesOn !== undefined) {
    return `the conversation that started it goes on in ${called(goesOn)} (${conversation.name})`;
  }
  // What is younger cannot have started it: a pane that was respawned, an agent that was started anew.
  const pane = paneOf(env);
  const kin = pane === null ? undefined : living.byPane.get(pane)?.find(each => mayHaveStarted(each, process));
  return kin === undefined ? null : `its pane is gone, but what came from it lives on elsewhere and may have started it: ${called(kin)}`;
};

/** What a person starts by hand as well as an agent does. */
const BY_HAND: ReadonlySet<SideKind | null> = new Set(['dev server', 'test runner']);

/**
 * Why a person may have put it into the background on purpose: no agent’s mark is on it, and its output goes to a file that somebody named
 * for it (`nohup npm run dev > dev.log &`). What was merely left at its terminal has none.
 */
const onPurpose = (world: World, tree: readonly Process[]): string | null => {
  const {outputFiles = []} = world.snapshot;
  const file = outputFiles.find(({pid}) => tree.some(process => process.pid === pid && BY_HAND.has(sideKindOf(process))));
  return file === undefined || marksOf(world, tree).length > 0
    ? null
    : `its output goes to ${oneLine(file.path)}, and nothing says that an agent started it: a person may have put it into the background on purpose`;
};

/**
 * A pane can go while its agent stays: below screen, in the window of an editor or terminal that was opened from it, in the background.
 * What such a one started is not left over, and neither is what a conversation started that goes on in another place.
 */
export const withLivingOwners = (suspicions: readonly Suspicion[], world: World): readonly Suspicion[] => {
  const doubtless = suspicions.filter(({kind, doubt}) => kind === 'orphan-helper' && doubt === null);
  if (doubtless.length === 0) {
    return suspicions;
  }
  const left = new Set(
    suspicions
      .filter(({kind, doubt}) => (kind === 'orphan-helper' || kind === 'orphan-process') && doubt === null)
      .flatMap(({processes}) => processes.map(({pid}) => pid)),
  );
  const living = surveyLiving(world, left);
  return suspicions.map(suspicion => {
    if (!doubtless.includes(suspicion)) {
      return suspicion;
    }
    const tree = suspicion.processes.flatMap(({pid}) => world.snapshot.processes.get(pid) ?? []);
    const owner = tree.map(process => ownerOf(world, living, process)).find(found => found !== null) ?? onPurpose(world, tree);
    return owner === null ? suspicion : {...suspicion, doubt: owner};
  });
};
