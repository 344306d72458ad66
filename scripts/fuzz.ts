// npm run fuzz: mutated files under every command, mutated lines of a watched machine; seeded, counted, and done in directories of its
// own. `--seconds N` (60), `--seed S`, `--round N` or `--line N` to see one again, `--keep` to leave its world behind.
import {spawn, spawnSync} from 'node:child_process';
import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {cpuOf, pickCommand, runCommand} from './fuzz/commands.ts';
import {createDice} from './fuzz/dice.ts';
import {FAULTS, type Fault, judgeRun} from './fuzz/judge-run.ts';
import {createWorld, type World} from './fuzz/world.ts';

const {values: options} = parseArgs({
  options: {
    seconds: {type: 'string', default: '60'},
    seed: {type: 'string', default: String(Date.now() % 1_000_000)},
    round: {type: 'string'},
    line: {type: 'string'},
    keep: {type: 'boolean', default: false},
    /** Given by itself: this process has namespaces of its own. */
    alone: {type: 'boolean', default: false},
  },
});

const top = join(import.meta.dirname, '..');
const BINARY = join(top, 'dist/rigtop.js');
const seconds = Number(options.seconds);
const MOST_FAULTS = 10;
/** A command mostly waits between two looks. */
const LANES = 3;
/** A machine's line that takes the processor for so long hangs the screen; on a loaded machine the clock says little. */
const MOST_LINE_CPU_S = 15;
const SILENT_MS = 300_000;

/** Process ids, ports and ipc of its own: nobody else's processes are seen there, so plans may be carried out. */
const NAMESPACES = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--ipc'];
const ways: readonly (readonly string[])[] = [NAMESPACES, ['--user', '--map-root-user', ...NAMESPACES]];

const goAlone = (): number | null => {
  const way = ways.find(each => spawnSync('unshare', [...each, 'true']).status === 0);
  if (way === undefined) {
    return null;
  }
  const args = [...way, process.execPath, ...process.execArgv, ...process.argv.slice(1), '--alone', '--seed', options.seed];
  return spawnSync('unshare', args, {stdio: 'inherit'}).status ?? 1;
};

interface Found {
  readonly where: string;
  readonly fault: Fault;
}

const counts = {rounds: 0, files: 0, kinds: new Set<string>(), commands: new Set<string>()};
const found: Found[] = [];

const keepWorld = (world: World, where: string): void => {
  const place = mkdtempSync(join(tmpdir(), 'rigtop-fuzz-kept-'));
  cpSync(join(world.home, '..'), place, {recursive: true, verbatimSymlinks: true, filter: source => !source.includes('/tmux')});
  console.log(`  ${where}: its files are in ${place}`);
};

const playRound = async (world: World, round: number): Promise<void> => {
  const dice = createDice(`${options.seed}/round/${round}`);
  world.revive();
  const changed = world.shake(dice);
  const command = pickCommand(dice, world, options.alone);
  const ran = await runCommand(BINARY, command, world);
  counts.rounds += 1;
  counts.files += changed.length;
  counts.commands.add(command.args.filter(word => /^-*[a-z]+$/.test(word) && word !== '--color' && word !== 'never').join(' '));
  for (const kind of changed) {
    counts.kinds.add(kind);
  }
  const harm = world.harm().map((because): Fault => ({sort: 'forbidden actions', because}));
  const faults = [...judgeRun(command, ran), ...harm];
  const where = `--seed ${options.seed} --round ${round}: rigtop ${command.args.join(' ')} with ${changed.join(', ')}`;
  found.push(...faults.map(fault => ({where, fault})));
  for (const {sort, because} of faults) {
    console.log(`FAULT ${sort}: ${because}\n  ${where}`);
  }
  if (options.keep && (faults.length > 0 || options.round !== undefined)) {
    keepWorld(world, where);
  }
};

interface LineCounts {
  readonly lines: number;
  readonly judged: number;
  readonly faults: readonly string[];
}

