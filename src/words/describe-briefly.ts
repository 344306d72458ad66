// An explanation in the order of a conversation: the verdict, the fact that decides it, what to do and with which keys, what that would cost. Pure.
import type {Evidence} from '../core/domain/agent.ts';
import type {Finding, FindingKind, Remedy} from '../core/domain/finding.ts';
import {ownValue} from '../core/domain/own-value.ts';
import {findingBadge, type Tone} from './badges.ts';
import {countOf} from './counts.ts';
import {type ExplainLine, explainLine, isOffered, stoppingWords} from './describe-explanation.ts';
import {describeProtection, howToLift, suspicionOf} from './describe-finding.ts';
import type {ExplainedState, Explanation} from './explanation.ts';

/** What stands behind a label, or below it where there is little room. */
export interface BriefRow {
  readonly kind: 'row';
  readonly label: string;
  /** Each a line of its own, never wrapped, or all of them one text. */
  readonly form: 'lines' | 'text';
  readonly texts: readonly string[];
  /** What is said in its place, each a line of its own, where there is room for all of it; empty where the text says it all. */
  readonly unfolded: readonly string[];
  /** Names of actions, for whoever knows their keys. */
  readonly actions: readonly string[];
  readonly tone: Tone;
}

export type BriefLine = ExplainLine | BriefRow;

/** What a person can do about each kind of finding, as its detectors say it. */
export type Remedies = Readonly<Partial<Record<FindingKind, string>>>;

/** What is known beside what is explained. */
interface Beside {
  readonly remedies: Remedies;
  /** The end of its screen, line by line. */
  readonly output: readonly string[];
  /** Whether a stanza would declare it. */
  readonly declarable: boolean;
}

/** A remedy without the commands that it names: on the screen keys do it. */
export const withoutCommands = (remedy: string): string => remedy.replace(/(?::| \() ?`rigtop [^`]*`(?:, `rigtop [^`]*`)*\)?/g, '');

const KEYS: Readonly<Record<Remedy, string>> = {
  kill: 'stop',
  restart: 'restart',
  'clean-lock': 'stop',
  flush: 'flush',
};

/** Sources that say whose a thing is and where it runs: told in one line, since none of it is what is wrong. */
const IDENTITY = /environment|arguments|command line|directory/;

const isIdentity = ({fact, source}: Evidence): boolean => IDENTITY.test(source) || /^age |^\S+: is called /.test(fact);

const MOST_FACTS = 2;

const text = (words: string, tone?: ExplainLine['tone']): ExplainLine => explainLine('text', words, tone);
/** How a verdict became sure decides nothing once it is. */
const isRule = ({source}: Evidence): boolean => source === 'rules of certainty';

/** Where each was read is told in full alone. */
const factLines = (evidence: readonly Evidence[], isSure = true): readonly ExplainLine[] =>
  evidence
    .filter(each => !isIdentity(each) && !(isSure && isRule(each)))
    .slice(0, MOST_FACTS)
    .map(({fact}) => text(fact));

/** The first verdict has the facts that decide it: those of the others would push what to do off a low panel. */
const verdictLines = (finding: Finding, at: number): readonly ExplainLine[] => {
  const {word, tone} = findingBadge(finding);
  const suspicion = suspicionOf(finding);
  const {protectedBy, certainty, title, evidence, id} = finding;
  return [
    explainLine('head', `${suspicion === null ? word : `${word}, perhaps ${suspicion}`}: ${title}`, tone, id),
    ...(at === 0 ? factLines(evidence, certainty === 'sure') : []),
    ...(protectedBy === null ? [] : [text(`${describeProtection(protectedBy)}${howToLift(protectedBy.unlock)}`, 'quiet')]),
    ...(certainty === 'sure' ? [] : [text('Not sure, so it is shown and never acted on.', 'quiet')]),
  ];
};

/** What a running agent does is written in capitals, as its badge; the rest are states of records. */
const isDoing = ({state}: ExplainedState): boolean => /^[A-Z]+$/.test(state);

/** Since when it does so stands in the title. */
const stateLines = ({state, because, tone, evidence}: ExplainedState): readonly ExplainLine[] => [
  explainLine('head', `${state}: ${because}`, tone),
  ...(/^[A-Z]+$/.test(state) ? [] : factLines(evidence.filter(({fact}) => fact !== because))),
];

const row = (label: string, texts: readonly string[], more: Partial<BriefRow> = {}): readonly BriefRow[] =>
  texts.length === 0 && more.actions === undefined
    ? []
    : [{kind: 'row', label, form: 'text', texts, unfolded: [], actions: [], tone: 'plain', ...more}];

