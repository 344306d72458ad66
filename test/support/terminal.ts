// A program on a real terminal: inside a private tmux server, driven by keys, read by capture-pane, checked for what it left behind.
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {identify, signalTo} from './marked.ts';
import {type PrivateTmux, privateTmux} from './private-tmux.ts';
import type {Scope} from './scope.ts';
import {type WaitOptions, waitFor} from './wait-for.ts';

export interface TerminalOptions {
  /** argv of the program. */
  readonly command: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd?: string;
  /** Set for the program; null unsets. With neither HOME nor XDG_STATE_HOME it has a state directory of its own: a screen leaves things there. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Behind the program in the shell's line: `| head -1`, `>&-`. */
  readonly redirect?: string;
}

export interface Terminal {
  readonly tmux: PrivateTmux;
  /** tmux key names (`j`, `Enter`, `C-c`), delivered in one write: the program may read several in one chunk. */
  sendKeys(...keys: readonly string[]): Promise<void>;
  /** The same in one write for each key, as close together as the terminal delivers them. */
  sendOneByOne(...keys: readonly string[]): Promise<void>;
  /** Send a key again and again until the screen shows `text`: for keys that are deaf for a moment. */
  pressUntil(key: string, text: string | RegExp): Promise<string>;
  /** Text as typed, without key names. */
  type(text: string): Promise<void>;
  /** Bracketed paste, as a terminal does it. */
  paste(text: string): Promise<void>;
  /** The screen as text, one string per row, right-trimmed. */
  lines(): Promise<readonly string[]>;
  capture(): Promise<string>;
  /** The screen with its colours (SGR sequences). */
  captureStyled(): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** The screen once it shows `text`. */
  waitForText(text: string | RegExp, options?: WaitOptions): Promise<string>;
  waitForNoText(text: string | RegExp, options?: WaitOptions): Promise<string>;
  /** Whether the alternate screen is on. */
  alternateScreen(): Promise<boolean>;
  /** Terminal modes that a crashed full-screen program would have left on. */
  modes(): Promise<{readonly alternate: boolean; readonly cursor: boolean; readonly mouse: boolean; readonly wrap: boolean}>;
  /** The program itself (not the shell around it). */
  process(): Promise<ProcessId>;
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Waits for the program to end: 128 + n for signal n. */
  exitCode(): Promise<number>;
  /** `stty -g` as it was before the program ran and after it ended. */
  stty(): Promise<{readonly before: string; readonly after: string}>;
  /** What the program wrote to stderr, when it was redirected with `redirect: '2>stderr'` in its directory. */
  readonly directory: string;
  /** Bytes written to the terminal since the program was started. */
  bytesWritten(): Promise<number>;
  output(): Promise<string>;
}

const ANSWER_MS = 2000;

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const matches = (screen: string, text: string | RegExp): boolean => (typeof text === 'string' ? screen.includes(text) : text.test(screen));

/** The program runs below a shell that notes its pid, its exit code and the terminal's settings, and that is usable again afterwards. */
const wrapper = (directory: string, {command, env = {}, redirect = ''}: TerminalOptions): string => {
  const at = (name: string): string => quote(join(directory, name));
  const own = 'HOME' in env || 'XDG_STATE_HOME' in env ? {} : {XDG_STATE_HOME: join(directory, 'state')};
  const variables = Object.entries<string | null>({...own, ...env});
  const unset = variables.flatMap(([name, value]) => (value === null ? ['-u', name] : []));
  const set = variables.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  const argv = ['/usr/bin/env', ...unset, ...set, ...command].map(quote).join(' ');
  return [
    `until [ -e ${at('go')} ]; do sleep 0.02; done`,
    `stty -g >${at('before')}`,
    `/bin/sh -c 'echo $$ >"$0"; exec "$@"' ${at('pid')} ${argv} ${redirect}`,
    `echo $? >${at('status')}`,
    `stty -g >${at('after')}`,
    `echo done >${at('done')}`,
    'exec /bin/sh',
  ].join('\n');
};