/** What a machine says, whole: one empty of anything, one with everything that this world holds. */
const documentsOf = async (world: World): Promise<string> => {
  world.shake({...createDice('plain'), below: () => 0, chance: () => false});
  const {stdout} = await runCommand(BINARY, {args: ['snapshot'], stopAfterMs: null}, world);
  const rig = {
    name: 'search',
    path: '/w/search',
    session: 'search-{slot}',
    slots: 4,
    slotStride: 10,
    services: [{name: 'web', basePort: 3100, command: null}],
  };
  const document = JSON.parse(stdout) as {settings: {rigs: unknown[]}};
  return `${stdout.trim()}\n${JSON.stringify({...document, settings: {...document.settings, rigs: [...document.settings.rigs, rig]}})}\n`;
};

const playLines = (file: string, forSeconds: number): Promise<LineCounts> =>
  new Promise(resolve => {
    const script = join(import.meta.dirname, 'fuzz/lines.ts');
    const args = [...process.execArgv, '--max-old-space-size=1024', script, file, options.seed, String(forSeconds), options.line ?? ''];
    const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe']});
    let last = 'no line';
    let answer: LineCounts | null = null;
    let errors = '';
    let heardAt = performance.now();
    let cpuThen = 0;
    const heard = (): void => {
      heardAt = performance.now();
      cpuThen = cpuOf(child.pid ?? 0);
    };
    const watch = setInterval(() => {
      if (cpuOf(child.pid ?? 0) - cpuThen > MOST_LINE_CPU_S || performance.now() - heardAt > SILENT_MS) {
        child.kill('SIGKILL');
      }
    }, 500);
    heard();
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard();
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('{')) {
          answer = JSON.parse(line) as LineCounts;
        } else {
          last = line;
        }
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2000);
    });
    child.once('close', (code, signal) => {
      clearInterval(watch);
      resolve(
        answer ?? {lines: 0, judged: 0, faults: [`${last}: ended by ${signal ?? code}: ${errors.split('\n').slice(-8).join(' | ')}`]},
      );
    });
  });

const report = (lines: LineCounts | null): number => {
  const per = FAULTS.map(sort => `${found.filter(({fault}) => fault.sort === sort).length} ${sort}`).join(', ');
  if (options.line === undefined) {
    console.log(
      `files  ${counts.files} changed of ${counts.kinds.size} kinds, ${counts.rounds} runs of ${counts.commands.size} commands: ${per}`,
    );
  }
  if (lines !== null) {
    console.log(`lines  ${lines.lines} of a watched machine, ${lines.judged} judged, reported and planned: ${lines.faults.length} faults`);
  }
  for (const fault of lines?.faults ?? []) {
    console.log(`FAULT ${fault}\n  --seed ${options.seed} --${fault.split(':')[0] ?? ''}`);
  }
  console.log(options.alone ? 'plans were carried out, in namespaces of their own' : 'no namespaces here: nothing was carried out');
  return found.length + (lines?.faults.length ?? 0) === 0 ? 0 : 1;
};

const play = async (): Promise<number> => {
  console.log(`fuzz: seed ${options.seed}, ${seconds} s`);
  const place = mkdtempSync(join(tmpdir(), 'rigtop-fuzz-'));
  const worlds = Array.from({length: options.round === undefined ? LANES : 1}, (_, lane) => createWorld(join(place, String(lane))));
  const [first] = worlds as [World];
  try {
    if (options.round !== undefined) {
      await playRound(first, Number(options.round));
      return report(null);
    }
    const file = join(place, 'lines');
    writeFileSync(file, await documentsOf(first));
    const until = performance.now() + seconds * 1000;
    const lines = playLines(file, seconds);
    let next = 0;
    const playLane = async (world: World): Promise<void> => {
      while (options.line === undefined && performance.now() < until && found.length < MOST_FAULTS) {
        next += 1;
        await playRound(world, next);
      }
    };
    await Promise.all(worlds.map(playLane));
    return report(await lines);
  } finally {
    for (const world of worlds) {
      world.close();
    }
    rmSync(place, {recursive: true, force: true});
  }
};

process.exitCode = (options.alone ? null : goAlone()) ?? (await play());
