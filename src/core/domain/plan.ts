// A plan: exact targets with identities, what is left out, and what it frees. Pure records.
import type {Protection, UnlockRule} from './finding.ts';
import type {SessionId} from './multiplexer.ts';
import type {ProcessId} from './process.ts';

export type PlanAction = 'kill' | 'flush' | 'restart' | 'cleanup' | 'clean-locks';

/** Where a target came from: the pane's tree, its process group, or found again by evidence after it had escaped. */
export type TargetStep = 'tree' | 'group' | 'escaped';

export interface PlanTarget extends ProcessId {
  readonly ref: string;
  readonly pgid: number;
  readonly command: string;
  readonly because: string;
  readonly parent: number;
  readonly step: TargetStep;
  /** Distance below its root: deeper is stopped first. */
  readonly depth: number;
  /** Stopped by a signal: it must be continued before it can act on SIGTERM. */
  readonly stopped: boolean;
  readonly uid: number;
  /** How old it was at the look the plan was made from, milliseconds. */
  readonly ageMs: number;
  /** Ports it listens on. */
  readonly holds: readonly number[];
  /** Reference of the root (session, process) this target hangs on. */
  readonly root: string;
}

export interface PlanSession extends SessionId {
  readonly ref: string;
  readonly name: string;
  readonly server: string;
  readonly because: string;
  /** Pid of its tmux server: with a pane's id it tells what was started in that pane, wherever it went (`TMUX`, `TMUX_PANE`). */
  readonly serverPid: number | null;
  /** Ids of its panes, in every window. */
  readonly panes: readonly string[];
  /** Resolved root of the Gas Town it belongs to, whose event feed is told of its end; null outside one. */
  readonly town: string | null;
  /** Reference of its agent, where it is one's. */
  readonly agent: string | null;
}

/** A single pane to end, in a session that stays. */
export interface PlanPane {
  readonly ref: string;
  /** The session it is in. */
  readonly session: SessionId;
  readonly server: string;
  readonly serverPid: number | null;
  readonly paneId: string;
  /** Its first process. Of a dead pane: the old pid, which is nobody's, or 0 (tmux 3.8). */
  readonly pid: number;
  readonly dead: boolean;
  readonly because: string;
}

export interface PlanLock {
  readonly ref: string;
  readonly path: string;
  readonly digest: string;
  readonly moveTo: string;
}

/** A program of its own that starts the thing the proper way, its output shown. */
export interface StartByCommand {
  readonly kind: 'command';
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Variables taken out of its environment, on top of tmux's own; globs such as `GT_*` among them. */
  readonly without: readonly string[];
  readonly timeoutMs: number;
}

