// Which machines there are, how each is reached, and how many are begun at a time.
import {expect, test} from 'vitest';
import {createGates} from '../../../src/cli/remote/gates.ts';
import {chooseMachines, parseNames} from '../../../src/cli/remote/machine-names.ts';
import {sshWay} from '../../../src/cli/remote/ssh.ts';
import {viaWay} from '../../../src/cli/remote/via.ts';
import {findWays} from '../../../src/cli/remote/ways.ts';
import type {MachineConfig} from '../../../src/config/load.ts';
import type {CommandResult} from '../../../src/core/os/host.ts';

const kubectl = {via: ['kubectl', 'exec', '-i', '{name}', '--'], terminal: ['kubectl', 'exec', '-it', '{name}', '--']};
const ended = (exitCode: number | null, stderr = '') => ({exitCode, signal: null, trouble: null, stderr});

test('a list is names, one a line; what is no name is said, and too many are cut', () => {
  expect(parseNames('pod/a\n\n pod/b \npod/a\n')).toEqual({names: ['pod/a', 'pod/b'], trouble: null});
  expect(parseNames('a\n-oProxyCommand=x\n  hosts (3):\n')).toEqual({
    names: ['a'],
    trouble: 'no names of machines: "-oProxyCommand=x", "hosts (3):"',
  });
  expect(parseNames(Array.from({length: 1500}, (_, at) => `m${at}`).join('\n'))).toMatchObject({
    names: {length: 1000},
    trouble: 'only the first 1000 of 1500 count',
  });
});

const LIST: MachineConfig = {from: ['list'], everyMs: 1, via: kubectl};
const CONFIGURED: readonly MachineConfig[] = [{name: 'box', via: null}, LIST, {name: 'b', via: null}];

test('all of the configuration, each name once; or those that were asked for, where an unknown one is for ssh', () => {
  const lists = new Map([[LIST, ['a', 'b', 'box']]]);
  expect(chooseMachines(CONFIGURED, lists, [])).toEqual([
    {name: 'box', via: null},
    {name: 'a', via: kubectl},
    {name: 'b', via: kubectl},
  ]);
  expect(chooseMachines(CONFIGURED, lists, ['a', 'elsewhere', 'a'])).toEqual([
    {name: 'a', via: kubectl},
    {name: 'elsewhere', via: null},
  ]);
});

test('a list that cannot be had is trouble, and the others are there; ssh is asked for the jump host', async () => {
  const ran: string[] = [];
  const answer = (stdout: string, exitCode = 0, stderr = ''): CommandResult => ({stdout, stderr, exitCode, trouble: null, tookMs: 1});
  const {ways, troubles} = await findWays({
    host: {
      env: {},
      run: async (file, args) => {
        ran.push([file, ...args].join(' '));
        return file === 'ssh'
          ? answer(args.includes('box') ? 'user me\nproxyjump bastion\n' : 'proxyjump none\n')
          : answer('', 3, 'no cluster');
      },
    },
    configured: CONFIGURED,
    asked: [],
    intervalMs: 2000,
  });
  expect(ways.map(({name, through}) => [name, through])).toEqual([
    ['box', 'ssh by bastion'],
    ['b', 'ssh b'],
  ]);
  expect(troubles).toEqual(['list: ended with status 3: no cluster']);
  expect(ran).toEqual(['list', 'ssh -G -- box', 'ssh -G -- b']);
});

test('on the spot: over ssh one quoted word for the shell there, else plain words only', () => {
  const ssh = sshWay({host: 'box', jump: null, intervalMs: 2000, env: {}});
  expect(ssh.spot(['kill', '--', "session:default/a'b $(x)"])).toMatchObject({
    file: 'ssh',
    args: ['-t', '--', 'box', `rigtop kill -- 'session:default/a'\\''b $(x)'`],
  });
  expect(ssh.spot(['kill', '--', 'session:default/a\u001b[2J'])).toHaveProperty('because');
  const via = viaWay({name: 'pod-1', via: kubectl, intervalMs: 2000, env: {}});
  expect(via.spot(['kill', '--', 'process:12'])).toEqual({
    file: 'kubectl',
    args: ['exec', '-it', 'pod-1', '--', 'rigtop', 'kill', '--', 'process:12'],
  });
  expect(via.spot(['kill', '--', 'session:default/$(touch x)'])).toHaveProperty('because');
});

test('what the end of a line through a program means', () => {
  const {describeEnd} = viaWay({name: 'pod-1', via: kubectl, intervalMs: 2000, env: {}});
  expect(describeEnd(ended(1, 'Error from server (NotFound): pods "pod-1" not found'), false)).toMatchObject({
    because: 'Error from server (NotFound): pods "pod-1" not found',
    again: true,
  });
  expect(describeEnd(ended(137), true)).toMatchObject({because: 'the connection was lost', again: true});
  expect(describeEnd(ended(127, 'exec: "rigtop": executable file not found in $PATH'), false)).toMatchObject({again: false});
  expect(describeEnd({...ended(null), trouble: 'missing'}, false)).toMatchObject({because: 'kubectl is not on PATH here', again: false});
  expect(describeEnd(ended(2, 'rigtop: unknown flag --follow'), false)).toMatchObject({
    because: 'the rigtop there is too old to be watched',
  });
});

test('eight are begun at a time through one; who has begun, or was given up, makes room', () => {
  const gates = createGates();
  const begun: number[] = [];
  const leave = Array.from({length: 20}, (_, at) => gates.enter('jump', () => begun.push(at)));
  gates.enter('another', () => begun.push(100));
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 100]);
  leave[8]?.();
  leave[3]?.();
  leave[3]?.();
  expect(begun.slice(9)).toEqual([9]);
});
