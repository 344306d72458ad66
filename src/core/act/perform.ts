// From a confirmed plan to its outcome: look again, plan the same request again, carry out what both agree on.

import type {Protection} from '../domain/finding.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {Outcome, Progress} from '../domain/outcome.ts';
import type {Plan, PlanSession} from '../domain/plan.ts';
import type {Process} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import {indexRuntimes, recogniseRuntime} from '../judge/programs/recognise-runtime.ts';
import {type Protections, protectionsOf} from '../judge/protect/protect.ts';
import {isNamedPlace} from '../look/configured-places.ts';
import {withConnections} from '../look/connections.ts';
import {isHolderAlive} from '../os/holder.ts';
import type {Host} from '../os/host.ts';
import type {LockHolder} from '../os/lock-file.ts';
import {createHands} from '../os/real-hands.ts';
import {closingHeads} from '../plan/closing-heads.ts';
import {makePlan} from '../plan/make-plan.ts';
import {holdForOwn} from '../plan/own-only.ts';
import {standing} from '../plan/plan-guard.ts';
import type {PlanningSource} from '../plan/planning-source.ts';
import type {ActingSource} from './acting-source.ts';
import {checkValidity} from './check-roots.ts';
import {findConcurrent} from './concurrent-actions.ts';
import {confirmPlan, type PlanOrigin, requestOf} from './confirm.ts';
import {executePlan} from './execute.ts';
import {createJournal} from './journal-file.ts';
import {ownAgainFor} from './own-again.ts';
import {refuseAll} from './refuse.ts';
import {stateDirectory} from './state-directory.ts';
import type {Door} from './telling-source.ts';

export interface PerformParts {
  readonly host: Host;
  readonly settings: Settings;
  /** A look at the machine, judged with what earlier looks showed: the supervisor's `refresh`. */
  readonly look: () => Promise<Assessment>;
  readonly sources: readonly PlanningSource[];
  readonly makeHands?: typeof createHands;
  /** The hands of the outside programs. */
  readonly acting: readonly ActingSource[];
}

/** Carries a plan out. `origin` says whether it comes from this process or from a file (see confirm.ts). */
export type PerformPlan = (plan: Plan, onProgress?: (progress: Progress) => void, origin?: PlanOrigin) => Promise<Outcome>;

const tellAll = async (
  acting: readonly ActingSource[],
  door: Door,
  ending: readonly PlanSession[],
  reason: string,
): Promise<readonly string[]> => (await Promise.all(acting.map(({beforeEnd}) => beforeEnd?.(door, ending, reason) ?? []))).flat();

export const createPerform =
  ({host, settings, look, sources, acting, makeHands = createHands}: PerformParts): PerformPlan =>
  async (plan, onProgress = () => undefined, origin = 'memory') => {
    const invalid = checkValidity(plan, host);
    if (invalid !== null) {
      return refuseAll(plan, invalid.rule, invalid.because);
    }
    const began = host.monotonicMs();
    const controls = acting.flatMap(({control}) => control ?? []);
    const assessment = withConnections(host, await look());
    const {snapshot} = assessment;
    const ownAgain = ownAgainFor(plan, assessment, settings);
    if (ownAgain !== null && 'refused' in ownAgain) {
      return refuseAll(plan, ownAgain.rule, ownAgain.because);
    }
    const rules = new WeakMap<ProcessMap, Protections>();
    /** The same rules in a table that was read later; who is whose is known from the look. */
    const protectIn = (process: Process, processes: ProcessMap): Protection | null => {
      const judge = rules.get(processes) ?? protectionsOf({...assessment, snapshot: {...snapshot, processes}}, settings);
      rules.set(processes, judge);
      const protections = judge.ofProcess(process);
      return ownAgain === null
        ? standing(protections, plan.unlocks)
        : (ownAgain(process, processes) ?? standing(holdForOwn(protections), plan.unlocks));
    };
    const fresh = makePlan(requestOf(plan), assessment, settings, {id: plan.id, now: host.epochMs(), sources});
    const confirmed = confirmPlan(plan, {assessment, fresh, origin, protect: process => protectIn(process, snapshot.processes)});
    for (const {ref, result} of confirmed.dropped) {
      onProgress({ref, step: 'done', result});
    }
    if (confirmed.refused !== null) {
      const refused = refuseAll(confirmed.plan, confirmed.refused.rule, confirmed.refused.because);
      return {...refused, targets: [...confirmed.dropped, ...refused.targets], tookMs: Math.round(host.monotonicMs() - began)};
    }
    const runtimes = indexRuntimes(settings.runtimes);
    const isRuntime = (pid: number, processes: ProcessMap): boolean => {
      const process = processes.get(pid);
      return process !== undefined && recogniseRuntime(process, runtimes) !== null;
    };
    const directory = stateDirectory(host.env, host.home);
    const own = snapshot.self;
    const isAlive = (holder: LockHolder): boolean => isHolderAlive(holder, host.bootId);
    const outcome = await executePlan(
      confirmed.plan,
      {
        host,
        hands: makeHands(own, process => controls.some(control => control.serves(process))),
        controls,
        journal: createJournal({host, directory, own, isAlive}),
        findConcurrent: (run, claim) =>
          findConcurrent({directory, own, isAlive, now: host.epochMs(), lookedAt: snapshot.takenAt}, run, claim),
        protect: protectIn,
        ...(ownAgain === null ? {} : {ownAgain}),
        isRuntime,
        tell: (ending, reason) => tellAll(acting, {host, isNamed: place => isNamedPlace(host, settings, place)}, ending, reason),
        dropped: confirmed.dropped,
        heads: closingHeads(confirmed.plan, snapshot),
      },
      onProgress,
    );
    return {...outcome, tookMs: Math.round(host.monotonicMs() - began)};
  };
