// Why an agent of a town may not be restarted now: parked, frozen, shutting down, backing off, or not to be known. Pure.
import type {LeftOut} from '../../core/domain/plan.ts';
import type {Town} from '../../core/domain/town.ts';
import {leave} from '../../core/plan/roots.ts';
import type {ExpectedAgent} from './gastown.ts';
import {operationOf} from './town-operation.ts';

const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Names under which the town's daemon may count an agent's restarts. */
const addressesOf = ({role, name, rig}: ExpectedAgent): readonly string[] => {
  if (rig === null) {
    return [role];
  }
  return role === 'witness' || role === 'refinery'
    ? [`${rig.name}/${role}`]
    : [`${rig.name}/${name}`, `${rig.name}/${role === 'crew' ? 'crew' : 'polecats'}/${name}`];
};

/** The town's own brakes: it gave up on an agent, or waits before the next try. */
const braked = (agent: ExpectedAgent, takenAt: number): LeftOut | null => {
  const {restarts} = agent.town.records.daemon;
  if (!restarts.known) {
    return leave(agent.agentRef, 'unknown', `whether the town is backing off is unknown: ${restarts.because}`);
  }
  const record = restarts.value.find(each => addressesOf(agent).includes(each.agent));
  if (record?.crashLoopSince != null) {
    return leave(
      agent.agentRef,
      'crash-loop',
      `it has crashed in a loop since ${moment(record.crashLoopSince)}; when its cause is cured: gt daemon clear-backoff ${record.agent}`,
    );
  }
  return record?.backoffUntil != null && record.backoffUntil > takenAt
    ? leave(agent.agentRef, 'backing-off', `the town waits with its restart until ${moment(record.backoffUntil)}`)
    : null;
};

const frozen = ({records}: Town, ref: string): LeftOut | null => {
  if (!records.estop.known || !records.shutdown.known) {
    const because = [records.estop, records.shutdown].flatMap(fact => (fact.known ? [] : [fact.because]))[0] ?? '';
    return leave(ref, 'unknown', `whether the town is frozen is unknown: ${because}`);
  }
  if (records.estop.value !== null) {
    return leave(ref, 'estop', `the town is under an emergency stop: ${records.estop.value.reason || records.estop.value.trigger}`);
  }
  return records.shutdown.value === null ? null : leave(ref, 'shutdown', `the town is being shut down by ${records.shutdown.value}`);
};

/** The first reason that stands against restarting it; null when none does. What cannot be known stands against it too. */
export const restartObstacle = (agent: ExpectedAgent, takenAt: number): LeftOut | null => {
  const {town, rig, agentRef} = agent;
  const stop = frozen(town, agentRef);
  if (stop !== null) {
    return stop;
  }
  const operation = rig === null ? null : operationOf(town, rig);
  if (operation?.operational === false) {
    const rule = rig?.estop.known && rig.estop.value !== null ? 'estop' : 'parked';
    return leave(agentRef, rule, `rig ${rig?.name} is not operational: ${operation.because}`);
  }
  if (operation?.operational === null) {
    return leave(agentRef, 'unknown', `whether rig ${rig?.name} is operational is unknown: ${operation.because}`);
  }
  const {deaconPaused} = town.records;
  if (agent.role === 'deacon' && (!deaconPaused.known || deaconPaused.value !== null)) {
    return deaconPaused.known
      ? leave(agentRef, 'paused', `it is paused${deaconPaused.value?.reason ? `: ${deaconPaused.value.reason}` : ''}; gt deacon resume`)
      : leave(agentRef, 'unknown', `whether it is paused is unknown: ${deaconPaused.because}`);
  }
  return braked(agent, takenAt);
};
