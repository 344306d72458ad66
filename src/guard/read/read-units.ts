// What systemd says of its units, as far as it decides who ends with one (systemctl(1), systemd.unit(5)). Pure.
import type {UnitFact} from '../facts.ts';

/** Who is stopped with a unit: those that need it, are bound to it, or are part of it. */
const STOPS = ['RequiredBy', 'BoundBy', 'ConsistsOf', 'PropagatesStopTo'];
const CONFLICTS = ['Conflicts', 'ConflictedBy'];
const EXECUTES = ['ExecStop', 'ExecStopPost', 'ExecReload'];

export const UNIT_PROPERTIES = ['Id', 'Names', 'ControlGroup', 'KillMode', 'MainPID', ...STOPS, ...CONFLICTS, ...EXECUTES].join(',');

const ARGUMENTS = /argv\[\]=(.*?) ; ignore_errors=/g;
const SHELL = /^\S*\/(?:ba|da|z|k)?sh\s+-\w*c\s+/;

const words = (text: string | undefined): readonly string[] => (text ?? '').split(' ').filter(word => word !== '');

/** What runs as it stops; quotes are not told, so what a shell is given is the rest. */
const texts = (lines: readonly string[]): readonly string[] =>
  lines.flatMap(line => [...line.matchAll(ARGUMENTS)].map(([, argv = '']) => argv.replace(SHELL, '')));

/** One block for each unit, a property on each line. */
export const parseUnits = (text: string): readonly UnitFact[] =>
  text.split(/\n\n+/).flatMap(block => {
    const pairs = block.split('\n').map((line): readonly [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
    const value = (name: string): string | undefined => pairs.find(([each]) => each === name)?.[1];
    const all = (names: readonly string[]): readonly string[] => names.flatMap(name => words(value(name)));
    const run = (name: string): readonly string[] => texts(pairs.flatMap(([each, line]) => (each === name ? [line] : [])));
    const id = value('Id');
    return id === undefined
      ? []
      : [
          {
            id,
            names: words(value('Names')),
            controlGroup: value('ControlGroup') ?? '',
            killMode: value('KillMode') ?? '',
            mainPid: Number(value('MainPID') ?? 0),
            stops: all(STOPS),
            bound: words(value('BoundBy')),
            conflicts: all(CONFLICTS),
            onStop: [...run('ExecStop'), ...run('ExecStopPost')],
            onReload: run('ExecReload'),
          },
        ];
  });
