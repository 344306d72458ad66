// Rules that nothing lifts: what a process is, where rigtop itself runs, and what the configuration protects. Pure.
import {wholeCommandLine} from '../../domain/command-line.ts';
import type {Protection} from '../../domain/finding.ts';
import {matchesGlob, matchesPath} from '../../domain/glob.ts';
import type {Session} from '../../domain/multiplexer.ts';
import {isKernelThread, type Process} from '../../domain/process.ts';
import type {Settings} from '../../domain/settings.ts';
import {unliftable} from '../../domain/unliftable.ts';
import {isMultiplexerServer, multiplexerName, publishesContainer, reaperName} from '../../look/index/program-kinds.ts';
import {never, type ProtectionContext} from './protect-context.ts';

/** Rules about what a process is, whoever owns it. */
export const natureOf = (process: Process, context: ProtectionContext): readonly Protection[] => {
  const {snapshot, panes} = context.look;
  const {self} = snapshot;
  const isServer = panes.serverByPid.has(process.pid) || isMultiplexerServer(process);
  const rules = [...unliftable({...process, kernelThread: isKernelThread(process), isServer}, self)];
  const name = isServer || process.state === 'Z' ? null : multiplexerName(process);
  if (name !== null) {
    // A client, too: rigtop cannot tell one from a server that does not answer.
    rules.push(never('multiplexer', `it is ${name}: a server would take all its sessions with it`));
  }
  const place = context.look.placeOf(process.pid);
  if (
    self.pane !== null &&
    place.where === 'pane' &&
    place.placed.pane.id === self.pane.paneId &&
    place.placed.server.socket === self.pane.socket
  ) {
    rules.push(never('own-pane', `it is in ${self.pane.paneId}, where rigtop runs`));
  }
  if (process.pid > 1 && reaperName(process) !== null) {
    rules.push(never('system', 'it looks after all processes of this user'));
  }
  if (process.state !== 'Z' && publishesContainer(process)) {
    rules.push(never('container', 'a container’s port: stop the container, which stays up without its port otherwise'));
  }
  return rules;
};

export const configuredPaths = (cwd: string | null, settings: Settings): readonly Protection[] => {
  const pattern = cwd === null ? undefined : settings.protect.paths.find(each => matchesPath(each, cwd));
  return pattern === undefined ? [] : [never('protect-path', `it works in ${cwd}, which [protect] paths keeps (${pattern})`)];
};

export const configuredFor = (process: Process, settings: Settings): readonly Protection[] => {
  const {commands, paths} = settings.protect;
  const shown = commands.length === 0 ? '' : wholeCommandLine(process).slice(0, 4096);
  const whole = process.argv.join(' ');
  const pattern = commands.find(each => [shown, whole, process.comm].some(text => matchesGlob(each, text)));
  const rules = pattern === undefined ? [] : [never('protect-command', `[protect] commands keeps ${pattern}`)];
  if (process.cwd.known) {
    return [...rules, ...configuredPaths(process.cwd.value, settings)];
  }
  // Where paths are to be kept, a directory that cannot be read may be one of them.
  return paths.length > 0 && process.state !== 'Z'
    ? [...rules, never('protect-path', `its working directory is not known (${process.cwd.because}), and [protect] paths keeps some`)]
    : rules;
};

export const configuredForSession = (session: Session, settings: Settings): readonly Protection[] => {
  const pattern = settings.protect.sessions.find(
    each => matchesGlob(each, session.name) || matchesGlob(each, `${session.server}/${session.name}`),
  );
  return pattern === undefined ? [] : [never('protect-session', `session ${session.name} is kept by [protect] sessions (${pattern})`)];
};
