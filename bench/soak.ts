// npm run soak [-- --seconds N --seed N]: `rigtop supervise --act` over a fleet in seeded trouble, and what has to hold at the end.
import {spawn} from 'node:child_process';
import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import type {FindingKind} from '../src/core/domain/finding.ts';
import {parseRecord, type SuperviseRecord} from '../src/supervise/record.ts';
import {builtBinary} from '../test/support/built.ts';
import {identify, isAlive, MARKER, markedProcesses, signalTo} from '../test/support/marked.ts';
import {createScope} from '../test/support/scope.ts';
import {pause, waitFor} from '../test/support/wait-for.ts';
import {buildSoakFleet, type SoakFleet} from './soak-fleet.ts';
import {createDice, createTrouble} from './soak-trouble.ts';

const {values} = parseArgs({options: {seconds: {type: 'string', default: '1200'}, seed: {type: 'string'}}});
const seconds = Number(values.seconds);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
/** The last part is quiet, so that what has died can come up again: one restart takes at least the spacing. */
const QUIET_MS = Math.min(180_000, (seconds * 1000) / 3);
const CLOCK_TICKS = 100;
/** Enough for this fleet, and too little to hide a leak in: by itself the young space grows to many times of what is in use. */
const HEAP_MB = 96;

interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  readonly rssKb: number;
  readonly descriptors: number;
  readonly cpuMs: number;
  readonly rounds: number;
}

const recordOf = (fleet: SoakFleet): SuperviseRecord | null => {
  const directory = join(fleet.rigtop.home, '.local', 'state', 'rigtop');
  try {
    const name = readdirSync(directory).find(each => /^supervise.*\.json$/.test(each));
    return name === undefined ? null : parseRecord(readFileSync(join(directory, name), 'utf8'));
  } catch {
    return null;
  }
};

/** Without the kept files of /proc, of which there is one for each process of the machine. */
const descriptorsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter(fd => {
    try {
      return !readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('/proc/');
    } catch {
      return false;
    }
  }).length;

const sampleOf = (pid: number, fleet: SoakFleet, at: number): Sample => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    at,
    rssKb: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    descriptors: descriptorsOf(pid),
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS,
    rounds: recordOf(fleet)?.heartbeat.count ?? 0,
  };
};

/** From this length on the second half is long enough to tell a leak from noise. */
const LONG_SECONDS = 7200;
const MOST_GROWTH = 0.02;

