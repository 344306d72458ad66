// What is kept alive: which references a pattern means, which of them have died, and which were started only a moment ago. Pure.
import type {Finding, FindingKind} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {matchesReference} from '../core/domain/glob.ts';
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import {ageMs} from '../core/domain/process.ts';
import {sessionRef} from '../core/domain/reference.ts';

/** Findings that say that something has died which somebody may want back. */
export const DEATHS: ReadonlySet<FindingKind> = new Set(['crashed-agent', 'zombie-session', 'service-down']);

export const isKept = (keep: readonly string[], ref: string): boolean => keep.some(pattern => matchesReference(pattern, ref));

/** What a finding is about in the words of `keep`: its agent, or the slot's service. */
export const keptRef = (finding: Finding, {fleet}: Assessment): string =>
  finding.session === null ? finding.subject : (fleet.agents.find(agent => agent.session === finding.session)?.ref ?? finding.subject);

/**
 * Why a service is not started unattended although it is kept: its repository was come across by a working directory, and what a
 * stranger’s files say of starting must not be run without a person. Null where the person named it, and for all that is no service.
 */
export const unnamed = ({services, slots}: Assessment, ref: string): string | null => {
  const rigPath = services.find(service => service.ref === ref)?.rigPath;
  return slots.places.some(({path, provenance}) => path === rigPath && provenance === 'found')
    ? 'its repository was only found: name it under [[repos]] in your own configuration'
    : null;
};

export const sureOnes = ({findings}: Assessment): readonly Finding[] => findings.filter(({certainty}) => certainty === 'sure');

/** Kept services that listen. */
export const servicesUp = ({services}: Assessment, keep: readonly string[]): readonly string[] =>
  services.filter(({ref, state}) => state === 'up' && isKept(keep, ref)).map(({ref}) => ref);

/**
 * Of the services that have been seen up, those that have neither a listener nor a window now, in a slot that is still in use. A
 * window ends with its command, so this is how the crash of a service that was started in one looks. Behind a server that does not
 * answer there may be a window: there only a slot whose session is seen has none.
 */
export const servicesFree = ({services, snapshot}: Assessment, seenUp: readonly string[]): readonly string[] => {
  const hidden = snapshot.servers.some(({state}) => state === 'unknown');
  return services
    .filter(({ref, state, expected}) => state === 'free' && seenUp.includes(ref) && (!hidden || expected?.session != null))
    .map(({ref}) => ref);
};

/** Whether something could not be observed in this look, so that what is not seen dead in it may be dead all the same. */
export const isBlind = ({snapshot}: Assessment): boolean => snapshot.sources.some(({state}) => state === 'unknown');

/** Everything that a finding calls dead, surely or not. */
export const maybeDead = (assessment: Assessment): ReadonlySet<string> =>
  new Set(assessment.findings.filter(({kind}) => DEATHS.has(kind)).map(finding => keptRef(finding, assessment)));

/** Everything that is seen alive. */
export const seenAlive = ({fleet, services}: Assessment): ReadonlySet<string> =>
  new Set([
    ...fleet.agents.filter(({state}) => state === 'running' || state === 'stopped').map(({ref}) => ref),
    ...services.filter(({state}) => state === 'up').map(({ref}) => ref),
  ]);

const sessionsOf = ({snapshot, fleet, services}: Assessment, ref: string): readonly Session[] => {
  const keys = new Set(fleet.agents.filter(agent => agent.ref === ref).map(({session}) => session));
  const refs = new Set(services.filter(service => service.ref === ref).map(({expected}) => expected?.session));
  return snapshot.servers.flatMap(({sessions}) =>
    sessions.filter(session => keys.has(sessionKey(session)) || refs.has(sessionRef(session.server, session.name))),
  );
};

/**
 * Why a thing is too young to be given up: it may still be starting, or somebody works on it just now. By the clock of the
 * processes, which does not jump; the session's own time counts only where none of its panes lives.
 */
export const freshlySpawned = (assessment: Assessment, ref: string, graceMs: number): string | null => {
  const {snapshot, services, fleet} = assessment;
  const isYoung = (pid: number | null | undefined): boolean => {
    const process = pid == null ? undefined : snapshot.processes.get(pid);
    return process !== undefined && ageMs(process, snapshot) < graceMs;
  };
  const service = services.find(each => each.ref === ref);
  const agent = fleet.agents.find(each => each.ref === ref);
  for (const session of sessionsOf(assessment, ref)) {
    const live = session.panes.filter(({dead}) => !dead);
    const age = snapshot.takenAt - session.created * 1000;
    if (live.length > 0 ? live.every(({pid}) => isYoung(pid)) : age >= 0 && age < graceMs) {
      return `its session ${session.name} was made less than ${graceMs / 1000} s ago`;
    }
    if (live.some(pane => pane.windowName === service?.service && isYoung(pane.pid))) {
      return `its window was made less than ${graceMs / 1000} s ago`;
    }
  }
  return isYoung(service?.expected?.pid) || isYoung(agent?.process?.pid) ? `it was started less than ${graceMs / 1000} s ago` : null;
};
