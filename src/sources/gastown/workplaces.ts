// Work trees of polecats and crew. The others have none of their own. Pure.
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Workplace} from '../../core/plan/planning-source.ts';
import {expectedAgents} from './gastown.ts';

export const workplacesOfTowns = ({towns}: Snapshot): readonly Workplace[] =>
  towns
    .flatMap(expectedAgents)
    .filter(({role}) => role === 'polecat' || role === 'crew')
    .map(({agentRef, worker}) => ({agent: agentRef, directory: worker.path}));
