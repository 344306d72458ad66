// Companions that a gone agent or pane left behind, and those that are meant to stay.
import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {SlotRecord, SlotRepo} from '../../../src/core/domain/repo.ts';
import {
  facts,
  inPane,
  listener,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settled,
  silentServer,
  verdicts,
} from '../../support/world.ts';

const KIND = 'orphan-helper';
const GONE = inPane('%12');

const helpers = (processes: readonly Process[], more: Parameters<typeof look>[0] = {}): readonly string[] =>
  verdicts(settled(look({processes, ...more})), KIND);

describe('left behind', () => {
  test('a dev server of a whole tree: sh → pnpm → node → vite, by its root, with its port', () => {
    const tree = [
      process(5000, 1, ['sh', '-c', 'pnpm dev'], {env: GONE}),
      process(5001, 5000, 'node /usr/bin/pnpm dev', {env: GONE}),
      process(5002, 5001, 'node /w/shop/node_modules/.bin/vite --port 3102', {env: GONE}),
    ];
    const findings = ofKind(settled(look({processes: tree, listeners: [listener(3102, 5002)]})), KIND);
    expect(findings).toMatchObject([{certainty: 'sure', subject: 'process:5000', holds: [3102], remedies: ['kill']}]);
    expect(findings[0]?.processes.map(each => each.pid)).toEqual([5000, 5001, 5002]);
    expect(facts(findings[0])).toContain('the server of its pane answered and has no %12');
  });

  test.each([
    ['MCP server', 'node /home/u/.npm/_npx/1/node_modules/.bin/mcp-server-filesystem /w'],
    ['language server', 'node /x/node_modules/.bin/typescript-language-server --stdio'],
    ['language server', 'gopls'],
    ['language server', 'node /x/pyright-langserver.js --stdio'],
    ['MCP server', 'claude mcp serve'],
    ['MCP server', 'uvx mcp-server-git'],
    ['dev server', 'next-server'],
    ['dev server', 'python3 -m http.server 8000'],
    ['dev server', 'php -S localhost:8000'],
    ['dev server', 'node /usr/bin/npm run dev'],
    ['test runner', 'node /w/node_modules/.bin/vitest --watch'],
    ['test runner', 'python3 -m pytest'],
    ['browser', '/opt/chrome/chrome --headless=new --remote-debugging-port=0'],
  ])('%s: %s', (kind, command) => {
    const findings = ofKind(settled(look({processes: [process(5000, 500, command, {env: GONE})]})), KIND);
    expect(findings).toMatchObject([{certainty: 'sure', subject: 'process:5000'}]);
    expect(findings[0]?.title).toContain(kind);
  });

  test('anything that an agent marked', () => {
    expect(helpers([process(5000, 1, 'node server.js', {env: {...GONE, CLAUDECODE: '1'}})])).toEqual(['sure process:5000']);
    expect(helpers([process(5000, 1, 'sleep 1000', {env: {...GONE, GT_ROLE: 'shop/polecats/fury'}})])).toEqual(['sure process:5000']);
  });

  test('by the session it names, without a pane', () => {
    const env = {GT_SESSION: 'gt-fury', GT_ROLE: 'shop/polecats/fury'};
    expect(helpers([process(5000, 1, 'vite', {env})])).toEqual(['sure process:5000']);
    expect(helpers([process(5000, 1, 'vite', {env})], {servers: [server('default', []), silentServer('work')]})).toEqual([
      'unknown process:5000',
    ]);
    const alive = [server('default', [session('gt-fury', [pane('%1', 4000)])])];
    expect(helpers([process(5000, 1, 'vite', {env}), process(4000, 700, 'claude', {tty: 'pts/1'})], {servers: alive})).toEqual([]);
  });

  test('with a silent server: unknown, with the reason', () => {
    const findings = ofKind(
      settled(look({processes: [process(5000, 1, 'vite', {env: inPane('%1', 700, 'work')})], servers: [silentServer('work')]})),
      KIND,
    );
    expect(findings).toMatchObject([{certainty: 'unknown', remedies: []}]);
    expect(facts(findings[0])).toContain('tmux work, which it was started in, did not answer');
  });
});

