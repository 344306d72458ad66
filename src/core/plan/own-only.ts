// A plan for an agent ends only what is its own: a rule above all others, which no unlock lifts. Pure.
import type {Protection} from '../domain/finding.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {OwnOnly, Plan, PlanCaller, Refusal} from '../domain/plan.ts';
import type {Process} from '../domain/process.ts';
import {slotRef} from '../domain/reference.ts';
import type {Settings} from '../domain/settings.ts';
import {type Caller, callerName, sameCaller} from '../judge/own/caller.ts';
import {ownWorld} from '../judge/own/own-world.ts';
import {type Own, type Ownership, ownershipFor} from '../judge/own/ownership.ts';
import type {Protections} from '../judge/protect/protect.ts';
import {never} from '../judge/protect/protect-context.ts';
import {paneHead} from '../look/index/pane-index.ts';

const RULE = 'not-mine';

const refuse = (rule: string, because: string): Refusal => ({refused: true, rule, because, protection: null, leftOut: []});

export const planCaller = (caller: Caller): PlanCaller => ({
  name: callerName(caller),
  process: caller.process,
  proof: caller.proof,
  conversation: caller.conversation,
});

/** Whose things a plan may end; a refusal where no agent asks, or another one than it was made for. */
export const ownershipIn = (mine: OwnOnly, assessment: Assessment, settings: Settings): Ownership | Refusal => {
  const {self} = assessment.snapshot;
  const asking = {process: {pid: self.pid, startTime: self.startTime}, conversation: mine.conversation};
  const found = ownershipFor(ownWorld(assessment, settings), asking);
  if (!found.known) {
    return refuse('no-agent', `--mine is for agents, and which one asks cannot be told: ${found.because}`);
  }
  const {caller} = found.value;
  return mine.caller !== undefined && !sameCaller(mine.caller, caller)
    ? refuse(RULE, `the plan was made for ${mine.caller.name}, and ${callerName(caller)} asks`)
    : found.value;
};

/** The rule for one process; null for what is the caller's own. */
export const notOwn = (own: Own, {caller}: Pick<Ownership, 'caller'>): Protection | null =>
  own.own === 'yes'
    ? null
    : never(RULE, `not ${callerName(caller)}’s own: ${own.own === 'unknown' ? 'it cannot be told, ' : ''}${own.because}`);

/**
 * What protects the place that an agent runs in: where rigtop runs, who is attached, for whom the agent works. Its own tools are in the same
 * pane, and end without it; what asks and all above that have a rule of their own.
 */
const OF_THE_PLACE = /^(?:own-pane|attached|crew)$/;

/** The rules that hold for what is the caller's own. */
export const holdForOwn = (rules: readonly Protection[]): readonly Protection[] => rules.filter(({rule}) => !OF_THE_PLACE.test(rule));

const withRule = (rule: Protection | null, rules: readonly Protection[]): readonly Protection[] =>
  rule === null ? rules : [rule, ...rules];

/** The rules of protection with that one before them. A session is its caller's own when everything in its panes is. */
export const ownProtections = (protections: Protections, ownership: Ownership, {snapshot}: Pick<Assessment, 'snapshot'>): Protections => {
  const ruleOf = (process: Process): Protection | null => notOwn(ownership.of(process), ownership);
  return {
    ofProcess: process => {
      const rule = ruleOf(process);
      const rules = protections.ofProcess(process);
      return rule === null ? holdForOwn(rules) : [rule, ...rules];
    },
    ofSession: session => {
      const server = snapshot.servers.find(({socket}) => socket === session.socket);
      const heads = server === undefined ? [] : session.panes.map(pane => paneHead({server, session, pane}, snapshot.processes));
      const rule = heads.length === 0 || heads.includes(null) ? never(RULE, 'what runs in its panes is not known') : null;
      const stranger = heads.flatMap(head => (head === null ? [] : (ruleOf(head) ?? [])))[0] ?? null;
      return withRule(rule ?? stranger, protections.ofSession(session));
    },
  };
};

/** What a plan of own things does not do: containers, locks and whole directories are nobody's alone, and what is started is its slot's. */
export const ownParts = (plan: Plan, {home}: Ownership): Plan | Refusal => {
  const services = home.slot.map(({rig, slot, service}) => slotRef(rig, slot, service));
  const start = plan.starts.find(({ref}) => !services.includes(ref));
  if (start !== undefined) {
    return refuse(RULE, `${start.ref} is no service of a slot that is the caller’s alone`);
  }
  const rest = {...plan, locks: [], vacates: [], compose: []};
  const nothing = plan.targets.length + plan.sessions.length + plan.panes.length + plan.starts.length === 0;
  return nothing ? {...refuse('nothing-to-do', 'nothing of it is a process of the caller’s own'), leftOut: plan.leftOut} : rest;
};
