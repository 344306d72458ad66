// What looks left over and has somebody who lives: whose environment it is, who else came from that pane, who sits there now.
import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {SlotRepo} from '../../../src/core/domain/repo.ts';
import type {ConfiguredRig} from '../../../src/core/domain/settings.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {
  facts,
  inPane,
  type LookFacts,
  listener,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settled,
  verdicts,
} from '../../support/world.ts';

const GONE = inPane('%12');
const MARKED = {...GONE, CLAUDECODE: '1'};
const vite = (env: Readonly<Record<string, string>> = MARKED, more = {}): Process => process(5000, 1, 'vite', {env, ...more});

/** Verdicts about 5000, with what stands against being sure. */
const helper = (processes: readonly Process[], more: LookFacts = {}): readonly [readonly string[], string] => {
  const findings = settled(look({processes, ...more}));
  return [verdicts(findings, 'orphan-helper'), facts(ofKind(findings, 'orphan-helper')[0])];
};

describe('its pane is gone, and its agent is not', () => {
  const at9 = {tty: 'pts/9', env: GONE};

  test.each<[string, readonly Process[], string]>([
    ['screen', [process(4100, 1, ['SCREEN'], {comm: 'screen'}), process(4101, 4100, 'bash', at9), process(4102, 4101, 'claude', at9)], ''],
    ['dtach', [process(4100, 1, 'dtach -n /run/c.sock claude'), process(4102, 4100, 'claude', at9)], 'claude 4102'],
    ['a terminal window', [process(4100, 1, 'xterm', {env: GONE}), process(4102, 4100, 'claude', at9)], 'xterm 4100'],
    ['an editor’s window', [process(4100, 1, 'code', {env: GONE}), process(4102, 4100, 'claude', at9)], 'code 4100'],
    ['the background', [process(4102, 1, 'claude -p review', {env: GONE})], 'claude -p review 4102'],
    ['a scope of systemd', [process(4102, 500, 'codex exec fix', {env: GONE})], 'codex exec fix 4102'],
  ])('it lives on below %s: unknown, with its name', (_, owner, name) => {
    const [found, told] = helper([...owner, vite()]);
    expect(found).toEqual(['unknown process:5000']);
    expect(told).toContain(`its pane is gone, but what came from it lives on elsewhere and may have started it: ${name}`);
  });

  test('it gave its own pid, and lives in another pane now', () => {
    const servers = [server('default', [session('y', [pane('%3', 4000)])])];
    const claude = process(4000, 700, 'claude', {tty: 'pts/3', env: inPane('%3'), ageMs: 7_200_000});
    const [found, told] = helper([claude, vite({...MARKED, CLAUDE_PID: '4000'})], {servers});
    expect(found).toEqual(['unknown process:5000']);
    expect(told).toContain('the agent that started it lives: claude 4000 (CLAUDE_PID=4000)');
  });

  test('its conversation goes on in another pane', () => {
    const id = '11111111-2222-3333-4444-555555555555';
    const servers = [server('default', [session('y', [pane('%3', 4000)])])];
    const claude = process(4000, 700, `claude --resume ${id}`, {tty: 'pts/3', env: inPane('%3'), ageMs: 60_000});
    const [found, told] = helper([claude, vite({...MARKED, CLAUDE_CODE_SESSION_ID: id})], {servers});
    expect(found).toEqual(['unknown process:5000']);
    expect(told).toContain('the conversation that started it goes on in claude --resume');
    expect(helper([claude, vite({...MARKED, CLAUDE_CODE_SESSION_ID: id.replace('1', '9')})], {servers})[0]).toEqual(['sure process:5000']);
  });

  test('nobody: an agent that is left over itself, one that is younger, one of another pane, one that only shares a pid', () => {
    expect(helper([process(4102, 1, 'claude', {env: GONE}), vite()])[0]).toEqual(['sure process:5000']);
    const younger = process(4102, 890, 'claude', {tty: 'pts/90', sid: 890, env: GONE, ageMs: 60_000});
    expect(helper([younger, vite()])[0]).toEqual(['sure process:5000']);
    expect(helper([process(4102, 890, 'claude', {tty: 'pts/90', sid: 890, env: inPane('%13')}), vite()])[0]).toEqual(['sure process:5000']);
    expect(helper([{...younger, env: known({})}, vite({...MARKED, CLAUDE_PID: '4102'})])[0]).toEqual(['sure process:5000']);
  });

  test('a session that was given another name is the one that it speaks of', () => {
    const env = {GT_SESSION: 'gt-fury', GT_ROLE: 'shop/polecats/fury'};
    const servers = (marks: Readonly<Record<string, string>> | null) => [
      server('default', [session('mine', [pane('%1', 4000)], {env: marks})]),
    ];
    const claude = (marks = {}) => process(4000, 700, 'claude', {tty: 'pts/1', env: {...inPane('%1'), ...marks}});
    expect(helper([claude(), vite(env)], {servers: servers({GT_SESSION: 'gt-fury'})})[0]).toEqual([]);
    expect(helper([claude({GT_SESSION: 'gt-fury'}), vite(env)], {servers: servers(null)})[0]).toEqual([]);
    expect(helper([claude(), vite(env)], {servers: servers(null)})[0]).toEqual(['sure process:5000']);
  });
});

