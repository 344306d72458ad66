// Stand-ins for zellij and herdr on a PATH of their own: one-line scripts for probes, and living ones that hold real processes.
import {spawn} from 'node:child_process';
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {identify, MARKER, sight, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';
import {waitFor} from './wait-for.ts';

export interface FakePrograms {
  /** A PATH with the stand-ins before everything else. */
  readonly path: string;
  /** Make `name` run this shell text; `mode` 0o600 makes it a file that may not be executed. */
  put(name: string, text: string, mode?: number): Promise<void>;
}

export const createFakePrograms = async (scope: Scope): Promise<FakePrograms> => {
  const bin = await scope.tempDir();
  return {
    path: `${bin}:${process.env.PATH}`,
    put: async (name, text, mode = 0o700) => {
      const file = join(bin, name);
      await writeFile(file, `#!/bin/bash\n${text}\n`);
      await chmod(file, mode);
    },
  };
};

// The server keeps its panes as direct children with sessions of their own, as both programs do, opens another for SIGUSR1, and ends with SIGTERM.
const SERVE = (name: string, panes: string): string => `
  name=${name}
  ${panes}
  on_end() { rm -f "$live/$name"; for pane in $(jobs -p); do kill -9 "$pane" 2>/dev/null; done; exit 0; }
  trap on_end TERM
  trap 'HERDR_PANE_ID=w1:p3 setsid sleep 600 &' USR1
  echo $$ > "$live/$name.new"; mv "$live/$name.new" "$live/$name"
  while :; do wait; sleep 0.05; done`;

const ZELLIJ = `
case "$1" in
--server) ${SERVE('"$(basename "$2")"', 'setsid sleep 600 & setsid bash -c "trap \'\' HUP; sleep 600; :" &')} ;;
list-sessions)
  test -e "$state/mute" && { sleep 30; }
  found=
  for file in "$live"/*; do
    test -e "$file" || continue
    found=1; name=$(basename "$file"); test -e "$state/alias.$name" && name=$(cat "$state/alias.$name")
    echo "$name [Created $(( $(date +%s) - $(stat -c %Y "$file") + $(cat "$state/older" 2>/dev/null || echo 0) ))s ago] "
  done
  for file in "$exited"/*; do test -e "$file" && { found=1; echo "$(basename "$file") [Created 5m ago] (EXITED - attach to resurrect)"; }; done
  test -n "$found" || { echo 'No active zellij sessions found.' >&2; exit 1; } ;;
attach) echo "$*" >> "$state/orders" ;;
delete-session)
  echo "$*" >> "$state/orders"
  test -e "$state/refuse" && { echo 'zellij: something went wrong' >&2; exit 2; }
  test "$3" = -f && kill "$(cat "$live/$2")"
  rm -f "$exited/$2" ;;
esac`;

const HERDR = `
case "$*" in
"server --session "*) ${SERVE('"$3"', 'HERDR_PANE_ID=w1:p1 setsid sleep 600 & HERDR_PANE_ID=w1:p2 setsid sleep 600 &')} ;;
"session list --json")
  rows=; for file in "$live"/*; do test -e "$file" && rows="$rows\${rows:+,}{\\"name\\":\\"$(basename "$file")\\",\\"running\\":true}"; done
  echo "{\\"sessions\\":[$rows]}" ;;
*" agent list") echo '{"result":{"agents":[{"name":"one","pane_id":"w1:p1"},{"name":"two","pane_id":"w1:p2"}]}}' ;;
"--session "*" pane close "*)
  echo "$*" >> "$state/orders"
  for pane in $(ps -o pid= --ppid "$(cat "$live/$2")"); do grep -qz "^HERDR_PANE_ID=$5$" "/proc/$pane/environ" && kill -9 "$pane"; done
  exit 0 ;;
"session stop "*|"session delete "*)
  echo "$*" >> "$state/orders"
  test "$2" = stop && kill "$(cat "$live/$3")"
  exit 0 ;;
esac`;

export interface FakeMultiplexer {
  /** Start a session's server with two panes; resolves once it is listed. */
  start(name: string): Promise<{readonly server: ProcessId; readonly panes: readonly ProcessId[]}>;
  /** Have a session's server open another pane; resolves to its process. */
  open(server: ProcessId): Promise<ProcessId>;
  /** Write a file the stand-in looks at: \`mute\`, \`refuse\`, \`alias.NAME\`, \`older\`. */
  set(name: string, text?: string): Promise<void>;
  /** A layout of a session that has ended. */
  exit(name: string): Promise<void>;
  /** Orders it was given, one a line. */
  orders(): Promise<readonly string[]>;
}

const childrenOf = (pid: number): Promise<readonly ProcessId[]> =>
  readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').then(text =>
    text
      .split(' ')
      .filter(word => word !== '')
      .map(each => identify(Number(each))),
  );

export const createFakeMultiplexer = async (scope: Scope, programs: FakePrograms, kind: 'zellij' | 'herdr'): Promise<FakeMultiplexer> => {
  const state = await scope.tempDir();
  const live = join(state, 'live');
  const exited = join(state, 'exited');
  await Promise.all([mkdir(live), mkdir(exited)]);
  await programs.put(kind, `state=${state}; live=${live}; exited=${exited}\n${kind === 'zellij' ? ZELLIJ : HERDR}`);
  const file = join(programs.path.split(':')[0] ?? '', kind);
  return {
    start: async name => {
      const words = kind === 'zellij' ? ['--server', join(state, 'sockets', name)] : ['server', '--session', name];
      const child = spawn(file, words, {stdio: 'ignore', detached: true, env: {...process.env, [MARKER]: scope.marker()}});
      child.unref();
      const server = await waitFor('the server', () =>
        child.pid !== undefined && sight(child.pid)?.comm === kind ? identify(child.pid) : null,
      );
      scope.add(() => signalTo(server, 'SIGKILL'));
      await waitFor('its session', () => readFile(join(live, name), 'utf8'));
      const panes = await waitFor('its panes', async () => {
        const children = await childrenOf(server.pid);
        const settled = children.length === 2 && children.every(({pid}) => sight(pid)?.sid === pid);
        return settled ? children : null;
      });
      return {server, panes};
    },
    open: async server => {
      const before = await childrenOf(server.pid);
      signalTo(server, 'SIGUSR1');
      return waitFor('the new pane', async () => {
        const opened = (await childrenOf(server.pid)).find(child => !before.some(({pid}) => pid === child.pid));
        return opened !== undefined && sight(opened.pid)?.sid === opened.pid ? opened : null;
      });
    },
    set: (name, text = '') => writeFile(join(state, name), text),
    exit: name => writeFile(join(exited, name), ''),
    orders: async () => (await readFile(join(state, 'orders'), 'utf8').catch(() => '')).split('\n').filter(line => line !== ''),
  };
};
