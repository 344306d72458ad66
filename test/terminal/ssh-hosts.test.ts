// rigtop watch HOST against a real sshd: what is seen, what is said when it cannot be, and that nothing from there acts on the terminal.
import {existsSync, readFileSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
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

/** The screen of several machines, that sees no tmux server of this one. */
const openMachines = async (server: SshServer, ...argv: readonly string[]): Promise<Terminal> =>
  openTerminal(scope, {
    command: [process.execPath, await builtBinary(), ...argv],
    env: {
      PATH: `${server.bin}:${process.env.PATH}`,
      TMUX: null,
      TMUX_PANE: null,
      TMUX_TMPDIR: await scope.tempDir(),
      HOME: server.directory,
    },
  });

const watch = (server: SshServer, ...hosts: readonly string[]): Promise<Terminal> => openMachines(server, 'watch', ...hosts);

/** The other machine: a tmux server with a session. */
const otherMachine = async (): Promise<{readonly tmux: PrivateTmux; readonly server: SshServer & {readonly home: string}}> => {
  const tmux = await privateTmux(scope, {name: 'fleet'});
  await tmux.newSession('build-it', {command: ['sleep', '600']});
  const home = await scope.tempDir();
  const server = await startSshServer(scope, {TMUX_TMPDIR: tmux.tmpdir, HOME: home, LANG: 'C.UTF-8'});
  return {tmux, server: {...server, home}};
};

const journalOf = (home: string): string => {
  const file = join(home, '.local/state/rigtop/journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** Look at its tmux server only: other processes of the machine under test are none of ours. */
const filterTo = async (terminal: Terminal, filter: string): Promise<void> => {
  await terminal.waitForText(/ 2 machines /);
  await terminal.pressUntil('/', 'Enter keeps');
  await terminal.sendKeys('C-u');
  await terminal.type(filter);
  await terminal.sendKeys('Enter');
};

const goThere = (terminal: Terminal): Promise<void> => filterTo(terminal, 'machine:box server:fleet');

test('sessions over there are shown, what happens there is seen, and nothing there is touched', async () => {
  const {tmux, server} = await otherMachine();
  const terminal = await watch(server, 'box');
  await goThere(terminal);
  await terminal.waitForText(/box .* build-it/);
  expect(await terminal.capture()).toContain('[READ-ONLY]');
  await tmux.newSession('another-one', {command: ['sleep', '600']});
  await terminal.waitForText('another-one');
  await terminal.sendKeys('x');
  await terminal.waitForText(/x does nothing now: read-only/);
  await terminal.sendKeys('a');
  await terminal.waitForText(/a does nothing now: it is on box/);
  await terminal.sendKeys('c');
  await terminal.waitForText(/ssh -t -- box 'rigtop attach --read-only -- session:fleet\/[a-z-]+'/);
  await terminal.sendKeys('Escape');
  await filterTo(terminal, 'machine:here server:fleet');
  await terminal.waitForText(/Nothing matches/);
  expect(await terminal.capture()).not.toContain('another-one');
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
  expect(await tmux.run('list-sessions', '-F', '#S')).toBe('another-one\nbuild-it');
});

test('a lost connection is UNKNOWN and not empty, its rows stay with their age, and it comes back by itself', async () => {
  const {server} = await otherMachine();
  const terminal = await watch(server, 'box');
  await goThere(terminal);
  await terminal.waitForText(/box .* build-it/);
  await server.stop();
  await terminal.waitForText(/could not see box: /);
  expect(await terminal.waitForText(/build-it .*seen \d+s ago/)).toMatch(/UNKNOWN 1/);
  await server.start();
  await terminal.waitForNoText(/could not see box: /, {deadlineMs: 60_000});
  await terminal.waitForNoText(/seen \d+s ago/);
  await terminal.waitForText(/box .* build-it/);
});

test('what is stopped on another machine is stopped there: its plan, its question, its journal', async () => {
  const {tmux, server} = await otherMachine();
  await tmux.newSession('stays', {command: ['sleep', '600']});
  const terminal = await openMachines(server, 'fleet', 'box');
  await filterTo(terminal, 'machine:box build-it');
  await terminal.waitForText(/box .* build-it/);
  expect(await terminal.capture()).toContain('[READ-WRITE]');
  await terminal.sendKeys('3', 'x');
  await terminal.waitForText(/Will end\n {2}session:fleet\/build-it/, {deadlineMs: 60_000});
  await terminal.type('y');
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/box: done\. Enter goes back/, {deadlineMs: 60_000});
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/Nothing matches/, {deadlineMs: 60_000});
  expect(await tmux.run('list-sessions', '-F', '#S')).toBe('stays');
  expect(journalOf(server.home)).toContain('build-it');
  expect(journalOf(server.directory)).toBe('');
});

test('a rigtop over there that may not act, or is not there any more, says so, and the table comes back', async () => {
  const {tmux, server} = await otherMachine();
  const terminal = await openMachines(server, 'fleet', 'box');
  await filterTo(terminal, 'machine:box build-it');
  await terminal.waitForText(/box .* build-it/);
  await mkdir(join(server.home, '.config/rigtop'), {recursive: true});
  await writeFile(join(server.home, '.config/rigtop/config.toml'), 'read_only = true\n');
  await terminal.sendKeys('3', 'x');
  await terminal.waitForText(/box: refused there \(status 4\)\. Enter goes back/, {deadlineMs: 60_000});
  expect(await terminal.capture()).toMatch(/read-only/);
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/box .* build-it/);
  await server.install('rigtop', 'exit 127');
  // What comes right after a program had the terminal is not taken for a key.
  await terminal.pressUntil('x', 'box: rigtop is not to be found there');
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/box .* build-it/);
  expect(await tmux.run('list-sessions', '-F', '#S')).toBe('build-it');
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
])('%s: the reason and a cure, as a row', async (_, script, reason) => {
  const {server} = await otherMachine();
  await server.install('rigtop', script);
  const terminal = await watch(server, 'box');
  await filterTo(terminal, 'machine:box kind:blind-spot');
  await terminal.sendKeys('4');
  await terminal.waitForText(/box .*UNKNOWN .*machine box/);
  await terminal.sendKeys('d');
  const shown = await terminal.waitForText(/UNKNOWN: it cannot be seen/);
  expect(shown.replaceAll(/\s*[│|]\s*/g, ' ').replaceAll(/\s+/g, ' ')).toMatch(reason);
});

test('a key that is not taken is not tried again by itself', async () => {
  const {server} = await otherMachine();
  await writeFile(join(server.directory, 'authorized_keys'), '');
  const terminal = await watch(server, 'box');
  await terminal.waitForText(/could not see box: .*Permission denied/);
});

test('what would be an option of ssh is refused, and so are hosts without a terminal', async () => {
  const {server} = await otherMachine();
  const refused = await watch(server, '--', '-oProxyCommand=touch /tmp/owned');
  expect(await refused.exitCode()).toBe(2);
  expect(await refused.output()).toContain('a machine cannot begin with a dash');
  const report = await watch(server, 'box', '--json');
  expect(await report.exitCode()).toBe(2);
});
