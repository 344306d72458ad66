// What the port detectors share: a suspicion about one service of one slot. Pure.
import type {Evidence} from '../../domain/agent.ts';
import type {FindingKind, Remedy, Severity, Suspicion} from '../../domain/finding.ts';
import type {Service} from '../../domain/slot.ts';
import type {World} from './detector.ts';

export const describeService = (service: Service): string =>
  `${service.rig} slot ${service.slot}${service.slug === null ? '' : ` (${service.slug})`}`;

/** Of those who hold its port, who is somebody else's. */
export const foreignListeners = ({listeners, foreign}: Service): Service['listeners'] =>
  foreign === undefined ? listeners : listeners.filter(({pid}) => foreign.includes(pid));

export const holdersText = (service: Service): string =>
  service.listeners.map(listener => `${listener.command} ${listener.pid}`).join(', ') || 'nobody';

interface Details {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly proof: Suspicion['proof'];
  readonly remedies: readonly Remedy[];
}

/**
 * The key holds who is involved, so that a port that changes hands is a new finding: the certainty of the old one, and a plan
 * made for it, must not carry over to the new holder.
 */
export const suspectService = (service: Service, {kind, severity, title, evidence, proof, remedies}: Details): Suspicion => ({
  key: `${kind} ${service.ref} ${service.port} ${service.listeners.map(listener => `${listener.pid}@${listener.startTime}`).join(' ')}`,
  kind,
  severity,
  subject: service.ref,
  title,
  evidence: [{fact: service.declaredBy, source: 'declaration'}, ...evidence],
  processes: service.listeners.map(({pid, startTime, command}) => ({pid, startTime, command})),
  protectedBy: null,
  proof,
  doubt: service.doubt,
  remedies,
  rig: service.rig,
  session: null,
  holds: service.listeners.length > 0 ? [service.port] : [],
});

/** What other programs record of those who listen: mise and portless name what they have started. */
export const recordedFacts = ({identified}: Pick<World, 'identified'>, {listeners}: Service): readonly Evidence[] =>
  listeners.flatMap(({pid, command}) => {
    const record = identified.ports.get(pid);
    return record === undefined ? [] : [{fact: `${command} ${pid}: ${record.because}`, source: record.file}];
  });