describe('a session whose agent was quit, and a person who goes on in it', () => {
  const quit = (...words: readonly string[]) => {
    const servers = [server('default', [session('x', [pane('%1', 4000, {startCommand: 'claude'})])])];
    return settled(look({servers, processes: [process(4000, 700, words, {tty: 'pts/1'})]}));
  };

  test.each([
    ['bash', '--rcfile', '/tmp/nix-shell-1/rc'],
    ['bash', '--init-file', '/x/shellIntegration-bash.sh'],
    ['bash', '-o', 'vi'],
    ['zsh', '-o', 'NO_BEEP'],
    ['fish', '-C', 'source x'],
    ['fish', '--init-command', 'set x'],
    ['nu', '--config', '/x/config.nu'],
    ['pwsh', '-NoExit', '-Command', 'x'],
    ['-ash'],
    ['rbash'],
    ['elvish'],
  ])('at a prompt: %s %s: unknown, and the shell is protected', (...words) => {
    expect(ofKind(quit(...words.filter(word => word !== undefined)), 'zombie-session')).toMatchObject([
      {certainty: 'unknown', remedies: [], protectedBy: {rule: 'shell'}},
    ]);
  });

  test.each([['less', 'notes'], ['htop'], ['lazygit'], ['man', 'tmux'], ['sudo', '-s'], ['fzf']])('before %s %s: unknown', (...words) => {
    expect(verdicts(quit(...words.filter(word => word !== undefined)), 'zombie-session')).toEqual(['unknown session:default/x']);
  });

  test.each([
    ['bash', '-c', 'read x'],
    ['sh', '/x/wait.sh'],
    ['bash', '--rcfile', '/x', '-c', 'read x'],
    ['fish', '-C', 'x', '/x/wait.fish'],
    ['sleep', 'infinity'],
    ['tail', '-f', '/dev/null'],
  ])('nobody is before %s %s: sure', (...words) => {
    expect(verdicts(quit(...words.filter(word => word !== undefined)), 'zombie-session')).toEqual(['sure session:default/x']);
  });
});

