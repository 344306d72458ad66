// A world in which every name that a stranger can choose tries to act on a terminal, driven through every command, stream and screen.
import {spawn} from 'node:child_process';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {createRigtop, type Ran, type Rigtop} from '../cli/rigtop.ts';
import {BINARY, builtBinary} from '../support/built.ts';
import {identify, signalTo} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {openTerminal} from '../support/terminal.ts';
import {startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';

/** A title set, a bracketed paste ended, C1, bidi, zero width, tags, a filler, and marks without end. */
const NASTY = `x\u001b]0;PWN\u0007\u001b[201~\u009b31m\u202ey\u200b\u00ad\ufeff\u{e0041}\u3164e${'\u0301'.repeat(30)}z`;
/** As a file system and TOML take it. */
const TOML_NASTY = JSON.stringify(NASTY).replaceAll('\u0000', '');

/** Whatever a terminal acts on, or nobody sees: none of it may be in any output. Lines end in \n alone. */
const ACTS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\u{e0000}-\u{e007f}]|\p{M}{6}/u;

const scope = createScope();
let rigtop: Rigtop;
let tmux: PrivateTmux;
let pid = 0;

beforeAll(builtBinary);
afterEach(scope.close);
beforeEach(async () => {
  tmux = await privateTmux(scope);
  rigtop = await createRigtop(scope, {tmpdir: tmux.tmpdir});
  const repo = join(rigtop.home, NASTY);
  mkdirSync(join(repo, '.git'), {recursive: true});
  mkdirSync(join(repo, '.ecluse'));
  writeFileSync(
    join(repo, '.ecluse.toml'),
    `mode = "host"\nprefix = "p"\n[[services]]\nname = ${TOML_NASTY}\nbase_port = 3100\nrun = "native"\n`,
  );
  const session = {slug: NASTY, slot: 1, mode: 'host', worktree_path: join(repo, NASTY), status: 'active', tmux_session: NASTY};
  writeFileSync(join(repo, '.ecluse/state.json'), JSON.stringify({version: 1, sessions: [session]}));
  const town = join(rigtop.home, 'gt');
  const home = join(town, NASTY, 'crew', NASTY);
  mkdirSync(join(home, '.runtime'), {recursive: true});
  mkdirSync(join(town, 'mayor'));
  writeFileSync(join(town, 'mayor/town.json'), JSON.stringify({type: 'town', version: 2, name: NASTY}));
  writeFileSync(join(town, 'mayor/rigs.json'), JSON.stringify({version: 1, rigs: {[NASTY]: {beads: {prefix: 'nn'}}}}));
  writeFileSync(join(home, '.runtime/agent.lock'), JSON.stringify({pid: 999_999, session_id: NASTY, hostname: NASTY}));
  writeFileSync(join(town, '.events.jsonl'), `${JSON.stringify({ts: new Date(), type: NASTY, actor: NASTY, payload: {reason: NASTY}})}\n`);
  const register = `name = "mine"\nfile = "~/register.json"\nlist = "items"\nid = "id"\nsession = "s"\nstatus = "st"\nactive = ["open"]\nmultiplexer = "tmux"\n`;
  rigtop.write(
    'home/register.json',
    JSON.stringify({
      items: [
        {id: NASTY, s: 'gone', st: 'open'},
        {id: 'alive', s: 'alive', st: 'open'},
      ],
    }),
  );
  rigtop.write(
    'home/.config/rigtop/config.toml',
    `[thresholds]\norphan_min_age = "0s"\n[supervise]\ninterval = "1s"\n[[repos]]\npath = ${JSON.stringify(repo)}\n[[registers]]\n${register}`,
  );
  await tmux.newSession('nasty', {cwd: repo});
  await tmux.newSession('alive');
  await tmux.run('rename-session', '-t', 'nasty', NASTY).catch(() => undefined);
  // tmux 3.8 refuses such names.
  await tmux.run('rename-window', NASTY).catch(() => undefined);
  ({pid} = await startOne(scope, {cwd: repo, title: NASTY, env: {ECLUSE_SLUG: NASTY, ECLUSE_SLOT: '1'}}));
});

const refsOf = async (): Promise<readonly string[]> => {
  const {document} = await rigtop.json<Record<string, readonly {readonly ref?: string; readonly subject?: string}[]>>(['status']);
  return [
    ...new Set(
      ['agents', 'rigs', 'sessions', 'services', 'locks', 'findings'].flatMap(part =>
        (document[part] ?? []).flatMap(({ref, subject}) => ref ?? subject ?? []),
      ),
    ),
  ];
};

const clean = (what: string, {stdout, stderr}: Ran): void => {
  for (const text of [stdout, stderr]) {
    const found = ACTS.exec(text);
    expect(found === null ? null : `${what}: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 20))}`).toBeNull();
  }
};