describe('left alone', () => {
  test('a stranger of a closed pane: a person may have sent it to the background', () => {
    expect(helpers([process(5000, 1, 'python3 train.py', {env: GONE})])).toEqual([]);
    expect(helpers([process(5000, 1, 'node server.js', {env: GONE})], {listeners: [listener(8080, 5000)]})).toEqual([
      'unknown process:5000',
    ]);
  });

  test('programs that belong into the background, whatever they were started from', () => {
    for (const command of [
      'gpg-agent --daemon',
      'ssh-agent -s',
      'postgres -D /x',
      'dolt sql-server',
      'gt daemon run',
      'watchman',
      'emacs --daemon',
    ]) {
      expect(helpers([process(5000, 1, command, {env: {...GONE, GT_ROLE: 'mayor', CLAUDECODE: '1'}})]), command).toEqual([]);
    }
  });

  test('a browser window that an agent opened; a headless one is driven and counts', () => {
    const marked = {env: {...GONE, CLAUDECODE: '1'}};
    expect(helpers([process(5000, 1, '/usr/lib/firefox/firefox', marked)])).toEqual([]);
    expect(helpers([process(5000, 1, '/opt/chrome/chrome --headless', marked)])).toEqual(['sure process:5000']);
  });

  test('below a program that supervises it; a launcher is no supervisor', () => {
    const below = process(5001, 5000, 'vite', {env: GONE});
    expect(helpers([process(5000, 1, 'python3 supervise.py', {env: GONE}), below])).toEqual([]);
    expect(helpers([process(5000, 1, 'make dev', {env: GONE}), below])).toEqual(['sure process:5000']);
    expect(helpers([process(5000, 1, 'node /x/.bin/concurrently a b', {env: GONE}), below])).toEqual(['sure process:5000']);
  });

  test('without any mark of its origin', () => {
    expect(helpers([process(5000, 1, 'vite', {env: {}})])).toEqual([]);
  });

  test('below a live agent, in a live pane, below an editor', () => {
    const servers = [server('default', [session('x', [pane('%1', 4000)])])];
    const agent = process(4000, 700, 'claude', {tty: 'pts/1', env: inPane('%1')});
    expect(helpers([agent, process(5000, 4000, 'vite', {env: GONE})], {servers})).toEqual([]);
    expect(helpers([process(4001, 1, 'code'), process(5000, 4001, 'vite', {env: GONE})])).toEqual([]);
  });

  test('its pane lives on', () => {
    const servers = [server('default', [session('x', [pane('%1', 4000)])])];
    const shell = process(4000, 700, 'bash', {tty: 'pts/1', ageMs: 7_200_000});
    expect(helpers([shell, process(5000, 1, 'vite', {env: inPane('%1')})], {servers})).toEqual([]);
  });

  test('below an orphaned agent: that one is the finding', () => {
    const findings = settled(
      look({processes: [process(4388, 1, 'claude', {env: GONE}), process(5000, 4388, 'mcp-server-git', {env: GONE})]}),
    );
    expect(findings.map(each => each.kind)).toEqual(['orphan-process']);
    expect(findings[0]?.processes.map(each => each.pid)).toEqual([4388, 5000]);
  });
});

describe('services of slots', () => {
  const slot: SlotRecord = {
    slug: 'feat-a',
    slot: 2,
    mode: 'host',
    branch: 'feat-a',
    worktreePath: '/w/shop-wt/feat-a',
    worktreeRealPath: '/w/shop-wt/feat-a',
    worktreeExists: known(true),
    status: 'active',
    pending: null,
    composeProject: null,
    portOverrides: {},
    processManager: 'nohup',
    tmuxSession: null,
    servicesSubset: null,
    startedAt: null,
    pidFiles: known([{path: '/w/shop/.ecluse/pids/web.pid', service: 'web', pid: 5000, startToken: null}]),
  };
  const repo = (sessions: readonly SlotRecord[]): SlotRepo => ({
    tool: 'ecluse',
    name: 'shop',
    root: '/w/shop',
    realRoot: '/w/shop',
    provenance: 'named',
    config: known({mode: 'host', prefix: 'ecluse', maxSlots: 8, slotStride: 1, worktreeDir: '/w/shop-wt', services: [], faults: []}),
    sessions: known(sessions),
  });
  const web = process(5000, 1, ['sh', '-c', 'vite'], {env: {...GONE, ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '2'}, cwd: '/w/shop-wt/feat-a'});
  const nohup = process(5000, 1, 'vite', {env: {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '2'}, cwd: '/w/shop-wt/feat-a'});

  test('started on purpose without a terminal, and recorded: nobody’s orphan, though the pane of `up` is gone', () => {
    expect(helpers([web], {repos: [repo([slot])]})).toEqual([]);
  });

  test('of a slot that its own record does not know any more', () => {
    const checkouts = {'/w/shop-wt/feat-a': '/w/shop'};
    expect(helpers([nohup], {repos: [repo([])], checkouts})).toEqual(['sure process:5000']);
    expect(helpers([nohup], {repos: [repo([{...slot, status: 'stopped'}])], checkouts})).toEqual(['sure process:5000']);
  });

  test('while the record cannot be read', () => {
    expect(helpers([nohup], {repos: [{...repo([]), sessions: {known: false, because: 'not JSON'}}]})).toEqual(['unknown process:5000']);
  });
});

