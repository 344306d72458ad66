// zellij and herdr as real programs on PATH, through the real host: exit codes, words on stderr, hangs, nonsense, refusals.
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {presenceOf} from '../../src/core/domain/multiplexer.ts';
import {createNamedReader} from '../../src/core/look/named-multiplexers/collect-named.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {herdrSessions} from '../../src/sources/herdr/read/herdr-sessions.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {zellijSessions} from '../../src/sources/zellij/read/zellij-sessions.ts';
import {createFakePrograms, type FakePrograms} from '../support/fake-multiplexers.ts';
import {createScope} from '../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const QUICK_MS = 700;
/** For programs that answer: bounds a failure on a busy machine, not a success. */
const PATIENT_MS = 15_000;
const NO_TABLE = Promise.resolve(null);

let programs: FakePrograms;
let host: Host;

const openHost = (env: Readonly<Record<string, string>> = {}): Host => {
  const opened = createHost({markers: MARKERS, env: {...process.env, PATH: programs.path, ...env}});
  scope.add(() => opened.close());
  return opened;
};

beforeEach(async () => {
  programs = await createFakePrograms(scope);
  host = openHost();
});

const lookAtBoth = async (timeoutMs: number, table: typeof NO_TABLE) => {
  const told = await Promise.all([zellijSessions, herdrSessions].map(one => createNamedReader(host, one).collect(timeoutMs, table)));
  return {servers: told.flatMap(({servers = []}) => servers), sources: told.flatMap(({sources}) => sources)};
};

const probe = async (kind: string, name: string, timeoutMs = PATIENT_MS) => {
  const {servers} = await lookAtBoth(timeoutMs, NO_TABLE);
  return presenceOf(
    servers.find(server => server.kind === kind),
    name,
  );
};

const ROWS =
  "echo 'work [Created 2h 3m ago] '; echo 'my notes [Created 1s ago] (current)'; echo 'old [Created 3days ago] (EXITED - attach to resurrect)'";

describe('zellij', () => {
  test.each([
    ['a row', ROWS, 'work', 'exists'],
    ['a name with a space', ROWS, 'my notes', 'exists'],
    ['the beginning of a name', ROWS, 'wor', 'missing'],
    ['an exited row', ROWS, 'old', 'missing'],
    ['a row of an early version', "echo 'work (current)'", 'work', 'exists'],
    ['its own words for none', "echo 'No active zellij sessions found.' >&2; exit 1", 'work', 'missing'],
    ['its own words for none, with success', "echo 'No active zellij sessions found.'", 'No', 'missing'],
    ['exit 1 without a word', 'exit 1', 'work', 'unknown'],
    ['exit 1 with other words', "echo 'error connecting to server (Connection refused)' >&2; exit 1", 'work', 'unknown'],
    ['exit 0 without a word', 'exit 0', 'work', 'unknown'],
    ['what a shell says of a missing program', 'exit 127', 'work', 'unknown'],
    ['what a shell says of a forbidden program', 'exit 126', 'work', 'unknown'],
    ['an end by SIGTERM', 'kill -TERM $$', 'work', 'unknown'],
    ['rows, and then a failure', `${ROWS}; exit 1`, 'work', 'unknown'],
  ])('%s', async (_, text, name, presence) => {
    await programs.put('zellij', text);
    expect(await probe('zellij', name)).toBe(presence);
  });

  test('hanging, deaf to SIGTERM: killed at the timeout, unknown', async () => {
    await programs.put('zellij', "trap '' TERM; sleep 30");
    expect(await probe('zellij', 'work', QUICK_MS)).toBe('unknown');
  });

  test('not executable: unknown, never missing', async () => {
    await programs.put('zellij', 'true', 0o600);
    const {sources} = await lookAtBoth(PATIENT_MS, NO_TABLE);
    expect(sources.every(({state}) => state === 'unknown')).toBe(true);
    expect(await probe('zellij', 'work')).toBe('unknown');
  });

  test('not installed: no server is claimed, its sessions are unknown', async () => {
    expect(await probe('zellij', 'work')).toBe('unknown');
  });

  test('asked from inside a session: it is not told of that session', async () => {
    host = openHost({
      ZELLIJ: '0',
      ZELLIJ_SESSION_NAME: 'here',
      ZELLIJ_PANE_ID: '3',
      ZELLIJ_SOCKET_DIR: '/tmp/z',
      TMUX: '/tmp/x,1,0',
      TMUX_PANE: '%1',
    });
    await programs.put('zellij', 'env | grep -E "^(ZELLIJ|TMUX)" | cut -d= -f1 | sort');
    const {servers} = await lookAtBoth(PATIENT_MS, NO_TABLE);
    expect(servers[0]?.sessions.map(({name}) => name)).toEqual(['ZELLIJ_SOCKET_DIR']);
  });
});

const herdr = (sessions: string, agents = 'exit 1'): string =>
  `case "$*" in "session list --json") ${sessions} ;; *" agent list") ${agents} ;; esac`;
const NO_AGENTS = 'echo \'{"result":{"agents":[]}}\'';
const LIVE = 'echo \'{"sessions":[{"name":"live","running":true},{"name":"off","running":false}]}\'';

describe('herdr', () => {
  test.each([
    ['a running row', herdr(LIVE, NO_AGENTS), 'live', 'exists'],
    ['another name', herdr(LIVE, NO_AGENTS), 'liv', 'missing'],
    ['a row that does not run', herdr(LIVE, NO_AGENTS), 'off', 'missing'],
    ['no sessions at all', herdr('echo \'{"result":{"sessions":[]}}\''), 'live', 'missing'],
    ['no output', herdr('true'), 'live', 'unknown'],
    ['output that is cut off', herdr('echo \'{"sessions":[{"na\''), 'live', 'unknown'],
    ['JSON of another form', herdr('echo \'{"sessions":{"live":true}}\''), 'live', 'unknown'],
    ['a failure', herdr('echo "no server" >&2; exit 1'), 'live', 'unknown'],
    ['agents that cannot be listed', herdr(LIVE, 'echo oops'), 'live', 'unknown'],
  ])('%s', async (_, text, name, presence) => {
    await programs.put('herdr', text);
    expect(await probe('herdr', name)).toBe(presence);
  });

  test('hanging at its second question: one deadline for both, unknown', async () => {
    await programs.put('herdr', herdr(LIVE, "trap '' TERM; sleep 30"));
    expect(await probe('herdr', 'live', QUICK_MS * 2)).toBe('unknown');
  });

  test('one that cannot be asked takes nothing from the other', async () => {
    await programs.put('herdr', herdr('exit 1'));
    await programs.put('zellij', ROWS);
    expect([await probe('herdr', 'live'), await probe('zellij', 'work')]).toEqual(['unknown', 'exists']);
  });
});
