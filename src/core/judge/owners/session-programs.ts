// What runs in the panes of a session: agents, shells, strangers. Every pane counts, the declared one first. Pure.
import type {RuntimeProcess} from '../../domain/agent.ts';
import {ancestorsOf} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import type {Pane, Session} from '../../domain/multiplexer.ts';
import {hasEnded, type Process} from '../../domain/process.ts';
import {rememberedTogether} from '../../domain/remember.ts';
import {groupBy, type Look} from '../../look/index/look.ts';
import {isInteractiveShell, isTerminalEditor} from '../../look/index/program-kinds.ts';
import {isCarrier, isShellName, namesOf} from '../../look/index/program-of.ts';
import {agentBelow} from '../programs/launchers.ts';
import {isBackgroundService, leadsElsewhere, sideKindOf} from '../programs/side-programs.ts';
import {slotNamedIn} from '../slots/slot-marks.ts';
import type {SlotTool} from '../slots/slot-tool.ts';

export interface SeatedRuntime {
  readonly pane: Pane;
  /** The agent itself: the program, not what launched it. */
  readonly process: Process;
  readonly runtime: RuntimeProcess;
}

export interface SessionPrograms {
  /** Topmost agents, those of the declared pane first. */
  readonly runtimes: readonly SeatedRuntime[];
  /** Dev servers, tool servers and the like: known for being no agents. */
  readonly companions: readonly Process[];
  /** Programs that are neither agents nor known for being none: one of them may be an agent rigtop does not know. */
  readonly strangers: readonly Process[];
  /** Package runners that are about to start an agent, with none below them yet. */
  readonly starting: readonly Process[];
  /** Shells that read commands from a person, and programs that only a person looks at or types into. */
  readonly prompts: readonly Process[];
  readonly livePanes: readonly Pane[];
  readonly deadPanes: readonly Pane[];
  /** First processes of live panes. */
  readonly heads: readonly Process[];
  /** Live panes whose process is not in the table: what runs in them cannot be told. */
  readonly unseen: readonly Pane[];
  /** Pane that the agent declared as its own (GT_PANE_ID); `present` is false when the session has it no more. */
  readonly declared: {readonly id: string; readonly present: boolean} | null;
}

/** Programs that are certainly no agents: they wait or show. Editors that a terminal shows are none either. */
const PLAIN = new Set(
  `sleep tail cat less more man top htop btop watch git tig lazygit script tee grep rg
  ls find cp mv rm make sudo su login true false yes date journalctl dmesg gt bd dolt fzf clear read bat tree diff delta`.split(/\s+/),
);

/** Of those the ones that are of use to nobody but a person before them: pagers, monitors, and what asks for a password. */
const FOR_A_PERSON = new Set(`less more man top htop btop watch tig lazygit fzf bat su sudo`.split(/\s+/));

const isForPerson = (process: Process): boolean =>
  process.tty !== null && (isTerminalEditor(process) || namesOf(process).some(name => FOR_A_PERSON.has(name)));

const isPlain = (process: Process): boolean =>
  isTerminalEditor(process) || namesOf(process).some(name => PLAIN.has(name) || isShellName(name));

