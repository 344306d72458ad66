// What is read of the processes is what a command is held against, and no more; whom it ends is the same as over everything that there is.
import {describe, expect, test} from 'vitest';
import {fullLine} from '../../src/core/domain/command-line.ts';
import {type Known, known, unknown} from '../../src/core/domain/known.ts';
import type {TerminalProcess} from '../../src/core/domain/socket-use.ts';
import {type Facts, type Need, needKey} from '../../src/guard/facts.ts';
import {type Played, playCommand} from '../../src/guard/play-command.ts';
import {CALLER, FACTS} from './fleet.ts';
import {process} from './processes.ts';

const LONG = 'a-name-that-is-cut-off';
const TABLE = new Map(
  [
    ...(FACTS.processes?.known === true ? FACTS.processes.value.values() : []),
    process(50, 1, '', {argv: [], comm: 'nameless'}),
    process(51, 1, `/opt/${LONG} serve`, {comm: LONG.slice(0, 15)}),
    process(60, 1, 'bash -l', {tty: 'pts/3', foreground: 61}),
    process(61, 60, 'vim notes', {tty: 'pts/3', sid: 60}),
    process(62, 60, 'nohup job', {tty: 'pts/3', sid: 60, pgid: 61, ignoresHangUp: true}),
  ].map(each => [each.pid, each]),
);
const ALL: Facts = {...FACTS, processes: known(TABLE)};
const {processes: _, ...NONE} = FACTS;

const answer = (need: Need, facts: Facts, table: Known<ReadonlyMap<number, TerminalProcess>>): Facts => {
  switch (need.kind) {
    case 'processes':
      return {...facts, processes: table};
    case 'listed':
      return {
        ...facts,
        listed: table.known ? known(new Map([...table.value].map(([pid, {argv, uid, ...listed}]) => [pid, listed]))) : table,
      };
    case 'lines':
      return {...facts, lines: table.known ? known(new Map([...table.value].map(([pid, each]) => [pid, fullLine(each)]))) : table};
    case 'process':
      return {...facts, single: new Map([...facts.single, [need.pid, table.known ? known(table.value.get(need.pid) ?? null) : table]])};
    default:
      throw new Error(`${needKey(need)} was asked for`);
  }
};

/** Plays until nothing has to be read any more. */
const inParts = (
  command: string,
  table: Known<ReadonlyMap<number, TerminalProcess>> = known(TABLE),
): Played & {readonly asked: readonly string[]} => {
  let facts: Facts = NONE;
  const asked: string[] = [];
  for (;;) {
    const played = playCommand(command, CALLER, facts);
    if (played.needs.length === 0) {
      return {...played, asked};
    }
    asked.push(...played.needs.map(needKey));
    facts = played.needs.reduce((read, need) => answer(need, read, table), facts);
  }
};

describe('the same are ended, and this is read for it', () => {
  test.each([
    ['kill 21', ['process:21']],
    ['kill -9 20 21 999', ['process:20', 'process:21', 'process:999']],
    ['sudo kill 40', ['process:40']],
    ['kill 40', ['process:40']],
    ['kill -- -21', ['listed', 'process:21']],
    ['kill $(lsof -ti:3000)', ['process:11', 'process:30']],
    ["lsof -i:3001 | awk 'NR>1 {print $2}' | xargs kill", ['process:21']],
    ["ss -ltnp 'sport = :3001' | grep -o 'pid=[0-9]*' | cut -d= -f2 | xargs kill", ['process:21']],
    ['fuser -k 3000/tcp', ['process:11']],
    ['pkill node', ['listed', 'process:11', 'process:12', 'process:21', 'process:22']],
    ['pkill -P 20', ['listed', 'process:21', 'process:22']],
    ['pkill -n node', ['listed', 'process:11', 'process:12', 'process:21', 'process:22']],
    ['pkill -f vite', ['lines', 'process:11', 'process:21']],
    ['pkill -f "^.nameless"', ['lines', 'process:50']],
    ['pkill -f -P 10 node', ['lines', 'process:11', 'process:12', 'process:21', 'process:22']],
    ['pkill -u u vim', ['listed', 'process:61']],
    ['pgrep -vf node | xargs kill', ['lines', 'process:11', 'process:12', 'process:21', 'process:22', 'processes']],
    ['killall vim', ['listed', 'process:51', 'process:61']],
    [`killall ${LONG}`, ['listed', 'process:51']],
    ['killall -u u vim', ['processes']],
    ['kill $(pidof firefox)', ['processes']],
    ['npx tree-kill 20', ['listed', 'process:20', 'process:21', 'process:22']],
    ['kill $(ps -o ppid= -p 21)', ['process:21', 'process:20']],
    ["kill $(ps -eo pid,comm | grep firefox | awk '{print $1}')", ['listed', 'process:30']],
    ["ps aux | grep firefox | awk '{print $2}' | xargs kill", ['processes']],
    ['kill -9 60', ['process:60', 'listed', 'process:61']],
    ['kill -9 -1', ['listed', ...[10, 11, 12, 20, 21, 22, 30, 40, 50, 51, 60, 61, 62].map(pid => `process:${pid}`)]],
  ])('%s', (command, asked) => {
    const played = inParts(command);
    const {endings, undecided} = playCommand(command, CALLER, ALL);
    expect(played.asked.toSorted()).toEqual([...asked].toSorted());
    expect({endings: played.endings.toSorted((a, b) => a.pid - b.pid), undecided: played.undecided}).toEqual({
      endings: endings.toSorted((a, b) => a.pid - b.pid),
      undecided,
    });
  });
});

test.each(['kill 21', 'pkill node', 'pkill -f vite', 'killall vim', 'kill -- -21', 'npx tree-kill 20', 'kill $(lsof -ti:3000)'])(
  '%s: what could not be read leaves it undecided',
  command => {
    const {endings, undecided} = inParts(command, unknown('it was not read in time'));
    expect(endings).toEqual([]);
    expect(undecided.length).toBeGreaterThan(0);
  },
);

test('many are read with everybody else', () => {
  const many = new Map(Array.from({length: 150}, (_, at) => [at + 100, process(at + 100, 1, 'node server.js')]));
  const {asked, endings} = inParts('pkill -f server', known(many));
  expect(asked).toEqual(['lines', 'processes']);
  expect(endings).toHaveLength(150);
});
