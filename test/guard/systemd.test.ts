// systemctl over what systemd 257 said of its units (`systemctl show`), and over who really ended: each row was run under it as init.
import {expect, test} from 'vitest';
import {known, unknown} from '../../src/core/domain/known.ts';
import {type Facts, type Need, needKey} from '../../src/guard/facts.ts';
import {type Played, playCommand} from '../../src/guard/play-command.ts';
import {parseUnits} from '../../src/guard/read/read-units.ts';
import {CALLER, FACTS} from './fleet.ts';
import {process} from './processes.ts';

interface Unit {
  readonly pids: readonly number[];
  readonly mode?: string;
  readonly more?: Readonly<Record<string, string>>;
}

const UNITS: Readonly<Record<string, Unit>> = {
  'web.service': {
    pids: [101],
    more: {Names: 'web.service www.service', RequiredBy: 'app.service', BoundBy: 'bind.service', ConsistsOf: 'part.service'},
  },
  'app.service': {pids: [102]},
  'part.service': {pids: [103]},
  'bind.service': {pids: [104]},
  'km.service': {pids: [105, 106], mode: 'process'},
  'none.service': {pids: [107, 108], mode: 'none'},
  'multi.service': {pids: [109, 110]},
  'conf.service': {pids: [], more: {Conflicts: 'shutdown.target web.service'}},
  't@1.service': {pids: [111]},
  't@2.service': {pids: [112]},
  'stopper.service': {
    pids: [113],
    more: {
      ExecStop:
        '{ path=/bin/sh ; argv[]=/bin/sh -c kill $MAINPID; kill 30 ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }',
      ExecReload:
        '{ path=/bin/kill ; argv[]=/bin/kill -HUP $MAINPID ; ignore_errors=no ; start_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }',
    },
  },
};

/** As `systemctl show` prints them: a block for each. */
const SHOWN = Object.entries(UNITS)
  .map(([id, {pids, mode = 'control-group', more = {}}]) => {
    const values = {
      MainPID: pids[0] ?? 0,
      ControlGroup: pids.length === 0 ? '' : `/system.slice/${id}`,
      KillMode: mode,
      Id: id,
      Names: id,
      RequiredBy: '',
      BoundBy: '',
      ConsistsOf: '',
      Conflicts: 'shutdown.target',
      ConflictedBy: '',
      PropagatesStopTo: '',
      ...more,
    };
    return `${Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')}`;
  })
  .join('\n');

const ALL = Object.entries(UNITS).flatMap(([id, {pids}]) => pids.map(pid => ({id, pid})));
const START: Facts = {
  ...FACTS,
  processes: known(new Map([...ALL.map(({pid}) => pid), 30].map(pid => [pid, process(pid, 1, 'sleep 5000')]))),
  controlGroups: known(new Map(ALL.map(({id, pid}) => [pid, `/system.slice/${id}`]))),
};

type Units = ReturnType<Facts['units']['get']>;

const play = (command: string, units: Units = known(parseUnits(SHOWN))): Played => {
  const isUnits = (need: Need): boolean => need.kind === 'units';
  const {needs} = playCommand(command, {...CALLER, uid: 0}, START);
  const keys = needs.filter(isUnits).map(needKey);
  return playCommand(command, {...CALLER, uid: 0}, {...START, units: new Map(keys.map(key => [key, units ?? known(null)]))});
};

const ends = (command: string, units?: Units): readonly number[] => {
  const {endings, undecided, needs} = play(command, units);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  return endings.map(({pid}) => pid).toSorted((a, b) => a - b);
};

test.each([
  ['systemctl stop web', [101, 102, 103, 104]],
  ['systemctl stop www', [101, 102, 103, 104]],
  ['systemctl restart web.service', [101, 102, 103, 104]],
  ['systemctl condrestart multi', [109, 110]],
  ['systemctl try-reload-or-restart multi', [109, 110]],
  ['systemctl reload-or-try-restart multi', [109, 110]],
  ['systemctl condstop multi', [109, 110]],
  ['systemctl --no-bl stop multi', [109, 110]],
  ['systemctl --job-m fail stop multi', [109, 110]],
  ['systemctl kill --sig 0 multi', []],
  ['systemctl stop part', [103]],
  ['systemctl stop km', [105]],
  ['systemctl kill km', [105, 106]],
  ['systemctl stop none', []],
  ['systemctl kill -s HUP web', [101, 104]],
  ['systemctl kill --kill-whom=main multi', [109, 110]],
  ['systemctl start conf', [101, 102, 103, 104]],
  ['systemctl enable --now conf', [101, 102, 103, 104]],
  ['systemctl enable conf', []],
  ['systemctl start web', []],
  ['systemctl disable --now multi', [109, 110]],
  ['systemctl mask --now --runtime multi', [109, 110]],
  ['systemctl disable multi', []],
  ['systemctl stop stopper', [30, 113]],
  ['systemctl reload stopper', [113]],
  ['systemctl stop "t@*"', [111, 112]],
  ['systemctl stop nosuch', []],
  ['systemctl status web', []],
])('%s', (command, pids) => {
  expect(ends(command)).toEqual(pids);
});

test('where no systemd runs, the names of control groups are all that there is', () => {
  expect(ends('systemctl stop web', known(null))).toEqual([101]);
  expect(ends('systemctl --user stop web', known(null))).toEqual([]);
});

test('a systemd that does not answer leaves it undecided', () => {
  const {endings, undecided} = play('systemctl stop web', unknown('systemctl did not answer within 800 ms'));
  expect(endings).toEqual([]);
  expect(undecided.map(({because}) => because)).toEqual(['what systemd would stop is not known: systemctl did not answer within 800 ms']);
});
