// One tmux server, look after look: asked once per look, left alone for a while when it hangs, its unchanged sessions kept as they were.

import type {Server, Session} from '../../../core/domain/multiplexer.ts';
import type {Host, SocketAnswer} from '../../../core/os/host.ts';
import {createStillness} from '../../../core/os/stillness.ts';
import {distrustSocket} from '../../../core/os/tmux-door.ts';
import {listPanesArguments, parseListing, type TmuxListing} from '../tmux-format.ts';
import type {Condition, Sighting} from '../tmux-sighting.ts';
import {readTmuxTrouble, saysNoSessions} from '../tmux-trouble.ts';
import {createEnvironments} from './tmux-environments.ts';

/** A server that hung is asked again with this much patience at first, twice as much each time … */
const RETRY_PATIENCE_MS = 250;
/** … and not before this many times that patience has passed: waiting for it costs at most a tenth of the time. */
const RETRY_REST = 10;
const MOST_PATIENCE_MS = 2000;
export interface LookOptions {
  readonly name: string;
  readonly timeoutMs: number;
  /** Whether its socket file was seen; null when nobody looked. */
  readonly present: boolean | null;
  /** Whether somebody listens on this path; null where the system does not tell. */
  readonly listening: boolean | null;
  /** Ask, whatever has not run. */
  readonly whole: boolean;
}

type Finding = Omit<Sighting, 'tookMs' | 'lastPid' | 'ageMs'>;

const sameSession = (a: Session, b: Session): boolean => JSON.stringify({...a, env: null}) === JSON.stringify({...b, env: null});
/** `share` keeps a session that says the same. */
const sameSessions = (a: readonly Session[], b: readonly Session[]): boolean =>
  a.length === b.length && a.every((session, index) => session === b[index]);
const sameMarkers = (a: Session['env'], b: Session['env']): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const findingOf = (socket: string, name: string, condition: Condition, because: string, hint?: string): Finding => ({
  server: {
    kind: 'tmux',
    name,
    socket,
    state: condition === 'gone' ? 'absent' : 'unknown',
    because,
    pid: null,
    version: null,
    sessions: [],
  },
  condition,
  ...(hint === undefined ? {} : {hint}),
});

/** What an in-process connect proves. Null when somebody accepted: then tmux is asked. */
const judgeAnswer = (socket: string, answer: SocketAnswer, {name, listening}: LookOptions): Finding | null => {
  const finding = (condition: Condition, because: string): Finding => findingOf(socket, name, condition, because);
  switch (answer) {
    case 'accepted':
      return null;
    case 'refused':
      return listening
        ? finding('cut-off', 'a server listens on this path, but the socket file there is not its own')
        : finding('gone', 'nobody listens on its socket');
    case 'missing':
      return listening ? finding('cut-off', 'a server lives, but its socket file was removed') : finding('gone', 'it has no socket');
    case 'denied':
      return finding('failed', 'permission to connect to its socket was denied');
    case 'timeout':
      return finding('hung', 'its socket accepts no connection: the backlog is full');
    case 'other':
      return finding('failed', 'its socket could not be connected to');
  }
};

