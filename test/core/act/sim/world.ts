// A machine in memory whose time moves: processes that fork, ignore, stop, end and hand their pids on; tmux servers with hooks.
import type {ProcessId, ProcessState} from '../../../../src/core/domain/process.ts';

/** What a program does on SIGTERM. `slow` ends after a while, `forks` leaves a late child behind. */
export type Temper = 'meek' | 'slow' | 'deaf' | 'forks' | 'stuck';

export interface SimProcess extends ProcessId {
  ppid: number;
  pgid: number;
  sid: number;
  tty: string | null;
  state: ProcessState;
  readonly uid: number;
  readonly comm: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly temper: Temper;
  readonly hupDeaf: boolean;
  /** A parent that never waits: its children stay as defunct entries. */
  readonly careless: boolean;
  readonly bornMs: number;
  readonly ports: readonly number[];
  pending: boolean;
  /** Ground truth: who really forked it, whatever its parent is now. */
  readonly forkedBy: string | null;
}

export interface SimPane {
  readonly id: string;
  readonly windowId: string;
  readonly tty: string;
  pid: number;
  dead: boolean;
  remains: boolean;
  /** A `pane-died` hook starts the program again. */
  hook: boolean;
}

export interface SimSession {
  readonly id: string;
  readonly created: number;
  name: string;
  attached: number;
  readonly panes: SimPane[];
}

export interface SimServer {
  readonly socket: string;
  readonly name: string;
  readonly pid: number;
  alive: boolean;
  readonly sessions: SimSession[];
}

export const keyOf = ({pid, startTime}: ProcessId): string => `${pid}@${startTime}`;

export type Birth = Partial<Omit<SimProcess, 'pid' | 'startTime' | 'forkedBy' | 'pending' | 'bornMs'>> & {
  readonly ppid: number;
  readonly setsid?: boolean;
};

/** How long a slow program takes to end, and a respawn hook to start a program again; milliseconds. */
export const SLOW_MS = 300;
const RESPAWN_AFTER_MS = 40;

export class SimWorld {
  readonly processes = new Map<number, SimProcess>();
  readonly servers: SimServer[] = [];
  /** Every identity that ever was. */
  readonly history = new Map<string, SimProcess>();
  now = 1_000_000;
  private readonly events: {at: number; act: () => void}[] = [];
  private lastPid = 100;
  private starts = 5000;
  private readonly pidMax: number;

  /** `pidMax` is small, so that pids come round again soon. */
  constructor(pidMax = 400) {
    this.pidMax = pidMax;
  }

  /** The kernel never hands out a number that is still somebody's pid, group or session (pid allocation, kernel/pid.c). */
  private freePid(): number {
    const taken = new Set<number>();
    for (const process of this.processes.values()) {
      taken.add(process.pid).add(process.pgid).add(process.sid);
    }
    for (let tries = 0; tries < this.pidMax; tries += 1) {
      this.lastPid = this.lastPid >= this.pidMax ? 101 : this.lastPid + 1;
      if (!taken.has(this.lastPid)) {
        return this.lastPid;
      }
    }
    throw new Error('the simulated machine has no pid left');
  }

  at(delayMs: number, act: () => void): void {
    this.events.push({at: this.now + delayMs, act});
  }

  /** Let time pass; what is due happens in order. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const due = this.events.filter(event => event.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) {
        break;
      }
      this.events.splice(this.events.indexOf(due), 1);
      this.now = Math.max(this.now, due.at);
      due.act();
    }
    this.now = until;
  }

  add(birth: Birth, pid = this.freePid()): SimProcess {
    const parent = this.processes.get(birth.ppid);
    this.starts += 1;
    const process: SimProcess = {
      pid,
      startTime: this.starts,
      pgid: birth.setsid ? pid : (parent?.pgid ?? pid),
      sid: birth.setsid ? pid : (parent?.sid ?? pid),
      tty: birth.setsid ? null : (parent?.tty ?? null),
      state: 'S',
      uid: parent?.uid ?? 1000,
      comm: 'node',
      argv: ['node', 'server.js'],
      env: parent?.env ?? {},
      temper: 'meek',
      hupDeaf: false,
      careless: false,
      ports: [],
      pending: false,
      ...birth,
      ...(birth.pgid === undefined ? {} : {pgid: birth.pgid}),
      bornMs: this.now,
      forkedBy: parent === undefined ? null : keyOf(parent),
    };
    this.processes.set(pid, process);
    this.history.set(keyOf(process), process);
    return process;
  }

  fork(parentPid: number, birth: Partial<Birth> = {}): SimProcess | null {
    const parent = this.processes.get(parentPid);
    return parent === undefined || parent.state === 'Z' ? null : this.add({...birth, ppid: parentPid});
  }

  isAlive(id: ProcessId): boolean {
    const process = this.processes.get(id.pid);
    return process !== undefined && process.startTime === id.startTime && process.state !== 'Z';
  }

  /** The end of a process: children are adopted, the entry is cleared by the parent or stays defunct, its pane closes. */
  end(pid: number): void {
    const process = this.processes.get(pid);
    if (process === undefined || process.state === 'Z') {
      return;
    }
    const server = this.servers.find(each => each.alive && this.isBelow(pid, each.pid));
    for (const child of this.processes.values()) {
      if (child.ppid === pid) {
        child.ppid = server?.pid ?? 1;
        if (child.state === 'Z') {
          this.processes.delete(child.pid);
        }
      }
    }
    const parent = this.processes.get(process.ppid);
    const isMissed = parent?.careless === true && parent.state !== 'Z';
    if (isMissed) {
      process.state = 'Z';
    } else {
      this.processes.delete(pid);
    }
    if (process.sid === pid && process.tty !== null) {
      this.hangUp(process.sid, process.tty);
    }
    if (!(isMissed && this.servers.some(each => each.pid === process.ppid))) {
      this.closePaneOf(process);
    }
  }

