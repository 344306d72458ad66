// What a Gas Town's own daemon is in charge of, and when everything there has to rest. Pure.
import type {Finding} from '../../core/domain/finding.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Town} from '../../core/domain/town.ts';

/** Why an unattended loop keeps its hands off this town; null when it need not. What cannot be known stands against it. */
const restOf = ({name, records}: Town): string | null => {
  const {estop, shutdown, daemon} = records;
  if (!estop.known || !shutdown.known || !daemon.lockHolder.known) {
    const because = [estop, shutdown, daemon.lockHolder].map(fact => (fact.known ? '' : fact.because)).find(text => text !== '');
    return `whether somebody is in charge of ${name} is unknown: ${because}`;
  }
  if (estop.value !== null) {
    return `${name} is under an emergency stop`;
  }
  if (shutdown.value !== null) {
    return `${name} is being shut down by ${shutdown.value}`;
  }
  return daemon.lockHolder.value === null ? null : `the daemon ${daemon.lockHolder.value} of ${name} is in charge of it`;
};

const townOfFinding = ({fleet}: Assessment, {rig, session, processes}: Finding): string | null =>
  (session === null ? null : fleet.sessionOwners.get(session)?.town) ??
  processes.map(({pid}) => fleet.processOwners.get(pid)?.town).find(town => town != null) ??
  fleet.rigs.find(({name}) => name === rig)?.town ??
  null;

/** Towns of what is dead: whom a mass death concerns. */
export const townsOf = (assessment: Assessment, findings: readonly Finding[]): readonly Town[] => {
  const names = new Set(
    findings.map(finding => assessment.fleet.agents.find(({ref}) => ref === finding.subject)?.town ?? townOfFinding(assessment, finding)),
  );
  return assessment.snapshot.towns.filter(({name}) => names.has(name));
};

/** Why what a reference or a finding names is left to its town; null when it has none, or one that has nobody else. */
export const townInCharge = (assessment: Assessment, ref: string, findingId: string | null = null): string | null => {
  const finding = assessment.findings.find(({id}) => id === findingId);
  const name =
    assessment.fleet.agents.find(agent => agent.ref === ref)?.town ?? (finding === undefined ? null : townOfFinding(assessment, finding));
  const town = name === null ? undefined : assessment.snapshot.towns.find(candidate => candidate.name === name);
  return town === undefined ? null : restOf(town);
};
