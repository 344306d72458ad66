// The rules that forbid acting on a process or session: evaluated for every finding and again for every plan. Pure.

import {commandLine} from '../domain/command-line.ts';
import type {Protection, UnlockRule} from '../domain/finding.ts';
import type {Assessment} from '../domain/fleet.ts';
import {type Session, sessionKey} from '../domain/multiplexer.ts';
import {isKernelThread, type Process} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import {editorName, isInteractiveShell, languageServerName, multiplexerName, reaperName} from '../identify/bystanders.ts';
import {indexPlaces, type Places} from '../identify/places.ts';
import {matchesGlob, matchesPath} from './glob.ts';

/** Everything protections are judged by: the look, its fleet, the settings. */
export interface Ground {
  readonly snapshot: Assessment['snapshot'];
  readonly fleet: Assessment['fleet'];
  readonly settings: Settings;
  readonly places: Places;
}

/** All protections of a thing, those that nothing lifts first. Empty: nothing protects it. */
export interface Protections {
  ofProcess(process: Process): readonly Protection[];
  ofSession(session: Session): readonly Protection[];
}

const never = (rule: string, because: string): Protection => ({rule, because, unlock: null});
const unless = (unlock: UnlockRule, because: string): Protection => ({rule: unlock, because, unlock});

/** Rules about what a process is, whoever owns it. */
const natureOf = (process: Process, ground: Ground): readonly Protection[] => {
  const {self} = ground.snapshot;
  const rules: Protection[] = [];
  if (process.pid <= 1) {
    rules.push(never('init', 'it is the first process of the system'));
  }
  if (process.pid === self.pid) {
    rules.push(never('self', 'it is rigtop itself'));
  }
  if (self.ancestors.includes(process.pid)) {
    rules.push(never('ancestor', 'rigtop runs below it'));
  }
  if (isKernelThread(process)) {
    rules.push(never('kernel', 'it is a thread of the kernel'));
  }
  if (process.uid !== self.uid) {
    rules.push(never('other-user', `it belongs to user ${process.uid}`));
  }
  if (ground.places.seats.serverByPid.has(process.pid)) {
    rules.push(never('multiplexer', 'it is a multiplexer’s server: every session on it would end'));
  } else {
    const name = multiplexerName(process);
    // A client, too: rigtop cannot tell one from a server that does not answer.
    if (name !== null && process.state !== 'Z') {
      rules.push(never('multiplexer', `it is ${name}: a server would take all its sessions with it`));
    }
  }
  const place = ground.places.placeOf(process.pid);
  if (
    self.pane !== null &&
    place.where === 'pane' &&
    place.seat.pane.id === self.pane.paneId &&
    place.seat.server.socket === self.pane.socket
  ) {
    rules.push(never('own-pane', `it is in ${self.pane.paneId}, where rigtop runs`));
  }
  if (process.pid > 1 && reaperName(process) !== null) {
    rules.push(never('system', 'it looks after all processes of this user'));
  }
  return rules;
};

const configuredPaths = (cwd: string | null, settings: Settings): readonly Protection[] => {
  const pattern = cwd === null ? undefined : settings.protect.paths.find(each => matchesPath(each, cwd));
  return pattern === undefined ? [] : [never('protect-path', `it works in ${cwd}, which [protect] paths keeps (${pattern})`)];
};

