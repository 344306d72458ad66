// The ownership markers of sessions' environments: one question for many sessions, and its answer. Pure.

/**
 * A client's whole command has to fit one message of 16 KiB (MAX_IMSGSIZE) and, from tmux 3.8 on, a thousand words: nine for each
 * session.
 */
export const SESSIONS_PER_QUESTION = 100;

/** `show-environment -s` of each session, a line with the nonce after each, all in one client. */
export const showEnvironmentArguments = (socket: string, nonce: string, sessionIds: readonly string[]): readonly string[] => [
  '-u',
  '-S',
  socket,
  ...sessionIds.flatMap(id => ['show-environment', '-s', '-t', id, ';', 'display-message', '-p', nonce, ';']).slice(0, -1),
];

/** `-s` prints shell commands: a value may hold newlines, but inside its quotes every quote is escaped. */
const ENTRY = /(?:unset [^\n;]*;|([^\n="]+)="((?:[^"\\]|\\.)*)"; export [^\n;]*;)\n/sy;

const parseEntries = (text: string, kept: ReadonlySet<string>): Readonly<Record<string, string>> | null => {
  const markers: Record<string, string> = {};
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < text.length) {
    const match = ENTRY.exec(text);
    if (match === null) {
      return null;
    }
    const [, name, value] = match;
    if (name !== undefined && value !== undefined && kept.has(name)) {
      markers[name] = value.replace(/\\(.)/gs, '$1');
    }
  }
  return markers;
};

/**
 * The variables that are `kept`, by session id, in the order asked. A session that vanished meanwhile ends the answer ("can't find session"): it and those
 * after it are missing from the map, as is one whose answer makes no sense.
 */
export const parseEnvironments = (
  stdout: string,
  nonce: string,
  {sessionIds, kept}: {readonly sessionIds: readonly string[]; readonly kept: ReadonlySet<string>},
): ReadonlyMap<string, Readonly<Record<string, string>>> => {
  const found = new Map<string, Readonly<Record<string, string>>>();
  const parts = stdout.split(`${nonce}\n`).slice(0, -1);
  parts.forEach((part, index) => {
    const markers = parseEntries(part, kept);
    const id = sessionIds[index];
    if (markers !== null && id !== undefined) {
      found.set(id, markers);
    }
  });
  return found;
};