export const createServerCollector = (host: Host, socket: string, nonce: string, needsEnvironment: (session: Session) => boolean) => {
  let kept: ReadonlyMap<string, Session> = new Map();
  let lastPid: number | null = null;
  let answered = false;
  let refused = false;
  let hung: {readonly patienceMs: number; readonly again: number; readonly because: string} | null = null;
  const environments = createEnvironments(host, socket, nonce, needsEnvironment);
  const finding = (name: string, condition: Condition, because: string, hint?: string): Finding =>
    findingOf(socket, name, condition, because, hint);
  const judge = (answer: SocketAnswer, options: LookOptions): Finding | null => judgeAnswer(socket, answer, options);
  const still = createStillness<Finding>((a, b) => sameSessions(a.server.sessions, b.server.sessions));

  /** Of the server that answered last, and of the file it is reached by: another server takes the path over by another file. */
  const readPulse = async (): Promise<{readonly own: string | null; readonly all: string | null}> => {
    const own = lastPid === null ? null : (host.pulses?.read(lastPid) ?? null);
    const file = own === null ? null : await host.files.inspect(socket);
    return {own, all: file?.state === 'ok' ? `${lastPid} ${own} ${file.value.device}:${file.value.inode}` : null};
  };

  const share = (session: Session): Session => {
    const old = kept.get(session.id);
    const env = environments.of(session);
    if (old === undefined || !sameSession(old, session)) {
      return {...session, env};
    }
    return sameMarkers(old.env, env) ? old : {...old, env};
  };

  const accept = async (name: string, listing: TmuxListing, timeoutMs: number): Promise<Finding> => {
    await environments.refresh(listing.sessions, timeoutMs);
    const sessions = listing.sessions.map(share);
    kept = new Map(sessions.map(session => [session.id, session]));
    lastPid = listing.pid;
    const server: Server = {
      kind: 'tmux',
      name,
      socket,
      state: 'ok',
      because: 'it answered',
      pid: listing.pid,
      version: listing.version,
      sessions,
    };
    return {server, condition: 'answers'};
  };

  const ask = async (options: LookOptions): Promise<Finding> => {
    const {name} = options;
    const started = host.monotonicMs();
    const timeoutMs = hung === null ? options.timeoutMs : Math.min(options.timeoutMs, hung.patienceMs);
    const left = (): number => Math.max(1, started + timeoutMs - host.monotonicMs());
    if (!answered) {
      const early = judge(await host.probeSocket(socket, timeoutMs), options);
      if (early !== null) {
        return early;
      }
    }
    const result = await host.run('tmux', listPanesArguments(socket, nonce), {timeoutMs: left()});
    if (result.trouble === null && (result.exitCode === 0 || saysNoSessions(result))) {
      const listing = parseListing(result.stdout, nonce, socket, name);
      return listing === null ? finding(name, 'failed', 'its answer could not be understood') : accept(name, listing, left());
    }
    if (result.trouble === 'timeout') {
      return finding(name, 'hung', 'it did not answer in time');
    }
    const trouble = readTmuxTrouble(result);
    // Whatever the client said: the socket itself has the last word on whether anybody is there.
    const proven = result.trouble === null ? judge(await host.probeSocket(socket, left()), options) : null;
    if (proven?.condition === 'gone' || proven?.condition === 'cut-off') {
      return proven;
    }
    return finding(
      name,
      'failed',
      trouble.verdict === 'absent' ? `tmux says ${trouble.because}, but its socket accepts connections` : trouble.because,
      trouble.hint,
    );
  };

  /** One look. Never throws for what the server does. */
  const look = async (options: LookOptions): Promise<Sighting> => {
    const started = host.monotonicMs();
    const sighting = (found: Finding): Sighting => ({...found, lastPid, tookMs: host.monotonicMs() - started});
    if (hung !== null && started < hung.again) {
      return sighting(finding(options.name, 'hung', hung.because));
    }
    const before = await readPulse();
    const unasked = options.whole ? null : still.holds(before.all, started);
    if (unasked?.value.server.name === options.name) {
      return {...sighting(unasked.value), ageMs: started - unasked.at};
    }
    // A dead socket file stays dead until somebody listens on its path, and that is seen without touching it.
    if (refused && options.present === true && options.listening === false) {
      return sighting(finding(options.name, 'gone', 'nobody listens on its socket'));
    }
    const closed = await distrustSocket(host, socket);
    if (closed !== null) {
      answered = false;
      kept = new Map();
      still.forget();
      return sighting(finding(options.name, 'failed', closed));
    }
    const found = await ask(options);
    answered = found.condition === 'answers';
    refused = found.condition === 'gone';
    if (answered) {
      host.pulses?.excuse(found.server.pid ?? -1, before.own);
      still.note(found, before.all, (await readPulse()).all, host.monotonicMs());
    } else {
      kept = new Map();
      still.forget();
    }
    if (found.condition === 'hung') {
      const patienceMs = hung === null ? RETRY_PATIENCE_MS : Math.min(hung.patienceMs * 2, MOST_PATIENCE_MS);
      hung = {patienceMs, again: host.monotonicMs() + patienceMs * RETRY_REST, because: found.server.because};
    } else {
      hung = null;
    }
    return sighting(found);
  };

  return {look};
};

export type ServerCollector = ReturnType<typeof createServerCollector>;
