// Records the screens that the docs show: the built program in a real terminal, with its demo and with sixty agents → docs/screens/*.svg.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {DEMO_PREFIX} from '../src/demo/manifest.ts';
import {ansiToSvg} from '../test/support/ansi-to-svg.ts';
import {builtBinary} from '../test/support/built.ts';
import {createScope, type Scope} from '../test/support/scope.ts';
import {openTerminal, type Terminal} from '../test/support/terminal.ts';
import {waitFor} from '../test/support/wait-for.ts';
import {sixtyAgents} from './sixty-agents.ts';

const top = fileURLToPath(new URL('..', import.meta.url));
const target = join(top, 'docs', 'screens');

interface Shot {
  readonly name: string;
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  readonly steps: (terminal: Terminal) => Promise<unknown>;
}

/** Of the panel of findings, once the explanation has followed. */
const selectFirst = async (terminal: Terminal): Promise<void> => {
  await terminal.sendKeys('4', 'g');
  await terminal.waitForText(/5 Explain +\S*flint|CRASHED: agent:checkout\/flint/);
};

const openPlan = async (terminal: Terminal, key: string): Promise<void> => {
  await terminal.sendKeys(key);
  await terminal.waitForText(/expires in 2\d s/);
};

const SHOTS: readonly Shot[] = [
  {
    name: 'overview',
    title: 'The whole fleet of rigtop demo on one screen of 120 by 36',
    columns: 120,
    rows: 36,
    steps: async terminal => {
      await terminal.waitForText(/ASKS/);
      await selectFirst(terminal);
      await terminal.sendKeys('j');
      await terminal.waitForText(/ORPHAN: /);
    },
  },
  {
    name: 'narrow',
    title: 'One panel with its explanation at 80 by 24',
    columns: 80,
    rows: 24,
    steps: terminal => selectFirst(terminal),
  },
  {
    name: 'plan',
    title: 'The plan of a clean-up: everything that will end and why, before anything is done',
    columns: 120,
    rows: 36,
    steps: terminal => openPlan(terminal, 'C'),
  },
  {
    name: 'result',
    title: 'What came of it, target by target',
    columns: 120,
    rows: 36,
    steps: async terminal => {
      await selectFirst(terminal);
      await terminal.sendKeys('/');
      await terminal.type('orphan claude');
      await terminal.sendKeys('Enter');
      await openPlan(terminal, 'x');
      await terminal.pressUntil('y', /everything is gone/);
    },
  },
];

/** Writes the picture once the screen stands still. */
const take = async (terminal: Terminal, {name, title, columns, rows}: Omit<Shot, 'steps'>): Promise<void> => {
  let last = '';
  const screen = await waitFor('the screen to stand still', async () => {
    const before = last;
    last = await terminal.captureStyled();
    return last === before && last;
  });
  if (screen.includes(top)) {
    throw new Error(`${name} shows the path of this checkout`);
  }
  writeFileSync(join(target, `${name}.svg`), ansiToSvg(screen, {columns, rows, title}));
};

/** The directory of the demo that a process owns, by what the demo writes of itself. */
const demoOf = ({pid}: {readonly pid: number}): string => {
  const isOwned = (directory: string): boolean => {
    const manifest = join(directory, 'demo.json');
    return existsSync(manifest) && readFileSync(manifest, 'utf8').includes(`"owner":{"pid":${pid},`);
  };
  const found = readdirSync('/tmp')
    .filter(name => name.startsWith(DEMO_PREFIX))
    .map(name => join('/tmp', name))
    .find(isOwned);
  if (found === undefined) {
    throw new Error(`no demo of process ${pid} was found`);
  }
  return found;
};

const recordDemo = async (scope: Scope, shot: Shot): Promise<void> => {
  const {columns, rows} = shot;
  const command = [process.execPath, await builtBinary(), 'demo'];
  const terminal = await openTerminal(scope, {command, columns, rows, env: {TMPDIR: '/tmp'}});
  await terminal.waitForText(/ORPHAN \d/);
  await shot.steps(terminal);
  await take(terminal, shot);
  const directory = demoOf(await terminal.process());
  await terminal.signal('SIGTERM');
  await terminal.exitCode();
  // The demo is removed by its own keeper, which must not be ended before it is done.
  await waitFor('the demo to be removed', () => !existsSync(directory));
};

const recordFleet = async (scope: Scope): Promise<void> => {
  const shot = {
    name: 'fleet',
    title: 'Sixty agents of six rigs on one screen of 120 by 36: who needs you comes first',
    columns: 120,
    rows: 36,
  };
  const {command, env, needs} = sixtyAgents(await scope.tempDir());
  const terminal = await openTerminal(scope, {...shot, command: command([process.execPath, await builtBinary()]), env});
  await terminal.waitForText(needs);
  await terminal.sendKeys('3', 'g');
  await terminal.waitForText(/BUSY 4\d/);
  await take(terminal, shot);
  await terminal.sendKeys('q');
  await terminal.exitCode();
};

const inScope = async (work: (scope: Scope) => Promise<void>): Promise<void> => {
  const scope = createScope();
  try {
    await work(scope);
  } finally {
    await scope.close();
  }
};

mkdirSync(target, {recursive: true});
const [only] = process.argv.slice(2);
for (const shot of SHOTS.filter(({name}) => only === undefined || only === name)) {
  await inScope(scope => recordDemo(scope, shot));
}
if (only === undefined || only === 'fleet') {
  await inScope(recordFleet);
}