describe('in a work tree that has been removed', () => {
  const inRepository = {
    servers: [server('default', [session('a', [pane('%1', 4001)])])],
    checkouts: {'/w/shop': '/w/shop'},
  };
  const claude = process(4001, 700, 'claude', {tty: 'pts/1', cwd: '/w/shop'});
  const left = (command: string, cwd = '/w/shop-feat/db', more = {}) =>
    ofKind(settled(look({processes: [claude, process(5000, 1, command, {cwd, cwdDeleted: true, ...more})], ...inRepository})), KIND);

  test.each([['postgres -D data'], ['redis-server *:6399'], ['gradle daemon'], ['sleep 100000'], ['node job.js'], ['mongod --fork']])(
    '%s is shown, and never sure',
    command => {
      const [found] = left(command);
      expect(found).toMatchObject({certainty: 'unknown', subject: 'process:5000', remedies: []});
      expect(facts(found)).toContain('/w/shop-feat/db has been removed');
    },
  );

  test('even where its pane is gone a database is not sure', () => {
    expect(left('redis-server *:6399', '/w/shop-feat', {env: GONE})).toMatchObject([{certainty: 'unknown'}]);
  });

  test.each([
    ['a desktop’s program', 'firefox', '/w/shop-feat'],
    ['a key agent', 'ssh-agent', '/w/shop-feat'],
    ['a directory far from every project', 'redis-server *:6399', '/tmp/x'],
    ['a home directory', 'node job.js', '/home/u/x'],
  ])('%s is not', (_, command, cwd) => {
    expect(left(command, cwd)).toEqual([]);
  });

  test('nor a database whose directory is there', () => {
    expect(left('redis-server *:6399', '/w/shop', {cwdDeleted: false})).toEqual([]);
  });
});

describe('a tool server that init has adopted at the terminal of a pane', () => {
  const shell = process(4000, 700, '-bash', {tty: 'pts/1', env: inPane('%1'), cwd: '/home/u/w/shop'});
  const tool = (command: string) => process(5000, 1, command, {tty: 'pts/1', sid: 4000, pgid: 4001, cwd: '/home/u/w/shop'});
  const seen = (processes: readonly Process[]) =>
    settled(
      look({
        processes,
        servers: [server('default', [session('typed', [pane('%1', 4000)])])],
        checkouts: {'/home/u/w/shop': '/home/u/w/shop'},
      }),
    )
      .filter(({kind}) => kind === 'orphan-helper')
      .map(({certainty, subject}) => `${certainty} ${subject}`);

  test('is unknown where no agent is in the pane, though its environment says nothing', () => {
    expect(seen([shell, tool('node /x/node_modules/.bin/mcp-server-everything')])).toEqual(['unknown process:5000']);
  });

  test('is never sure, whatever gone pane its environment names', () => {
    expect(seen([shell, {...tool('mcp-server-git'), env: {known: true, value: GONE}}])).toEqual(['unknown process:5000']);
  });

  test('is the agent’s while one lives there', () => {
    expect(seen([shell, tool('mcp-server-everything'), process(4100, 4000, 'claude', {tty: 'pts/1', sid: 4000})])).toEqual([]);
  });

  test('anything else at a person’s terminal is the person’s', () => {
    expect(seen([shell, tool('node node_modules/.bin/vite')])).toEqual([]);
    expect(seen([shell, tool('sleep 1000')])).toEqual([]);
  });
});
