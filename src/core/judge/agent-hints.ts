// What each agent is doing: its own program’s record where there is one, else its screen. Pure.
import type {Agent} from '../domain/agent.ts';
import {oneLine} from '../domain/command-line.ts';
import type {Hint, ScreenReading} from '../domain/hint.ts';
import {sessionKey} from '../domain/multiplexer.ts';
import type {RecordedState} from '../domain/runtime-record.ts';
import {screenPane} from '../domain/screen-pane.ts';
import {isKnownByName} from '../domain/session-server.ts';
import type {Snapshot} from '../domain/snapshot.ts';

/** A pane in which an agent runs, and by which program. */
export interface AgentPane {
  readonly socket: string;
  readonly paneId: string;
  readonly runtime: string | null;
}

/** Socket in a `sessionKey`. */
const socketOf = (session: string): string => session.slice(0, session.indexOf('\u0000'));

/** The panes of agents that run, or have left one behind, on servers that answer and tell their panes by ids: what is worth reading. */
export const agentPanes = ({servers}: Snapshot, agents: readonly Agent[]): readonly AgentPane[] => {
  const answering = servers.filter(({state, socket}) => state === 'ok' && !isKnownByName(socket));
  const sessions = new Map(answering.flatMap(server => server.sessions.map(session => [sessionKey(session), session])));
  const sockets = new Set(answering.map(({socket}) => socket));
  return agents.flatMap(agent => {
    const {state, session, runtime} = agent;
    const socket = session === null ? '' : socketOf(session);
    const paneId = state === 'running' || state === 'zombie' ? screenPane(agent, sessions.get(session ?? '')) : undefined;
    return paneId !== undefined && sockets.has(socket) ? [{socket, paneId, runtime}] : [];
  });
};

/** The words that a record and a screen have in common. `shell`: at its prompt, and a command of its own still runs. */
const RECORDED: Readonly<Record<RecordedState, Hint['state']>> = {waiting: 'asks', busy: 'busy', shell: 'busy', idle: 'idle'};

const ownText = (state: RecordedState, question: string | null): string | null => {
  if (state === 'shell') {
    return 'at its prompt, a command of its own still runs';
  }
  return question === null ? null : oneLine(question);
};

/** A record says what state it is in; its words, what was finished, and whether work stands still are only on the screen. */
const recordedHint = ({record}: Agent, screen: ScreenReading | undefined): Hint | null => {
  if (record === undefined || record.state === null) {
    return null;
  }
  const state = RECORDED[record.state];
  const agrees = screen !== undefined && (screen.state === state || (state === 'idle' && screen.state === 'done'));
  if (state === 'busy' && screen?.state === 'stuck') {
    return {state: 'stuck', since: screen.since, text: screen.text, source: 'screen'};
  }
  return {
    state: agrees && screen.state === 'done' ? 'done' : state,
    since: record.stateSince,
    text: (agrees ? screen.text : null) ?? ownText(record.state, record.question),
    source: 'record',
  };
};

const screenHint = (screen: ScreenReading | undefined): Hint | null =>
  screen === undefined || screen.state === 'unknown'
    ? null
    : {state: screen.state, since: screen.since, text: screen.text === null ? null : oneLine(screen.text), source: 'screen'};

const hintOf = (agent: Agent, screen: ScreenReading | undefined): Hint | null =>
  agent.state === 'running' ? (recordedHint(agent, screen) ?? screenHint(screen)) : null;

const paneKey = ({session, pane}: Agent): string | null => (session === null || pane === undefined ? null : `${socketOf(session)} ${pane}`);

/** The agents, each with what it is doing as far as that is known. */
export const withHints = (agents: readonly Agent[], {screens = []}: Snapshot): readonly Agent[] => {
  const byPane = new Map(screens.map(screen => [`${screen.socket} ${screen.paneId}`, screen]));
  const seats = agents.map(paneKey);
  const taken = new Set<string>();
  const shared = new Set(seats.filter(seat => seat !== null && taken.size === taken.add(seat).size));
  return agents.map((agent, at) => {
    const seat = seats[at] ?? null;
    // One pane shows the screen of one program: of two agents in it, nobody can tell whose that is.
    const screen = seat === null || shared.has(seat) ? undefined : byPane.get(seat);
    const hint = hintOf(agent, screen);
    const {hint: _, ...rest} = agent;
    return hint === null ? rest : {...rest, hint};
  });
};
