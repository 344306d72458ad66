// The screen: what `rigtop` and `rigtop watch` show on a terminal. React is loaded here and nowhere else.
import type {ThemeName} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import {createJournalReader, type JournalReader} from '../../core/act/journal-reader.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import {createHandOver} from '../../core/look/hand-over.ts';
import type {Host} from '../../core/os/host.ts';
import {keepHeapSmall, restingHeap} from '../../core/os/small-heap.ts';
import {stopUntilContinued} from '../../core/os/terminal-program.ts';
import {SOURCES} from '../../sources/sources.ts';
import type {FollowMachines} from '../../store/machine-stand.ts';
import type {TuiOptions} from '../../ui/run-tui.tsx';
import {performWithHands} from '../acting/perform-with-hands.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure} from '../failure.ts';
import {formatJournalLine} from '../journal-text.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import type {EveryWayParts} from '../remote/every-way.ts';
import {readNatsFlags} from '../remote/nats-flags.ts';
import {parseScreenFlags} from '../screen-flags.ts';
import {leavingLine, lineFile, looksAtAll} from '../status-line/leaving-line.ts';
import {tellingNeeds} from '../tell-needs.ts';
import {supervisorTells, unattendedFor} from './for-screen.ts';
import {runThereFor} from './run-there.ts';
import {readScreenMemory, type ScreenMemory, writeScreenMemory} from './screen-memory.ts';

/** The journal is read from its end: more than the panel keeps is not read. */
const JOURNAL_BYTES = 512 * 1024;

/** An installed command is called by its name; `node dist/rigtop.js` is a checkout, where npm is what there is. */
const demoCommand = (program: string | undefined): string => (program?.endsWith('.js') === true ? 'npm start -- demo' : 'rigtop demo');

/** How one comes back from what `a` shows: a client of its own is left, rigtop’s own is switched back (tmux(1), "switch-client -l"). */
const wayBack = (env: Invocation['io']['env'], {lesson}: Invocation): string => {
  if (lesson?.nested === true) {
    return 'prefix twice, d comes back';
  }
  return env.TMUX === undefined ? 'prefix d comes back' : 'prefix L comes back';
};

/** Other machines. What their looks are checked by is loaded where there are any. */
const othersOf = async (parts: EveryWayParts, host: Host): Promise<{readonly machines?: FollowMachines}> =>
  parts.asked.length + parts.configured.length === 0 ? {} : {machines: (await import('./shown-machines.ts')).shownMachines(parts, host)};

const memoryFor = (
  directory: string,
  {remembered, theme}: ScreenMemory,
  asked: ThemeName | undefined,
): NonNullable<TuiOptions['memory']> => ({
  remembered,
  theme: asked ?? theme,
  keep: now => writeScreenMemory(directory, now),
});

/** Resolves when the screen was quit and the terminal is as it was. `others` are shown beside this machine: these, or all of the configuration where none is named. */
export const runScreen = async (invocation: Invocation, others: readonly string[] | null = null): Promise<CommandAnswer> => {
  const {flags} = invocation;
  const screen = parseScreenFlags(invocation.options);
  if (isFailure(screen)) {
    return screen;
  }
  const [config, {runTui}] = await Promise.all([readConfig(invocation), import('../../ui/run-tui.tsx')]);
  keepHeapSmall();
  const {engine: looking, host} = openFleet(invocation, config, performWithHands, {readsScreens: true});
  const directory = stateDirectory(host.env, host.home);
  const openJournal = (): JournalReader => createJournalReader(directory, {most: JOURNAL_BYTES});
  const telling = tellingNeeds(looking, {
    host,
    notify: config.notify,
    ring: invocation.io.ring,
    journal: openJournal(),
    isToldElsewhere: supervisorTells(host, config),
  });
  const engine = looksAtAll(invocation) ? leavingLine(telling, {host, file: lineFile(host), readsScreens: true}) : telling;
  const {settings, keys, problems} = config;
  const intervalMs = screen.intervalMs ?? config.intervalMs;
  const nats = await readNatsFlags(invocation.options, host);
  if (isFailure(nats)) {
    return nats;
  }
  const configured = others === null ? [] : config.machines;
  const machines = await othersOf({host, configured, asked: others ?? [], intervalMs, nats}, host);
  const [problem] = problems;
  const journal = openJournal();
  const memory = screen.fresh ? null : await readScreenMemory(directory);
  const asked = screen.theme as ThemeName | undefined;
  const notice = problem === undefined ? memory?.trouble : `Nothing is acted on: ${formatProblem(problem)}`;
  try {
    return await runTui({
      engine,
      settings,
      keys,
      intervalMs,
      ...machines,
      runThere: runThereFor(host),
      theme: asked ?? config.theme ?? memory?.theme ?? null,
      colour: flags.color,
      readOnly: engine.readOnly,
      mouse: screen.mouse,
      demoCommand: demoCommand(process.argv[1]),
      outside: {...createHandOver(host, SOURCES), wayBack: wayBack(host.env, invocation)},
      unattended: unattendedFor(host, config),
      rest: restingHeap(),
      stop: stopUntilContinued,
      readJournal: async () => (await journal.next()).map(formatJournalLine),
      ...(invocation.lesson === undefined ? {} : {lesson: invocation.lesson}),
      ...(screen.fps === undefined ? {} : {fps: screen.fps}),
      ...(memory === null ? {} : {memory: memoryFor(directory, memory, asked)}),
      ...(notice == null ? {} : {notice}),
    });
  } finally {
    await engine.close();
  }
};
