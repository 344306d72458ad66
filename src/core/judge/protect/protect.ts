// The rules that forbid acting on a process or session: evaluated for every finding and again for every plan. Pure.
import type {Agent} from '../../domain/agent.ts';
import type {Protection} from '../../domain/finding.ts';
import type {Assessment, Fleet} from '../../domain/fleet.ts';
import type {Server, Session} from '../../domain/multiplexer.ts';
import type {Process} from '../../domain/process.ts';
import {remembered} from '../../domain/remember.ts';
import type {Settings} from '../../domain/settings.ts';
import {indexLook} from '../../look/index/look.ts';
import {configuredFor, configuredForSession, configuredPaths, natureOf} from './protect-always.ts';
import {never, type ProtectionContext} from './protect-context.ts';
import {crewByEnvironment, editorRules, ownersRules, shellRules} from './protect-people.ts';
import {terminalRules} from './protect-terminal.ts';

/** All protections of a thing, those that nothing lifts first. Empty: nothing protects it. */
export interface Protections {
  ofProcess(process: Process): readonly Protection[];
  ofSession(session: Session): readonly Protection[];
}

/** Linked and grouped windows are in several sessions at once: each of them protects what runs there. */
const sessionsByPane = remembered((server: Server): ReadonlyMap<string, readonly Session[]> => {
  const sessions = new Map<string, Session[]>();
  for (const session of server.sessions) {
    for (const {id} of session.panes) {
      sessions.set(id, [...(sessions.get(id) ?? []), session]);
    }
  }
  return sessions;
});

const protectionsOfProcess = (process: Process, context: ProtectionContext): readonly Protection[] => {
  const place = context.look.placeOf(process.pid);
  const sessions = place.where === 'pane' ? (sessionsByPane(place.placed.server).get(place.placed.pane.id) ?? []) : [];
  const told = sessions.flatMap(session => [...configuredForSession(session, context.settings), ...ownersRules(session, context)]);
  const inherited = told.filter((rule, index) => told.findIndex(each => each.because === rule.because) === index);
  const crew = inherited.some(rule => rule.rule === 'crew') ? [] : crewByEnvironment(process, context);
  return [
    ...natureOf(process, context),
    ...configuredFor(process, context.settings),
    ...inherited,
    ...crew,
    ...editorRules(process, context),
    ...shellRules(process, context),
    ...terminalRules(process, context),
  ];
};

const protectionsOfSession = (session: Session, context: ProtectionContext): readonly Protection[] => {
  const {self, processes} = context.look.snapshot;
  const heads = session.panes.flatMap(pane => (pane.dead ? [] : (processes.get(pane.pid) ?? [])));
  const own = self.pane !== null && self.pane.socket === session.socket && session.panes.some(pane => pane.id === self.pane?.paneId);
  const paths = heads.flatMap(head => (head.cwd.known ? configuredPaths(head.cwd.value, context.settings) : []));
  const shells = heads.flatMap(head => shellRules(head, context));
  return [
    ...(own ? [never('own-pane', `rigtop runs in it (${self.pane?.paneId})`)] : []),
    ...configuredForSession(session, context.settings),
    ...paths.slice(0, 1),
    ...ownersRules(session, context),
    ...shells.slice(0, 1),
  ];
};

const weight = (protection: Protection): number => (protection.unlock === null ? 0 : 1);
const hardFirst = (protections: readonly Protection[]): readonly Protection[] => protections.toSorted((a, b) => weight(a) - weight(b));

const agentsBySession = (fleet: Fleet): ReadonlyMap<string, readonly Agent[]> => {
  const agents = new Map<string, Agent[]>();
  for (const agent of fleet.agents) {
    if (agent.session !== null) {
      agents.set(agent.session, [...(agents.get(agent.session) ?? []), agent]);
    }
  }
  return agents;
};

/** Judges any process or session of one look. */
export const createProtections = (look: Omit<ProtectionContext, 'agents'>): Protections => {
  const context = {...look, agents: agentsBySession(look.fleet)};
  return {
    ofProcess: process => hardFirst(protectionsOfProcess(process, context)),
    ofSession: session => hardFirst(protectionsOfSession(session, context)),
  };
};

/** The same from an assessment, for plans. */
export const protectionsOf = (assessment: Assessment, settings: Settings): Protections =>
  createProtections({look: indexLook(assessment.snapshot), fleet: assessment.fleet, settings});
