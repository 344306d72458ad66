// An explanation in the order of a conversation: the verdict, the fact that decides it, what to do and with which keys, what that would cost. Pure.
import type {Evidence} from '../core/domain/agent.ts';
import type {Finding, FindingKind, Remedy} from '../core/domain/finding.ts';
import {ownValue} from '../core/domain/own-value.ts';
import {findingBadge} from './badges.ts';
import {countOf} from './counts.ts';
import {type ExplainLine, estimate, explainLine} from './describe-explanation.ts';
import {describeProtection, howToLift, suspicionOf} from './describe-finding.ts';
import type {ExplainedState, Explanation} from './explanation.ts';

/** A line of an explanation, or names of actions, for whoever knows their keys. */
export type BriefLine = ExplainLine | {readonly kind: 'keys'; readonly actions: readonly string[]};

/** What a person can do about each kind of finding, as its detectors say it. */
export type Remedies = Readonly<Partial<Record<FindingKind, string>>>;

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

const isIdentity = ({fact, source}: Evidence): boolean => IDENTITY.test(source) || fact.startsWith('age ');

const MOST_FACTS = 3;

const text = (words: string, tone?: ExplainLine['tone']): ExplainLine => explainLine('text', words, tone);
/** Where each was read is told in full alone. */
const factLines = (evidence: readonly Evidence[]): readonly ExplainLine[] =>
  evidence
    .filter(each => !isIdentity(each))
    .slice(0, MOST_FACTS)
    .map(({fact}) => text(fact));

const verdictLines = (finding: Finding): readonly ExplainLine[] => {
  const {word, tone} = findingBadge(finding);
  const suspicion = suspicionOf(finding);
  const {protectedBy, certainty, title, evidence, id} = finding;
  return [
    explainLine('head', `${suspicion === null ? word : `${word}, perhaps ${suspicion}`}: ${title}`, tone, id),
    ...factLines(evidence),
    ...(protectedBy === null ? [] : [text(`${describeProtection(protectedBy)}${howToLift(protectedBy.unlock)}`, 'quiet')]),
    ...(certainty === 'sure' ? [] : [text('Not sure, so it is shown and never acted on.', 'quiet')]),
  ];
};

/** What a running agent does is written in capitals, as its badge; the rest are states of records. */
const isDoing = ({state}: ExplainedState): boolean => /^[A-Z]+$/.test(state);

const stateLines = ({state, because, tone, evidence}: ExplainedState): readonly ExplainLine[] => [
  explainLine('head', `${state}: ${because}`, tone),
  ...factLines(evidence),
];

/** Whose it is and where that was read, folded. */
const identityLine = ({facts, findings, states, owner}: Explanation): readonly ExplainLine[] => {
  const evidence = [...findings, ...states].flatMap(each => each.evidence).filter(isIdentity);
  const told = [...new Set([...facts, ...(owner === null ? [] : owner.evidence.map(({fact}) => fact)), ...evidence.map(({fact}) => fact)])];
  const [first, ...more] = told;
  return first === undefined
    ? []
    : [text(`${first}${more.length === 0 ? '' : `, and ${countOf(more.length, 'fact')} more of whose it is`}`, 'quiet')];
};

/** Only what is certain and protected by nobody may be acted on. */
const isFree = ({certainty, protectedBy}: Finding): boolean => certainty === 'sure' && protectedBy === null;

/** What to do about it: the detectors’ own words, and the keys. An agent that needs a person is gone to. */
const remedyLines = ({findings, states, sort}: Explanation, remedies: Remedies): readonly BriefLine[] => {
  const needs = states.some(({state}) => state === 'ASKS' || state === 'DONE');
  const texts = [...new Set(findings.flatMap(({kind}) => ownValue(remedies, kind) ?? []))].map(withoutCommands);
  const keys = [
    ...(needs ? ['attach'] : []),
    ...findings.filter(isFree).flatMap(finding => finding.remedies.map(remedy => KEYS[remedy])),
    ...(sort === 'agent' || sort === 'session' ? ['peek'] : []),
    ...(states.some(({state}) => state === 'undeclared') ? ['copy'] : []),
    'explain',
  ];
  return [
    explainLine('head', 'What to do'),
    ...(needs ? [text('It waits for you: go to its pane.')] : []),
    ...texts.map(words => text(words)),
    {kind: 'keys', actions: [...new Set(keys)]},
  ];
};

const lostLines = (explanation: Explanation): readonly ExplainLine[] => {
  const panes = explanation.sessions.reduce((total, {panes: own}) => total + own.length, 0);
  const scrollback = panes === 0 ? [] : [text(`Lost then: the scrollback of ${countOf(panes, 'pane')}, and unsent input.`)];
  return [...estimate(explanation), ...scrollback];
};

/** The explanation of one thing for who has two seconds; `output` is the end of its screen. */
export const describeBriefly = (
  explanation: Explanation,
  {remedies, output}: {readonly remedies: Remedies; readonly output: readonly ExplainLine[]},
): readonly BriefLine[] => {
  const {states, findings} = explanation;
  const doing = states.filter(isDoing);
  const rest = states.filter(state => !isDoing(state));
  return [
    ...doing.flatMap(stateLines),
    ...findings.flatMap(verdictLines),
    // A state that nothing is found against is the verdict; beside a finding it is the fact behind it.
    ...(doing.length === 0 && findings.length === 0
      ? rest.flatMap(stateLines)
      : rest
          .filter(
            ({because}) =>
              !findings.some(({title, evidence}) => [title, ...evidence.map(({fact}) => fact)].some(said => said.includes(because))),
          )
          .map(({state, because}) => text(`${state}: ${because}`))),
    ...identityLine(explanation),
    ...remedyLines(explanation, remedies),
    ...lostLines(explanation),
    ...output,
  ];
};
