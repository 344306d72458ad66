// A finding → the roots that its remedy ends. Unknown and protected findings are left out with their reason, never acted on. Pure.
import type {Finding, FindingKind, UnlockRule} from '../domain/finding.ts';
import {parseReference} from '../domain/reference.ts';
import {holderRoots} from './holders.ts';
import type {PlanWorld} from './plan-world.ts';
import {findSession, leave, notResolved, processRoot, type Resolved, sessionRoot} from './roots.ts';
import {referenceRoots} from './thing-roots.ts';

const lifted = ({protectedBy}: Finding, unlocks: readonly UnlockRule[]): boolean =>
  protectedBy === null || (protectedBy.unlock !== null && unlocks.includes(protectedBy.unlock));

/** Why a finding may not be acted on at all (docs/safety.md, rules 1 and 5); null when it may. */
const forbidden = (finding: Finding, unlocks: readonly UnlockRule[]) => {
  if (finding.certainty === 'unknown') {
    return leave(finding.subject, 'unknown', `unknown: ${finding.title}`);
  }
  const {protectedBy} = finding;
  return protectedBy === null || lifted(finding, unlocks)
    ? null
    : leave(finding.subject, protectedBy.rule, protectedBy.because, protectedBy.unlock);
};

// A protected finding has no remedies, so after its protection is lifted its kind has to say whether ending it is one.
const ENDED: ReadonlySet<FindingKind> = new Set([
  'orphan-session',
  'zombie-session',
  'dead-pane',
  'orphan-process',
  'orphan-helper',
  'orphan-daemon',
]);

const endedBy = (finding: Finding, remedies: readonly string[]): boolean =>
  finding.protectedBy === null ? finding.remedies.some(remedy => remedies.includes(remedy)) : ENDED.has(finding.kind);

const noRemedy = ({kind, subject, remedies, evidence}: Finding) => {
  const why =
    kind === 'defunct-process'
      ? `defunct: only its parent can clear it${evidence[0] === undefined ? '' : ` (${evidence[0].fact})`}`
      : `ending something is no remedy for ${kind}${remedies.length === 0 ? '' : `; ${remedies.join(' or ')} is`}`;
  return leave(subject, 'no-remedy', why);
};

/** The processes a finding names, each only while it is the same one. */
const involved = ({look: {processes}}: PlanWorld, finding: Finding): Resolved => {
  const roots = finding.processes.flatMap(({pid, startTime}) => {
    const process = processes.get(pid);
    return process?.startTime === startTime ? [processRoot(process, finding.title)] : [];
  });
  return roots.length > 0 ? {roots, leftOut: []} : notResolved(leave(finding.subject, 'not-found', 'its processes are gone'));
};

/** Holders of the port that a finding is about, each only while it is the same one. */
const involvedHolders = (world: PlanWorld, finding: Finding): Resolved => {
  const port = finding.holds[0];
  const holders = finding.processes.flatMap(({pid, startTime}) => {
    const process = world.look.processes.get(pid);
    return port !== undefined && process?.startTime === startTime ? [{process, port}] : [];
  });
  return holders.length > 0
    ? holderRoots(world, holders, () => finding.title)
    : notResolved(leave(finding.subject, 'not-found', 'its processes are gone'));
};

/** Findings about a port: whether they may be ended is told by who holds it. */
const ABOUT_PORTS: ReadonlySet<FindingKind> = new Set(['wrong-owner', 'stray-listener']);

const withTitle = ({roots, leftOut}: Resolved, {title}: Finding): Resolved => ({
  roots: roots.map(root => ({...root, because: title})),
  leftOut,
});

const subjectRoots = (world: PlanWorld, finding: Finding): Resolved => {
  const {snapshot} = world.assessment;
  if (finding.kind !== 'dead-pane' && finding.session !== null) {
    const session = findSession(snapshot, finding.session);
    const root = session === null ? null : sessionRoot(snapshot, session, finding.title);
    if (root !== null) {
      return {roots: [root], leftOut: []};
    }
  }
  const subject = parseReference(finding.subject);
  switch (subject?.sort) {
    case 'pane':
      return withTitle(referenceRoots(world, finding.subject), finding);
    case 'process': {
      const own = finding.processes.filter(({pid}) => String(pid) === subject.name);
      return involved(world, own.length > 0 ? {...finding, processes: own} : finding);
    }
    case 'slot':
    case 'port':
      return involvedHolders(world, finding);
    case 'session':
    case 'agent':
      // Of a session with one dead pane, or of an agent that runs twice, only a part is in trouble: which is not said here.
      return finding.kind === 'dead-pane' || finding.kind === 'doubled-agent'
        ? notResolved(noRemedy(finding))
        : referenceRoots(world, finding.subject);
    default:
      return notResolved(noRemedy(finding));
  }
};

/** A finding asked for by name: a flush remedy counts too, because a person chose exactly this. */
export const resolveFinding = (world: PlanWorld, finding: Finding, unlocks: readonly UnlockRule[]): Resolved => {
  const stop = forbidden(finding, unlocks);
  if (stop !== null) {
    return notResolved(stop);
  }
  if (endedBy(finding, ['kill', 'flush'])) {
    return subjectRoots(world, finding);
  }
  // Why a holder is left alone is said in the words of every other way to it.
  const gated = ABOUT_PORTS.has(finding.kind) ? involvedHolders(world, finding) : null;
  return gated !== null && gated.roots.length === 0 ? gated : notResolved(noRemedy(finding));
};

/** Every sure finding whose remedy is to end it; of `kinds` only, or of all. What is unknown or protected is named. */
export const resolveCleanup = (world: PlanWorld, kinds: readonly string[], unlocks: readonly UnlockRule[]): Resolved => {
  const resolved = world.assessment.findings
    .filter(({kind}) => kinds.length === 0 || kinds.includes(kind))
    .flatMap(finding => {
      const stop = forbidden(finding, unlocks);
      if (stop !== null) {
        return ENDED.has(finding.kind) ? [notResolved(stop)] : [];
      }
      // Whose server stands on whose port is for a person to read first.
      const swept = finding.kind !== 'wrong-owner' || kinds.includes(finding.kind);
      return swept && endedBy(finding, ['kill']) ? [subjectRoots(world, finding)] : [];
    });
  return {roots: resolved.flatMap(({roots}) => roots), leftOut: resolved.flatMap(({leftOut}) => leftOut)};
};