  /** A server waits for its children that have ended: their panes close, and hooks run. */
  reap(server: SimServer): void {
    for (const child of [...this.processes.values()].filter(({ppid, state}) => ppid === server.pid && state === 'Z')) {
      this.processes.delete(child.pid);
      this.closePaneOf(child);
    }
  }

  private isBelow(pid: number, above: number): boolean {
    for (let at = this.processes.get(pid), steps = 0; at !== undefined && steps < 50; at = this.processes.get(at.ppid), steps += 1) {
      if (at.ppid === above) {
        return true;
      }
    }
    return false;
  }

  /** When a session leader ends, its terminal hangs up: everybody in it gets SIGHUP. */
  private hangUp(sid: number, tty: string): void {
    for (const process of [...this.processes.values()]) {
      if (process.sid === sid && process.tty === tty) {
        process.tty = null;
        if (!process.hupDeaf && process.temper !== 'stuck') {
          this.end(process.pid);
        }
      }
    }
  }

  private closePaneOf({pid}: SimProcess): void {
    for (const server of this.servers.filter(({alive}) => alive)) {
      for (const session of server.sessions) {
        const pane = session.panes.find(each => each.pid === pid && !each.dead);
        if (pane === undefined) {
          continue;
        }
        if (!pane.remains) {
          this.dropPane(server, pane.id);
          return;
        }
        pane.dead = true;
        if (pane.hook) {
          this.at(RESPAWN_AFTER_MS, () => this.respawn(server, pane));
        }
        return;
      }
    }
  }

  private respawn(server: SimServer, pane: SimPane): void {
    const isThere = server.alive && server.sessions.some(({panes}) => panes.includes(pane));
    if (isThere && pane.dead && pane.remains && pane.hook) {
      pane.dead = false;
      pane.pid = this.startPane(server, pane).pid;
    }
  }

  startPane(server: SimServer, pane: Pick<SimPane, 'id' | 'tty'>, birth: Partial<Birth> = {}): SimProcess {
    const process = this.add({
      ...birth,
      ppid: server.pid,
      setsid: true,
      env: {...birth.env, TMUX: `${server.socket},${server.pid},0`, TMUX_PANE: pane.id},
    });
    process.tty = pane.tty;
    return process;
  }

  dropPane(server: SimServer, paneId: string): void {
    for (const session of server.sessions) {
      const at = session.panes.findIndex(({id}) => id === paneId);
      if (at >= 0) {
        session.panes.splice(at, 1);
      }
    }
    this.tidy(server);
  }

  killSession(server: SimServer, session: SimSession): void {
    const heads = session.panes.filter(
      ({dead, id}) => !dead && !server.sessions.some(other => other !== session && other.panes.some(each => each.id === id)),
    );
    server.sessions.splice(server.sessions.indexOf(session), 1);
    for (const {pid, tty} of heads) {
      const head = this.processes.get(pid);
      if (head !== undefined && head.tty === tty) {
        this.hangUp(head.sid, tty);
      }
    }
    this.tidy(server);
  }

  private tidy(server: SimServer): void {
    for (const session of [...server.sessions].filter(({panes}) => panes.length === 0)) {
      server.sessions.splice(server.sessions.indexOf(session), 1);
    }
    if (server.sessions.length === 0 && server.alive) {
      server.alive = false;
      this.end(server.pid);
    }
  }

  /** kill(2) to one process. */
  deliver(process: SimProcess, signal: 'SIGTERM' | 'SIGKILL' | 'SIGCONT'): void {
    if (signal === 'SIGKILL') {
      if (process.temper !== 'stuck') {
        this.end(process.pid);
      }
      return;
    }
    if (signal === 'SIGCONT') {
      if (process.state === 'T') {
        process.state = 'S';
        if (process.pending) {
          process.pending = false;
          this.react(process);
        }
      }
      return;
    }
    if (process.state === 'T') {
      process.pending = true;
      return;
    }
    this.react(process);
  }

  private react(process: SimProcess): void {
    const id = {pid: process.pid, startTime: process.startTime};
    const endIfSame = (): void => {
      if (this.isAlive(id)) {
        this.end(id.pid);
      }
    };
    switch (process.temper) {
      case 'meek':
        this.end(process.pid);
        break;
      case 'slow':
        this.at(SLOW_MS, endIfSame);
        break;
      case 'forks':
        this.at(10, () => {
          if (this.isAlive(id)) {
            this.fork(id.pid, {setsid: id.startTime % 2 === 0});
          }
        });
        this.at(20, endIfSame);
        break;
      default:
        break;
    }
  }
}
