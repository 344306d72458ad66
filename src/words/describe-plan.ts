// A plan in words: the same lines in the dialog, in `--dry-run` and in the documentation. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {LeftOut, Plan, PlanStart, PlanTarget, Refusal} from '../core/domain/plan.ts';
import {composeRef} from '../core/domain/reference.ts';
import {duration, exactAge} from './ages.ts';
import {allOf, countOf} from './counts.ts';
import {howToLift} from './describe-finding.ts';

/** `ends` names something that will be gone, `stays` something left out, `note` anything else. */
export interface PlanLine {
  readonly tone: 'ends' | 'stays' | 'note' | 'warning';
  readonly text: string;
  /** What the line is about, so that a screen can follow its progress; null for a sentence about the whole. */
  readonly ref: string | null;
}

export interface PlanSection {
  readonly title: string;
  readonly lines: readonly PlanLine[];
}

export interface PlanDescription {
  /** `Stop 7 processes and 1 session`. */
  readonly headline: string;
  /** Never empty; sections without lines are left away. */
  readonly sections: readonly PlanSection[];
  /** What a person has to type: the number of running agents that end, or of roots above five; null where neither is. */
  readonly typeToConfirm: number | null;
  /** What that number counts: `running agents`. */
  readonly typeCounts: string;
}

/** More roots than this have to be typed as a number before they are acted on. */
const ROOTS_WITHOUT_TYPING = 5;

const VERBS: Readonly<Record<Plan['action'], string>> = {
  kill: 'Stop',
  flush: 'Flush',
  restart: 'Restart',
  cleanup: 'Clean up',
  'clean-locks': 'Move aside',
};

const line = (tone: PlanLine['tone'], text: string, ref: string | null = null): PlanLine => ({tone, text, ref});

const describeTarget = ({ref, pid, command, stopped, holds, because, ageMs}: PlanTarget): PlanLine => {
  const extra = [
    `${exactAge(ageMs)} old`,
    ...(holds.length === 0 ? [] : [`listens on ${holds.join(', ')}`]),
    ...(stopped ? ['stopped, will be continued'] : []),
    // Who asked for a port is not told of it twice.
    ...(holds.some(port => because === `listens on port ${port}`) ? [] : [because]),
  ];
  return line('ends', `${pid}  ${command}  (${extra.join('; ')})`, ref);
};

/** `said`: a reason that stands above it already. */
const describeLeftOut = ({ref, because, rule, unlock}: LeftOut, said: string | null = null): PlanLine => {
  const reason = because === said ? [] : [because];
  const lift = rule === null ? [] : [`[${rule}${howToLift(unlock)}]`];
  return line('stays', `${ref}  ${[...reason, ...lift].join(' ')}`.trimEnd(), ref);
};

const headline = ({action, sessions, panes, targets, locks, compose, starts}: Plan): string => {
  const what = [
    ...(sessions.length === 0 ? [] : [countOf(sessions.length, 'session')]),
    ...(panes.length === 0 ? [] : [countOf(panes.length, 'pane')]),
    ...(targets.length === 0 ? [] : [countOf(targets.length, 'process')]),
    ...(locks.length === 0 ? [] : [countOf(locks.length, 'lock')]),
    ...(compose.length === 0 ? [] : [countOf(compose.length, 'compose project')]),
  ];
  // A restart of what is down already has nothing to end.
  return `${VERBS[action]} ${allOf(what.length === 0 ? starts.map(({ref}) => ref) : what) || 'nothing'}`;
};

const how = ({force, graceMs, targets}: Plan): readonly PlanLine[] =>
  targets.length === 0
    ? []
    : [line('note', force ? 'SIGKILL at once' : `SIGTERM, deepest first; SIGKILL to what is left after ${duration(graceMs)}`)];

/** For whom alone it was made. */
const ownLine = ({mine}: Plan): readonly PlanLine[] =>
  mine === undefined ? [] : [line('note', `only what is ${mine.caller.name}’s own; nothing lifts this`)];

const section = (title: string, lines: readonly PlanLine[]): readonly PlanSection[] => (lines.length === 0 ? [] : [{title, lines}]);

/** Targets stand below the root they hang on, in the order in which they are stopped. */
const ending = (plan: Plan): readonly PlanLine[] => {
  const roots = new Map(plan.roots.map(root => [root.ref, root]));
  const refs = [...new Set([...plan.roots.map(({ref}) => ref), ...plan.targets.map(({root}) => root)])];
  return refs.flatMap(ref => {
    const session = [...plan.sessions, ...plan.panes].find(each => each.ref === ref);
    const targets = plan.targets.filter(target => target.root === ref);
    const root = roots.get(ref);
    const head = session === undefined ? [] : [line('ends', `${ref}  (${root?.because ?? session.because})`, ref)];
    return [...head, ...targets.map(describeTarget)];
  });
};