describe('a session that lost its place', () => {
  const removed = (...below: readonly Process[]) => {
    const servers = [server('default', [session('x', [pane('%1', 4000, {startCommand: 'claude'})])])];
    const head = process(4000, 700, ['sh', '-c', 'mybot; sleep 1'], {tty: 'pts/1', cwd: '/w/shop-1', cwdDeleted: true});
    return verdicts(settled(look({servers, processes: [head, ...below]})), 'orphan-session');
  };

  test('its directory, while a program works there that may be an agent, or shows one elsewhere', () => {
    expect(removed(process(4001, 4000, 'mybot --auto'))).toEqual(['unknown session:default/x']);
    expect(removed(process(4001, 4000, 'ssh box'))).toEqual(['unknown session:default/x']);
    expect(removed(process(4001, 4000, 'sleep 100'))).toEqual(['sure session:default/x']);
  });

  test('its slot, while an agent works in it', () => {
    const repo: SlotRepo = {
      tool: 'ecluse',
      name: 'shop',
      root: '/w/shop',
      realRoot: '/w/shop',
      provenance: 'named',
      config: known({mode: 'host', prefix: 'ecluse', maxSlots: 8, slotStride: 1, worktreeDir: '/w/shop-wt', services: [], faults: []}),
      sessions: known([]),
    };
    const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '2'};
    const seats = (panes = [pane('%1', 4000)]) => [server('default', [session('ecluse-feat-a', panes, {env})])];
    const facing = {repos: [repo], checkouts: {'/w/shop-wt/feat-a': '/w/shop'}};
    const web = process(4000, 700, ['sh', '-c', 'vite'], {tty: 'pts/1', cwd: '/w/shop-wt/feat-a', env});
    const claude = process(4100, 700, 'claude', {tty: 'pts/2', cwd: '/w/shop-wt/feat-a'});
    const of = (processes: readonly Process[], panes = [pane('%1', 4000)]) =>
      verdicts(settled(look({servers: seats(panes), processes, ...facing})), 'orphan-session');
    expect(of([web])).toEqual(['sure session:default/ecluse-feat-a']);
    expect(of([web, claude], [pane('%1', 4000), pane('%2', 4100)])).toEqual(['unknown session:default/ecluse-feat-a']);
  });
});

test('a session without its agent, whose server somebody works with', () => {
  const town = townRecord({rigs: {shop: {prefix: 'sh', polecats: ['fury'], crew: []}}});
  const env = {GT_ROLE: 'shop/polecats/fury', GT_RIG: 'shop', GT_ROOT: '/home/u/gt'};
  const facing: LookFacts = {
    towns: [town],
    servers: [server('gt-56fe62', [session('sh-fury', [pane('%1', 4000)], {env})])],
    processes: [
      process(4000, 700, '-bash', {tty: 'pts/1', cwd: '/home/u/gt/shop/polecats/fury/shop'}),
      process(4001, 4000, 'node /x/.bin/vite', {tty: 'pts/1', sid: 4000}),
      process(4500, 890, 'claude', {tty: 'pts/90', sid: 890}),
    ],
  };
  const zombies = (client: number) =>
    verdicts(settled(look({...facing, connections: [{server: 4001, client, how: 'port 5173'}]})), 'zombie-session');
  expect(zombies(4500)).toEqual(['unknown session:gt-56fe62/sh-fury']);
  expect(zombies(4000)).toEqual(['sure session:gt-56fe62/sh-fury']);
});

