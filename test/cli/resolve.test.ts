import {describe, expect, test} from 'vitest';
import {formatFailure, isFailure} from '../../src/cli/failure.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {fleetRecord, serverRecord, sessionRecord} from './fleet-record.ts';

const resolve = (text: string, assessment: Assessment = fleetRecord()): string => {
  const found = resolveArgument(text, assessment);
  return isFailure(found) ? `${found.exit} ${found.code} ${formatFailure(found)}` : found.ref;
};

describe('a reference', () => {
  test.each([
    ['session:default/gt-shop-max', 'session:default/gt-shop-max'],
    ['session:/tmp/tmux-1000/default/gt-shop-max', 'session:default/gt-shop-max'],
    ['session:default/$3', 'session:default/gt-shop-max'],
    ['pane:default/%7', 'pane:default/%7'],
    ['process:5120', 'process:5120'],
    ['5120', 'process:5120'],
    ['port:3102', 'port:3102'],
    [':9', 'port:9'],
    ['agent:shop/crew/max', 'agent:shop/crew/max'],
    ['slot:shop/2', 'slot:shop/2'],
    ['slot:shop/2/web', 'slot:shop/2/web'],
    ['slot:shop/feat-a', 'slot:shop/2'],
    ['rig:shop', 'rig:shop'],
    ['finding:f-3c91', 'f-3c91'],
    ['f-3c91', 'f-3c91'],
    ['source:tmux/default', 'source:tmux/default'],
  ])('%s is %s', (text, ref) => {
    expect(resolve(text)).toBe(ref);
  });

  test.each([
    ['max', 'agent:shop/crew/max'],
    ['shop', 'rig:shop'],
    ['notes', 'session:default/notes'],
    ['default/notes', 'session:default/notes'],
    ['feat-a', 'slot:shop/2'],
    ['gt-shop-max', 'session:default/gt-shop-max'],
  ])('the bare word %s is looked up: %s', (word, ref) => {
    expect(resolve(word)).toBe(ref);
  });

  test.each([
    ['process:6', '2 not-found rigtop: there is no process:6: rigtop status lists what there is'],
    ['session:work/x', '2 not-found rigtop: session:work/x names no server that rigtop knows: servers are default'],
    ['session:default/none', '2 not-found rigtop: there is no session:default/none: rigtop status lists what there is'],
    ['port:0', '2 usage rigtop: port:0 is no port: ports are 1 to 65535'],
    ['port:70000', '2 usage rigtop: port:70000 is no port: ports are 1 to 65535'],
    ['f-00', '2 not-found rigtop: there is no finding f-00 any more: rigtop status lists the findings there are'],
    ['nobody', '2 not-found rigtop: nothing here is called "nobody": rigtop status lists what there is'],
  ])('%s is not there, and that is said', (text, message) => {
    expect(resolve(text)).toBe(message);
  });

  test('a word that names several things is refused with the candidates', () => {
    const servers = [serverRecord('default', [sessionRecord('default', 'x', 4387)]), serverRecord('work', [sessionRecord('work', 'x', 1)])];
    const twice = fleetRecord({snapshot: {servers}});
    expect(resolve('x', twice)).toBe('2 ambiguous rigtop: "x" is ambiguous: name one of session:default/x, session:work/x');
  });

  test('two servers of one name are told apart by their paths', () => {
    const at = (socket: string) => serverRecord('s', [sessionRecord('s', 'x', 4387, {socket})], {socket});
    const twins = fleetRecord({snapshot: {servers: [at('/a/s'), at('/b/s')]}});
    expect(resolve('session:s/x', twins)).toBe('2 ambiguous rigtop: session:s/x is ambiguous: name one of session:/a/s/x, session:/b/s/x');
    expect(resolve('session:/b/s/x', twins)).toBe('session:s/x');
  });

  test('what may be on a silent server is unknown, never missing', () => {
    const servers = [serverRecord('work', [], {state: 'unknown', because: 'did not answer'})];
    const sources = [{source: 'tmux', target: 'work', state: 'unknown', detail: 'did not answer', tookMs: 9}] as const;
    const blind = fleetRecord({snapshot: {servers, sources, processesComplete: false}});
    expect(resolve('session:work/x', blind)).toBe('3 incomplete rigtop: session:work/x cannot be known: tmux server work: did not answer');
    expect(resolve('process:6', blind)).toContain('3 incomplete');
    expect(resolve('session:other/x', blind)).toContain('3 incomplete');
    expect(resolve('nobody', blind)).toBe('3 incomplete rigtop: "nobody" cannot be known: tmux work: did not answer');
    expect(resolve('agent:shop/crew/mx', blind)).toBe(
      '3 incomplete rigtop: agent:shop/crew/mx cannot be known: tmux work: did not answer; did you mean agent:shop/crew/max?',
    );
    expect(resolve('rig:none', {...blind, snapshot: {...blind.snapshot, sources: [{...sources[0], source: 'listeners'}]}})).toContain(
      '2 not-found',
    );
  });

  test('of a session called like another’s id, the name is meant behind the short name of the server, the id behind its path', () => {
    const socket = '/tmp/tmux-1000/default';
    const confusing = [sessionRecord('default', '$9', 4387, {id: '$3'}), sessionRecord('default', 'notes', 1, {id: '$9'})];
    const one = fleetRecord({snapshot: {servers: [serverRecord('default', confusing)]}});
    expect(['session:default/$9', 'session:default/$3', `session:${socket}/$9`, 'notes'].map(text => resolve(text, one))).toEqual([
      'session:default/$9',
      'session:default/$9',
      'session:default/notes',
      'session:default/notes',
    ]);
    const byPath = confusing.map(session => ({...session, server: socket}));
    const alone = fleetRecord({snapshot: {servers: [serverRecord(socket, byPath, {socket})]}});
    expect(resolve(`session:${socket}/$9`, alone)).toBe(
      `2 ambiguous rigtop: session:${socket}/$9 is ambiguous: name one of session:${socket}/$3, session:${socket}/notes`,
    );
    expect(resolve(`session:${socket}/$3`, alone)).toBe(`session:${socket}/$3`);
  });

  test('names with slashes, colons and dots are taken whole', () => {
    const servers = [serverRecord('default', [sessionRecord('default', 'a/b:c.d e', 4387)])];
    expect(resolve('session:default/a/b:c.d e', fleetRecord({snapshot: {servers}}))).toBe('session:default/a/b:c.d e');
  });
});
