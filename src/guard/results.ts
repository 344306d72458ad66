// Short ways to answer for a program that is played through, and to note who it would end. Pure.
import {fullLine} from '../core/domain/command-line.ts';
import {type Known, known, unknown} from '../core/domain/known.ts';
import type {ListedProcess, TerminalProcess} from '../core/domain/socket-use.ts';
import type {Call, Origin, Result, Scope, Text} from './call.ts';
import {type Need, needKey} from './facts.ts';
import {plainlyEnds} from './plainly-ends.ts';

/** Stands for the shell that will run the command, and for what it starts: they live only then. */
export const OWN_SHELL = '4194999';
export const OWN_JOB = '4194998';

/** Why a text is not known that was hidden on purpose, or looks so. */
export const DECODED = 'it is decoded while it runs';
/** How the reason ends where the command itself has made a text, in a way that is not played. */
export const NOT_FOLLOWED = 'is not followed';

export const NOTHING: Result = {out: known(''), status: null};
export const answer = (out: string, status: number | null = null): Result => ({out: known(out), status});
export const unclear = (because: string): Result => ({out: unknown(because), status: null});
export const lines = (all: readonly (string | number)[], status: number | null = null): Result =>
  answer(all.map(line => `${line}\n`).join(''), status);

/** One behind the other. */
export const together = (results: readonly Result[]): Result => {
  const hidden = results.find(({out}) => !out.known);
  const {status = null, leaves} = results.at(-1) ?? {};
  const out = hidden === undefined ? known(results.map(each => (each.out.known ? each.out.value : '')).join('')) : hidden.out;
  return {out, status, ...(leaves === undefined ? {} : {leaves})};
};

/** Nothing around it is left by it. */
export const staying = ({leaves: _, ...result}: Result): Result => result;

/** Runs these one behind the other, until one leaves what is around it. */
export const untilLeft = <T>(all: readonly T[], leaves: readonly Result['leaves'][], run: (each: T) => Result): Result => {
  const results: Result[] = [];
  for (const each of all) {
    const result = run(each);
    results.push(result);
    if (leaves.includes(result.leaves)) {
      break;
    }
  }
  return together(results);
};

/** Notes that part of the command ends something, and that nobody can say what. */
export const undecided = (call: Call, because: string): Result => {
  call.verdicts.undecided.set(`${call.shown}\n${because}`, {by: call.shown, because});
  return unclear(because);
};

/** Text that would be run and is not known: undecided where it was hidden on purpose, or where what is known of it names a program that ends others. */
export const hiddenText = (call: Call, because: string): Result => {
  if (because === DECODED) {
    return undecided(call, 'what it runs is decoded only while it runs');
  }
  return plainlyEnds(call.verdicts.source) ? undecided(call, because) : unclear(because);
};

/** Arguments as words, or why one cannot be told. */
export const wordsOf = (args: readonly Text[]): Known<readonly string[]> => {
  const hidden = args.find(arg => !arg.known);
  return hidden !== undefined && !hidden.known ? hidden : known(args.flatMap(arg => (arg.known ? [arg.value] : [])));
};

const notYet = unknown('it was not looked at yet');

/** A fact, or the note that it has to be read first. */
const ask = <T>(call: Call, fact: Known<T> | undefined, need: Need): Known<T> => {
  if (fact === undefined) {
    call.verdicts.needs.set(needKey(need), need);
    return notYet;
  }
  return fact;
};

export const processesOf = (call: Call): Known<ReadonlyMap<number, TerminalProcess>> =>
  ask(call, call.facts.processes, {kind: 'processes'});

/** Everybody by their stat line: whoever wants no more of them should ask for no more. */
export const listedOf = (call: Call): Known<ReadonlyMap<number, ListedProcess>> =>
  call.facts.processes ?? ask(call, call.facts.listed, {kind: 'listed'});

/** Everybody’s command line. */
export const linesOf = (call: Call): Known<ReadonlyMap<number, string>> => {
  const {processes} = call.facts;
  if (processes === undefined) {
    return ask(call, call.facts.lines, {kind: 'lines'});
  }
  return processes.known ? known(new Map([...processes.value].map(([pid, process]) => [pid, fullLine(process)]))) : processes;
};

/** More than so many are read with everybody else. */
const FEW = 100;

/** Those that run of these pids, with their words and whose they are. */
export const someOf = (call: Call, pids: readonly number[]): Known<readonly TerminalProcess[]> => {
  const {processes, single} = call.facts;
  if (processes !== undefined || pids.length > FEW) {
    const table = processesOf(call);
    return table.known ? known(pids.flatMap(pid => table.value.get(pid) ?? [])) : table;
  }
  const found = pids.map(pid => ask(call, single.get(pid), {kind: 'process', pid}));
  const missing = found.find(each => !each.known);
  return missing !== undefined && !missing.known ? missing : known(found.flatMap(each => (each.known ? (each.value ?? []) : [])));
};

export const socketsOf = (call: Call, port: number | null) => {
  const need: Need = {kind: 'sockets', port};
  return ask(call, call.facts.sockets.get(needKey(need)) ?? call.facts.sockets.get('sockets:'), need);
};

export const tmuxOf = (call: Call, socket: string) => ask(call, call.facts.tmux.get(socket), {kind: 'tmux', socket});

export const containersOf = (call: Call, engine: string) => ask(call, call.facts.containers.get(engine), {kind: 'containers', engine});

export const openFilesOf = (call: Call, path: string) => ask(call, call.facts.openFiles.get(path), {kind: 'open-files', path});

