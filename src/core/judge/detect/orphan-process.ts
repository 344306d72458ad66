// orphan-process: an agent program that nobody owns any more. Pure.

import {commandLine} from '../../domain/command-line.ts';
import type {Severity, Suspicion} from '../../domain/finding.ts';
import type {Process} from '../../domain/process.ts';
import {agentMarks} from '../../look/index/origin.ts';
import {scriptOf} from '../../look/index/program-of.ts';
import type {OriginState} from '../owners/origin-state.ts';
import {staysBecause} from '../programs/daemons.ts';
import {servesClients} from '../programs/serving-agents.ts';
import {followsOptions, MOST_WORDS} from '../programs/verbs.ts';
import type {Detector, World} from './detector.ts';
import {
  ARGUMENTS,
  directoryFact,
  driftFacts,
  formerPlace,
  generalDoubt,
  listReparented,
  type Reparented,
  topRuntimes,
} from './reparented.ts';
import {ageFact, suspectProcess} from './suspicion.ts';

const operands = ({argv}: Process): readonly string[] => scriptOf(argv)?.rest ?? argv.slice(1);

/** Verbs and options that tell an agent to do its work without a terminal and end by itself: `claude -p`, `codex exec`, `opencode run`. */
const WORKS_ALONE_VERB = /^(?:exec|e|run|review)$/;
const WORKS_ALONE =
  /^(?:-[a-z]?p[a-z]?|-x|--print|--prompt|--execute|--headless|--non-interactive|--no-interactive|--message|--message-file|--(?:in|out)put-format|--stream-json)(?:=|$)/;

const worksAlone = (process: Process): boolean => {
  const words = operands(process);
  return (
    words.slice(0, MOST_WORDS).some((word, at) => WORKS_ALONE_VERB.test(word) && followsOptions(words, at)) ||
    words.some(word => WORKS_ALONE.test(word))
  );
};

const doubtOf = (world: World, process: Process): string | null => {
  const general = generalDoubt(world, process);
  const origin = formerPlace(world, process);
  if (servesClients(process)) {
    return general ?? 'its arguments make it a server: it may run without a pane on purpose';
  }
  const stays = staysBecause(process);
  if (stays !== null) {
    return general ?? stays;
  }
  switch (origin.presence) {
    case 'gone':
      // A town starts its agents in panes alone: its registry outweighs what the arguments would allow a person.
      if (worksAlone(process) && world.identified.claimOf(process)?.agentRef == null) {
        return general ?? 'it was told to work without a terminal: it may have been put into the background on purpose, and ends by itself';
      }
      // What a town's own arguments prove needs no environment.
      return general !== null && world.snapshot.processesComplete && origin.evidence.some(each => each.source === ARGUMENTS)
        ? null
        : general;
    case 'unknown':
    case 'here':
      return general ?? origin.because;
    default:
      return general ?? 'nothing in its environment says who started it: it may run on its own on purpose';
  }
};

/** One that names no origin is more often meant to run alone than left over. */
const SEVERITY: Readonly<Record<OriginState['presence'], Severity>> = {gone: 'high', unknown: 'medium', here: 'medium', none: 'low'};

const suspect = (world: World, reparented: Reparented, process: Process): Suspicion => {
  const origin = formerPlace(world, process);
  const runtime = world.fleet.runtimes.get(process.pid);
  const owner = world.fleet.processOwners.get(process.pid);
  const former = owner?.agent ?? (owner?.pane == null ? null : `pane ${owner.pane.paneId}`);
  return suspectProcess(world, process, {
    kind: 'orphan-process',
    severity: SEVERITY[origin.presence],
    title: `${runtime?.runtime ?? commandLine(process, 40)} ${process.pid} has no owner any more${former === null ? '' : `: it was ${former}’s`}`,
    evidence: [
      ...(runtime === undefined ? [] : [{fact: `${runtime.runtime}: ${runtime.evidence.fact}`, source: runtime.evidence.source}]),
      ...driftFacts(reparented, process),
      ...(origin.presence === 'gone' ? origin.evidence : []),
      ...agentMarks(process, world.identified.slots.marks),
      ...directoryFact(process),
      ageFact(world, process),
    ],
    doubt: doubtOf(world, process),
    remedies: ['kill'],
  });
};

export const orphanProcess: Detector = {
  kind: 'orphan-process',
  means: 'An agent program still runs although the pane or session that it belonged to is gone.',
  when: [
    'the process is an agent program of this user, older than `orphan_min_age`',
    'nothing above it but shells and runners, and above those a reaper: pid 1, a user’s systemd, or a tmux server of which it is in no pane',
    'no controlling terminal, editor, supervisor or container above it',
    'its environment names a pane or session that is provably gone: the server answered without it, has been replaced, or runs no more',
    'two looks',
  ],
  not: [
    'one whose environment names no pane: it may have been put into the background on purpose (shown as unknown)',
    'one whose arguments make it a server or a daemon, such as `opencode serve`, or name a socket that it serves (unknown)',
    'such a server while an agent was told its address (`opencode attach URL`) or a session in it runs something: that is an agent without a pane',
    'one that was told to do its work without a terminal (`claude -p`, `codex exec`): only its owner’s registry makes it sure',
    'one without any agent’s mark whose output goes to a file that somebody named for it (`claude < task.md > log &`; unknown)',
    'one that somebody is connected to, or that made itself a daemon with a unix socket (unknown)',
    'what a tmux server runs for itself (pipe-pane, run-shell, hooks), or a pane that its server was started in and not it',
    'one whose tmux server did not answer, or whose environment cannot be read (unknown)',
    'one that a pid file of a town or slot names',
    'one below another program that is no shell: that program supervises it',
  ],
  mistaken: [
    'Whose environment it is: a program below a tmux server that some agent was the first to start bears that agent’s pane. What equals the server’s own says nothing.',
    'What a multiplexer runs for itself (pipe-pane with a logger, run-shell, if-shell, `#()`, hooks, popups) is below the server and in no pane, and belongs to it.',
    'Agents in screen, dtach, abduco, zellij, in an editor or in the window of a terminal that was opened from a pane: the pane in their environment is gone, and they are at home elsewhere.',
    'Agents put into the background on purpose: `nohup claude -p … &`, `codex exec` in a git hook or from cron, `systemd-run --user --scope`. They do their work and end by themselves.',
    'Who else has that name: a person’s `gemini.py`. A script is an agent in an installed place, or by the word of its own environment.',
    'Who uses it now: a server of agents, a background session, a program that a living record of its own tool vouches for.',
  ],
  remedy: 'Stop it with its tree: `rigtop kill process:PID`.',
  *detect(world) {
    for (const reparented of listReparented(world)) {
      for (const process of topRuntimes(world, reparented)) {
        yield suspect(world, reparented, process);
      }
    }
  },
};
