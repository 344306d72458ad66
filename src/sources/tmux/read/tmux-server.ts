// One tmux server, look after look: asked once per look, left alone for a while when it hangs, its unchanged sessions kept as they were.

import type {Server, Session} from '../../../core/domain/multiplexer.ts';
import type {Host} from '../../../core/os/host.ts';
import {createStillness} from '../../../core/os/stillness.ts';
import {listPanesArguments, parseListing, type TmuxListing} from '../tmux-format.ts';
import type {Sighting} from '../tmux-sighting.ts';
import {readTmuxTrouble, saysNoSessions} from '../tmux-trouble.ts';
import {findingOf, judgeAnswer, type ServerFinding} from './socket-verdict.ts';
import {distrustSocket} from './tmux-door.ts';
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

const sameSession = (a: Session, b: Session): boolean => JSON.stringify({...a, env: null}) === JSON.stringify({...b, env: null});
/** `share` keeps a session that says the same. */
const sameSessions = (a: readonly Session[], b: readonly Session[]): boolean =>
  a.length === b.length && a.every((session, index) => session === b[index]);
const sameMarkers = (a: Session['env'], b: Session['env']): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** How a server that hangs is left alone: asked again after a while, with more patience each time. */
const createPatience = (now: () => number) => {
  let hung: {readonly patienceMs: number; readonly again: number; readonly because: string} | null = null;
  return {
    /** Why it is not asked now; null when it is. */
    resting: (): string | null => (hung !== null && now() < hung.again ? hung.because : null),
    limit: (timeoutMs: number): number => (hung === null ? timeoutMs : Math.min(timeoutMs, hung.patienceMs)),
    learn: ({condition, server}: ServerFinding): void => {
      if (condition !== 'hung') {
        hung = null;
        return;
      }
      const patienceMs = hung === null ? RETRY_PATIENCE_MS : Math.min(hung.patienceMs * 2, MOST_PATIENCE_MS);
      hung = {patienceMs, again: now() + patienceMs * RETRY_REST, because: server.because};
    },
  };
};

/** Sessions look after look: one that did not change stays the same object. */
const createSharing = () => {
  let kept: ReadonlyMap<string, Session> = new Map();
  const share = (session: Session, env: Session['env']): Session => {
    const old = kept.get(session.id);
    if (old === undefined || !sameSession(old, session)) {
      return {...session, env};
    }
    return sameMarkers(old.env, env) ? old : {...old, env};
  };
  return {
    share: (sessions: readonly Session[], envOf: (session: Session) => Session['env']): readonly Session[] => {
      const shared = sessions.map(session => share(session, envOf(session)));
      kept = new Map(shared.map(session => [session.id, session]));
      return shared;
    },
    forget: (): void => {
      kept = new Map();
    },
  };
};

interface Pulse {
  readonly own: string | null;
  readonly all: string | null;
}

/** Of the server that answered last, and of the file it is reached by: another server takes the path over by another file. */
const readPulse = async (host: Host, socket: string, pid: number | null): Promise<Pulse> => {
  const own = pid === null ? null : (host.pulses?.read(pid) ?? null);
  const file = own === null ? null : await host.files.inspect(socket);
  return {own, all: file?.state === 'ok' ? `${pid} ${own} ${file.value.device}:${file.value.inode}` : null};
};

interface Question {
  readonly name: string;
  readonly socket: string;
  readonly nonce: string;
  readonly listening: boolean | null;
}