export const controlGroupsOf = (call: Call) => ask(call, call.facts.controlGroups, {kind: 'control-groups'});

export const unitsOf = (call: Call, isUser: boolean, names: readonly string[]) => {
  const need: Need = {kind: 'units', isUser, names};
  return ask(call, call.facts.units.get(needKey(need)), need);
};

export const directoryOf = (call: Call, path: string) => ask(call, call.facts.directories.get(path), {kind: 'directory', path});

/** Of the links of a process alone. */
export const linkOf = (call: Call, path: string) => ask(call, call.facts.links.get(path), {kind: 'link', path});

/**
 * A script that is not there. Where the command names it in another place too, it makes it in a way that is not played, and it may say whatever
 * the command does.
 */
export const missingScript = (call: Call, path: string): Result =>
  isMadeHere(call, path) ? hiddenText(call, `what is in ${path} is not known yet`) : NOTHING;

/** Whether the command names a file in more than one place. */
export const isMadeHere = ({verdicts}: Call, path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name !== '' && verdicts.source.split(name).length > 2;
};

export const STANDARD_INPUT = /^\/dev\/(?:stdin|fd\/0)$|^\/proc\/self\/fd\/0$/;

/** Text of a file, as the command itself would have written it or as it is on the disk; null where there is none. */
export const fileOf = (call: Call, path: string): Known<string | null> => {
  if (path === '/dev/null') {
    return known('');
  }
  return STANDARD_INPUT.test(path) ? (call.stdin ?? unknown('what is fed in is not known')) : originOf(call.scope, path)(call, '');
};

/** Stands for every directory: a file that was written by its name alone may lie in any. */
export const ANYWHERE = '*';

/** What is in a file as of now, whatever is done to it later. */
export const originOf = ({written, made}: Scope, path: string): Origin => {
  const text = written.get(path);
  if (text !== undefined) {
    return () => text;
  }
  for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
    const origin = made.get(path.slice(0, at));
    if (origin !== undefined) {
      return (call, below) => origin(call, path.slice(at) + below);
    }
  }
  const anywhere = made.get(ANYWHERE + path.slice(path.lastIndexOf('/')));
  return anywhere ?? ((call, below) => ask(call, call.facts.files.get(path + below), {kind: 'file', path: path + below}));
};

/** A file that the command makes of others, or edits. */
export const make = ({written, made}: Scope, path: string, origin: Origin): void => {
  written.delete(path);
  made.set(path, origin);
};

/** A path as the shell of this scope takes it. */
export const pathOf = (scope: Scope, path: string): Text => {
  if (path.startsWith('/')) {
    return known(normalPath(path));
  }
  return scope.cwd.known ? known(normalPath(`${scope.cwd.value}/${path}`)) : scope.cwd;
};

const normalPath = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return `/${parts.join('/')}`;
};

const mayAnyone = (call: Call): boolean => call.scope.isRoot || call.caller.uid === 0;

/** Whether the command may signal it at all (kill(2)). */
const maySignal = (call: Call, process: TerminalProcess): boolean =>
  process.pid > 1 && (mayAnyone(call) || process.uid === call.caller.uid);

/** Notes who is signalled directly, and who hangs up with it: a session leader takes the foreground of its terminal along. */
export const end = (call: Call, pids: Iterable<number>): void => {
  const {endings} = call.verdicts;
  const meant = someOf(
    call,
    [...new Set(pids)].filter(pid => pid > 1 && !endings.has(pid)),
  );
  if (!meant.known) {
    undecided(call, meant.because);
    return;
  }
  for (const process of meant.value) {
    if (process.state !== 'Z' && maySignal(call, process) && !endings.has(process.pid)) {
      endings.set(process.pid, {pid: process.pid, by: call.shown});
      if (process.tty !== null && process.sid === process.pid) {
        hangUp(call, process);
      }
      if (HOLDS_TERMINALS.test(process.comm)) {
        closeTerminals(call, process);
      }
    }
  }
};

/** Programs that hold the other end of their children's terminals. */
const HOLDS_TERMINALS =
  /^(?:tmux: server|screen|zellij|script|abduco|dtach|sshd|mosh-server|ttyd|expect|wezterm|kitty|alacritty|xterm|konsole|gnome-terminal)/i;

/** Whoever is in the session of such a terminal hangs up with it. */
const closeTerminals = (call: Call, {pid, tty}: TerminalProcess): void => {
  const table = listedOf(call);
  if (!table.known) {
    undecided(call, table.because);
    return;
  }
  const all = [...table.value.values()];
  const leaders = new Set(
    all.filter(each => each.ppid === pid && each.sid === each.pid && each.tty !== null && each.tty !== tty).map(each => each.pid),
  );
  end(
    call,
    all.filter(each => leaders.has(each.pid) || (leaders.has(each.sid) && !each.ignoresHangUp)).map(each => each.pid),
  );
};

/** Who gets SIGHUP when the leader of a terminal’s session ends (disassociate_ctty in drivers/tty/tty_jobctrl.c). */
const hangUp = (call: Call, leader: TerminalProcess): void => {
  const table = listedOf(call);
  if (!table.known) {
    undecided(call, table.because);
    return;
  }
  const hungUp = [...table.value.values()].filter(
    each => each.pgid === leader.foreground && each.sid === leader.pid && !each.ignoresHangUp,
  );
  end(
    call,
    hungUp.map(({pid}) => pid),
  );
};
