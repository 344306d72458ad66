// Over random fleets and random commands: an allowed command ends nothing but the caller's own, and what only touches that passes.
// First where lineage alone decides, then with work trees, slots, and sessions in one daemon.
// RIGTOP_SEED repeats a run, RIGTOP_WORLDS sets how many.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {ancestorsOf} from '../../src/core/domain/forest.ts';
import {known} from '../../src/core/domain/known.ts';
import type {Snapshot} from '../../src/core/domain/snapshot.ts';
import type {TerminalProcess} from '../../src/core/domain/socket-use.ts';
import {type Facts, NO_FACTS} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {smallWorld} from '../../src/guard/small-world.ts';
import {weigh} from '../../src/guard/weigh.ts';
import {askedBy} from '../core/own/own-fleet.ts';
import {buildFleet, fleetSpec, RIGS} from '../core/own/random-fleets.ts';
import {CALLER, socket} from './fleet.ts';
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

const words = fc.constantFrom(
  'srv.js',
  'codex',
  'x/vite',
  'vite',
  'node',
  'mcp',
  'app.py',
  'claude',
  '3000',
  '300[12]',
  'b.*h',
  'python3',
  '^node',
);
const pids = fc.integer({min: 99, max: 112}).map(String);
const kills = fc.oneof(
  words.map(word => `pkill -f '${word}'`),
  words.map(word => `pkill '${word}'`),
  words.map(word => `pgrep -f '${word}' | xargs -r kill -9`),
  words.map(word => `for p in $(pgrep -f '${word}'); do kill $p; done`),
  words.map(word => `ps aux | grep '${word}' | grep -v grep | awk '{print $2}' | xargs kill`),
  fc.constantFrom('pkill -P $PPID', 'killall node', 'killall claude', 'kill -9 -1', 'pkill -n node', 'pkill -o node'),
);
const byPid = (pids: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    pids.map(pid => `kill ${pid}`),
    pids.map(pid => `kill -- -${pid}`),
    pids.map(pid => `pkill -P ${pid}`),
  );
const byPort = fc
  .constantFrom(5010, 5020, 5030, 5040)
  .chain(port =>
    fc.constantFrom(`kill $(lsof -ti:${port})`, `fuser -k ${port}/tcp`, `lsof -ti tcp:${port} | xargs kill`, `npx kill-port ${port}`),
  );
const wrapped = (simple: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
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
    fc.property(fleets, wrapped(fc.oneof(kills, byPid(pids))), (plan, command) => {
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

test('lineage is told the same by those in question and those above them as by everybody', () => {
  const self = {pid: SELF, startTime: SELF, uid: 1000};
  fc.assert(
    fc.property(fleets, plan => {
      const processes = tableOf(plan);
      const whole = smallWorld({processes, uptimeMs: 0, self}, 'claude', DEFAULT_SETTINGS);
      for (const each of processes.values()) {
        const near = new Set([SELF, each.pid].flatMap(pid => [pid, ...ancestorsOf(processes, pid)]));
        const some = new Map([...processes].filter(([pid]) => near.has(pid)));
        expect(smallWorld({processes: some, uptimeMs: 0, self}, 'claude', DEFAULT_SETTINGS)?.of(each)).toEqual(whole?.of(each));
      }
    }),
    {numRuns: worlds, ...(seed === undefined ? {} : {seed: Number(seed)})},
  );
});

/** As a table that a command is played over has them. */
const terminalTable = ({processes}: Snapshot): ReadonlyMap<number, TerminalProcess> =>
  new Map([...processes].map(([pid, each]) => [pid, {...each, foreground: -1, ignoresHangUp: false}]));

const factsOf = (snapshot: Snapshot): Facts => ({
  ...NO_FACTS,
  processes: known(terminalTable(snapshot)),
  sockets: new Map([['sockets:', known(snapshot.listeners.map(({port, owners}) => socket(owners.known ? owners.value : [], port)))]]),
});

test('nor where work trees, slots and a shared daemon decide, and what the agent plainly started passes', () => {
  const seen = {allowed: 0, denied: 0, inDaemon: 0, ofSlot: 0};
  // `@7` stands for one of the processes of the fleet.
  const some = byPid(fc.nat({max: 99}).map(at => `@${at}`));
  fc.assert(
    fc.property(fleetSpec, wrapped(fc.oneof(kills, some, byPort)), (spec, pattern) => {
      const {snapshot, owners, plain, served, askers} = buildFleet(spec);
      const inFleet = [...owners.keys()];
      const command = pattern.replaceAll(/@(\d+)/g, (_, index: string) => String(inFleet[Number(index) % inFleet.length]));
      const at = spec.asks % spec.agents.length;
      const asking = askers[at] ?? 0;
      const shell = snapshot.processes.get(asking)?.ppid ?? 0;
      const answer = askedBy(snapshot, asking, undefined, {rigs: RIGS});
      if ('refused' in answer) {
        throw new Error(answer.refused);
      }
      const runtimePid = snapshot.processes.get(shell)?.ppid ?? 0;
      const played = playCommand(command, {...CALLER, runtimePid, uid: 0}, factsOf(snapshot));
      expect(played.needs).toEqual([]);
      const endings = played.endings.filter(({pid}) => pid !== asking && pid !== shell);
      const whose = {of: answer.of, ofContainer: () => ({own: 'unknown', because: ''}) as const, trouble: null};
      const {verdict} = weigh({...played, endings}, whose, {processes: snapshot.processes, ports: new Map(), whenUndecided: 'ask'});
      if (verdict.decision === 'allow') {
        expect(endings.filter(({pid}) => owners.get(pid) !== at)).toEqual([]);
        seen.allowed += endings.length;
        seen.inDaemon += spec.agents[at]?.program === 'codex' ? endings.length : 0;
        seen.ofSlot += endings.filter(({pid}) => served.has(pid)).length;
      } else {
        seen.denied += 1;
        expect(played.undecided.length > 0 || endings.some(({pid}) => !(plain.has(pid) && owners.get(pid) === at))).toBe(true);
      }
    }),
    {numRuns: 3 * worlds, ...(seed === undefined ? {} : {seed: Number(seed)})},
  );
  expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
});