const describeWay = ({way}: PlanStart): string =>
  way.kind === 'command'
    ? `${[way.file, ...way.args].join(' ')}  in ${way.cwd}`
    : `${way.command}  in ${way.cwd}, window ${way.window} of session ${way.session}${way.id === null ? ' (made anew)' : ''}`;

const describeStart = (start: PlanStart): PlanLine => {
  const {port, session, runtime, withinMs} = start.proof;
  const proofs = [
    ...(session === null ? [] : [`session ${session.name} is there`]),
    ...(runtime ? ['an agent program runs in it'] : []),
    ...(port === null ? [] : [`port ${port} is held by it`]),
  ];
  return line(
    'note',
    `${oneLine(describeWay(start))}  (${start.because}; up when ${allOf(proofs)}, within ${duration(withinMs)})`,
    start.ref,
  );
};

/** `3 running agents, 2 of them ask for you`: null where none ends. */
const agentsLine = (agents: NonNullable<Plan['agents']>): string | null => {
  const asking = agents.filter(({asks}) => asks).length;
  const who = agents.length > 3 ? '' : `: ${agents.map(({ref}) => ref).join(', ')}`;
  const asked = agents.length === 1 ? ', and it asks for you' : `, ${asking} of them ${asking === 1 ? 'asks' : 'ask'} for you`;
  const ask = asking === 0 ? '' : asked;
  return agents.length === 0 ? null : `${countOf(agents.length, 'running agent')}${ask}${who}`;
};

/** What has to be typed before a plan is carried out, whatever its size where agents at work end with it. */
const typing = ({agents = [], roots}: Plan): Pick<PlanDescription, 'typeToConfirm' | 'typeCounts'> => {
  if (agents.length > 0) {
    return {typeToConfirm: agents.length, typeCounts: agents.length === 1 ? 'running agent' : 'running agents'};
  }
  return {typeToConfirm: roots.length > ROOTS_WITHOUT_TYPING ? roots.length : null, typeCounts: 'things asked for'};
};

/** How it is carried out later, and until when. */
const later = ({command, expiresAt, createdAt, unlocks}: Plan): readonly PlanLine[] => [
  line('note', command),
  line('note', `valid for ${duration(expiresAt - createdAt)}${unlocks.length === 0 ? '' : `; unlocked: ${unlocks.join(', ')}`}`),
];

/** A plan's lines, in the order in which they should be read; `now`: it is carried out at once, and there is no later to speak of. */
export const describePlan = (plan: Plan, {now = false}: {readonly now?: boolean} = {}): PlanDescription => ({
  headline: headline(plan),
  ...typing(plan),
  sections: [
    ...section(
      'Ends agents at work',
      [agentsLine(plan.agents ?? [])].flatMap(text => (text === null ? [] : [line('warning', text)])),
    ),
    ...section('Will end', ending(plan)),
    ...section(
      'Will be moved aside',
      plan.locks.map(({ref, path, moveTo}) => line('ends', `${path} → ${moveTo}`, ref)),
    ),
    ...section(
      'Will be brought down',
      plan.compose.map(project => line('ends', `docker compose -p ${project} down  (its volumes stay)`, composeRef(project))),
    ),
    ...section('Will be started again', plan.starts.map(describeStart)),
    ...section(
      'Left out',
      plan.leftOut.map(left => describeLeftOut(left)),
    ),
    ...section(
      'Mind',
      plan.warnings.map(text => line('warning', text)),
    ),
    ...section(
      'Frees',
      plan.frees.map(port => line('note', `port ${port}`, `port:${port}`)),
    ),
    ...section(
      'Cannot be undone',
      plan.irreversible.map(text => line('warning', text)),
    ),
    ...section('How', [...how(plan), ...ownLine(plan), ...(now ? [] : later(plan))]),
  ],
});

/** A refusal in the same shape, so that every surface can show it where the plan would have been. */
export const describeRefusal = ({rule, because, leftOut}: Refusal): PlanDescription => ({
  headline: `Refused (${rule}): ${because}`,
  typeToConfirm: null,
  typeCounts: '',
  sections: section(
    'Left out',
    leftOut.map(left => describeLeftOut(left, because)),
  ),
});
