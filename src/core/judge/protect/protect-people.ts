// Rules that protect people at work, each of which an unlock lifts: crew, attached clients, editors, shells. Pure.
import type {Protection} from '../../domain/finding.ts';
import {nearestAbove} from '../../domain/forest.ts';
import {type Session, sessionKey} from '../../domain/multiplexer.ts';
import type {Process} from '../../domain/process.ts';
import {remembered} from '../../domain/remember.ts';
import type {PlacedPane} from '../../look/index/pane-index.ts';
import {editorName, isInteractiveShell, isMultiplexerServer, languageServerName} from '../../look/index/program-kinds.ts';
import {type ProtectionContext, unless} from './protect-context.ts';

/** Whether the nearest of agents and multiplexers' servers above is an agent: the panes of a server are whoever's they are, whoever started it. */
const agentsAbove = remembered(({look: {processes}, fleet}: ProtectionContext) =>
  nearestAbove(processes, pid => {
    const above = processes.get(pid);
    if (fleet.runtimes.has(pid)) {
      return true;
    }
    return above !== undefined && isMultiplexerServer(above) ? false : undefined;
  }),
);

const isBelowAgent = (process: Process, context: ProtectionContext): boolean => agentsAbove(context)(process.pid) ?? false;

const editorsAbove = remembered(({look: {processes}}: ProtectionContext) =>
  nearestAbove(processes, pid => {
    const above = processes.get(pid);
    const name = above === undefined ? null : editorName(above);
    return name === null ? undefined : {pid, name};
  }),
);

/** Editors and what they run. What an agent started itself (its own language servers) is the agent's. */
export const editorRules = (process: Process, context: ProtectionContext): readonly Protection[] => {
  if (isBelowAgent(process, context)) {
    return [];
  }
  const place = context.look.placeOf(process.pid);
  if (place.where === 'editor') {
    return [unless('editor', place.pid === process.pid ? `it is run by ${place.name}` : `it runs below ${place.name} ${place.pid}`)];
  }
  const editor = editorName(process);
  if (editor !== null) {
    return [unless('editor', `it is an editor or run by one: ${editor}`)];
  }
  const above = editorsAbove(context)(process.pid);
  if (above !== undefined) {
    return [unless('editor', `it runs below ${above.name} ${above.pid}`)];
  }
  const server = languageServerName(process);
  return server === null ? [] : [unless('editor', `it is the language server ${server}, and no agent is above it`)];
};

/** Clients see every session of a group: its windows are shared. */
const attachedTo = (session: Session, context: ProtectionContext): Session | null => {
  if (session.attached > 0) {
    return session;
  }
  const server = session.group === null ? undefined : context.look.snapshot.servers.find(each => each.socket === session.socket);
  return server?.sessions.find(each => each.group === session.group && each.attached > 0) ?? null;
};

export const ownersRules = (session: Session, context: ProtectionContext): readonly Protection[] => {
  const agents = context.agents.get(sessionKey(session)) ?? [];
  const person = agents.find(agent => agent.role === 'crew' || agent.role === 'overseer');
  const watched = attachedTo(session, context);
  return [
    ...(person === undefined ? [] : [unless('crew', `${person.ref} works for a person (${person.role})`)]),
    ...(watched === null
      ? []
      : [unless('attached', `${watched.attached} client${watched.attached === 1 ? ' is' : 's are'} attached to session ${watched.name}`)]),
  ];
};

/**
 * Whose a pane is: a town's or a slot's session is its tool's as a whole; elsewhere a pane is an agent's while one runs in it. Nobody's
 * otherwise, whatever its session was started with or is called.
 */
const isPersonsPane = ({session, pane}: PlacedPane, {fleet, look, agents}: ProtectionContext): boolean => {
  const key = sessionKey(session);
  if (!fleet.sessionOwners.has(key)) {
    return true;
  }
  const seated = agents.get(key) ?? [];
  return (
    seated.length > 0 &&
    seated.every(agent => agent.town === null && agent.role === 'agent') &&
    !look.treeOf(pane.pid).some(({pid}) => fleet.runtimes.has(pid) || seated.some(({process}) => process?.pid === pid))
  );
};

/** A shell that a person types into: at a terminal of their own, or in a pane that is no agent's. What an agent started is the agent's. */
export const shellRules = (process: Process, context: ProtectionContext): readonly Protection[] => {
  if (!isInteractiveShell(process)) {
    return [];
  }
  const place = context.look.placeOf(process.pid);
  if (place.where === 'pane') {
    const {session} = place.placed;
    return isPersonsPane(place.placed, context) ? [unless('shell', `it is the shell of session ${session.name}, which is no agent’s`)] : [];
  }
  return isBelowAgent(process, context) ? [] : [unless('shell', `it is a shell at ${process.tty}`)];
};

/** What a crew member's session left behind still is a person's. */
export const crewByEnvironment = (process: Process, context: ProtectionContext): readonly Protection[] => {
  const ref = context.fleet.processOwners.get(process.pid)?.agent ?? null;
  return ref !== null && (ref.includes('/crew/') || ref.endsWith('/overseer'))
    ? [unless('crew', `it belongs to ${ref}, who works for a person`)]
    : [];
};