/** Asks a server for its panes, or finds why it does not answer. `isKnown`: it answered last time, so its socket is not tried before. */
const askServer = async (
  host: Host,
  {name, socket, nonce, listening}: Question,
  isKnown: boolean,
  left: () => number,
): Promise<ServerFinding | TmuxListing> => {
  const place = {name, socket};
  if (!isKnown) {
    const early = judgeAnswer(await host.probeSocket(socket, left()), place, listening);
    if (early !== null) {
      return early;
    }
  }
  const result = await host.run('tmux', listPanesArguments(socket, nonce), {timeoutMs: left()});
  if (result.trouble === null && (result.exitCode === 0 || saysNoSessions(result))) {
    return parseListing(result.stdout, nonce, socket, name) ?? findingOf(place, 'failed', 'its answer could not be understood');
  }
  if (result.trouble === 'timeout') {
    return findingOf(place, 'hung', 'it did not answer in time');
  }
  const trouble = readTmuxTrouble(result);
  // Whatever the client said: the socket itself has the last word on whether anybody is there.
  const proven = result.trouble === null ? judgeAnswer(await host.probeSocket(socket, left()), place, listening) : null;
  if (proven?.condition === 'gone' || proven?.condition === 'cut-off') {
    return proven;
  }
  const because = trouble.verdict === 'absent' ? `tmux says ${trouble.because}, but its socket accepts connections` : trouble.because;
  return findingOf(place, 'failed', because, trouble.hint);
};

export const createServerCollector = (host: Host, socket: string, nonce: string, needsEnvironment: (session: Session) => boolean) => {
  let lastPid: number | null = null;
  let answered = false;
  let refused = false;
  const patience = createPatience(() => host.monotonicMs());
  const sharing = createSharing();
  const still = createStillness<ServerFinding>((a, b) => sameSessions(a.server.sessions, b.server.sessions));
  const environments = createEnvironments(host, socket, nonce, needsEnvironment);

  const forget = (): void => {
    sharing.forget();
    still.forget();
  };

  const accept = async (name: string, listing: TmuxListing, timeoutMs: number, isAtRest: boolean): Promise<ServerFinding> => {
    await environments.refresh(listing.sessions, timeoutMs, isAtRest);
    lastPid = listing.pid;
    const {pid, version} = listing;
    const sessions = sharing.share(listing.sessions, environments.of);
    const server: Server = {kind: 'tmux', name, socket, state: 'ok', because: 'it answered', pid, version, sessions};
    return {server, condition: 'answers'};
  };

  const ask = async ({name, listening, timeoutMs}: LookOptions, isAtRest: boolean): Promise<ServerFinding> => {
    const ends = host.monotonicMs() + patience.limit(timeoutMs);
    const left = (): number => Math.max(1, ends - host.monotonicMs());
    const told = await askServer(host, {name, socket, nonce, listening}, answered, left);
    return 'condition' in told ? told : accept(name, told, left(), isAtRest);
  };

  const askAndLearn = async (options: LookOptions, before: Pulse): Promise<ServerFinding> => {
    const found = await ask(options, still.isAtRest(before.all));
    answered = found.condition === 'answers';
    refused = found.condition === 'gone';
    if (answered) {
      await host.pulses?.excuse(found.server.pid ?? -1, before.own);
      still.note(found, before.all, (await readPulse(host, socket, lastPid)).all, host.monotonicMs());
    } else {
      forget();
    }
    patience.learn(found);
    return found;
  };

  const find = async (options: LookOptions): Promise<ServerFinding & Pick<Sighting, 'ageMs'>> => {
    const place = {name: options.name, socket};
    const resting = patience.resting();
    if (resting !== null) {
      return findingOf(place, 'hung', resting);
    }
    const now = host.monotonicMs();
    const before = await readPulse(host, socket, lastPid);
    const unasked = options.whole ? null : still.holds(before.all, now);
    if (unasked?.value.server.name === options.name) {
      return {...unasked.value, ageMs: now - unasked.at};
    }
    // A dead socket file stays dead until somebody listens on its path, and that is seen without touching it.
    if (refused && options.present === true && options.listening === false) {
      return findingOf(place, 'gone', 'nobody listens on its socket');
    }
    const closed = await distrustSocket(host, socket);
    if (closed !== null) {
      answered = false;
      forget();
      return findingOf(place, 'failed', closed);
    }
    return askAndLearn(options, before);
  };

  /** One look. Never throws for what the server does. */
  const look = async (options: LookOptions): Promise<Sighting> => {
    const started = host.monotonicMs();
    const found = await find(options);
    return {...found, lastPid, tookMs: host.monotonicMs() - started};
  };

  return {look};
};

export type ServerCollector = ReturnType<typeof createServerCollector>;
