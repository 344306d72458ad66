// Runs the tests that drive tmux under newer ones than the machine's: from Debian's backports and sid, unpacked into a cache of their own.
import {execFileSync, type SpawnSyncOptions, spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {alone} from './alone.ts';

const top = fileURLToPath(new URL('..', import.meta.url));
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Where each tmux is, and what else its libraries may come from. */
const SUITES = [
  {suite: 'bookworm-backports', base: 'bookworm'},
  {suite: 'sid', base: null},
] as const;
/** The directories whose tests start tmux servers. */
const TESTS = ['test/os', 'test/terminal', 'test/cli', 'test/demo'];

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Not in root's home, which is closed to the users whom some tests act as. */
const caches = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
const cache = join(process.env.XDG_CACHE_HOME || caches, 'rigtop-tmux');

/** The archive that this machine's apt is set up for, without a slash at its end. */
const mirror = (): string => {
  const parts = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...(existsSync(parts) ? readdirSync(parts).map(name => join(parts, name)) : [])];
  const text = files
    .filter(path => /\.(list|sources)$/.test(path) && existsSync(path))
    .map(path => readFileSync(path, 'utf8'))
    .join('\n');
  const uri = text.match(/^(?:deb\s|URIs:).*?(https?:\/\/\S+\/debian)\/?(?:\s|$)/m)?.[1];
  if (uri === undefined) {
    throw new Error('apt is not set up for a Debian archive here: nothing in /etc/apt ends in /debian');
  }
  return uri;
};

/** Below `root`, the only file whose name begins so. */
const find = (root: string, start: string): string => {
  const found = readdirSync(root, {recursive: true, encoding: 'utf8'}).find(path => path.split('/').at(-1)?.startsWith(start));
  if (found === undefined) {
    throw new Error(`${start} is not in the packages`);
  }
  return join(root, found);
};

/**
 * The packages come with all their libraries, the C library too, and with patchelf, which makes tmux use those. So the process is tmux
 * and nothing else, and what runs in its panes gets no LD_LIBRARY_PATH that would break it.
 */
const unpack = ({suite, base}: (typeof SUITES)[number], into: string): void => {
  const work = mkdtempSync(join(cache, '.apt-'));
  try {
    mkdirSync(join(work, 'lists/partial'), {recursive: true});
    mkdirSync(join(work, 'archives/partial'), {recursive: true});
    const sources = join(work, 'sources.list');
    const suites = base === null ? [suite] : [suite, base];
    writeFileSync(sources, suites.map(name => `deb [signed-by=${KEYRING}] ${mirror()} ${name} main\n`).join(''));
    const options = [
      `Dir::Etc::sourcelist=${sources}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(work, 'lists')}`,
      // No package counts as installed: every library is fetched.
      'Dir::State::status=/dev/null',
      `Dir::Cache=${work}`,
      'APT::Sandbox::User=',
      'APT::Install-Recommends=0',
      'Debug::NoLocking=1',
    ].flatMap(option => ['-o', option]);
    execFileSync('apt-get', [...options, '-qq', 'update'], {stdio: 'inherit'});
    execFileSync('apt-get', [...options, '-qq', '-y', '--download-only', 'install', `tmux/${suite}`, 'patchelf'], {stdio: 'inherit'});
    for (const name of readdirSync(join(work, 'archives')).filter(each => each.endsWith('.deb'))) {
      execFileSync('dpkg', ['-x', join(work, 'archives', name), into]);
    }
  } finally {
    rmSync(work, {recursive: true, force: true});
  }
};

/** The directory to put first on PATH. A directory of the suite's name is a finished one; remove it to fetch anew. */
const installTmux = (wanted: (typeof SUITES)[number]): string => {
  const place = join(cache, wanted.suite);
  if (existsSync(place)) {
    return join(place, 'usr/bin');
  }
  mkdirSync(cache, {recursive: true});
  const unfinished = mkdtempSync(join(cache, '.root-'));
  unpack(wanted, unfinished);
  const loader = find(unfinished, 'ld-linux');
  const libraries = (root: string): string => {
    const directory = find(unfinished, 'libc.so.').slice(unfinished.length).split('/').at(-2) ?? '';
    return [`${root}/usr/lib/${directory}`, `${root}/lib/${directory}`].join(':');
  };
  const patchelf = (...args: readonly string[]): void => {
    execFileSync(loader, ['--library-path', libraries(unfinished), join(unfinished, 'usr/bin/patchelf'), ...args]);
  };
  const tmux = join(unfinished, 'usr/bin/tmux');
  // RPATH, not RUNPATH: only that one also holds for the libraries of libraries (ld.so(8)).
  patchelf('--force-rpath', '--set-rpath', libraries(place), tmux);
  patchelf('--set-interpreter', `${place}${loader.slice(unfinished.length)}`, tmux);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, place);
  return join(place, 'usr/bin');
};

const run = ([program = '', ...args]: readonly string[], options: SpawnSyncOptions): boolean =>
  spawnSync(program, args, options).status === 0;
/** Whoever else works on this machine has agents, too. */
const hasNamespaces = run(alone(['true']), {stdio: 'ignore'});

const failed: string[] = [];
for (const wanted of SUITES) {
  const directory = installTmux(wanted);
  const env = {...process.env, PATH: `${directory}${delimiter}${process.env.PATH ?? ''}`};
  const version = execFileSync('tmux', ['-V'], {env, encoding: 'utf8'}).trim();
  say(`\n== ${version}, from ${wanted.suite}, in ${directory}`);
  const given = process.argv.slice(2);
  const command = ['vitest', 'run', '--project', 'real', ...(given.length > 0 ? given : TESTS)];
  if (!run(hasNamespaces ? alone(command) : command, {cwd: top, env, stdio: 'inherit'})) {
    failed.push(version);
  }
}
say(failed.length === 0 ? '\nAll passed under each of them.' : `\nFailed under ${failed.join(' and ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
