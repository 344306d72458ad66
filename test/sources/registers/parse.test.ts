import {describe, expect, it} from 'vitest';
import type {RegisterRow} from '../../../src/core/domain/register.ts';
import type {ConfiguredRegister} from '../../../src/core/domain/settings.ts';
import {parseBotmuxStore} from '../../../src/sources/registers/parse-botmux.ts';
import {parseRegister} from '../../../src/sources/registers/parse-register.ts';
import {momentOf, valueAt} from '../../../src/sources/registers/store-fields.ts';

const ID = '0123abcd-1111-4222-8333-444455556666';

const botmuxRow = (fields: Readonly<Record<string, unknown>>): RegisterRow => {
  const rows = parseBotmuxStore(JSON.stringify({[ID]: {sessionId: ID, status: 'active', backendType: 'tmux', ...fields}}));
  if (!rows.known || rows.value[0] === undefined) {
    throw new Error('not read');
  }
  return rows.value[0];
};

describe('botmux', () => {
  it('derives the session’s name from the id, as botmux does', () => {
    expect(botmuxRow({}).seat).toEqual({kind: 'tmux', session: 'bmx-0123abcd', agent: null});
  });

  it.each([
    [
      {backendType: 'zellij', sessionName: 'mine'},
      {kind: 'zellij', session: 'mine', agent: null},
    ],
    [
      {backendType: 'herdr', sessionName: 'botmux', agentName: 'botmux-x'},
      {kind: 'herdr', session: 'botmux', agent: 'botmux-x'},
    ],
  ])('takes the recorded target %j', (persistentBackendTarget, seat) => {
    expect(botmuxRow({backendType: persistentBackendTarget.backendType, persistentBackendTarget}).seat).toEqual(seat);
  });

  it('does not take a target of another backend', () => {
    expect(
      botmuxRow({backendType: 'tmux', persistentBackendTarget: {backendType: 'herdr', sessionName: 'botmux', agentName: 'a'}}).seat,
    ).toEqual({kind: 'tmux', session: 'bmx-0123abcd', agent: null});
  });

  it.each([
    [{adoptedFrom: {source: 'tmux', originalCliPid: 4}}, 'adopted'],
    [{queued: true}, 'queued'],
    [{suspendedColdResume: true}, 'suspended'],
    [{restoreQuarantinedAt: 1}, 'set it aside'],
    [{backendType: 'pty'}, 'pty'],
    [{backendType: 'zmx'}, 'zmx'],
    [{backendType: 'riff'}, 'riff'],
    [{backendType: undefined}, 'none recorded'],
  ])('%j is exempt', (fields, why) => {
    expect(botmuxRow(fields).exempt).toContain(why);
  });

  it('says which rows its owner would bring back', () => {
    expect(botmuxRow({}).resumes).toBeNull();
    expect(botmuxRow({cliId: 'claude'}).resumes).not.toBeNull();
    expect(botmuxRow({lastCliInput: 'hi'}).resumes).not.toBeNull();
  });

  it('knows when a row was last used, and by which worker it is served', () => {
    expect(botmuxRow({createdAt: '2026-03-01T10:00:00Z', lastMessageAt: Date.UTC(2026, 2, 1, 11), pid: 77})).toMatchObject({
      usedAt: Date.UTC(2026, 2, 1, 11),
      worker: 77,
    });
    expect(botmuxRow({pid: 1}).worker).toBeNull();
  });

  it.each([
    ['closed', false],
    ['active', true],
    ['ACTIVE', false],
    [null, false],
  ])('status %j is active: %j', (status, active) => {
    expect(botmuxRow({status}).active).toBe(active);
  });

  it.each(['', 'oops', '[]', 'null', '{"a": 1}', '{"a": {"sessionId": "a"}, "b": []}', '{"a": {'])('%j is unknown, not empty', text => {
    expect(parseBotmuxStore(text)).toMatchObject({known: false});
  });

  it('an empty store is empty', () => {
    expect(parseBotmuxStore('{}')).toEqual({known: true, value: []});
  });
});

const crew: ConfiguredRegister = {
  name: 'crew',
  file: '/x.json',
  list: 'data.sessions',
  id: 'id',
  session: 'tmux.session',
  status: 'state',
  active: ['up', 'busy'],
  updated: 'seen',
  multiplexer: 'tmux',
  close: null,
};

const rowsOf = (document: unknown, over: Partial<ConfiguredRegister> = {}) => parseRegister(JSON.stringify(document), {...crew, ...over});

describe('a configured register', () => {
  const one = {id: 7, tmux: {session: 's'}, state: 'busy', seen: 1_800_000_000};

  it.each([
    ['an array', {data: {sessions: [one]}}, {}],
    ['an object of records', {data: {sessions: {any: one}}}, {}],
    ['the whole file', [one], {list: ''}],
  ])('reads %s', (_, document, over) => {
    expect(rowsOf(document, over)).toMatchObject({
      known: true,
      value: [{id: '7', status: 'busy', active: true, seat: {kind: 'tmux', session: 's'}, usedAt: 1_800_000_000_000, exempt: null}],
    });
  });

  it('a row without a session is exempt', () => {
    expect(rowsOf({data: {sessions: [{...one, tmux: null}]}})).toMatchObject({value: [{seat: null, exempt: 'it names no session'}]});
  });

  it.each([
    ['no list there', {data: {}}],
    ['a list of something else', {data: {sessions: ['x']}}],
    ['a row without an id', {data: {sessions: [one, {...one, id: ''}]}}],
    ['a number', {data: {sessions: 4}}],
  ])('%s: nothing is known', (_, document) => {
    expect(rowsOf(document)).toMatchObject({known: false});
  });

  it('no JSON: nothing is known', () => {
    expect(parseRegister('', crew)).toMatchObject({known: false});
  });
});

it('looks up own keys only', () => {
  expect(valueAt({}, 'constructor.name')).toBeUndefined();
  expect(valueAt({a: {b: 0}}, 'a.b')).toBe(0);
});

it.each([
  [1_800_000_000_000, 1_800_000_000_000],
  [1_800_000_000, 1_800_000_000_000],
  ['2026-03-01T10:00:00Z', Date.UTC(2026, 2, 1, 10)],
  [12, null],
  ['1800000000', null],
  ['tomorrow', null],
  [null, null],
])('moment %j is %j', (value, moment) => {
  expect(momentOf(value)).toBe(moment);
});
