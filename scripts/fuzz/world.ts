// The world of one run: a home with every kind of file that rigtop reads, in a directory of its own, with a few processes to talk about.
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {supervisePlaces} from '../../src/supervise/supervisor-files.ts';
import type {Dice} from './dice.ts';
import {mutate} from './mutate.ts';
import {fileTexts} from './seeds.ts';

export interface World {
  readonly home: string;
  /** Where the commands are run: a checkout of a stranger's project. */
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  /** Processes that commands may name; they may end. */
  victims(): readonly number[];
  /** Write everything anew, then change some of it. The kinds that were changed. */
  shake(dice: Dice): readonly string[];
  /** What must never happen and did: something ended, written or made outside of what rigtop may. */
  harm(): readonly string[];
  /** Start what has ended. */
  revive(): void;
  close(): void;
}

/** Every file, link and directory below, each with what it is. */
const listing = (top: string, skip: readonly string[]): readonly string[] =>
  readdirSync(top, {recursive: true, withFileTypes: true}).flatMap(entry => {
    const path = join(entry.parentPath, entry.name);
    if (skip.some(each => path === each || path.startsWith(`${each}/`))) {
      return [];
    }
    const info = lstatSync(path);
    const digest = info.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    const content = info.isSymbolicLink() ? `-> ${readlinkSync(path)}` : digest;
    return [`${relative(top, path)} ${info.mode.toString(8)} ${content}`];
  });

/** Names in place of a file: what is opened must be looked at first. */
const misplace = (path: string, outside: string, dice: Dice): void => {
  rmSync(path, {recursive: true, force: true});
  switch (dice.below(8)) {
    case 0:
      mkdirSync(path);
      break;
    case 1:
    case 2:
      spawnSync('mkfifo', [path]);
      break;
    default:
      symlinkSync(dice.pick([`${outside}/letter`, `${outside}/not-there`, `${outside}/folder`, '/dev/zero', '/dev/full', path]), path);
  }
};

const start = (argv: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): ChildProcess => {
  const [file = '', ...args] = argv;
  return spawn(file, args, {cwd, env: {PATH: process.env.PATH ?? '', ...env}, stdio: 'ignore', detached: true});
};

const lives = ({exitCode, signalCode}: ChildProcess): boolean => exitCode === null && signalCode === null;

export const createWorld = (top: string): World => {
  const home = join(top, 'home');
  const outside = join(top, 'outside');
  const project = join(home, 'w/evil');
  const state = join(home, '.local/state/rigtop');
  const tree = join(home, 'trees/feat');
  for (const directory of [home, outside, `${outside}/folder`, project, state, tree, join(top, 'tmux'), `${home}/w/shop/src`]) {
    mkdirSync(directory, {recursive: true, mode: 0o700});
  }
  writeFileSync(`${outside}/letter`, 'not rigtop’s to write\n');
  writeFileSync(`${home}/.bashrc`, '# a person’s own\n');

  const sleeper = ['sleep', '100000'];
  const bystanders = [start(sleeper, outside), start(sleeper, `${home}/w/shop/src`), start(['sleep', '100001'], home)];
  const slot = {ECLUSE_SLUG: 'feat', ECLUSE_SLOT: '1'};
  const startVictims = (): readonly ChildProcess[] => [
    start(sleeper, tree, slot),
    start(['sh', '-c', 'sleep 100002; :'], tree, slot),
    start(['sleep', '100003'], `${home}/gt`, {GT_ROOT: `${home}/gt`, GT_RIG: 'app', GT_ROLE: 'polecat', GT_POLECAT: 'max'}),
  ];
  mkdirSync(`${home}/gt`, {recursive: true});
  let victims = startVictims();
  const pidsOf = (all: readonly ChildProcess[]): readonly number[] => all.flatMap(({pid}) => pid ?? []);

  const places = supervisePlaces(state, [join(home, '.config/rigtop/config.toml'), join(project, '.rigtop.toml')]);
  const [, , stranger = 1] = pidsOf(bystanders);
  const lockHolder = {
    pid: stranger,
    startTime: Number(
      readFileSync(`/proc/${stranger}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[19],
    ),
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  };
  const texts = () => fileTexts({home, project, state, tree, places, pids: pidsOf(victims), stranger: lockHolder});
  let before: readonly string[] = [];
  const mayChange = [state, join(home, '.cache')];
  /** Besides its own state, rigtop tells a town's feed of an end and moves stale locks aside: both in the town. */
  const listed = (): readonly string[] => [
    ...listing(outside, []),
    ...listing(home, mayChange).filter(
      line => !/^gt\/(\.events\.jsonl|.*agent\.lock|[^ ]*\.runtime) /.test(`${line} `) && !/agent\.lock\.stale/.test(line),
    ),
  ];

  return {
    home,
    project,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: home,
      TMUX_TMPDIR: join(top, 'tmux'),
      SESSION_DATA_DIR: join(home, 'botmux'),
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
    },
    victims: () => pidsOf(victims.filter(lives)),
    shake: dice => {
      const files = Object.entries(texts());
      rmSync(state, {recursive: true, force: true});
      for (const [, {path, text}] of files) {
        mkdirSync(dirname(path), {recursive: true, mode: 0o700});
        // Never through a link that the round before has left.
        rmSync(path, {recursive: true, force: true});
        writeFileSync(path, text, {mode: 0o600});
      }
      const others = files.map(([, {text}]) => text);
      const changed: string[] = [];
      for (let count = 1 + dice.below(12); count > 0; count -= 1) {
        const [kind, {path, text}] = dice.pick(files);
        if (changed.includes(kind)) {
          continue;
        }
        changed.push(kind);
        if (dice.chance(0.06)) {
          misplace(path, outside, dice);
        } else {
          writeFileSync(path, mutate(text, others, dice, [...pidsOf(bystanders), ...pidsOf(victims)]));
        }
      }
      before = listed();
      return changed;
    },
    harm: () => {
      const now = new Set(listed());
      const was = new Set(before);
      return [
        ...bystanders.filter(each => !lives(each)).map(({pid}) => `ended bystander ${pid}`),
        ...before.filter(line => !now.has(line)).map(line => `changed or removed ${line}`),
        ...[...now].filter(line => !was.has(line)).map(line => `wrote ${line}`),
      ];
    },
    revive: () => {
      if (!victims.every(lives)) {
        for (const each of victims.filter(lives)) {
          each.kill('SIGKILL');
        }
        victims = startVictims();
      }
    },
    close: () => {
      for (const each of [...bystanders, ...victims]) {
        each.kill('SIGKILL');
      }
      rmSync(top, {recursive: true, force: true});
    },
  };
};
