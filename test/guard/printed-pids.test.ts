// Numbers of processes as programs print them: which column they stand in, who is listed at all, what errors add.
import {expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {CALLER, FACTS} from './fleet.ts';
import {process} from './processes.ts';

const OWN_USER = [11, 12, 21, 22];

test.each<readonly [string, readonly number[]]>([
  // Without a terminal of its own, all that have none are the shell's.
  ["ps | awk '/node/ {print $1}' | xargs kill", OWN_USER],
  ["ps -f | grep '[v]ite' | awk '{print $2}' | xargs kill", [11, 21]],
  ["ps T | awk '/node/ {print $1}' | xargs kill", OWN_USER],
  ["ps u | awk '/node/ {print $2}' | xargs kill", []],
  ["ps a | awk '/node/ {print $1}' | xargs kill", []],
  ["ps x | awk '/[v]ite/ {print $1}' | xargs kill", [11, 21]],
  ["ps -aux | awk '/[v]ite/ {print $2}' | xargs kill", [11, 21]],
  ["ps -axo pid,args | awk '/[v]ite/ {print $1}' | xargs kill", [11, 21]],
  ["ps -el | awk '/firefox/ {print $4}' | xargs kill", [30]],
  ["ps alx | awk '/firefox/ {print $3}' | xargs kill", [30]],
  ["ps axjf | awk '/firefox/ {print $2}' | xargs kill", [30]],
  ["ps -eF | awk '/firefox/ {print $2}' | xargs kill", [30]],
  ["ps aux --sort=-pid | grep '[v]ite' | head -1 | awk '{print $2}' | xargs kill", [21]],
  ["ss -tulpn | grep :3001 | awk '{print $7}' | cut -d= -f2 | cut -d, -f1 | xargs kill", [21]],
  ["ss -tlpn state listening | grep :3001 | awk '{print $5}' | cut -d= -f2 | cut -d, -f1 | xargs kill", [21]],
  ['ss --lis --tcp --num --proc | grep :3001 | grep -oP "pid=\\K\\d+" | xargs kill', [21]],
  ["netstat --tcp --listen --prog -n | grep :3001 | awk '{print $7}' | cut -d/ -f1 | xargs kill", [21]],
  ["fuser 3001/tcp 2>&1 | awk '{print $2}' | xargs kill", [21]],
  ["fuser 3001/tcp |& awk '{print $2}' | xargs kill", [21]],
  ['kill $(fuser 3001/tcp 2>/dev/null)', [21]],
  ['lsof -ti:3000-3001 -p ^11 | xargs kill', [21, 30]],
  ['lsof -t -a -i:3001 -c /nod/ | xargs kill', [21]],
  ['lsof -ti:3001 -u^root | xargs kill', [21]],
  ['lsof -t -u ^70,^root | xargs kill', [10, 11, 12, 20, 21, 22, 30]],
  ['lsof -t -g 21 | xargs kill', [21]],
  ['skill -9 21', [21]],
  ['skill -p 21 22', [21, 22]],
  ['killall5 -9 -o 21', [10, 11, 12, 20, 21, 22, 30]],
  ["pkill -f 'fire{,2}fox'", [30]],
  ["ps -eo lstart,pid,args | awk '/firefox/ {print $6}' | xargs kill", [30]],
  ["ps -eo pid,etimes,args | awk '/firefox/ && $1 > 20 {print $1}' | xargs kill", [30]],
  ["lsof -iTCP -sTCP:LISTEN -P | awk '/localhost:3001/ {print $2}' | xargs kill", [21]],
  ['lsof -iTCP -sTCP:LISTEN -nP | awk \'$9 == "127.0.0.1:3001" {print $2}\' | xargs kill', [21]],
])('%s', (command, pids) => {
  const {endings, undecided} = playCommand(command, CALLER, FACTS);
  expect(undecided).toEqual([]);
  expect(endings.map(({pid}) => pid).toSorted((a, b) => a - b)).toEqual(pids);
});

test('a line end among the words of a process begins no row', () => {
  const strange = known(new Map([[31, process(31, 1, 'sh', {argv: ['sh', '-c', ':\n22 node']})]]));
  const {endings} = playCommand("ps aux | grep node | awk '{print $2}' | xargs kill; ps -eo args | awk '{print $1}' | xargs kill", CALLER, {
    ...FACTS,
    processes: strange,
  });
  expect(endings.map(({pid}) => pid)).toEqual([31]);
  const matched = playCommand("pkill -f 'sh.*: 22 node'", CALLER, {...FACTS, processes: strange}).endings;
  expect(matched.map(({pid}) => pid)).toEqual([31]);
});

test.each([
  "ps -eo pid,etimes,args | awk '$2 > 3600 && /node/ {print $1}' | xargs kill",
  "ps aux | awk '$3 > 50 {print $2}' | xargs kill",
  "ps aux --sort=-%cpu | sed -n 2p | awk '{print $2}' | xargs kill",
  'lsof -t -d cwd | xargs kill',
  'lsof -t -U | xargs kill',
  'lsof +L1 -t | xargs kill',
  "fuser -v 3001/tcp 2>&1 | tail -1 | awk '{print $3}' | xargs kill",
  'skill node',
])('%s: whom it finds is not followed', command => {
  expect(playCommand(command, CALLER, FACTS).undecided).toHaveLength(1);
});