test('no command writes what a terminal acts on; what is written out in a reference names the thing again', async () => {
  const refs = await refsOf();
  expect(refs.some(ref => ref.includes('\\u{1b}]0;PWN\\u{7}'))).toBe(true);
  const looking = ['status', 'status --json', 'doctor', 'doctor --json', 'locks', 'locks --json', 'locks --deep', 'journal', 'snapshot'];
  const planning = ['cleanup --dry-run', 'cleanup --dry-run --json', 'locks --clean --dry-run', 'supervise status'];
  const words = [...looking, ...planning].map(line => line.split(' '));
  const named = refs.flatMap(ref => [
    ['explain', ref],
    ['kill', ref, '--dry-run'],
  ]);
  const more = [
    ['explain', `process:${pid}`],
    ['kill', `process:${pid}`, '--dry-run'],
    ['explain', NASTY],
    ['kill', NASTY],
    ['flush', NASTY],
    [NASTY],
    ['--config', NASTY],
  ];
  const waiting = [...words, ...named, ...more];
  const runAll = async (): Promise<void> => {
    for (let argv = waiting.pop(); argv !== undefined; argv = waiting.pop()) {
      const ran = await rigtop.run([...argv, '--color', 'never']);
      clean(argv.join(' '), ran);
      if (argv[0] === 'explain' && refs.includes(argv[1] ?? '')) {
        expect([argv[1], ran.stderr]).toEqual([argv[1], expect.not.stringContaining('there is no')]);
      }
    }
  };
  // A command mostly waits for its second look.
  await Promise.all(Array.from({length: 4}, runAll));
  const coloured = await rigtop.run(['status', '--color', 'always']);
  clean('status in colour', {...coloured, stdout: coloured.stdout.replace(/\u001b\[(?:0|1|2|3[1-6])m/g, '')});
}, 240_000);

test.each([[['snapshot', '--follow']]])('%s streams nothing that a terminal acts on', async argv => {
  const child = spawn(process.execPath, [BINARY, ...argv], {env: {...rigtop.env}, cwd: rigtop.home});
  const [stdout, stderr]: readonly [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void stderr.push(chunk));
  const id = identify(child.pid ?? 0);
  try {
    await waitFor('something about the nasty one', () => /PWN/.test(stdout.join('')));
  } finally {
    signalTo(id, 'SIGTERM');
  }
  clean(argv.join(' '), {code: null, stdout: stdout.join(''), stderr: stderr.join('')});
});

test('no panel and no dialog of the screen writes what a terminal acts on but the screen’s own', async () => {
  const terminal = await openTerminal(scope, {
    command: [process.execPath, BINARY],
    env: {...rigtop.env, TMUX: null, TMUX_PANE: null},
    cwd: rigtop.home,
  });
  await terminal.waitForText('READ-WRITE');
  for (const key of [
    '1',
    'd',
    'Escape',
    '2',
    'd',
    'Escape',
    'c',
    'Escape',
    '3',
    'd',
    'Escape',
    'l',
    'Escape',
    '4',
    'd',
    'Escape',
    'x',
    'Escape',
    '5',
    'J',
    'Escape',
    ':',
    'Escape',
  ]) {
    await terminal.sendKeys(key);
    await terminal.capture();
  }
  await terminal.pressUntil('?', /Keys/);
  await terminal.sendKeys('Escape');
  await terminal.pressUntil('4', /PWN/);
  await terminal.sendKeys('q');
  await terminal.exitCode();
  const output = (await terminal.output())
    // Its own: CSI, the clipboard (OSC 52), the background (OSC 11), its title (OSC 2), charset and keypad modes; lines end in CR LF.
    .replace(
      /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\]52;c;[A-Za-z0-9+/=]*\u0007|\u001b\]11;\?\u001b\\|\u001b\]2;rigtop[ -~]*\u0007|\u001b[ -/]*[0-Z\\^-~]|\r/g,
      '',
    );
  clean('the screen', {code: 0, stdout: output, stderr: ''});
});

describe.runIf(process.getuid?.() === 0)('as root', () => {
  test('another user’s directory does not act on root’s terminal', async () => {
    const place = join(await scope.tempDir(), NASTY);
    mkdirSync(join(place, '.git'), {recursive: true});
    writeFileSync(join(place, '.ecluse.toml'), `mode = "host"\nprefix = "p"\n[[services]]\nname = ${TOML_NASTY}\nbase_port = 3200\n`);
    for (const path of [join(place, '..'), place]) {
      chmodSync(path, 0o755);
    }
    const other = spawn('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'sleep', '600'], {cwd: place, stdio: 'ignore'});
    scope.add(() => void other.kill('SIGKILL'));
    for (const argv of [['status'], ['doctor'], ['explain', `process:${other.pid}`], ['status', '--json']]) {
      clean(argv.join(' '), await rigtop.run([...argv, '--color', 'never']));
    }
  });
});
