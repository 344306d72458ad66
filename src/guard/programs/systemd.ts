// systemctl: who ends with a unit, with those that systemd stops along with it, and by what it runs for that (systemd.unit(5), systemd.kill(5)). Pure.
import {type Known, known} from '../../core/domain/known.ts';
import type {Call, Program, Result} from '../call.ts';
import type {UnitFact} from '../facts.ts';
import {controlGroupsOf, end, NOTHING, undecided, unitsOf, wordsOf} from '../results.ts';
import {fork, setText} from '../shell/scope.ts';
import {globPattern} from '../shell/shell-pattern.ts';
import {type Options, parseOptions} from './options.ts';
import {ends} from './signals.ts';
import {endAll} from './supervisors.ts';

const STOPS = new Set([
  'stop',
  'restart',
  'try-restart',
  'condrestart',
  'reload-or-restart',
  'try-reload-or-restart',
  'reload-or-try-restart',
  'force-reload',
  'condreload',
  'condstop',
]);
/** They stop or start with `--now` alone. */
const STOPS_NOW = new Set(['disable', 'mask']);
const STARTS_NOW = new Set(['enable', 'reenable', 'preset']);
const ENDS_ALL = new Set([
  'reboot',
  'poweroff',
  'halt',
  'kexec',
  'suspend',
  'hibernate',
  'hybrid-sleep',
  'suspend-then-hibernate',
  'sleep',
  'switch-root',
  'rescue',
  'emergency',
  'exit',
  'soft-reboot',
  'default',
]);

type Deed = 'stop' | 'start' | 'kill' | 'reload' | 'freeze';

const deedOf = (verb: string, options: Options): Deed | null => {
  if (STOPS.has(verb) || (STOPS_NOW.has(verb) && options.has('now'))) {
    return 'stop';
  }
  if (verb === 'start' || (STARTS_NOW.has(verb) && options.has('now'))) {
    return 'start';
  }
  return verb === 'kill' || verb === 'reload' || verb === 'freeze' ? verb : null;
};

const withSuffix = (name: string): string =>
  /\.(?:service|socket|target|slice|scope|timer|path|mount|swap|device|automount)$/.test(name) ? name : `${name}.service`;

const named = (units: readonly UnitFact[], words: readonly string[]): readonly UnitFact[] => {
  const patterns = words.map(word => globPattern(withSuffix(word)));
  return units.filter(({id, names}) => patterns.some(pattern => [id, ...names].some(name => pattern.test(name))));
};

/** Each of these with all that systemd stops along with it. */
const withStopped = (units: readonly UnitFact[], first: readonly UnitFact[]): ReadonlySet<UnitFact> => {
  const byName = new Map(units.flatMap(unit => [unit.id, ...unit.names].map(name => [name, unit] as const)));
  const found = new Set(first);
  // The set grows while it is walked.
  for (const unit of found) {
    for (const name of unit.stops) {
      const next = byName.get(name);
      if (next !== undefined) {
        found.add(next);
      }
    }
  }
  return found;
};

/** Whom a verb is about: what it starts ends what conflicts with that; who is killed takes along those that are bound to it. */
const meant = (units: readonly UnitFact[], deed: Deed, words: readonly string[]): ReadonlySet<UnitFact> => {
  const own = named(units, words);
  switch (deed) {
    case 'stop':
      return withStopped(units, own);
    case 'start':
      return withStopped(
        units,
        named(
          units,
          own.flatMap(({conflicts}) => conflicts),
        ),
      );
    case 'kill':
      return new Set([
        ...own,
        ...withStopped(
          units,
          named(
            units,
            own.flatMap(({bound}) => bound),
          ),
        ),
      ]);
    default:
      return new Set(own);
  }
};

const inGroup = (groups: ReadonlyMap<number, string>, group: string): readonly number[] =>
  group === '' || group === '/' ? [] : [...groups].filter(([, path]) => `${path}/`.includes(`${group}/`)).map(([pid]) => pid);

