// What a stand-in program does instead of the program whose name it bears. Pure records.

/** Environment variables that make demo processes recognisable and tell stand-ins what to do. */
export const DEMO_MARKER = 'RIGTOP_DEMO';
export const STAND_IN = 'RIGTOP_STAND_IN';

export interface ChildBehaviour extends Behaviour {
  /** Name under `bin/` of the demo: the child is `node …/bin/NAME ARGS`. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Leader of a session of its own (setsid(2)): a hang-up of the terminal does not reach it. */
  readonly setsid?: boolean;
  /** `sh -c` between parent and child, as npm scripts have it. */
  readonly shell?: boolean;
}

export interface Behaviour {
  /** Under this name it is recorded once it is ready. */
  readonly part: string;
  /** TCP port on 127.0.0.1; null for none. */
  readonly listen?: number | null;
  /** Rewrite argv and comm, as some agents do. */
  readonly title?: string;
  readonly ignore?: readonly ('SIGHUP' | 'SIGTERM')[];
  /** Printed on its terminal. */
  readonly screen?: readonly string[];
  /** Printed on a cleared screen once a line has been typed. */
  readonly answered?: readonly string[];
  readonly children?: readonly ChildBehaviour[];
  /** Exit when all children are ready. */
  readonly leave?: boolean;
}

/** One line of `started.jsonl`. `startTime` as in proc_pid_stat(5), field 22. */
export interface StartedPart {
  readonly part: string;
  readonly pid: number;
  readonly startTime: number;
  readonly port: number | null;
}
