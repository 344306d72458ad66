// The agents that a town's files say should exist. Pure.
import type {Role} from '../../core/domain/agent.ts';
import type {Town, TownRig, TownWorker} from '../../core/domain/town.ts';
import {townAgentRef} from './town-claims.ts';
import {sessionNameOf} from './town-names.ts';

export interface ExpectedAgent {
  readonly town: Town;
  readonly rig: TownRig | null;
  readonly role: Role;
  readonly name: string;
  readonly agentRef: string;
  readonly worker: TownWorker;
  /** What its session is called today, on the town's socket. */
  readonly sessionName: string;
}

const expected = (town: Town, rig: TownRig | null, worker: TownWorker): ExpectedAgent => ({
  town,
  rig,
  role: worker.role,
  name: worker.name,
  agentRef: townAgentRef(town, {rig: rig?.name ?? null, role: worker.role, name: worker.name}) ?? '',
  worker,
  sessionName: sessionNameOf(worker.role, worker.name, rig?.prefix ?? ''),
});

/** Every worker of the town and of its registered rigs. A polecat directory without a checkout is a leftover, not an agent. */
export const expectedAgents = (town: Town): readonly ExpectedAgent[] => [
  ...town.workers.map(worker => expected(town, null, worker)),
  ...(town.rigs.known ? town.rigs.value : []).flatMap(rig =>
    rig.workers.filter(worker => worker.worktree).map(worker => expected(town, rig, worker)),
  ),
];
