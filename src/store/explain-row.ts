// Why a row of the screen is marked as it is: the words of its thing, and the end of its screen. Pure.
import type {Agent} from '../core/domain/agent.ts';
import {oneLine} from '../core/domain/command-line.ts';
import {screenPane} from '../core/domain/screen-pane.ts';
import type {Thing} from '../core/domain/thing.ts';
import {clockTime} from '../words/ages.ts';
import {countOf} from '../words/counts.ts';
import {type BriefLine, describeBriefly, type Remedies} from '../words/describe-briefly.ts';
import {describeExplanation, describeFindings, describeSum, type ExplainLine, explainLine} from '../words/describe-explanation.ts';
import {explain} from '../words/explanation.ts';
import type {FleetIndex} from '../words/fleet-index.ts';
import {isTown, NO_RIG} from './rig-rows.ts';
import type {Row} from './rows.ts';

/** An explanation as the screen shows it. */
export interface ShownExplanation {
  readonly ref: string;
  readonly title: string;
  /** `ASKS since 12:45`; empty of what has no state of its own. */
  readonly standing: string;
  /** Everything. */
  readonly lines: readonly ExplainLine[];
  /** What stopping it would end, as long as no plan says so. */
  readonly sum: readonly ExplainLine[];
  /** In the order of a conversation, for the panel. */
  readonly brief: readonly BriefLine[];
}

/** What a row stands for; null where it is gone, and for groups: towns, and what belongs to no rig. */
const thingOf = ({assessment, sessions}: FleetIndex, row: Row): Thing | null => {
  const {fleet, findings, services} = assessment;
  const [sort] = row.key.split(' ', 1);
  switch (sort) {
    case 'finding': {
      const finding = findings.find(({id}) => id === row.ref);
      return finding === undefined ? null : {sort, ref: finding.id, finding};
    }
    case 'agent': {
      const agent = fleet.agents.find(({ref, session}) => ref === row.ref && session === row.session);
      return agent === undefined ? null : {sort, ref: row.ref, agent};
    }
    case 'session': {
      const session = sessions.get(row.session ?? '');
      return session === undefined ? null : {sort, ref: row.ref, session};
    }
    case 'service': {
      const own = services.filter(({ref, port}) => ref === row.ref && port === Number(row.cells.port));
      return own.length === 0 ? null : {sort: 'slot', ref: row.ref, services: own};
    }
    case 'port':
      return {sort, ref: row.ref, port: Number(row.cells.port)};
    default: {
      const rig = fleet.rigs.find(({town, name, path}) => row.key === `rig ${town ?? ''} ${name} ${path}`);
      return rig === undefined ? null : {sort: 'rig', ref: row.ref, rig};
    }
  }
};

/** A town, by its name, or what belongs to no rig: what it is, and what is found of itself. */
const groupLines = ({assessment}: FleetIndex, row: Row): readonly ExplainLine[] => {
  const {fleet, findings} = assessment;
  const name = row.key === NO_RIG ? null : row.key.replace(/^town /, '');
  const found = describeFindings(findings.filter(({rig}) => rig === name));
  const rigs = fleet.rigs.filter(({town}) => town === name);
  const agents = fleet.agents.filter(({town}) => town === name);
  const head =
    name === null ? 'What belongs to no rig' : `Town ${name}: ${countOf(rigs.length, 'rig')}, ${countOf(agents.length, 'agent')}`;
  const calm = explainLine('text', 'Nothing is found of the town itself; its rigs stand below it.', 'quiet');
  return [explainLine('head', head), ...(found.length === 0 ? [calm] : found)];
};

/** The agent whose screen belongs to a thing: itself, or the one whose session is said to be without it. */
const agentOnScreen = ({assessment}: FleetIndex, thing: Thing | null): Agent | undefined => {
  if (thing?.sort === 'finding' && thing.finding.kind === 'zombie-session') {
    return assessment.fleet.agents.find(({session}) => session !== null && session === thing.finding.session);
  }
  return thing?.sort === 'agent' ? thing.agent : undefined;
};

/** The end of an agent’s screen, where it was read. */
const outputOf = (index: FleetIndex, thing: Thing | null): readonly string[] => {
  const {assessment, sessions} = index;
  const agent = agentOnScreen(index, thing);
  if (agent === undefined) {
    return [];
  }
  const session = sessions.get(agent.session ?? '');
  const pane = screenPane(agent, session);
  const socket = session?.socket;
  const screen = assessment.snapshot.screens?.find(each => each.socket === socket && each.paneId === pane);
  // A rule or a border says nothing.
  return (screen?.tail ?? []).map(oneLine).filter(line => /[\p{L}\p{N}]/u.test(line));
};

const standingOf = ({assessment}: FleetIndex, {badge, key}: Row, thing: Thing | null): string => {
  const since = thing?.sort === 'agent' ? (thing.agent.hint?.since ?? null) : null;
  if (thing === null || key.startsWith('rig ')) {
    return '';
  }
  const word = badge.word.replace(/ !$/, '');
  return since === null ? word : `${word} since ${clockTime(since, assessment.snapshot.takenAt).replace(/^(\d\d:\d\d):\d\d$/, '$1')}`;
};

/** What the row is called; of an agent as its row names it. */
const nameOf = ({cells, ref, key}: Row): string =>
  key.startsWith('agent ')
    ? `${cells.rig ?? ''}/${cells.agent ?? ''}`
    : (cells.what ?? cells.name ?? (cells.port === undefined ? ref : `:${cells.port}`));

/** Explain the thing a row stands for. Nothing to say where it is gone. */
export const explainRow = (index: FleetIndex, row: Row, remedies: Remedies = {}): ShownExplanation => {
  const thing = thingOf(index, row);
  const isGroup = row.key === NO_RIG || isTown(row.key);
  const explanation = thing === null ? null : explain(thing, index);
  const known = explanation === null ? [] : describeExplanation(explanation, index.assessment.snapshot);
  const output = outputOf(index, thing);
  const shown = output.length === 0 ? [] : [explainLine('head', 'Last output'), ...output.map(line => explainLine('tree', line, 'quiet'))];
  const lines = [...(isGroup ? groupLines(index, row) : known), ...shown];
  const brief =
    explanation === null || isGroup || explanation.sort === 'rig'
      ? lines
      : describeBriefly(explanation, {remedies, output, declarable: row.declarable === true});
  const pid = row.cells.pid === undefined || row.cells.pid === '-' ? '' : ` ${row.cells.pid}`;
  return {
    ref: row.ref,
    title: `${nameOf(row)}${pid}`,
    standing: standingOf(index, row, thing),
    lines,
    sum: explanation === null || explanation.sort === 'rig' ? [] : describeSum(explanation),
    brief,
  };
};