const configuredFor = (process: Process, settings: Settings): readonly Protection[] => {
  const {commands, paths} = settings.protect;
  const shown = commands.length === 0 ? '' : commandLine(process, 4096);
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

const configuredForSession = (session: Session, settings: Settings): readonly Protection[] => {
  const pattern = settings.protect.sessions.find(
    each => matchesGlob(each, session.name) || matchesGlob(each, `${session.server}/${session.name}`),
  );
  return pattern === undefined ? [] : [never('protect-session', `session ${session.name} is kept by [protect] sessions (${pattern})`)];
};

const isBelowAgent = (process: Process, ground: Ground): boolean => {
  const seen = new Set<number>();
  for (
    let above = ground.snapshot.processes.get(process.ppid);
    above !== undefined && !seen.has(above.pid);
    above = ground.snapshot.processes.get(above.ppid)
  ) {
    if (ground.fleet.runtimes.has(above.pid)) {
      return true;
    }
    seen.add(above.pid);
  }
  return false;
};

/** Editors and what they run. What an agent started itself (its own language servers) is the agent's. */
const editorRules = (process: Process, ground: Ground): readonly Protection[] => {
  if (isBelowAgent(process, ground)) {
    return [];
  }
  const place = ground.places.placeOf(process.pid);
  if (place.where === 'editor') {
    return [unless('editor', place.pid === process.pid ? `it is run by ${place.name}` : `it runs below ${place.name} ${place.pid}`)];
  }
  const seen = new Set<number>();
  for (
    let each: Process | undefined = process;
    each !== undefined && !seen.has(each.pid);
    each = ground.snapshot.processes.get(each.ppid)
  ) {
    const editor = editorName(each);
    if (editor !== null) {
      return [unless('editor', each === process ? `it is an editor or run by one: ${editor}` : `it runs below ${editor} ${each.pid}`)];
    }
    seen.add(each.pid);
  }
  const server = languageServerName(process);
  return server === null ? [] : [unless('editor', `it is the language server ${server}, and no agent is above it`)];
};

/** Clients see every session of a group: its windows are shared. */
const attachedTo = (session: Session, ground: Ground): Session | null => {
  if (session.attached > 0) {
    return session;
  }
  const server = session.group === null ? undefined : ground.snapshot.servers.find(each => each.socket === session.socket);
  return server?.sessions.find(each => each.group === session.group && each.attached > 0) ?? null;
};

const ownersRules = (session: Session, ground: Ground): readonly Protection[] => {
  const agents = ground.fleet.agents.filter(agent => agent.session === sessionKey(session));
  const person = agents.find(agent => agent.role === 'crew' || agent.role === 'overseer');
  const watched = attachedTo(session, ground);
  return [
    ...(person === undefined ? [] : [unless('crew', `${person.ref} works for a person (${person.role})`)]),
    ...(watched === null
      ? []
      : [unless('attached', `${watched.attached} client${watched.attached === 1 ? ' is' : 's are'} attached to session ${watched.name}`)]),
  ];
};

/** A shell that a person types into: at a terminal of their own, or in a session that is nobody's agent. */
const shellRules = (process: Process, ground: Ground): readonly Protection[] => {
  if (!isInteractiveShell(process)) {
    return [];
  }
  const place = ground.places.placeOf(process.pid);
  if (place.where === 'pane') {
    const {session} = place.seat;
    return ground.fleet.sessionOwners.has(sessionKey(session))
      ? []
      : [unless('shell', `it is the shell of session ${session.name}, which is no agent’s`)];
  }
  return [unless('shell', `it is a shell at ${process.tty}`)];
};

const crewByEnvironment = (process: Process, ground: Ground): readonly Protection[] => {
  const ref = ground.fleet.processOwners.get(process.pid)?.agent ?? null;
  return ref !== null && (ref.includes('/crew/') || ref.endsWith('/overseer'))
    ? [unless('crew', `it belongs to ${ref}, who works for a person`)]
    : [];
};

const protectionsOfProcess = (process: Process, ground: Ground): readonly Protection[] => {
  const place = ground.places.placeOf(process.pid);
  const session = place.where === 'pane' ? place.seat.session : null;
  const inherited = session === null ? [] : [...configuredForSession(session, ground.settings), ...ownersRules(session, ground)];
  const crew = inherited.some(rule => rule.rule === 'crew') ? [] : crewByEnvironment(process, ground);
  return [
    ...natureOf(process, ground),
    ...configuredFor(process, ground.settings),
    ...inherited,
    ...crew,
    ...editorRules(process, ground),
    ...shellRules(process, ground),
  ];
};

const protectionsOfSession = (session: Session, ground: Ground): readonly Protection[] => {
  const {self, processes} = ground.snapshot;
  const heads = session.panes.flatMap(pane => (pane.dead ? [] : (processes.get(pane.pid) ?? [])));
  const own = self.pane !== null && self.pane.socket === session.socket && session.panes.some(pane => pane.id === self.pane?.paneId);
  const paths = heads.flatMap(head => (head.cwd.known ? configuredPaths(head.cwd.value, ground.settings) : []));
  const shells = heads.flatMap(head => shellRules(head, ground));
  return [
    ...(own ? [never('own-pane', `rigtop runs in it (${self.pane?.paneId})`)] : []),
    ...configuredForSession(session, ground.settings),
    ...paths.slice(0, 1),
    ...ownersRules(session, ground),
    ...shells.slice(0, 1),
  ];
};

const weight = (protection: Protection): number => (protection.unlock === null ? 0 : 1);
const hardFirst = (protections: readonly Protection[]): readonly Protection[] => protections.toSorted((a, b) => weight(a) - weight(b));

/** Judges any process or session of one look. */
export const createProtections = (ground: Ground): Protections => ({
  ofProcess: process => hardFirst(protectionsOfProcess(process, ground)),
  ofSession: session => hardFirst(protectionsOfSession(session, ground)),
});

/** The same from an assessment, for plans. */
export const protectionsOf = (assessment: Assessment, settings: Settings): Protections =>
  createProtections({snapshot: assessment.snapshot, fleet: assessment.fleet, settings, places: indexPlaces(assessment.snapshot)});
