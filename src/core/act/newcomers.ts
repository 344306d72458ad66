// What has come up below the roots of a plan since it was shown: living work that nobody has seen in it. Pure.
import type {Assessment} from '../domain/fleet.ts';
import {ancestorsOf} from '../domain/forest.ts';
import {sessionKey} from '../domain/multiplexer.ts';
import {isRefusal, type Plan, type PlanPane, type PlanTarget, type Refusal} from '../domain/plan.ts';
import {processKey} from '../domain/process.ts';

export const samePane = (one: PlanPane, other: PlanPane): boolean =>
  one.paneId === other.paneId && sessionKey(one.session) === sessionKey(other.session);

/** The reference that a root of the fresh plan has in the one that was shown. */
const rootInPlan = (plan: Plan, fresh: Plan, root: string): string => {
  const session = fresh.sessions.find(({ref}) => ref === root);
  const pane = fresh.panes.find(({ref}) => ref === root);
  return (
    plan.sessions.find(each => session !== undefined && sessionKey(each) === sessionKey(session))?.ref ??
    plan.panes.find(each => pane !== undefined && samePane(each, pane))?.ref ??
    root
  );
};

/**
 * By root of the plan, what came up in it since: another program that leads one of its panes, or an agent that no agent of the plan
 * started. Every other child that a target has forked ends with the target; these are somebody’s new beginning, and the plan that was
 * agreed to has not shown them.
 */
export const newcomers = (plan: Plan, fresh: Plan | Refusal, {snapshot, fleet}: Assessment): ReadonlyMap<string, string> => {
  if (isRefusal(fresh)) {
    return new Map();
  }
  const known = new Set(plan.targets.map(processKey));
  const agents = new Set(plan.targets.flatMap(({pid}) => (fleet.runtimes.has(pid) ? [pid] : [])));
  const heads = new Set(
    snapshot.servers.flatMap(({sessions}) => sessions.flatMap(({panes}) => panes.flatMap(({dead, pid}) => (dead ? [] : [pid])))),
  );
  const isNewcomer = (target: PlanTarget): boolean =>
    !known.has(processKey(target)) &&
    (heads.has(target.pid) ||
      (fleet.runtimes.has(target.pid) && !ancestorsOf(snapshot.processes, target.pid).some(above => agents.has(above))));
  return new Map(
    fresh.targets
      .filter(isNewcomer)
      .map(({root, pid, command}) => [rootInPlan(plan, fresh, root), `${command} ${pid} came up in it since the plan was made`]),
  );
};
