// Another user, by number: programs that run as it, directories that belong to it. Needs root (canBeOthers); makes no account.
import {spawn} from 'node:child_process';
import {chmodSync, chownSync, cpSync, existsSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, isAbsolute, join} from 'node:path';
import {identify, MARKER, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';

const EVERYBODY_ENTERS = 0o001;

/** Whether everybody may go down to it: root's home, where a checkout may lie, is closed. */
const isReachable = (path: string): boolean =>
  dirname(path) === path || ((statSync(dirname(path)).mode & EVERYBODY_ENTERS) !== 0 && isReachable(dirname(path)));

/** The path as others reach it: below `home` there is a copy of a closed file, with what stands beside a script. */
const reachable = (path: string, home: string): string => {
  if (!isAbsolute(path) || !existsSync(path) || isReachable(path)) {
    return path;
  }
  const isProgram = path === process.execPath;
  const copy = isProgram ? home : join(home, basename(dirname(path)));
  const file = join(copy, basename(path));
  if (!existsSync(file)) {
    cpSync(isProgram ? path : dirname(path), isProgram ? file : copy, {recursive: true});
  }
  return file;
};

/** Only root may run things as somebody else: `test.runIf(canBeOthers)`. */
export const canBeOthers = process.geteuid?.() === 0;

export interface AnsweredAs {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunAsOptions {
  readonly cwd?: string;
  /** All of the environment but for PATH, HOME, LANG, TERM and the marker. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface OtherUser {
  readonly uid: number;
  /** A directory of its own that everybody may enter; removed with the scope. */
  readonly home: string;
  /** Give a path to this user, as chown(2) and chmod(2) do. */
  own(path: string, mode?: number): void;
  /** Run to the end. */
  run(file: string, args: readonly string[], options?: RunAsOptions): Promise<AnsweredAs>;
  /** Start; ended with the scope. Resolves with its pid. */
  start(file: string, args: readonly string[], options?: RunAsOptions): number;
}

/** `uid` is the group's number too, without further groups. Two tests may use the same number: nothing is kept under it. */
export const otherUser = async (scope: Scope, uid = 4242): Promise<OtherUser> => {
  if ((statSync(tmpdir()).mode & EVERYBODY_ENTERS) === 0) {
    // The empty /tmp of a namespace may be root's alone.
    chmodSync(tmpdir(), 0o1777);
  }
  const home = await scope.tempDir();
  const own = (path: string, mode?: number): void => {
    if (mode !== undefined) {
      chmodSync(path, mode);
    }
    chownSync(path, uid, uid);
  };
  own(home, 0o755);
  const marker = scope.marker();
  const launch = (file: string, args: readonly string[], {cwd = home, env = {}}: RunAsOptions, output: 'pipe' | 'ignore') =>
    spawn(
      reachable(file, home),
      args.map(each => reachable(each, home)),
      {
        cwd,
        uid,
        gid: uid,
        stdio: ['ignore', output, output],
        env: {PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env, [MARKER]: marker},
      },
    );
  return {
    uid,
    home,
    own,
    run: (file, args, options = {}) =>
      new Promise((resolve, reject) => {
        const child = launch(file, args, options, 'pipe');
        const text = {stdout: '', stderr: ''};
        child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
          text.stdout += chunk;
        });
        child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
          text.stderr += chunk;
        });
        child.once('error', reject);
        child.once('close', code => resolve({code, ...text}));
      }),
    start: (file, args, options = {}) => {
      const child = launch(file, args, options, 'ignore');
      const id = identify(child.pid ?? 0);
      scope.add(() => signalTo(id, 'SIGKILL'));
      return id.pid;
    },
  };
};
