import {describe, expect, test} from 'vitest';
import {anchorPaths, toSettings} from '../../src/config/effective-settings.ts';
import {multiplexerProblems} from '../../src/config/load.ts';
import {parseConfig} from '../../src/config/parse-config.ts';

const NO_FLAGS = {towns: [], repos: [], sockets: []};
const REGISTER = '[[registers]]\nname = "crew"\nfile = "~/crew/state.json"\nid = "id"\nsession = "tmux.session"\nstatus = "state"\n';

const problemsOf = (text: string): readonly string[] => parseConfig('/c.toml', text).problems.map(({key, message}) => `${key}: ${message}`);
const registersOf = (text: string) =>
  toSettings(anchorPaths(parseConfig('/c.toml', text).values, '/etc', '/home/u'), NO_FLAGS, '/', '/home/u').registers;

describe('[[registers]]', () => {
  test('the least that must be said, and what follows', () => {
    expect(registersOf(REGISTER)).toEqual([
      {
        name: 'crew',
        file: '/home/u/crew/state.json',
        list: '',
        id: 'id',
        session: 'tmux.session',
        status: 'state',
        active: ['active'],
        updated: null,
        multiplexer: 'tmux',
        close: null,
      },
    ]);
  });

  test('everything that can be said', () => {
    const more =
      'list = "a.b"\nactive = ["up", "busy"]\nupdated = "seen.at"\nmultiplexer = "herdr"\nclose = ["crewctl", "close", "{id}"]\n';
    expect(registersOf(REGISTER.replace('~/crew', 'crew') + more)).toMatchObject([
      {
        file: '/etc/crew/state.json',
        list: 'a.b',
        active: ['up', 'busy'],
        updated: 'seen.at',
        multiplexer: 'herdr',
        close: ['crewctl', 'close', '{id}'],
      },
    ]);
  });

  test.each([
    [REGISTER.replace('crew"', 'botmux"'), 'must not be one of botmux, ecluse, compose'],
    [REGISTER.replace('tmux.session', 'tmux..session'), 'must be keys joined by dots'],
    [`${REGISTER}close = ["x", "{name}"]\n`, 'unknown placeholder {name}'],
    [REGISTER.replace('id = "id"\n', ''), 'registers[0].id: is missing'],
    [REGISTER + REGISTER, 'another register has that name already'],
  ])('%j is refused', (text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  test('a multiplexer that no source knows is a problem of its line', () => {
    const layer = {file: '/c.toml', ...parseConfig('/c.toml', `${REGISTER}multiplexer = "screen"\n`)};
    expect(multiplexerProblems([layer], ['tmux', 'zellij'])).toEqual([
      {file: '/c.toml', line: 7, key: 'registers[0].multiplexer', message: 'must be one of tmux, zellij'},
    ]);
    expect(multiplexerProblems([layer], ['tmux', 'screen'])).toEqual([]);
  });

  test('no file says nothing of registers', () => {
    expect(registersOf('')).toEqual([]);
  });
});