/** GT_PROCESS_NAMES: what a Gas Town session itself calls a sign of life. `agent` alone is anybody's. */
const declaredNames = (env: Readonly<Record<string, string>>): readonly string[] => {
  const names = (env.GT_PROCESS_NAMES ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  return env.GT_AGENT === 'cursor' || names.includes('cursor-agent') ? names : names.filter(name => name !== 'agent');
};

const asDeclared = (process: Process, names: readonly string[], env: Readonly<Record<string, string>>): RuntimeProcess | null => {
  const name = namesOf(process).find(each => names.includes(each));
  return name === undefined || sideKindOf(process) !== null
    ? null
    : {
        process: {pid: process.pid, startTime: process.startTime},
        runtime: env.GT_AGENT ?? name,
        evidence: {fact: `is called ${name}, which GT_PROCESS_NAMES declares`, source: 'process name and session environment'},
      };
};

const withDeclaredFirst = (panes: readonly Pane[], declared: string | undefined): readonly Pane[] =>
  declared === undefined ? panes : [...panes.filter(pane => pane.id === declared), ...panes.filter(pane => pane.id !== declared)];

/** Whether a session bears the name that a slot's tool gives the session of the slot that an environment names. */
const isNamedForSlot = ({name}: Session, env: Readonly<Record<string, string>>, slotTools: readonly SlotTool[]): boolean =>
  slotTools.some(({mark, sessionOf}) => {
    const slug = mark === undefined ? null : (slotNamedIn([mark], env)?.slug ?? null);
    return slug !== null && sessionOf?.(slug) === name;
  });

/**
 * Markers of a session: its own environment, filled up from the first processes of its panes. A pane also inherits the server's
 * global environment, which may be that of some agent which started the server: so a pane's word counts only where it speaks of
 * this very session.
 */
export const sessionEnv = (look: Look, session: Session, slotTools: readonly SlotTool[]): Readonly<Record<string, string>> => {
  const env: Record<string, string> = {...session.env};
  for (const pane of session.panes) {
    const head = pane.dead ? undefined : look.processes.get(pane.pid);
    const spoken = (head === undefined ? undefined : knownValue(head.env)) ?? {};
    const speaksOfIt = spoken.GT_SESSION === session.name || isNamedForSlot(session, spoken, slotTools);
    for (const [name, value] of speaksOfIt ? Object.entries(spoken) : []) {
      env[name] ??= value;
    }
  }
  return env;
};

/** Agent programs of one look, and the package runners that have yet to start one. */
export interface Recognised {
  readonly runtimes: ReadonlyMap<number, RuntimeProcess>;
  readonly starting: ReadonlySet<number>;
}

/** Agent programs by the terminal that they are at. */
const runtimesByTerminal = rememberedTogether((runtimes: Recognised['runtimes'], {processes}: Look) =>
  groupBy(
    [...runtimes].flatMap(([pid, runtime]) => {
      const process = processes.get(pid);
      return process === undefined ? [] : [{process, runtime}];
    }),
    ({process}) => process.tty,
    each => each,
  ),
);

/** Agents on a pane’s terminal that are not below its first process: handed to init when the shell that started them ended. */
const adoptedOn = (look: Look, panes: readonly Pane[], runtimes: Recognised['runtimes']): readonly SeatedRuntime[] => {
  const byTerminal = runtimesByTerminal(runtimes, look);
  // Where two panes tell one terminal, the first is asked.
  const seen = new Set<string>();
  return panes.flatMap(pane => {
    const found = seen.has(pane.tty) ? [] : (byTerminal.get(pane.tty) ?? []);
    seen.add(pane.tty);
    return found.flatMap(({process, runtime}) => {
      const above = ancestorsOf(look.processes, process.pid);
      return above.includes(pane.pid) || process.pid === pane.pid || above.some(each => runtimes.has(each))
        ? []
        : [{pane, process: agentBelow(look, runtimes, process), runtime}];
    });
  });
};

/** Look through the trees of all panes. Below an agent nothing is looked at: its children are its own. */
export const lookThrough = (
  look: Look,
  session: Session,
  env: Readonly<Record<string, string>>,
  {runtimes, starting}: Recognised,
): SessionPrograms => {
  const {processes} = look;
  const names = declaredNames(env);
  const declared = env.GT_PANE_ID;
  const found: SeatedRuntime[] = [];
  const strangers: Process[] = [];
  const companions: Process[] = [];
  const runners: Process[] = [];
  const prompts: Process[] = [];
  const heads: Process[] = [];
  const unseen: Pane[] = [];
  const livePanes = withDeclaredFirst(
    session.panes.filter(pane => !pane.dead),
    declared,
  );
  for (const pane of livePanes) {
    const head = processes.get(pane.pid);
    if (head === undefined || look.panes.byPid.get(pane.pid) === undefined) {
      unseen.push(pane);
      continue;
    }
    heads.push(head);
    const queue = [head];
    const seen = new Set<number>();
    // The list grows while it is walked.
    for (const process of queue) {
      if (seen.has(process.pid) || hasEnded(process)) {
        continue;
      }
      seen.add(process.pid);
      const runtime = runtimes.get(process.pid) ?? asDeclared(process, names, env);
      if (runtime !== null) {
        found.push({pane, process: agentBelow(look, runtimes, process), runtime});
        continue;
      }
      if (starting.has(process.pid)) {
        runners.push(process);
      }
      if (isInteractiveShell(process) || isForPerson(process)) {
        prompts.push(process);
      }
      if (leadsElsewhere(process)) {
        // The agent may be at the other end.
        strangers.push(process);
      } else if (sideKindOf(process) !== null || isBackgroundService(process)) {
        companions.push(process);
      } else if (!isPlain(process) && !isCarrier(process)) {
        strangers.push(process);
      }
      for (const pid of look.children.get(process.pid) ?? []) {
        const child = processes.get(pid);
        if (child !== undefined) {
          queue.push(child);
        }
      }
    }
  }
  const isBelowOne = (pid: number): boolean =>
    found.some(({process}) => process.pid === pid || ancestorsOf(processes, process.pid).includes(pid));
  return {
    runtimes: [...found, ...adoptedOn(look, livePanes, runtimes)],
    companions,
    strangers,
    starting: runners.filter(runner => !isBelowOne(runner.pid)),
    prompts,
    livePanes,
    deadPanes: session.panes.filter(pane => pane.dead),
    heads,
    unseen,
    declared: declared === undefined ? null : {id: declared, present: session.panes.some(pane => pane.id === declared)},
  };
};
