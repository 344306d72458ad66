// What inherits the marks of an agent or a pane and yet is somebody's: services, databases, browsers, servers, other people's tmux.
import {describe, expect, test} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import {inPane, look, ofKind, pane, process, server, session, settings, settled, verdicts} from '../../support/world.ts';

const GONE = inPane('%12');
const MARKED = {...GONE, CLAUDECODE: '1', GT_ROLE: 'shop/polecats/fury'};

const sure = (processes: readonly Process[], more: Parameters<typeof look>[0] = {}): readonly string[] =>
  settled(look({processes, ...more}))
    .filter(finding => finding.certainty === 'sure')
    .map(finding => `${finding.kind} ${finding.subject}`);

describe('a unit of the user’s systemd, with the environment that somebody imported into the manager', () => {
  const unit = (pid: number) => ({...MARKED, SYSTEMD_EXEC_PID: String(pid)});

  test.each([['node bot.js'], ['vite --host'], ['mcp-server-git'], ['claude --continue']])('%s', command => {
    expect(sure([process(5000, 500, command, {env: unit(5000)})])).toEqual([]);
    expect(sure([process(5000, 500, 'sh -c x', {env: unit(5000)}), process(5001, 5000, command, {env: unit(5000)})])).toEqual([]);
  });

  test('whoever merely has an ancestor that was one is judged as always', () => {
    expect(sure([process(5000, 500, 'vite', {env: unit(4000)})])).toEqual(['orphan-helper process:5000']);
  });
});

describe('what serves more than the one who started it', () => {
  test.each([
    ['redis-server *:6379'],
    ['postgres -D data'],
    ['firefox'],
    ['/usr/lib/firefox/firefox -contentproc'],
    ['memcached -d'],
    ['nginx'],
    ['caddy run'],
    ['jupyter-lab'],
    ['evince doc.pdf'],
    ['code .'],
    ['ssh-agent -s'],
    ['/opt/google/chrome/chrome'],
    ['qemu-system-x86_64 -m 4G'],
    ['minio server /data'],
    ['libreoffice --writer'],
    ['ngrok http 80'],
    ['autossh -M 0 host'],
    ['kubectl port-forward svc/x 80'],
    ['dockerd-rootless.sh'],
    ['gunicorn --daemon app:app'],
    ['gunicorn -D app:app'],
    ['puma --daemon'],
    ['tmux new -d'],
    ['screen -dmS x'],
  ])('%s', command => {
    expect(sure([process(5000, 1, command, {env: MARKED})])).toEqual([]);
  });

  test('carried by a shell or a package runner', () => {
    const chain = [
      process(5000, 1, ['/bin/sh', '/usr/bin/mysqld_safe'], {env: MARKED}),
      process(5001, 5000, 'mysqld --datadir=/d', {env: MARKED}),
      process(5100, 1, 'npm run db', {env: MARKED}),
      process(5101, 5100, ['sh', '-c', 'postgres -D data'], {env: MARKED}),
      process(5102, 5101, 'postgres -D data', {env: MARKED}),
    ];
    expect(sure(chain)).toEqual([]);
  });
});

describe('a tmux server that an agent happened to start', () => {
  const env = {TMUX: '/tmp/tmux-1000/default,600,0', TMUX_PANE: '%3', CLAUDECODE: '1', GT_ROLE: 'shop/polecats/fury'};
  const inherited = {...inPane('%12'), CLAUDECODE: '1', GT_ROLE: 'shop/polecats/fury'};
  const started = process(700, 1, 'tmux new-session -d', {comm: 'tmux: server', env});

  test('gives its marks to everything in it: they say nothing', () => {
    expect(sure([started, process(5000, 1, 'node server.js', {env: inherited})])).toEqual([]);
    expect(sure([started, process(5000, 1, 'sleep 1000', {env: inherited})])).toEqual([]);
  });

  test('what has marks of its own there is an agent’s', () => {
    expect(sure([started, process(5000, 1, 'node server.js', {env: {...inherited, GT_ROLE: 'shop/polecats/other'}})])).toEqual([
      'orphan-helper process:5000',
    ]);
  });
});

describe('a session by name, without its server', () => {
  const env = {GT_SESSION: 'gt-fury', GT_ROLE: 'shop/polecats/fury'};

  test('a server that no socket led to may hold it', () => {
    const hidden = process(701, 1, 'tmux -L far new -d', {comm: 'tmux: server'});
    expect(sure([hidden, process(5000, 1, 'vite', {env})])).toEqual([]);
    expect(sure([hidden, process(5000, 1, 'claude', {env})])).toEqual([]);
  });

  test('a look at some servers only proves nothing about the others', () => {
    const only = settled(look({processes: [process(5000, 1, 'vite', {env})]}), {sockets: ['default']});
    expect(only.filter(finding => finding.certainty === 'sure')).toEqual([]);
  });

  test('a socket directory that could not be read', () => {
    const sources = [{source: 'tmux' as const, target: '/tmp/tmux-1000', state: 'unknown' as const, detail: 'EACCES', tookMs: 1}];
    expect(sure([process(5000, 1, 'vite', {env})], {sources})).toEqual([]);
  });

  test('a process table with holes', () => {
    expect(sure([process(5000, 1, 'vite', {env})], {processesComplete: false})).toEqual([]);
  });
});

describe('agent programs that serve', () => {
  test.each([['opencode serve --port 4096'], ['opencode web'], ['claude remote-control'], ['goose web'], ['gemini --experimental-acp']])(
    '%s may run without a pane on purpose',
    command => {
      expect(sure([process(5000, 1, command, {env: GONE})])).toEqual([]);
    },
  );
  test('others are left over', () => {
    expect(sure([process(5000, 1, 'claude serve the website', {env: GONE})])).toEqual([]);
    expect(sure([process(5000, 1, 'claude --continue', {env: GONE})])).toEqual(['orphan-process process:5000']);
  });
});

describe('panes that lead elsewhere', () => {
  test.each([
    ['ssh box -t claude'],
    ['mosh-client box'],
    ['docker exec -it x claude'],
    ['tmux -L other attach'],
    ['kubectl exec -it p -- claude'],
  ])('a session that an agent was started in, with %s in it, is no sure zombie', command => {
    const held = session('gt-fury', [pane('%1', 4001, {startCommand: `claude || ${command}`})]);
    const processes = [
      process(4001, 700, ['bash', '-c', command], {tty: 'pts/1', env: inPane('%1')}),
      process(4002, 4001, command, {tty: 'pts/1', env: inPane('%1')}),
    ];
    const findings = settled(look({processes, servers: [server('default', [held])]}));
    expect(verdicts(ofKind(findings, 'zombie-session'), 'zombie-session').filter(each => each.startsWith('sure'))).toEqual([]);
  });
});

test('an agent that an old shell has just started is too young to be an orphan', () => {
  const loop = process(5000, 1, ['sh', '/w/keep-going.sh'], {env: GONE});
  expect(sure([loop, process(5001, 5000, 'claude', {env: GONE, ageMs: 1_000})])).toEqual([]);
  expect(sure([loop, process(5001, 5000, 'claude', {env: GONE})])).toEqual(['orphan-process process:5001']);
});

test('the thresholds of these tests are the real ones', () => {
  expect(settings.confirmGapMs).toBe(500);
});
