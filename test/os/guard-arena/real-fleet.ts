// Real servers for the fleet: vite and tool servers from npm, as their own package managers start them, and who they are once they serve.
import {chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {PROGRAMS} from '../../reality/programs.ts';

/** What each program takes a moment to come to: the port that it listens on, or how its own process is called. */
const SERVES: ReadonlyMap<string, number | RegExp> = new Map<string, number | RegExp>([
  ['a.vite', 3000],
  ['b.vite', 3001],
  ['a.far', 3100],
  ['b.far', 3101],
  ['a.daemon', 3900],
  ['b.daemon', 3901],
  ['a.mcp', /^node \S*\.bin\/mcp-server-filesystem /],
  ['b.mcp', /^node \S*\.bin\/mcp-server-filesystem /],
]);

/** The programs of a directory of real ones lie in `REAL`; npm and npx are the machine’s. */
const REAL = '/tmp/real';
/** Versions of before may lie there too. */
const SERVERS = Object.entries(PROGRAMS).flatMap(([name, {version}]) =>
  /^(?:vite|mcp-server-\w+)$/.test(name) ? [`${name}@${version}`] : [],
);

/** Over the place that is made already: its node is the real one, and each work tree has its packages, npm’s way. */
export const prepareReal = (root: string, uid: number): void => {
  rmSync(join(root, 'bin/node'));
  copyFileSync(process.execPath, join(root, 'bin/node'));
  for (const name of ['npm', 'npx']) {
    symlinkSync(realpathSync(join('/usr/bin', name)), join(root, 'bin', name));
  }
  for (const tree of ['a', 'b']) {
    const modules = join(root, 'w', tree, 'node_modules');
    rmSync(modules, {recursive: true});
    mkdirSync(join(modules, '.bin'), {recursive: true});
    for (const name of SERVERS) {
      for (const program of readdirSync(join(REAL, name, 'node_modules/.bin')).filter(each => /^vite$|^mcp-/.test(each))) {
        symlinkSync(realpathSync(join(REAL, name, 'node_modules/.bin', program)), join(modules, '.bin', program));
      }
    }
    chownSync(modules, uid, uid);
    writeFileSync(join(root, 'w', tree, 'index.html'), `<h1>${tree}</h1>\n`);
  }
};

interface Found {
  readonly pid: number;
  readonly ppid: number;
  /** Node names its main thread once it is up. */
  readonly isUp: boolean;
  readonly line: string;
}

/** By the name in their environment, which all of a chain inherit. */
const named = (): ReadonlyMap<string, readonly Found[]> => {
  const found = new Map<string, Found[]>();
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const [, name = ''] = /\0FLEET_NAME=([^\0]+)/.exec(`\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`) ?? [];
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const ppid = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
      const isUp = !/^Name:\s*node$/m.test(status);
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (SERVES.has(name) && line !== '') {
        found.set(name, [...(found.get(name) ?? []), {pid: Number(pid), ppid, isUp, line}]);
      }
    } catch {
      // It has ended since.
    }
  }
  return found;
};

/** 127.0.0.1, as proc_net(5) writes it on a little-endian machine. */
const LOOPBACK = '0100007F';

/** Ports that somebody listens on for good: proc_net(5), state 0A. vite tries a port of all addresses before it takes its own. */
const listening = (): ReadonlySet<number> =>
  new Set(
    ['tcp', 'tcp6'].flatMap(table =>
      [...readFileSync(`/proc/net/${table}`, 'utf8').matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)]
        .map(([, address, port = '']) => ({address, port: Number.parseInt(port, 16)}))
        .filter(({address, port}) => address === LOOPBACK || port >= 3900)
        .map(({port}) => port),
    ),
  );

/** From what was started down to what serves, of each that serves by now. */
const downwards = (all: readonly Found[]): readonly Found[] => {
  const pids = new Set(all.map(({pid}) => pid));
  const chain = all.filter(({ppid}) => !pids.has(ppid));
  for (let next: Found | undefined = chain[0]; next !== undefined; ) {
    const above: Found = next;
    next = all.find(({ppid}) => ppid === above.pid);
    chain.push(...(next === undefined ? [] : [next]));
  }
  return chain;
};

export const realChains = (): readonly (readonly [string, readonly number[]])[] => {
  const ports = listening();
  return [...named()].flatMap(([name, all]) => {
    const chain = downwards(all);
    const wanted = SERVES.get(name) ?? 0;
    const last = chain.at(-1);
    const serves = typeof wanted === 'number' ? ports.has(wanted) : last?.isUp === true && wanted.test(last.line);
    return serves ? [[name, chain.map(({pid}) => pid)] as const] : [];
  });
};
