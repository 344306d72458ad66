// An explanation in words: the verdict first, then what it says of itself, whose it is, where it stands, what stopping it would end. Pure.
import type {Evidence, Owner} from '../core/domain/agent.ts';
import {commandLine, oneLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import type {SourceStatus} from '../core/domain/known.ts';
import type {Session} from '../core/domain/multiplexer.ts';
import {isRefusal, type Plan, type Refusal} from '../core/domain/plan.ts';
import {startedAt} from '../core/domain/process.ts';
import {refOfSession} from '../core/domain/reference.ts';
import type {Snapshot} from '../core/domain/snapshot.ts';
import {clockTime} from './ages.ts';
import {findingBadge, type Tone} from './badges.ts';
import {countOf, portList} from './counts.ts';
import {describeProtection, howToLift, suspicionOf} from './describe-finding.ts';
import {describePlan, describeRefusal} from './describe-plan.ts';
import {describeSource} from './describe-source.ts';
import type {ExplainedPort, ExplainedProcess, ExplainedState, Explanation, NamedProcess} from './explanation.ts';
import {shortBytes} from './measures.ts';
import {stateNote} from './process-tree.ts';

export interface ExplainLine {
  /** head: a section's title. fact: a statement, with where it was read. item: below a text. tree: drawn, never wrapped. */
  readonly kind: 'head' | 'fact' | 'text' | 'item' | 'tree';
  readonly text: string;
  /** Where a fact was read; the reference behind a head, for who can copy it. */
  readonly source: string | null;
  readonly tone: Tone;
}

/** A line that is safe for a terminal. */
export const explainLine = (kind: ExplainLine['kind'], words: string, tone: Tone = 'plain', source: string | null = null): ExplainLine => ({
  kind,
  text: kind === 'tree' ? words : oneLine(words),
  source: source === null ? null : oneLine(source),
  tone,
});

const head = (words: string, tone?: Tone, source?: string): ExplainLine => explainLine('head', words, tone, source);
const text = (words: string, tone?: Tone): ExplainLine => explainLine('text', words, tone);
const fact = ({fact: words, source}: Evidence): ExplainLine => explainLine('fact', words, 'plain', source);

/** What somebody calls itself, as its environment has it: `GT_ROLE=…`. */
const isName = ({fact: words}: Evidence): boolean => /^[A-Z][A-Z0-9_]*=/.test(words);

/** What decides before what somebody calls itself. */
const factLines = (evidence: readonly Evidence[]): readonly ExplainLine[] => [
  ...evidence.filter(each => !isName(each)).map(fact),
  ...evidence.filter(isName).map(fact),
];

const nameOf = ({pid, command}: NamedProcess): string => `${pid} ${command}`;

const findingLines = (finding: Finding): readonly ExplainLine[] => {
  const {certainty, title, id, evidence, protectedBy} = finding;
  const badge = findingBadge(finding);
  const suspicion = suspicionOf(finding);
  const word = suspicion === null ? badge.word : `${badge.word}, perhaps ${suspicion}`;
  return [
    head(`${word}: ${title}`, badge.tone, id),
    ...factLines(evidence),
    ...(protectedBy === null ? [] : [text(`${describeProtection(protectedBy)}${howToLift(protectedBy.unlock)}`, 'quiet')]),
    ...(certainty === 'sure' ? [] : [text('Not sure, so it is shown and never acted on.', 'quiet')]),
  ];
};

/** Of many findings and states each is a line: what is behind them stands in explanations of their own. */
const briefLines = (findings: readonly Finding[], states: readonly ExplainedState[]): readonly ExplainLine[] => [
  ...findings.map(finding => text(`${findingBadge(finding).word}  ${finding.title}`, findingBadge(finding).tone)),
  ...states.map(({ref, state, because, tone}) => text(`${state}  ${ref}  ${because}`, tone)),
];

/** Whether a title names an agent, and not one whose name goes on: `feat-10` for `feat-1`. */
const isNamedIn = (title: string, agent: string): boolean =>
  title.split(agent).some((part, at) => at > 0 && (part === '' || /^[\s,:’]/.test(part)));

/** How many agents and findings; an agent that is not at work is told of by what is found of it. */
const rigLines = ({ref, facts, states, findings}: Explanation): readonly ExplainLine[] => {
  const isFound = ({ref: agent, state}: ExplainedState): boolean =>
    state === state.toLowerCase() && findings.some(({subject, title}) => subject === agent || isNamedIn(title, agent));
  const found = findings.length === 0 ? 'nothing is found of it' : countOf(findings.length, 'finding');
  return [
    head(`Rig ${ref.replace(/^rig:/, '')}: ${countOf(states.length, 'agent')}, ${found}`),
    ...briefLines(
      findings,
      states.filter(state => !isFound(state)),
    ),
    ...facts.map(words => text(words, 'quiet')),
  ];
};

/** Of what has no record of its own: a town, or everything that belongs to no rig. */
export const describeFindings = (findings: readonly Finding[]): readonly ExplainLine[] => briefLines(findings, []);

const stateLines = (ref: string, {ref: own, state, because, tone, evidence}: ExplainedState): readonly ExplainLine[] => [
  head(`${own === ref ? '' : `${own} `}${state}: ${because}`, tone),
  ...factLines(evidence),
];

/** A verdict tells a state’s reason, or is it. */
const isTold = ({findings}: Explanation, {because}: ExplainedState): boolean =>
  findings.some(({title, evidence}) => title === because || evidence.some(({fact: words}) => words === because));

/** Verdicts, states and owner rest on the same facts: each is told where it is told first. */
const eachFactOnce = (lines: readonly ExplainLine[]): readonly ExplainLine[] => {
  const told = new Set<string>();
  return lines.filter(({kind, text: words, source}) => {
    const key = `${words}\u0000${source ?? ''}`;
    const isNew = kind !== 'fact' || !told.has(key);
    told.add(key);
    return isNew;
  });
};

const ownerName = ({agent, rig, town, slot}: Owner): string => {
  const names = [
    agent,
    rig === null ? null : `rig ${rig}`,
    slot === null ? null : `slot ${slot.slot ?? slot.slug ?? '?'} of ${slot.rig}`,
    town === null ? null : `town ${town}`,
  ];
  return names.filter(name => name !== null).join(', ') || 'somebody, by its marks';
};

const ownerLines = ({owner, sort}: Explanation): readonly ExplainLine[] =>
  owner === null || sort === 'agent' ? [] : [head(`Owner: ${ownerName(owner)}`), ...owner.evidence.map(fact)];

const portLines = ({states, findings}: Explanation, {port, declared, listeners}: ExplainedPort): readonly ExplainLine[] => [
  ...declared.map(({ref, declaredBy, state, because, expected}) => {
    const place = expected?.session == null ? '' : ` in ${expected.session}`;
    const said =
      states.some(one => one.ref === ref) || findings.some(({subject}) => subject === ref) ? '' : `, which is ${state}: ${because}`;
    return fact({fact: `:${port} is declared for ${ref}${place}${said}`, source: declaredBy});
  }),
  ...(declared.length === 0 ? [text(`:${port} is declared by nobody`)] : []),
  ...listeners.map(({address, holders}) =>
    text(
      holders.known
        ? `${address}:${port} is held by ${holders.value.map(nameOf).join(', ')}`
        : `${address}:${port} is held by somebody who could not be seen: ${holders.because}`,
    ),
  ),
  ...(listeners.length === 0 ? [text(`nobody was seen listening on :${port}`)] : []),
];

const portsLines = (explanation: Explanation): readonly ExplainLine[] => {
  const {ports} = explanation;
  return ports.length === 0 ? [] : [head(ports.length === 1 ? 'Port' : 'Ports'), ...ports.flatMap(port => portLines(explanation, port))];
};

const processLines = (explained: ExplainedProcess, {owner}: Explanation, snapshot: Snapshot): readonly ExplainLine[] => {
  const {process, ancestors} = explained;
  const {cwd, cwdDeleted, tty, state} = process;
  const place = cwd.known ? `${cwd.value}${cwdDeleted ? ' (deleted)' : ''}` : `a directory that is unknown: ${cwd.because}`;
  const above = ancestors
    .map(({pid}) => snapshot.processes.get(pid))
    .flatMap(each => (each === undefined ? [] : [`${each.pid} ${commandLine(each, 24)}`]));
  const note = stateNote(state);
  return [
    head(`Process ${nameOf(explained)}`),
    text(
      [`started ${clockTime(startedAt(process, snapshot), snapshot.takenAt)}`, tty === null ? 'no terminal' : `terminal ${tty}`, note]
        .filter(part => part !== undefined)
        .join(', '),
    ),
    text(`in ${place}`),
    text(`under ${above.join(' < ') || 'nothing that can be seen'}`, 'quiet'),
    ...(explained.owner === null || explained.owner === owner ? [] : [text(`belongs to ${ownerName(explained.owner)}`)]),
  ];
};

const sessionLines = (session: Session, {takenAt}: Snapshot): readonly ExplainLine[] => {
  const {id, created, attached, panes} = session;
  const made = created === 0 ? '' : `, made ${clockTime(created * 1000, takenAt)}`;
  return [
    head(`Session ${refOfSession(session).slice('session:'.length)}`),
    text(`${id}${made}, ${attached === 0 ? 'nobody attached' : `${countOf(attached, 'client')} attached`}`),
    ...panes.map(pane =>
      pane.dead
        ? text(`pane ${pane.id} is dead${pane.exitStatus === null ? '' : `, status ${pane.exitStatus}`}`, 'warning')
        : text(`pane ${pane.id} ${pane.windowIndex}.${pane.index} pid ${pane.pid}`),
    ),
  ];
};

const treeLines = ({tree}: Explanation): readonly ExplainLine[] =>
  tree.length === 0
    ? []
    : [
        head('Tree'),
        ...tree.map(({lead, pid, command, notes}) =>
          explainLine('tree', `${lead}${pid} ${command}${notes.length === 0 ? '' : `  ${notes.join(' ')}`}`),
        ),
      ];

/** Whether a stop of it is offered: a finding without a remedy (a dead pane, what is unknown) ends nothing of what lives beside it. */
export const isOffered = ({sort, findings}: Explanation): boolean =>
  sort !== 'finding' || findings.some(({remedies}) => remedies.length > 0);

/** What stopping it would end and free, as long as no plan says so: the whole tree. */
export const stoppingWords = (explanation: Explanation): {readonly lost: readonly string[]; readonly freed: string} => {
  const {memory, ports} = explanation;
  const tree = isOffered(explanation) ? explanation.tree : [];
  const held = ports.filter(({listeners}) => listeners.length > 0).map(({port}) => port);
  return {
    lost: tree.length === 0 ? [] : [`${countOf(tree.length, 'process')} (about ${shortBytes(memory)})`],
    freed: tree.length === 0 || held.length === 0 ? '' : `frees ${portList(held)}`,
  };
};

/** For where no plan is made. */
export const describeSum = (explanation: Explanation): readonly ExplainLine[] => {
  const {lost, freed} = stoppingWords(explanation);
  return lost.map(words => text(`Stopping it ends ${words}${freed === '' ? '' : `, ${freed}`}.`));
};

/** How a stop would be carried out belongs to the plan, not to the explanation. */
const SAID: ReadonlySet<string> = new Set(['Will end', 'Will be moved aside', 'Left out', 'Mind', 'Frees', 'Cannot be undone']);

/** What a plan, or the refusal of one, says of stopping the thing. `command` is how a person would ask for it. */
export const describeStopping = (answer: Plan | Refusal, command: string | null = null): readonly ExplainLine[] => {
  const {headline, sections} = isRefusal(answer) ? describeRefusal(answer) : describePlan(answer);
  return [
    head('What stopping it would do'),
    text(headline),
    ...sections
      .filter(({title}) => SAID.has(title))
      .flatMap(({title, lines}) => [text(title), ...lines.map(line => explainLine('item', line.text))]),
    ...(command === null || isRefusal(answer) ? [] : [text(`with ${command}`, 'quiet')]),
  ];
};

/** Sources that did not answer: what is not told of the thing may still be. */
export const describeUnseen = (sources: readonly SourceStatus[]): readonly ExplainLine[] =>
  sources.length === 0 ? [] : [head('Could not be observed', 'unknown'), ...sources.map(status => text(describeSource(status)))];

export const describeExplanation = (explanation: Explanation, snapshot: Snapshot): readonly ExplainLine[] => {
  const {ref, sort, facts, states, findings, processes, sessions} = explanation;
  if (sort === 'rig') {
    return rigLines(explanation);
  }
  return eachFactOnce([
    ...findings.flatMap(findingLines),
    ...states.filter(state => !isTold(explanation, state)).flatMap(state => stateLines(ref, state)),
    ...facts.map(words => text(words)),
    ...ownerLines(explanation),
    ...portsLines(explanation),
    ...processes.flatMap(process => processLines(process, explanation, snapshot)),
    ...sessions.flatMap(session => sessionLines(session, snapshot)),
    ...treeLines(explanation),
  ]);
};
