// What is found of a tmux server that does not answer, by what its socket says.
import type {SocketAnswer} from '../../../core/os/host.ts';
import type {Condition, Sighting} from '../tmux-sighting.ts';

export type ServerFinding = Omit<Sighting, 'tookMs' | 'lastPid' | 'ageMs'>;

export interface SocketPlace {
  readonly name: string;
  readonly socket: string;
}

/** A server without sessions to show, and why. */
export const findingOf = ({name, socket}: SocketPlace, condition: Condition, because: string, hint?: string): ServerFinding => ({
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

/** What an in-process connect proves. Null when somebody accepted: then tmux is asked. `listening`: whether somebody listens on this path. */
export const judgeAnswer = (answer: SocketAnswer, place: SocketPlace, listening: boolean | null): ServerFinding | null => {
  switch (answer) {
    case 'accepted':
      return null;
    case 'refused':
      return listening
        ? findingOf(place, 'cut-off', 'a server listens on this path, but the socket file there is not its own')
        : findingOf(place, 'gone', 'nobody listens on its socket');
    case 'missing':
      return listening
        ? findingOf(place, 'cut-off', 'a server lives, but its socket file was removed')
        : findingOf(place, 'gone', 'it has no socket');
    case 'denied':
      return findingOf(place, 'failed', 'permission to connect to its socket was denied');
    case 'timeout':
      return findingOf(place, 'hung', 'its socket accepts no connection: the backlog is full');
    case 'other':
      return findingOf(place, 'failed', 'its socket could not be connected to');
  }
};
