// A rig with a kept service on a private tmux server, and the built supervisor over it as a child process.
import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {JournalLine} from '../../src/core/act/journal-file.ts';
import {parseJournal} from '../../src/core/act/read-journal.ts';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {parseRecord, type SuperviseRecord} from '../../src/supervise/record.ts';
import {supervisePlaces} from '../../src/supervise/supervisor-files.ts';
import {createRigtop, type Ran, type Rigtop} from '../cli/rigtop.ts';
import {BINARY} from '../support/built.ts';
import {identify, isAlive, signalTo} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import type {Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {freeBase} from './slots-fleet.ts';

/** Listens on the port given as its first argument, once the file given as its second is there. Writes its pid beside it. */
const SERVICE = `
import {appendFileSync, existsSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
const [, , port, gate] = process.argv;
writeFileSync(gate + '.' + port + '.pid', String(process.pid));
appendFileSync(gate + '.' + port + '.starts', process.pid + '\\n');
const look = () => (existsSync(gate) ? createServer().listen(Number(port), '127.0.0.1') : setTimeout(look, 50));
look();
setTimeout(() => process.exit(0), 300_000);
`;

export interface Started {
  readonly child: ChildProcess;
  readonly id: ProcessId;
  output(): string;
  /** Resolves when it has ended. */
  readonly ended: Promise<Ran>;
}

export interface KeepFleet {
  readonly rigtop: Rigtop;
  readonly tmux: PrivateTmux;
  readonly path: string;
  /** `$XDG_STATE_HOME/rigtop`. */
  readonly state: string;
  readonly config: string;
  port(slot: number): number;
  writeConfig(supervise?: string, more?: string): void;
  /** The slot's session, with a window that stays and one that runs the service. */
  openSlot(slot: number): Promise<void>;
  /** The process that last started as the slot's service. */
  service(slot: number): ProcessId | null;
  /** How often the slot's service was started so far. */
  starts(slot: number): number;
  /** Until it is another process than `before`, and alive. */
  newService(slot: number, before: ProcessId | null): Promise<ProcessId>;
  /** Services listen at once while the gate is open, the next ones wait for it once it is shut. */
  gate(open: boolean): void;
  /** A supervisor with these arguments and, where one is given, another configuration file. */
  start(args?: readonly string[], configFile?: string): Promise<Started>;
  record(): SuperviseRecord | null;
  /** Until its record says so. */
  recorded(what: string, is: (record: SuperviseRecord) => boolean): Promise<SuperviseRecord>;
  journal(): readonly JournalLine[];
}

const readIf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

export const buildKeepFleet = async (scope: Scope): Promise<KeepFleet> => {
  const tmux = await privateTmux(scope, {name: 'default'});
  const rigtop = await createRigtop(scope, {tmpdir: tmux.tmpdir});
  const path = join(rigtop.directory, 'search');
  const state = join(rigtop.home, '.local', 'state', 'rigtop');
  const gateFile = join(rigtop.directory, 'gate');
  const script = rigtop.write('serve.mjs', SERVICE);
  const base = await freeBase(9);
  mkdirSync(path);
  const config = join(rigtop.home, '.config', 'rigtop', 'config.toml');
  const places = supervisePlaces(state, [config]).record;
  const command = `exec ${process.execPath} ${script} {port} ${gateFile}`;

  const writeConfig: KeepFleet['writeConfig'] = (supervise = '', more = '') => {
    rigtop.write(
      'home/.config/rigtop/config.toml',
      `[thresholds]\norphan_min_age = "0s"\nterm_grace = "1s"\n[supervise]\ninterval = "1s"\nkeep = ["slot:search/*/web", "agent:*/*"]\n${supervise}\n
[[rigs]]\nname = "search"\npath = "${path}"\nsession = "search-{slot}"\nslots = 9\n  [[rigs.services]]\n  name = "web"\n  base_port = ${base}\n  command = "${command}"\n${more}\n`,
    );
  };
  const port = (slot: number): number => base + slot;
  const record = (): SuperviseRecord | null => parseRecord(readIf(places));
  const service = (slot: number): ProcessId | null => {
    const pid = Number(readIf(`${gateFile}.${port(slot)}.pid`));
    try {
      return pid > 0 ? identify(pid) : null;
    } catch {
      return null;
    }
  };
  writeConfig();
  writeFileSync(gateFile, '');

  return {
    rigtop,
    tmux,
    path,
    state,
    config,
    port,
    writeConfig,
    openSlot: async slot => {
      await tmux.newSession(`search-${slot}`, {cwd: path, command: ['sleep', '600']});
      const line = command.replace('{port}', String(port(slot)));
      await tmux.run('new-window', '-d', '-t', `=search-${slot}:`, '-n', 'web', '-c', path, line);
      await waitFor('the service', () => service(slot));
    },
    service,
    starts: slot => readIf(`${gateFile}.${port(slot)}.starts`).split('\n').length - 1,
    newService: (slot, before) =>
      waitFor(
        'another process of the service',
        async () => {
          // Agents of other tests on this machine come and go: what halts because of them is lifted, as a person would.
          if (record()?.state.halted != null) {
            await rigtop.run(['supervise', 'resume']);
          }
          const now = service(slot);
          return now !== null && isAlive(now) && (now.pid !== before?.pid || now.startTime !== before.startTime) && now;
        },
        {deadlineMs: 40_000, describe: () => JSON.stringify(record(), null, 1)},
      ),
    gate: open => {
      if (open) {
        writeFileSync(gateFile, '');
      } else {
        rmSync(gateFile, {force: true});
      }
    },
    start: async (args = ['--act'], configFile) => {
      const own = configFile === undefined ? [] : ['--config', configFile];
      const child = spawn(process.execPath, [BINARY, 'supervise', ...args, ...own], {
        env: rigtop.env,
        cwd: rigtop.home,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const text = {stdout: '', stderr: ''};
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text.stdout += chunk;
      });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        text.stderr += chunk;
      });
      const id = identify(child.pid ?? 0);
      const ended = new Promise<Ran>(resolve => child.once('close', code => resolve({code, ...text})));
      scope.add(async () => {
        signalTo(id, 'SIGKILL');
        await ended;
      });
      return {child, id, ended, output: () => `${text.stdout}${text.stderr}`};
    },
    record,
    recorded: (what, is) =>
      waitFor(
        what,
        () => {
          const now = record();
          return now !== null && is(now) && now;
        },
        {deadlineMs: 30_000, describe: () => JSON.stringify(record(), null, 1)},
      ),
    journal: () => parseJournal(readIf(join(state, 'journal.jsonl'))),
  };
};