/** A window of a tmux session that runs `command`; the session is made where it is missing. */
export interface StartInWindow {
  readonly kind: 'window';
  readonly socket: string;
  readonly session: string;
  /** Identity of the session when it was there; null: it is made. */
  readonly id: SessionId | null;
  readonly window: string;
  readonly cwd: string;
  /** One shell command line, as tmux takes it. */
  readonly command: string;
  /** Set in the new session or window. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a thing is started again after it was proven gone, and what proves that it is up. */
export interface PlanStart {
  readonly ref: string;
  readonly because: string;
  /** The repository whose files choose what is run, where it was only found: a person has to see that first. Missing where there is none. */
  readonly claimOf?: string;
  readonly way: StartByCommand | StartInWindow;
  readonly proof: {
    /** A port that must be held below a pane of the session, or by whoever lives in `cwd`; null: none. */
    readonly port: number | null;
    /** A tmux session that must be there; null: none. */
    readonly session: {readonly socket: string; readonly name: string} | null;
    /** Whether an agent program must be alive in that session. */
    readonly runtime: boolean;
    /** Where the new process must live; null: anywhere. */
    readonly cwd: string | null;
    readonly withinMs: number;
  };
}

export interface LeftOut {
  readonly ref: string;
  readonly because: string;
  /** Rule's name where a rule of safety forbade it. */
  readonly rule: string | null;
  readonly unlock: UnlockRule | null;
}

/** A living agent that a plan ends. */
export interface EndedAgent {
  readonly ref: string;
  /** Whether it waits for its person's answer, as far as its hint tells. */
  readonly asks: boolean;
}

/** The agent for whom a plan was made of its own things alone. */
export interface PlanCaller {
  /** As people read it: its reference where it has one. */
  readonly name: string;
  /** The agent program; of a conversation the daemon that it lives in. */
  readonly process: ProcessId;
  readonly proof: 'lineage' | 'conversation';
  /** Id of its conversation; null where no record says it. */
  readonly conversation: string | null;
}

/** That only what is the calling agent's own may end; nothing lifts it. */
export interface OwnOnly {
  /** The conversation that the caller's runtime names on a channel of its own. Never from a file. */
  readonly conversation?: string;
  /** For whom it was planned first: nobody else carries it out. Missing in a request that is new. */
  readonly caller?: PlanCaller;
}

export interface Plan {
  readonly id: string;
  readonly action: PlanAction;
  /** What was asked for: references or finding ids. */
  readonly asked: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The boot it was made in: pids of another boot are nobody's. */
  readonly bootId: string | null;
  /** Roots in the order given; above five the count has to be typed. */
  readonly roots: readonly {readonly ref: string; readonly title: string; readonly because: string}[];
  /** In the order they are stopped: deepest first. */
  readonly targets: readonly PlanTarget[];
  readonly sessions: readonly PlanSession[];
  readonly panes: readonly PlanPane[];
  readonly locks: readonly PlanLock[];
  /** Ports that become free when every target is gone. */
  readonly frees: readonly number[];
  /** Directories in which no process may live afterwards, but what is left out by name. Of a flush. */
  readonly vacates: readonly string[];
  /** Compose projects that are brought down, volumes kept. Only of a flush that was asked to. */
  readonly compose: readonly string[];
  /** Started again, in this order, once every target is gone. Of a restart. */
  readonly starts: readonly PlanStart[];
  /** Agents at work that end with it: said in a line of their own, and their number has to be typed. */
  readonly agents?: readonly EndedAgent[];
  readonly leftOut: readonly LeftOut[];
  /** Blast radius in sentences: shared groups, grouped sessions, held servers. */
  readonly warnings: readonly string[];
  readonly irreversible: readonly string[];
  /** The equivalent shell command. */
  readonly command: string;
  /** KILL at once, without TERM. */
  readonly force: boolean;
  readonly graceMs: number;
  readonly unlocks: readonly UnlockRule[];
  /** Of a plan that ends only what is its caller's own. */
  readonly mine?: OwnOnly & {readonly caller: PlanCaller};
  /** As in the request: planning it anew needs it. Not written to files. */
  readonly lastSeen?: PlanRequest['lastSeen'];
}

/** A plan that may not be made at all. */
export interface Refusal {
  readonly refused: true;
  readonly rule: string;
  readonly because: string;
  readonly protection: Protection | null;
  readonly leftOut: readonly LeftOut[];
}

/** Where a thing that is gone ran last, by whoever saw it: what its own records do not tell any more. */
export interface LastSeat {
  /** Path of its tmux server's socket, and the name of its session there. */
  readonly socket: string;
  readonly session: string;
  /** Where it worked; null where that was not one place. */
  readonly directory: string | null;
  /** What its pane was started with; empty where it was typed at a shell, or where a configuration says it. */
  readonly command: string;
}

/** What a person or script asks to be planned. */
export interface PlanRequest {
  readonly action: PlanAction;
  /** References or finding ids, as given. Of `cleanup`: the kinds, none for all. */
  readonly asked: readonly string[];
  readonly force?: boolean;
  readonly graceMs?: number;
  readonly unlocks?: readonly UnlockRule[];
  /** Of a flush: bring the slot's compose projects down too. */
  readonly docker?: boolean;
  /** Only what is the calling agent's own. */
  readonly mine?: OwnOnly;
  /** Of a restart: where each of these was seen last, by reference. Never from a file or from another machine. */
  readonly lastSeen?: Readonly<Record<string, LastSeat>>;
}

export const PLAN_LIFE_MS = 30_000;

export const isRefusal = (answer: Plan | Refusal): answer is Refusal => 'refused' in answer;
