// The contract of an outside program: everything that the engine takes of it, each part optional. Its hands are apart (act/acting-source.ts).
import type {JudgingSource} from './judge/judging-source.ts';
import type {LookingSource} from './look/looking-source.ts';
import type {Multiplexer} from './look/multiplexer-source.ts';
import type {PlanningSource} from './plan/planning-source.ts';

export interface Source extends LookingSource, JudgingSource, PlanningSource {
  readonly multiplexer?: Multiplexer;
}
