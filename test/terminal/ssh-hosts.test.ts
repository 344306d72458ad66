// rigtop watch HOST against a real sshd: what is seen, what is said when it cannot be, and that nothing from there acts on the terminal.
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import type {PrivateTmux} from '../support/private-tmux.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {type SshServer, startSshServer} from '../support/ssh-server.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';

const scope = createScope();
afterEach(scope.close);

/** `rigtop watch` that sees no tmux server of this machine. */
const watch = async (server: SshServer, ...hosts: readonly string[]): Promise<Terminal> =>
  openTerminal(scope, {
    command: [process.execPath, await builtBinary(), 'watch', ...hosts],
    env: {
      PATH: `${server.bin}:${process.env.PATH}`,
      TMUX: null,
      TMUX_PANE: null,
      TMUX_TMPDIR: await scope.tempDir(),
      HOME: server.directory,
    },
  });

/** The other machine: a tmux server with a session. */
const otherMachine = async (): Promise<{readonly tmux: PrivateTmux; readonly server: SshServer}> => {
  const tmux = await privateTmux(scope, {name: 'fleet'});
  await tmux.newSession('build-it', {command: ['sleep', '600']});
  const server = await startSshServer(scope, {TMUX_TMPDIR: tmux.tmpdir, HOME: await scope.tempDir(), LANG: 'C.UTF-8'});
  return {tmux, server};
};

/** Go there, and look at its tmux server only: other processes of the machine under test are none of ours. */
const goThere = async (terminal: Terminal): Promise<void> => {
  await terminal.waitForText(/machine 1 of 2 /);
  await terminal.sendKeys('>');
  await terminal.waitForText(/machine 2 of 2 .*\[box /);
  await terminal.sendKeys('/');
  await terminal.type('server:fleet');
  await terminal.sendKeys('Enter');
};

test('sessions over there are shown, what happens there is seen, and nothing there is touched', async () => {
  const {tmux, server} = await otherMachine();
  const terminal = await watch(server, 'box');
  await goThere(terminal);
  await terminal.waitForText('build-it');
  expect(await terminal.capture()).toContain('[READ-ONLY]');
  await tmux.newSession('another-one', {command: ['sleep', '600']});
  await terminal.waitForText('another-one');
  await terminal.sendKeys('x');
  await terminal.waitForText(/x does nothing now: read-only/);
  await terminal.sendKeys('a');
  await terminal.waitForText(/a does nothing now: it is on box/);
  await terminal.sendKeys('c');
  await terminal.waitForText(/ssh -t box 'tmux -S \S+fleet attach-session -r -t/);
  await terminal.sendKeys('Escape', '<');
  await terminal.waitForText(/machine 1 of 2 .*\[here /);
  expect(await terminal.capture()).not.toContain('another-one');
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
  expect(await tmux.run('list-sessions', '-F', '#S')).toBe('another-one\nbuild-it');
});

test('a lost connection is UNKNOWN and not empty, and comes back by itself', async () => {
  const {server} = await otherMachine();
  const terminal = await watch(server, 'box');
  await goThere(terminal);
  await terminal.waitForText('build-it');
  await server.stop();
  await terminal.waitForText(/\[box UNKNOWN\]/);
  expect(await terminal.waitForText(/The last look failed: /)).toContain('build-it');
  await server.start();
  await terminal.waitForNoText(/\[box UNKNOWN\]/, {deadlineMs: 60_000});
  await terminal.waitForText('build-it');
});

test.each([
  ['no rigtop there', 'exit 127', /rigtop is not to be found there/],
  [
    'an old rigtop there',
    'echo "rigtop: unknown flag --follow: rigtop snapshot --help lists its flags" >&2; exit 2',
    /too old to be watched/,
  ],
  ['a rigtop of another kind', `echo '{"schema":"rigtop/snapshot@9"}'; exec sleep 60`, /cannot read: a rigtop\/snapshot@9/],
  ['a rigtop that dies', 'echo "cannot allocate memory" >&2; exit 7', /ended with status 7: cannot allocate memory/],
  [
    'control characters',
    String.raw`printf 'bad \033[2J\033]0;title\007 news\n' >&2; exit 7`,
    /ended with status 7: bad \\u\{1b\}\[2J\\u\{1b\}\]0;title\\u\{7\} news/,
  ],
  ['a line without an end', 'exec tr "\\\\0" "{" </dev/zero', /too long to be a look/],
])('%s: the reason and a cure, as a finding', async (_, script, reason) => {
  const {server} = await otherMachine();
  await server.install('rigtop', script);
  const terminal = await watch(server, 'box');
  await goThere(terminal);
  await terminal.sendKeys('Escape', '4');
  await terminal.waitForText(/\[box (UNKNOWN|BLIND)/);
  await terminal.sendKeys('d');
  const shown = await terminal.waitForText(/could not be observed/);
  expect(shown.replaceAll(/\s*[│|]\s*/g, ' ').replaceAll(/\s+/g, ' ')).toMatch(reason);
});

test('a key that is not taken is not tried again by itself', async () => {
  const {server} = await otherMachine();
  await writeFile(join(server.directory, 'authorized_keys'), '');
  const terminal = await watch(server, 'box');
  await terminal.waitForText(/box UNKNOWN/);
  await terminal.sendKeys('>');
  await terminal.waitForText(/Permission denied/);
});

test('what would be an option of ssh is refused, and so are hosts without a terminal', async () => {
  const {server} = await otherMachine();
  const refused = await watch(server, '--', '-oProxyCommand=touch /tmp/owned');
  expect(await refused.exitCode()).toBe(2);
  expect(await refused.output()).toContain('a machine cannot begin with a dash');
  const report = await watch(server, 'box', '--json');
  expect(await report.exitCode()).toBe(2);
});