describe('meant to stay, or a person’s own', () => {
  const alone = (command: string, facts: Parameters<typeof process>[3] = {}, more: LookFacts = {}) =>
    helper([process(5000, 1, command, {env: MARKED, ...facts})], more)[0];

  test.each([
    'bazel(shop) --max_idle_secs=10800',
    'buck2d[shop] --isolation-dir v2',
    'pantsd',
    'flow server',
    'dotnet exec /usr/lib/sdk/VBCSCompiler.dll -pipename:ab12',
    'dotnet /usr/lib/sdk/MSBuild.dll /nodemode:1 /nodeReuse:true',
    'lspmux server',
    'process-compose up --detached',
    'ssh -fN -L 8080:localhost:80 box',
    'socat TCP-LISTEN:5000,fork TCP:box:5000',
    'cloud-sql-proxy shop',
    'gocryptfs /x /y',
    'node /x/mcp-server.js --transport http --port 8080',
    'serena-mcp-server --transport sse',
    'mcp-proxy --port=8096',
    '/opt/chrome/chrome --headless=new --remote-debugging-port=9222',
  ])('%s: never sure, though an agent’s marks are in its environment', command => {
    expect(alone(command).filter(verdict => verdict.startsWith('sure'))).toEqual([]);
  });

  test.each(['node /x/mcp-server.js --transport stdio', 'mcp-server-git --repository /w', 'node /x/.bin/vite --port 3102'])(
    '%s: talks to its starter alone, or is a dev server: sure',
    command => {
      expect(alone(command)).toEqual(['sure process:5000']);
    },
  );

  test('it left for / as daemons do', () => {
    expect(alone('/opt/x/hub', {cwd: '/'})).toEqual(['unknown process:5000']);
    expect(alone('/opt/x/hub', {cwd: '/', sid: 4999})).toEqual(['sure process:5000']);
    expect(alone('/opt/x/hub')).toEqual(['sure process:5000']);
  });

  test('a job in a rig that somebody declared: persons work there too', () => {
    const rig: ConfiguredRig = {name: 'shop', path: '/w/shop', session: null, slots: 1, slotStride: 1, services: []};
    const judged = (env: Readonly<Record<string, string>>) =>
      verdicts(settled(look({processes: [process(5000, 1, 'python3 train.py', {env, cwd: '/w/shop'})]}), {rigs: [rig]}), 'orphan-helper');
    expect(judged(GONE)).toEqual(['unknown process:5000']);
    expect(judged(MARKED)).toEqual(['sure process:5000']);
  });

  test('a job in a shell that was given its slot (direnv, a profile), and a server of that slot', () => {
    const env = {...GONE, ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '2'};
    expect(alone('python3 train.py', {env})).toEqual(['unknown process:5000']);
    expect(alone('node server.js', {env}, {listeners: [listener(3102, 5000)]})).toEqual(['sure process:5000']);
  });

  test('a dev server without any mark whose output somebody sent to a file', () => {
    const outputFiles = [{pid: 5000, path: '/home/u/dev.log'}];
    const [found, told] = helper([vite(GONE)], {outputFiles});
    expect(found).toEqual(['unknown process:5000']);
    expect(told).toContain('its output goes to /home/u/dev.log, and nothing says that an agent started it');
    expect(helper([vite(MARKED)], {outputFiles})[0]).toEqual(['sure process:5000']);
    expect(alone('mcp-server-git', {env: GONE}, {outputFiles})).toEqual(['sure process:5000']);
  });

  test('an agent without any mark whose output somebody sent to a file', () => {
    const outputFiles = [{pid: 5000, path: '/home/u/out.txt'}];
    const agent = (env: Readonly<Record<string, string>>, more: LookFacts = {}) =>
      verdicts(settled(look({processes: [process(5000, 1, 'claude', {env})], ...more})), 'orphan-process');
    expect(agent(GONE, {outputFiles})).toEqual(['unknown process:5000']);
    expect(agent(GONE)).toEqual(['sure process:5000']);
    expect(agent(MARKED, {outputFiles})).toEqual(['sure process:5000']);
  });

  test('a tunnel on a slot’s port is shown, and never offered for ending', () => {
    const service = {name: 'web', basePort: 3100, command: null};
    const rig: ConfiguredRig = {name: 'shop', path: '/w/shop', session: 'shop-{slot}', slots: 4, slotStride: 10, services: [service]};
    const tunnel = (port: number) => process(5000, 890, `ssh -L ${port}:localhost:80 box`, {tty: 'pts/90', sid: 890});
    const judged = (port: number) =>
      settled(
        look({
          servers: [server('default', [session('shop-1', [pane('%1', 4000, {windowName: 'web'})])])],
          processes: [process(4000, 700, 'bash', {tty: 'pts/1', cwd: '/w/shop'}), tunnel(port)],
          listeners: [listener(port, 5000)],
        }),
        {rigs: [rig]},
      );
    expect(ofKind(judged(3110), 'wrong-owner')).toMatchObject([{subject: 'slot:shop/1/web', remedies: []}]);
    expect(ofKind(judged(3120), 'stray-listener')).toMatchObject([{subject: 'slot:shop/2/web', remedies: []}]);
  });

  test('the daemon of a town that was started from an agent of another one', () => {
    const town = townRecord({rigs: {}});
    const daemon = (cwd: string) =>
      verdicts(
        settled(
          look({towns: [town], processes: [process(5000, 1, 'gt daemon run', {cwd, env: {GT_ROOT: '/home/u/gt', GT_ROLE: 'mayor'}})]}),
        ),
        'orphan-daemon',
      );
    expect(daemon('/home/u/other')).toEqual(['unknown process:5000']);
    expect(daemon('/home/u/gt')).toEqual(['sure process:5000']);
  });
});
