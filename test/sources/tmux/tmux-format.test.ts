import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {listPanesArguments, parseListing, separators} from '../../../src/sources/tmux/tmux-format.ts';

const NONCE = '4f9a2c1b';
const {field, record} = separators(NONCE);

const FIELDS = {
  session_id: '$3',
  session_created: '1795228235',
  session_activity: '1795228300',
  session_attached: '1',
  session_group: '',
  session_name: 'gt-shop-max',
  window_id: '@4',
  window_index: '0',
  window_name: 'sh',
  pane_id: '%7',
  pane_index: '0',
  pane_active: '1',
  pane_pid: '4387',
  pane_dead: '0',
  pane_dead_status: '',
  pane_tty: '/dev/pts/3',
  pane_start_command: '',
};

const pane = (more: Partial<typeof FIELDS> = {}): string => `${Object.values({...FIELDS, ...more}).join(field)}${record}\n`;
const answer = (...panes: readonly string[]): string => `900${field}3.3a${record}\n${panes.join('')}`;
const parse = (stdout: string) => parseListing(stdout, NONCE, '/tmp/tmux-0/default', 'default');

describe('a listing', () => {
  test('sessions with their panes', () => {
    const listing = parse(
      answer(pane(), pane({pane_id: '%8', pane_index: '1', pane_active: '0'}), pane({session_id: '$4', session_name: 'b'})),
    );
    expect(listing).toMatchObject({pid: 900, version: '3.3a'});
    expect(listing?.sessions.map(({id, name, panes}) => [id, name, panes.map(({id: paneId}) => paneId)])).toEqual([
      ['$3', 'gt-shop-max', ['%7', '%8']],
      ['$4', 'b', ['%7']],
    ]);
    expect(listing?.sessions[0]).toMatchObject({
      kind: 'tmux',
      socket: '/tmp/tmux-0/default',
      server: 'default',
      created: 1795228235,
      activity: 1795228300,
      attached: 1,
      group: null,
      env: null,
    });
    expect(listing?.sessions[0]?.panes[0]).toEqual({
      id: '%7',
      windowId: '@4',
      windowIndex: 0,
      windowName: 'sh',
      index: 0,
      active: true,
      pid: 4387,
      dead: false,
      exitStatus: null,
      startCommand: '',
      tty: 'pts/3',
    });
  });

  test('a server without sessions', () => {
    expect(parse(answer())).toEqual({pid: 900, version: '3.3a', sessions: []});
  });

  test('a dead pane has its exit status and no terminal; its pid is whoever it is by now', () => {
    const dead = parse(answer(pane({pane_dead: '1', pane_dead_status: '137'})))?.sessions[0]?.panes[0];
    expect(dead).toMatchObject({dead: true, exitStatus: 137, tty: '', pid: 4387});
    expect(parse(answer(pane({pane_dead: '1'})))?.sessions[0]?.panes[0]?.exitStatus).toBeNull();
  });

  test.each([
    ['', ''],
    ['"sleep 600; echo \\"x\\" \\$HOME \\\\"', 'sleep 600; echo "x" $HOME \\'],
    ['sleep 600', 'sleep 600'],
    ['sleep "10 00" "a\\"b"', 'sleep "10 00" "a\\"b"'],
    ['"', '"'],
  ])('start command %j', (printed, command) => {
    expect(parse(answer(pane({pane_start_command: printed})))?.sessions[0]?.panes[0]?.startCommand).toBe(command);
  });

  test('names may hold anything', () => {
    const hostile = fc.oneof(
      fc.constantFrom('\t', '\n', '|', `${record.slice(0, 5)}\n`, '$0|@1', '\u001b[31m', '🦊', '"', "'", '#{pid}', ':.'),
      fc.string({unit: 'binary'}),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, window, group) => {
        const listing = parse(answer(pane({session_name: name, window_name: window, session_group: group}), pane({session_id: '$9'})));
        expect(listing?.sessions).toHaveLength(2);
        expect(listing?.sessions[0]).toMatchObject({name, group: group === '' ? null : group, panes: [{windowName: window}]});
      }),
    );
  });
});

test('a dead pane without pid, as tmux 3.8 prints it, is a dead pane', () => {
  const listing = parse(answer(pane(), pane({pane_id: '%8', pane_pid: '', pane_dead: '1', pane_dead_status: '3', pane_tty: ''})));
  expect(listing?.sessions[0]?.panes).toMatchObject([
    {id: '%7', pid: 4387, dead: false},
    {id: '%8', pid: 0, dead: true, exitStatus: 3},
  ]);
});

describe('half an answer is none: the other half of the fleet would look dead', () => {
  test.each([
    ['nothing', ''],
    ['a head without end', '900'],
    ['another answer', 'no server running on /tmp/x\n'],
    ['cut off in a record', answer(pane(), pane()).slice(0, -20)],
    ['a field too few', answer(pane().replace(`${field}sh${field}`, field))],
    ['a pane without id', answer(pane({pane_id: '7'}))],
    ['a living pane without pid', answer(pane({pane_pid: ''}))],
    ['a pid that is none', answer(pane({pane_pid: '-1'}))],
    ['separators that did not come through', answer(pane()).replaceAll('|', '_')],
    ['the nonce of another question', answer(pane()).replaceAll(NONCE, '00000000')],
  ])('%s', (_, stdout) => {
    expect(parse(stdout)).toBeNull();
  });
});

test('one client asks everything, and never for what makes the server read /proc', () => {
  const args = listPanesArguments('/tmp/tmux-0/a b', NONCE);
  expect(args.slice(0, 3)).toEqual(['-u', '-S', '/tmp/tmux-0/a b']);
  expect(args.filter(arg => arg === 'list-panes')).toHaveLength(1);
  expect(args.join(' ')).not.toMatch(/pane_current_(command|path)/);
  // A word that ends in a semicolon separates commands.
  expect(args.filter(arg => arg.endsWith(';'))).toEqual([';']);
});