/** Whose it is and where that was read, folded. */
const identityRow = ({facts, findings, states, owner}: Explanation): readonly BriefRow[] => {
  const running = states.some(isDoing) ? states.filter(state => !isDoing(state)).map(({because}) => because) : [];
  const evidence = [...findings, ...states].flatMap(each => each.evidence).filter(isIdentity);
  const owners = owner === null ? [] : owner.evidence.map(({fact}) => fact);
  // A state that nothing is found against is told at the top.
  const told = findings.length === 0 && running.length === 0 ? states.map(({because}) => because) : [];
  const [first, ...more] = new Set(
    [...running, ...facts, ...owners, ...evidence.map(({fact}) => fact)].filter(fact => !told.includes(fact)),
  );
  const texts = first === undefined ? [] : [`${first}${more.length === 0 ? '' : `, and ${countOf(more.length, 'fact')} more`}`];
  return row('Whose it is', texts, {
    tone: 'quiet',
    ...(first === undefined || more.length === 0 ? {} : {actions: ['explain'], unfolded: [first, ...more]}),
  });
};

/** Only what is certain and protected by nobody may be acted on. */
const isFree = ({certainty, protectedBy}: Finding): boolean => certainty === 'sure' && protectedBy === null;

/** What to do about it: the detectors’ own words, and the keys. An agent that needs a person is gone to. */
const remedyRow = (
  {findings, states, sort, sessions}: Explanation,
  {remedies, declarable}: Pick<Beside, 'remedies' | 'declarable'>,
): readonly BriefRow[] => {
  const needs = states.some(({state}) => state === 'ASKS' || state === 'DONE');
  const texts = [...new Set(findings.flatMap(({kind}) => ownValue(remedies, kind) ?? []))].map(withoutCommands);
  const keys = [
    ...(needs ? ['attach'] : []),
    ...findings.filter(isFree).flatMap(finding => finding.remedies.map(remedy => KEYS[remedy])),
    ...((sort === 'agent' || sort === 'session') && sessions.length > 0 ? ['peek'] : []),
    ...(declarable ? ['copy'] : []),
  ];
  const said = [...(needs ? ['It waits for you: go to its pane.'] : []), ...texts];
  return row('What to do', said, keys.length === 0 ? {} : {actions: [...new Set(keys)]});
};

const lostRow = (explanation: Explanation): readonly BriefRow[] => {
  const {lost, freed} = stoppingWords(explanation);
  const panes = !isOffered(explanation) ? 0 : explanation.sessions.reduce((total, {panes: own}) => total + own.length, 0);
  const all = [...lost, ...(panes === 0 ? [] : [`the scrollback of ${countOf(panes, 'pane')}`, 'unsent input'])].join(', ');
  return row('Lost then', all === '' ? [] : [`${all}${freed === '' ? '' : `; ${freed}`}`]);
};

/** What programs draw around a dialog (Unicode’s box drawing and block elements). */
const withoutFrame = (line: string): string => line.replace(/[\u2500-\u259f]/g, ' ').trim();

/** The end of a screen that asks: what may be answered, and what stands above the question. */
const outputRows = (
  output: readonly string[],
  question: string | null,
): readonly [answers: readonly BriefRow[], rest: readonly BriefRow[]] => {
  const bare = output.map(withoutFrame);
  const at = question === null ? -1 : bare.findLastIndex(line => line.includes(question) || (line.length > 8 && question.includes(line)));
  const [above, below] = at === -1 ? [output, []] : [output.slice(0, at), bare.slice(at + 1)];
  return [row('To answer', below.length === 0 ? [] : [below.join('   ')]), row('Last output', above, {form: 'lines', tone: 'quiet'})];
};

const NO_VERDICT = explainLine('head', 'A session without an agent that is known, and nothing is found of it.');

/** The explanation of one thing for who has two seconds. */
export const describeBriefly = (explanation: Explanation, {remedies, output, declarable}: Beside): readonly BriefLine[] => {
  const {states, findings} = explanation;
  const doing = states.filter(isDoing);
  const rest = states.filter(state => !isDoing(state));
  const [answers, above] = outputRows(output, states.find(({state}) => state === 'ASKS')?.because ?? null);
  const isSaid = (because: string): boolean =>
    doing.length > 0 ||
    findings.some(({title, evidence}) => [title, ...evidence.map(({fact}) => fact)].some(said => said.includes(because)));
  return [
    ...(explanation.sort === 'session' && states.length + findings.length === 0 ? [NO_VERDICT] : []),
    ...doing.flatMap(stateLines),
    ...answers,
    ...findings.flatMap(verdictLines),
    // A state that nothing is found against is the verdict; beside a finding it is the fact behind it.
    ...(doing.length === 0 && findings.length === 0
      ? rest.flatMap(stateLines)
      : rest.filter(({because}) => !isSaid(because)).map(({state, because}) => text(`${state}: ${because}`))),
    ...remedyRow(explanation, {remedies, declarable}),
    ...lostRow(explanation),
    ...identityRow(explanation),
    ...above,
  ];
};