/** By `KillMode`; whatever else stays in the group is nobody's to end. */
const pidsOf = ({killMode, mainPid, controlGroup}: UnitFact, groups: ReadonlyMap<number, string>): readonly number[] => {
  if (killMode === 'none' || killMode === 'process') {
    return killMode === 'process' && mainPid > 0 ? [mainPid] : [];
  }
  return inGroup(groups, controlGroup);
};

/** What it runs as it stops, with the variable that systemd sets for that. */
const playStops = (call: Call, {mainPid}: UnitFact, texts: readonly string[]): void => {
  const scope = fork(call.scope);
  setText(scope, 'MAINPID', known(String(mainPid)));
  for (const text of texts) {
    call.runText(text, scope, null);
  }
};

/** Where systemd cannot be asked, the names of control groups are all that there is. */
const byGroups = (call: Call, groups: ReadonlyMap<number, string>, words: readonly string[], isUser: boolean): void => {
  const patterns = words.map(word => globPattern(withSuffix(word)));
  const isMeant = (group: string): boolean =>
    (!isUser || group.includes('/user@')) && group.split('/').some(part => patterns.some(pattern => pattern.test(part)));
  end(
    call,
    [...groups].filter(([, group]) => isMeant(group)).map(([pid]) => pid),
  );
};

const byUnits = (
  call: Call,
  units: readonly UnitFact[],
  groups: ReadonlyMap<number, string>,
  deed: Deed,
  words: readonly string[],
): void => {
  for (const unit of meant(units, deed, words)) {
    if (deed === 'reload') {
      playStops(call, unit, unit.onReload);
      continue;
    }
    end(call, deed === 'kill' || deed === 'freeze' ? inGroup(groups, unit.controlGroup) : pidsOf(unit, groups));
    playStops(call, unit, deed === 'freeze' ? [] : unit.onStop);
  }
};

const OPTIONS = {
  short: 'sHMtpPon',
  long: (
    'signal host machine kill-who kill-whom kill-value type property state output job-mode root image lines timestamp preset-mode what ' +
    'check-inhibitors legend boot-loader-entry boot-loader-menu reboot-argument when drop-in message'
  ).split(' '),
  flags: (
    'all dry-run failed firmware-setup force full global help marked mkdir no-ask-password no-block no-legend no-pager no-reload no-wall now ' +
    'plain quiet read-only recursive reverse runtime show-transaction show-types system user value version wait with-dependencies no-warn'
  ).split(' '),
} as const;

export const systemctl: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const options = parseOptions(words.value, OPTIONS);
  const [verb = '', ...names] = options.rest;
  if (
    ENDS_ALL.has(verb) ||
    (verb === 'start' && names.some(name => ENDS_ALL.has(name.replace(/\.target$/, '')) && name.endsWith('.target')))
  ) {
    return endAll(call);
  }
  const deed = deedOf(verb, options);
  if (verb === 'isolate' || (deed !== null && options.has('H', 'host', 'M', 'machine'))) {
    return undecided(call, 'it means units elsewhere, or all but one');
  }
  return deed === null || (deed === 'kill' && !ends(options.all('s', 'signal')[0] ?? 'TERM'))
    ? NOTHING
    : carryOut(call, deed, names, options);
};

const carryOut = (call: Call, deed: Deed, names: readonly string[], options: Options): Result => {
  const isUser = options.has('user');
  const units: Known<readonly UnitFact[] | null> = unitsOf(call, isUser, names.map(withSuffix));
  const groups = controlGroupsOf(call);
  if (!units.known) {
    return undecided(call, `what systemd would stop is not known: ${units.because}`);
  }
  if (!groups.known) {
    return undecided(call, groups.because);
  }
  const within = {...call, scope: {...call.scope, isRoot: call.scope.isRoot || !isUser}};
  if (units.value !== null) {
    byUnits(within, units.value, groups.value, deed, names);
  } else if (deed !== 'start' && deed !== 'reload') {
    byGroups(within, groups.value, names, isUser);
  }
  return deed === 'stop' && /^(?:docker|containerd|podman)/.test(names[0] ?? '') ? undecided(call, 'all containers run below it') : NOTHING;
};