export const openTerminal = async (scope: Scope, options: TerminalOptions): Promise<Terminal> => {
  const {columns = 120, rows = 36, cwd} = options;
  const directory = await scope.tempDir();
  const tmux = await privateTmux(scope, {columns, rows, name: 'terminal'});
  const at = (name: string): string => join(directory, name);
  await writeFile(at('run.sh'), wrapper(directory, options));
  await writeFile(at('output'), '');
  const pane = await tmux.newSession('terminal', {command: ['/bin/sh', at('run.sh')], cwd: cwd ?? directory});
  const target = pane.id;
  await tmux.run('set-option', '-g', 'status', 'off', ';', 'set-option', '-g', 'window-size', 'manual');
  await tmux.run('resize-window', '-t', target, '-x', String(columns), '-y', String(rows));
  await tmux.run('pipe-pane', '-t', target, `cat >> ${quote(at('output'))}`);
  await writeFile(at('go'), '');

  const read = (name: string): Promise<string> => readFile(at(name), 'utf8').then(text => text.trim());
  const capture = (): Promise<string> => tmux.run('capture-pane', '-p', '-t', target);
  const shown = async (): Promise<string> => `the screen was:\n${await capture().catch(String)}`;
  const program = (): Promise<ProcessId> =>
    waitFor('the program to start', async () => identify(Number(await read('pid'))), {describe: shown});

  return {
    tmux,
    directory,
    sendKeys: async (...keys) => {
      await tmux.run('send-keys', '-t', target, ...keys);
    },
    sendOneByOne: async (...keys) => {
      await tmux.run(...keys.flatMap((key, index) => [...(index === 0 ? [] : [';']), 'send-keys', '-t', target, key]));
    },
    pressUntil: (key, text) =>
      waitFor(
        `${key} to bring ${text}`,
        // Pressed again only after a while: a busy program answers each press, and the second one may close what the first one opened.
        async () => {
          await tmux.run('send-keys', '-t', target, key);
          return waitFor(
            'its answer',
            async () => {
              const screen = await capture();
              return matches(screen, text) && screen;
            },
            {deadlineMs: ANSWER_MS},
          );
        },
        {describe: shown},
      ),
    type: async text => {
      await tmux.run('send-keys', '-t', target, '-l', text);
    },
    paste: async text => {
      await tmux.run('set-buffer', '-b', 'paste', '--', text);
      await tmux.run('paste-buffer', '-p', '-d', '-b', 'paste', '-t', target);
    },
    capture,
    lines: async () => (await capture()).split('\n').map(line => line.trimEnd()),
    captureStyled: () => tmux.run('capture-pane', '-e', '-p', '-t', target),
    resize: async (width, height) => {
      await tmux.run('resize-window', '-t', target, '-x', String(width), '-y', String(height));
    },
    waitForText: (text, wait) =>
      waitFor(
        `${text} on the screen`,
        async () => {
          const screen = await capture();
          return matches(screen, text) && screen;
        },
        {describe: shown, ...wait},
      ),
    waitForNoText: (text, wait) =>
      waitFor(
        `${text} to leave the screen`,
        async () => {
          const screen = await capture();
          return !matches(screen, text) && `${screen}\n`;
        },
        {describe: shown, ...wait},
      ),
    alternateScreen: async () => (await tmux.run('display-message', '-p', '-t', target, '#{alternate_on}')) === '1',
    modes: async () => {
      const format = '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag}';
      const [alternate, cursor, mouse, wrap] = (await tmux.run('display-message', '-p', '-t', target, format)).split(' ');
      return {alternate: alternate === '1', cursor: cursor === '1', mouse: mouse === '1', wrap: wrap === '1'};
    },
    process: program,
    signal: async signal => {
      signalTo(await program(), signal);
    },
    exitCode: async () => {
      await waitFor('the program to end', () => read('done'), {describe: shown});
      return Number(await read('status'));
    },
    stty: async () => {
      await waitFor('the program to end', () => read('done'), {describe: shown});
      return {before: await read('before'), after: await read('after')};
    },
    bytesWritten: async () => (await readFile(at('output'))).length,
    output: () => readFile(at('output'), 'utf8'),
  };
};
