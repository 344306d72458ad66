// Over random fleets and random commands: an allowed command ends nothing but the caller's own, and what only touches that passes.
// RIGTOP_SEED repeats a run, RIGTOP_WORLDS sets how many.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {ancestorsOf} from '../../src/core/domain/forest.ts';
import {known} from '../../src/core/domain/known.ts';
import type {TerminalProcess} from '../../src/core/domain/socket-use.ts';
import {NO_FACTS} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {smallWorld} from '../../src/guard/small-world.ts';
import {weigh} from '../../src/guard/weigh.ts';
import {CALLER} from './fleet.ts';
import {process} from './processes.ts';

const [SELF, CALLING] = [900, 10];

/** Parents by position: agents are two, everything else hangs below one of them, below init, or below something else. */
const fleets = fc.array(
  fc.record({
    above: fc.nat({max: 12}),
    program: fc.constantFrom('node vite', 'node mcp.js', 'python3 app.py', 'claude', 'bash'),
    port: fc.integer({min: 3000, max: 3003}),
  }),
  {
    minLength: 1,
    maxLength: 12,
  },
);

type Plan = readonly {readonly above: number; readonly program: string; readonly port: number}[];

const tableOf = (plan: Plan): ReadonlyMap<number, TerminalProcess> => {
  const all = [
    process(1, 0, 'init', {uid: 0}),
    process(CALLING, 1, 'claude'),
    process(20, 1, 'claude --resume'),
    process(SELF, CALLING, 'node rigtop guard'),
    ...plan.map(({above, program, port}, at) =>
      process(100 + at, [1, CALLING, 20][above] ?? Math.min(99 + at, 97 + above), `${program} ${port}`),
    ),
  ];
  return new Map(all.map(each => [each.pid, all.some(({pid}) => pid === each.ppid) || each.ppid === 0 ? each : {...each, ppid: 1}]));
};

const words = fc.constantFrom('vite', 'node', 'mcp', 'app.py', 'claude', '3000', '300[12]', 'b.*h', 'python3', '^node');
const pids = fc.integer({min: 99, max: 112}).map(String);
const simple = fc.oneof(
  words.map(word => `pkill -f '${word}'`),
  words.map(word => `pkill '${word}'`),
  words.map(word => `pgrep -f '${word}' | xargs -r kill -9`),
  words.map(word => `for p in $(pgrep -f '${word}'); do kill $p; done`),
  words.map(word => `ps aux | grep '${word}' | grep -v grep | awk '{print $2}' | xargs kill`),
  fc.constantFrom('pkill -P $PPID', 'killall node', 'killall claude', 'kill -9 -1', 'pkill -n node', 'pkill -o node'),
  pids.map(pid => `kill ${pid}`),
  pids.map(pid => `kill -- -${pid}`),
  pids.map(pid => `pkill -P ${pid}`),
);
const wrapped = fc.oneof(
  simple,
  simple.map(command => `bash -c "${command.replaceAll('$', '\\$')}"`),
  simple.map(command => `sudo timeout 5 sh <<'EOF'\n${command}\nEOF`),
  fc.tuple(simple, simple).map(([one, other]) => `${one}; ${other}`),
  fc.tuple(simple, simple).map(([one, other]) => `if test -e x; then ${one}; else ${other}; fi`),
);

const worlds = Number(globalThis.process.env.RIGTOP_WORLDS ?? 400);
const seed = globalThis.process.env.RIGTOP_SEED;

test('nothing outside of the caller’s ownership is ended by an allowed command', () => {
  fc.assert(
    fc.property(fleets, wrapped, (plan, command) => {
      const processes = tableOf(plan);
      const self = {pid: SELF, startTime: SELF, uid: 1000};
      const world = smallWorld({processes, uptimeMs: 0, self}, 'claude', DEFAULT_SETTINGS);
      const played = playCommand(command, {...CALLER, runtimePid: CALLING}, {...NO_FACTS, processes: known(processes)});
      const endings = played.endings.filter(({pid}) => pid !== SELF);
      expect(played.needs).toEqual([]);
      const of = (each: TerminalProcess) => world?.of(each) ?? ({own: 'unknown', because: 'in doubt'} as const);
      const whose = {
        of: (each: {readonly pid: number}) => of(processes.get(each.pid) as TerminalProcess),
        ofContainer: () => ({own: 'unknown', because: ''}) as const,
        trouble: null,
      };
      const {verdict} = weigh({...played, endings}, whose, {processes, ports: new Map(), whenUndecided: 'ask'});
      const isOwn = (pid: number): boolean => pid !== CALLING && ancestorsOf(processes, pid).includes(CALLING);
      if (verdict.decision === 'allow') {
        expect(endings.filter(({pid}) => !isOwn(pid))).toEqual([]);
      } else if (played.undecided.length === 0) {
        expect(endings.some(({pid}) => !isOwn(pid))).toBe(true);
      }
    }),
    {numRuns: worlds, ...(seed === undefined ? {} : {seed: Number(seed)})},
  );
});
