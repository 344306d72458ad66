// The hook that is asked before every command of an agent: from its start to its answer, against an empty Node, beside many processes.
import {spawn, spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Scope} from '../test/support/scope.ts';
import {startProgram} from '../test/support/start-program.ts';
import {type Line, line, ms, promised} from './report.ts';

const RUNS = 20;
const PROCESSES = 2000;
const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
/** What is promised holds on a machine on which an empty Node takes so long; where it takes longer, so does the hook. */
const USUAL_NODE_MS = 30;
const [QUICK_MS, RESOLVED_MS] = [40, 150];

/** Runs as an agent, so that what it starts is its own; times each kind in turn, and prints the times. */
const AGENT = `
  const {spawn, spawnSync} = require('node:child_process');
  const {readFileSync} = require('node:fs');
  const [program, runs, other] = process.argv.slice(1);
  const own = spawn('sleep', ['1001'], {stdio: 'ignore'});
  // Of children waited for: fields 16 and 17 of proc_pid_stat(5), in hundredths of a second.
  const cpuMs = () => {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 10 * (Number(fields[13]) + Number(fields[14]));
  };
  const timed = (args, command) => {
    const input = JSON.stringify({cwd: '/tmp', tool_name: 'Bash', tool_input: {command}});
    const [started, before] = [performance.now(), cpuMs()];
    const {stdout} = spawnSync(process.execPath, args, {input, encoding: 'utf8'});
    return {ms: performance.now() - started, cpuMs: cpuMs() - before, denied: /deny/.test(stdout)};
  };
  const hook = command => timed([program, 'guard', '--for', 'claude'], command);
  const measure = () => {
    const kinds = {
      node: () => timed(['-e', '0'], ''),
      quick: () => hook('ls -la && cat notes'),
      plain: () => hook("sed -n '1,20p' stop.txt"),
      read: () => hook('npm test'),
      own: () => hook('kill -9 ' + own.pid),
      other: () => hook('kill -9 ' + other),
      pattern: () => hook('pkill -f "sleep[ ]1001"'),
      nobody: () => hook('kill $(pgrep -f "such[ ]as-nobody")'),
      port: () => hook('kill $(lsof -ti:' + server.address().port + ')'),
    };
    const took = Object.fromEntries(Object.keys(kinds).map(kind => [kind, []]));
    for (let run = 0; run < Number(runs); run += 1) {
      for (const [kind, time] of Object.entries(kinds)) took[kind].push(time());
    }
    own.kill('SIGKILL');
    process.stdout.write(JSON.stringify(took));
    server.close();
  };
  const server = require('node:net').createServer().listen(0, '127.0.0.1', measure);
`;

interface Timed {
  readonly ms: number;
  readonly cpuMs: number;
  readonly denied: boolean;
}

type Kind = 'node' | 'quick' | 'plain' | 'read' | 'own' | 'other' | 'pattern' | 'nobody' | 'port';

/** The time that nineteen of twenty stay below. */
const p95 = (runs: readonly Timed[]): number => runs.map(run => run.ms).toSorted((a, b) => a - b)[Math.ceil(runs.length * 0.95) - 1] ?? 0;

const meanCpu = (runs: readonly Timed[]): number => runs.reduce((sum, run) => sum + run.cpuMs, 0) / Math.max(1, runs.length);

/** Under the name of an agent program, which execFile has no way to give. */
const runAsAgent = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {env, argv0: 'claude', stdio: ['ignore', 'pipe', 'inherit']});
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });

/** Sleepers of one shell. */
const crowd = async (scope: Scope): Promise<void> => {
  startProgram(scope, 'sh', ['-c', `i=0; while [ $i -lt ${PROCESSES} ]; do sleep 1000 & i=$((i + 1)); done; wait`]);
  const count = (): number => Number(spawnSync('sh', ['-c', 'ls -d /proc/[0-9]* | wc -l'], {encoding: 'utf8'}).stdout);
  while (count() < PROCESSES) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
};

export const benchGuard = async (scope: Scope, env: Readonly<Record<string, string>>): Promise<readonly Line[]> => {
  await crowd(scope);
  const other = startProgram(scope, 'bash', ['-c', 'exec -a claude sleep 1000']);
  const args = ['-e', AGENT, PROGRAM, String(RUNS), String(other.pid)];
  const took = JSON.parse(await runAsAgent(args, env)) as Readonly<Record<Kind, readonly Timed[]>>;
  const node = p95(took.node);
  const scale = Math.max(1, node / USUAL_NODE_MS);
  const timed = (label: string, kind: Kind, limit: number): Line =>
    promised(`${label}, p95`, ms(p95(took[kind])), `at most ${ms(limit * scale)}`, p95(took[kind]) <= limit * scale);
  return [
    line('node -e 0, p95', ms(node)),
    timed('a command without a word that could end anything', 'quick', QUICK_MS),
    timed('a word that could, in a command of plain words', 'plain', QUICK_MS),
    timed('a command that has to be read and ends nothing', 'read', QUICK_MS),
    timed(`its own process, among ${PROCESSES}`, 'own', RESOLVED_MS),
    timed(`another agent, among ${PROCESSES}`, 'other', RESOLVED_MS),
    timed(`its own by a pattern of words, among ${PROCESSES}`, 'pattern', RESOLVED_MS),
    timed(`nobody by a pattern of words, among ${PROCESSES}`, 'nobody', RESOLVED_MS),
    timed(`whoever listens on a port, among ${PROCESSES}`, 'port', RESOLVED_MS),
    line(
      '  processor time of each of these, the empty Node first',
      Object.values(took)
        .map(runs => ms(meanCpu(runs)))
        .join(', '),
    ),
    line(
      '  of these allowed and denied',
      `${[...took.own, ...took.pattern].filter(run => !run.denied).length} of ${2 * RUNS} and ${took.other.filter(run => run.denied).length} of ${RUNS}`,
    ),
  ];
};