/** Growth of memory over these samples by the line of least squares, as a part of what that line begins with. */
const growthOf = (some: readonly Sample[]): number => {
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
  const [time, memory] = [mean(some.map(({at}) => at)), mean(some.map(({rssKb}) => rssKb))];
  const spread = some.reduce((sum, {at}) => sum + (at - time) ** 2, 0);
  const slope = spread === 0 ? 0 : some.reduce((sum, {at, rssKb}) => sum + (at - time) * (rssKb - memory), 0) / spread;
  const [first, last] = [some[0]?.at ?? 0, some.at(-1)?.at ?? 0];
  return (slope * (last - first)) / (memory + slope * (first - time));
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

interface Status {
  readonly findings: readonly {readonly kind: FindingKind; readonly subject: string; readonly title: string}[];
  readonly services: readonly {readonly ref: string; readonly state: string}[];
  readonly agents: readonly {readonly ref: string; readonly state: string; readonly session: string | null}[];
}

const names = (text: string, ref: string): boolean => `${text} `.split(ref).some((rest, index) => index > 0 && !/^[\w/-]/.test(rest));

/** Findings that say why something does not run; that it died, or left something behind, does not say why it was not started again. */
const REASONS: readonly FindingKind[] = ['wrong-owner', 'orphan-process', 'invalid-lock', 'lock-collision'];

/** Why something kept is down, by what the supervisor last said of it or a finding shows; null when nothing does. */
const whyDown = (ref: string, {findings}: Status, output: string): string | null => {
  const finding = findings.find(({kind, title}) => REASONS.includes(kind) && names(title, ref));
  const said = output.split('\n').findLast(line => names(line, ref) && / (held-back|did) /.test(line));
  return (
    finding?.title ?? (said !== undefined && / held-back (?!to restart|halted)/.test(said) ? said.slice(said.indexOf('held-back')) : null)
  );
};

/** How many wait for their turn to be restarted: the last line that says so, without those that had it since. */
const queueOf = (output: string): number => {
  const lines = output.split('\n');
  const last = lines.findLastIndex(line => line.includes('to restart, one after the other: '));
  const [, listed = ''] = lines[last]?.split('other: ') ?? [];
  const queued = listed.split(/, | and /).reduce((sum, each) => sum + Number(/^(\d+) more$/.exec(each)?.[1] ?? (each === '' ? 0 : 1)), 0);
  // What was restarted since need not have been on that list.
  return Math.max(0, queued - lines.slice(last + 1).filter(line => line.includes(' did       restart ')).length);
};

const scope = createScope();
const faults: string[] = [];
const check = (holds: boolean, what: string): void => {
  console.log(`${holds ? 'ok    ' : 'FAILED'}  ${what}`);
  if (!holds) {
    faults.push(what);
  }
};

try {
  console.log(`seed ${seed}, ${seconds} s`);
  const binary = await builtBinary();
  const fleet = await buildSoakFleet(scope);
  const {rigtop} = fleet;
  const path = `${fleet.agentProgram.replace(/\/claude$/, '')}:${process.env.PATH}`;
  const env = {
    ...rigtop.env,
    PATH: path,
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB} --max-semi-space-size=2`,
    [MARKER]: scope.marker(),
  };
  const child = spawn(process.execPath, [binary, 'supervise', '--act'], {env, cwd: rigtop.home, stdio: ['ignore', 'pipe', 'inherit']});
  const engine = identify(child.pid ?? 0);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const dice = createDice(seed);
  const trouble = createTrouble(scope, fleet, dice);
  const samples: Sample[] = [];
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  let resumes = 0;
  await waitFor('the first rounds', () => (recordOf(fleet)?.heartbeat.count ?? 0) >= 2, {deadlineMs: 60_000});

  /** A person who sees a halt, thinks for a moment, and goes on. */
  const attend = async (): Promise<void> => {
    if (recordOf(fleet)?.state.halted != null) {
      resumes += 1;
      await rigtop.run(['supervise', 'resume'], {env});
    }
  };

  while (elapsed() < seconds * 1000 && isAlive(engine)) {
    if (elapsed() < seconds * 1000 - QUIET_MS) {
      console.log(`${(elapsed() / 1000).toFixed(1).padStart(7)} s  ${await trouble.make()}`);
    }
    await pause(1000 + dice() * 2000);
    if (isAlive(engine)) {
      samples.push(sampleOf(engine.pid, fleet, elapsed() / 1000));
    }
    if (samples.length % 3 === 0) {
      await attend();
    }
  }
  await trouble.settle();
  await attend();
  check(isAlive(engine), 'the supervisor still runs');

  const {document} = await rigtop.seen<Status>(['status'], {env});
  const down = fleet.kept.filter(each => each.alive() === null);
  const reasons = down.map(({ref}) => [ref, whyDown(ref, document, output)] as const);
  const waiting = reasons.filter(([, why]) => why === null).length;
  const queue = queueOf(output);
  console.log(`        ${fleet.kept.length - down.length} of ${fleet.kept.length} up, ${queue} wait for their turn`);
  for (const [ref, why] of reasons) {
    console.log(`        ${ref} is down: ${why ?? (waiting <= queue ? 'waits for its turn' : 'nothing says why')}`);
  }
  check(waiting <= queue, 'every kept one is up or accounted for');
  const touched = fleet.bystanders.filter(each => !isAlive(each));
  check(touched.length === 0, `none of ${fleet.bystanders.length} bystanders was touched`);
  const doubled = document.findings.filter(({kind}) => kind === 'doubled-agent');
  check(doubled.length === 0, `nothing runs twice${doubled.map(({title}) => ` (${title})`).join('')}`);

  signalTo(engine, 'SIGTERM');
  check((await ended) === 0, 'it ends when it is told to');
  const own = markedProcesses(env[MARKER]).filter(({comm}) => comm.startsWith('node') || comm === 'tmux: client' || comm === 'MainThread');
  check(own.length === 0, `no process of its own is left${own.map(({pid, comm}) => ` ${pid} ${comm}`).join()}`);

  const third = Math.max(1, Math.floor(samples.length / 3));
  const [early, late] = [samples.slice(0, third), samples.slice(-third)];
  const rss = [early, late].map(some => median(some.map(({rssKb}) => rssKb)) / 1024) as [number, number];
  const descriptors = [early, late].map(some => median(some.map(each => each.descriptors))) as [number, number];
  check(rss[1] < rss[0] * 1.3 + 20, `memory is flat: ${rss[0].toFixed(0)} → ${rss[1].toFixed(0)} MB`);
  const growth = growthOf(samples.slice(Math.floor(samples.length / 2)));
  const grew = `memory of the second half grew by ${(growth * 100).toFixed(1)} % by its slope`;
  if (seconds < LONG_SECONDS) {
    console.log(`        ${grew}`);
  } else {
    check(growth < MOST_GROWTH, grew);
  }
  check(descriptors[1] <= descriptors[0] + 3, `descriptors are flat: ${descriptors[0]} → ${descriptors[1]}`);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first !== undefined && last !== undefined && last.rounds > first.rounds) {
    console.log(
      `        ${((last.cpuMs - first.cpuMs) / (last.rounds - first.rounds)).toFixed(0)} ms of processor time a round, ${last.rounds} rounds`,
    );
  }
  const did = output.split('\n').filter(line => / did {2,}/.test(line));
  console.log(`        ${did.length} done, ${resumes} halts lifted; trouble: ${JSON.stringify(trouble.counts())}`);
  if (faults.length > 0) {
    console.log(output);
  }
} finally {
  await scope.close();
}
console.log(faults.length === 0 ? 'held' : `${faults.length} broken, seed ${seed}`);
process.exitCode = faults.length === 0 ? 0 : 1;
