// Ten machines behind real sshd and three in namespaces of their own, in one table: each line is pulled in turn, and nothing is missing meanwhile.
import {execFileSync, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import {MARKER, markedProcesses, signalTo} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {startSshServer} from '../support/ssh-server.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

interface Line {
  readonly name: string;
  readonly pull: () => Promise<unknown>;
  readonly mend: () => Promise<unknown>;
}

const sshMachine = async (at: number): Promise<Line & {readonly config: string}> => {
  const name = `box${at}`;
  const tmux = await privateTmux(scope, {name});
  await tmux.newSession(`work-${name}`, {command: ['sleep', '600']});
  const {stop, start, config} = await startSshServer(scope, {TMUX_TMPDIR: tmux.tmpdir, HOME: await scope.tempDir(), LANG: 'C.UTF-8'}, name);
  return {name, pull: stop, mend: start, config};
};

/** A pid namespace with a tmux server in it, and a program that leads into it as long as its line is whole. */
const container = async (own: Scope, at: number): Promise<Line & {readonly via: readonly string[]}> => {
  const name = `pod${at}`;
  const directory = await own.tempDir();
  const marker = own.marker();
  const lines = own.marker();
  const [ready, broken, lead] = ['ready', 'broken', 'lead'].map(file => join(directory, file)) as [string, string, string];
  const env = {PATH: process.env.PATH ?? '', HOME: directory, TMUX_TMPDIR: directory, LANG: 'C.UTF-8', [MARKER]: marker};
  const inside = `tmux -L ${name} -f /dev/null new-session -d -s work-${name} sleep 600; : > ${ready}; exec sleep 600`;
  const child = spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', inside], {env, stdio: 'ignore'});
  own.add(async () => {
    child.kill('SIGKILL');
    await waitFor('the namespace to end', () => markedProcesses(marker).length === 0);
  });
  await waitFor('the namespace', () => existsSync(ready));
  const first = execFileSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], {encoding: 'utf8'}).trim();
  const rigtop = `${process.execPath} ${await builtBinary()}`;
  const set = `PATH=${env.PATH} HOME=${directory} TMUX_TMPDIR=${directory} LANG=C.UTF-8 ${MARKER}=${lines}`;
  await writeFile(
    lead,
    `#!/bin/sh\n[ -e ${broken} ] && { echo "no route to ${name}" >&2; exit 1; }\nshift\nexec env ${set} nsenter -t ${first} -p -m -- ${rigtop} "$@"\n`,
    {mode: 0o755},
  );
  return {
    name,
    via: [lead],
    pull: async () => {
      await writeFile(broken, '');
      for (const each of markedProcesses(lines)) {
        signalTo(each, 'SIGKILL');
      }
    },
    mend: () => rm(broken),
  };
};

const sessionRow = (name: string, words = ''): RegExp => new RegExp(`^.*${name} .*work-${name}\\b.*${words}`, 'm');

const expectAll = (screen: string, lines: readonly Line[]): void => {
  for (const {name} of lines) {
    expect(screen, name).toMatch(sessionRow(name));
  }
};

test('each line pulled in turn: its rows stay, greyed, with their age; none is missing; it is back within ten seconds of the line', {
  timeout: 600_000,
}, async () => {
  const boxes = await Promise.all(Array.from({length: 10}, (_, at) => sshMachine(at)));
  const pods = await Promise.all(Array.from({length: 3}, (_, at) => container(scope, at)));
  const lines: readonly Line[] = [...boxes, ...pods];
  const home = await scope.tempDir();
  const bin = join(home, 'bin');
  await mkdir(bin);
  await mkdir(join(home, '.config/rigtop'), {recursive: true});
  await writeFile(join(home, 'ssh_config'), boxes.map(({config}) => `Match all\nInclude ${config}\n`).join(''));
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${join(home, 'ssh_config')} "$@"\n`, {mode: 0o755});
  await writeFile(
    join(home, '.config/rigtop/config.toml'),
    [
      ...boxes.map(({name}) => `[[machines]]\nname = "${name}"\n`),
      ...pods.map(({name, via}) => `[[machines]]\nname = "${name}"\nvia = ${JSON.stringify(via)}\n`),
    ].join(''),
  );
  const terminal: Terminal = await openTerminal(scope, {
    command: [process.execPath, await builtBinary(), 'watch'],
    columns: 160,
    rows: 44,
    env: {PATH: `${bin}:${process.env.PATH}`, TMUX: null, TMUX_PANE: null, TMUX_TMPDIR: home, HOME: home},
  });
  await terminal.waitForText(/ 14 machines /, {deadlineMs: 60_000});
  await terminal.pressUntil('/', 'Enter keeps');
  await terminal.type('work-');
  await terminal.sendKeys('Enter', 'z');
  for (const {name} of lines) {
    await terminal.waitForText(sessionRow(name), {deadlineMs: 90_000});
  }
  expectAll(await terminal.capture(), lines);
  for (const {name, pull, mend} of lines) {
    await pull();
    await terminal.waitForText(sessionRow(name, 'seen \\d+[sm] ago'), {deadlineMs: 60_000});
    expectAll(await terminal.capture(), lines);
    await mend();
    await terminal.waitForNoText(sessionRow(name, 'seen \\d+[sm] ago'), {deadlineMs: 60_000});
    expectAll(await terminal.capture(), lines);
  }
});
