// Why a thing is marked as it is: evidence, owner, ancestors, tree, what stopping it would end. Pure.

import type {Agent, Evidence, Owner} from '../core/domain/agent.ts';
import {commandLine, oneLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import {ancestorsOf, topmostOf} from '../core/domain/forest.ts';
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import {isKernelThread, type Process, startedAt} from '../core/domain/process.ts';
import {refOfSession} from '../core/domain/reference.ts';
import {clockTime} from '../words/ages.ts';
import {findingBadge, suspicionWord, type Tone} from '../words/badges.ts';
import {countOf} from '../words/counts.ts';
import {type FleetIndex, findingsAbout, placeOf, treeOf} from '../words/fleet-index.ts';
import {shortBytes} from '../words/measures.ts';
import {drawTree} from '../words/process-tree.ts';
import type {Screens} from './agent-rows.ts';
import type {Row} from './rows.ts';

export interface ExplainLine {
  /** head: a section's title. fact: a statement, with where it was read. tree: drawn, never wrapped. */
  readonly kind: 'head' | 'fact' | 'tree' | 'text';
  readonly text: string;
  readonly source: string | null;
  readonly tone: Tone;
}

export interface Explanation {
  readonly ref: string;
  readonly title: string;
  readonly lines: readonly ExplainLine[];
}

const head = (text: string, tone: Tone = 'plain'): ExplainLine => ({kind: 'head', text, source: null, tone});
const text = (words: string, tone: Tone = 'plain'): ExplainLine => ({kind: 'text', text: oneLine(words), source: null, tone});
const fact = ({fact: words, source}: Evidence): ExplainLine => ({
  kind: 'fact',
  text: oneLine(words),
  source: oneLine(source),
  tone: 'plain',
});

const because = (finding: Finding): readonly ExplainLine[] => {
  const badge = findingBadge(finding);
  const word = finding.certainty === 'sure' ? badge.word : `UNKNOWN, perhaps ${suspicionWord(finding.kind)}`;
  return [
    head(`${word}: ${oneLine(finding.title)}`, badge.tone),
    ...finding.evidence.map(fact),
    ...(finding.protectedBy === null ? [] : [text(`Protected by "${finding.protectedBy.rule}": ${finding.protectedBy.because}`, 'quiet')]),
    ...(finding.certainty === 'sure' ? [] : [text('Not sure, so nothing here can be stopped.', 'quiet')]),
  ];
};

const ownerLines = (owner: Owner | undefined): readonly ExplainLine[] => {
  if (owner === undefined) {
    return [];
  }
  const names = [owner.agent, owner.rig === null ? null : `rig ${owner.rig}`, owner.town === null ? null : `town ${owner.town}`];
  return [head(`Owner: ${names.filter(name => name !== null).join(', ') || 'not known'}`), ...owner.evidence.map(fact)];
};

const processLines = (index: FleetIndex, process: Process): readonly ExplainLine[] => {
  const {snapshot} = index.assessment;
  const cwd = process.cwd.known ? `${process.cwd.value}${process.cwdDeleted ? ' (deleted)' : ''}` : `unknown: ${process.cwd.because}`;
  const above = ancestorsOf(snapshot.processes, process.pid)
    .map(pid => snapshot.processes.get(pid))
    .filter(each => each !== undefined)
    .filter(each => !isKernelThread(each))
    .map(each => `${each.pid} ${commandLine(each, 24)}`);
  return [
    text(`pid ${process.pid}, started ${clockTime(startedAt(process, snapshot), snapshot.takenAt)}, ${process.tty ?? 'no terminal'}`),
    text(`in ${cwd}`),
    ...(above.length === 0 ? [] : [text(`under ${above.join(' < ')}`, 'quiet')]),
  ];
};

const sessionLines = (index: FleetIndex, session: Session): readonly ExplainLine[] => {
  const {snapshot} = index.assessment;
  const made = session.created === 0 ? '' : `, made ${clockTime(session.created * 1000, snapshot.takenAt)}`;
  const attached = session.attached === 0 ? 'nobody attached' : `${countOf(session.attached, 'client')} attached`;
  return [
    head(`Session ${oneLine(placeOf(index, session))}`),
    text(`${session.id} on ${session.server}${made}, ${attached}`),
    ...session.panes.map(pane =>
      text(
        pane.dead
          ? `pane ${pane.id} is dead${pane.exitStatus === null ? '' : `, status ${pane.exitStatus}`}`
          : `pane ${pane.id} ${pane.windowIndex}.${pane.index} pid ${pane.pid}`,
        pane.dead ? 'warning' : 'plain',
      ),
    ),
  ];
};

const treeLines = (index: FleetIndex, roots: readonly number[]): readonly ExplainLine[] => {
  const drawn = roots.flatMap(root => drawTree(index, root));
  return drawn.length === 0
    ? []
    : [
        head('Tree'),
        ...drawn.map((line): ExplainLine => {
          const notes = line.notes.length === 0 ? '' : `  ${line.notes.join(' ')}`;
          return {kind: 'tree', text: `${line.lead}${line.pid} ${line.command}${notes}`, source: null, tone: 'plain'};
        }),
      ];
};

const endLines = (index: FleetIndex, tree: readonly Process[]): readonly ExplainLine[] => {
  if (tree.length === 0) {
    return [];
  }
  const ports = [...new Set(tree.flatMap(process => index.portsByPid.get(process.pid) ?? []))];
  const freed = ports.length === 0 ? '' : `, frees ${ports.map(port => `:${port}`).join(' ')}`;
  const memory = shortBytes(tree.reduce((total, process) => total + process.rss, 0));
  return [text(`Stopping it ends ${countOf(tree.length, 'process')} (about ${memory})${freed}.`)];
};

/** Pids at the top of what a row stands for: panes of its session, or the processes it names, as long as they are the same ones. */
const rootsOf = (
  index: FleetIndex,
  session: Session | null,
  ids: readonly {readonly pid: number; readonly startTime: number}[],
): readonly number[] => {
  const {processes} = index.assessment.snapshot;
  const panes = session === null ? [] : session.panes.filter(pane => !pane.dead).map(pane => pane.pid);
  const named = ids.filter(id => processes.get(id.pid)?.startTime === id.startTime).map(id => id.pid);
  const all = [...new Set([...panes, ...named])].filter(pid => processes.has(pid));
  return topmostOf(processes, all);
};

const aboutTree = (index: FleetIndex, roots: readonly number[]): readonly ExplainLine[] => [
  ...treeLines(index, roots),
  ...endLines(index, treeOf(index, roots)),
];

const explainFinding = (index: FleetIndex, finding: Finding): readonly ExplainLine[] => {
  const session = finding.session === null ? null : (index.sessions.get(finding.session) ?? null);
  const roots = rootsOf(index, session, finding.processes);
  const {processes} = index.assessment.snapshot;
  const first = roots[0] === undefined ? undefined : processes.get(roots[0]);
  const owner = first === undefined ? undefined : index.assessment.fleet.processOwners.get(first.pid);
  return [
    ...because(finding),
    ...ownerLines(owner),
    ...(first === undefined ? [] : [head('Process'), ...processLines(index, first)]),
    ...(session === null ? [] : sessionLines(index, session)),
    ...aboutTree(index, roots),
  ];
};

const explainAgent = (index: FleetIndex, agent: Agent | null, session: Session | null): readonly ExplainLine[] => {
  const {processes} = index.assessment.snapshot;
  const roots = rootsOf(index, session, agent?.process == null ? [] : [agent.process]);
  const refs = [...(agent === null ? [] : [agent.ref]), ...(session === null ? [] : [refOfSession(session)])];
  const findings = findingsAbout(index, {refs, session: session === null ? null : sessionKey(session), processes: treeOf(index, roots)});
  const main = agent?.process == null ? undefined : processes.get(agent.process.pid);
  const owner = session === null ? undefined : index.assessment.fleet.sessionOwners.get(sessionKey(session));
  return [
    ...findings.flatMap(because),
    ...(agent === null
      ? ownerLines(owner)
      : [head(`${agent.state}: ${oneLine(agent.because)}`), text(`${agent.role} of rig ${agent.rig}`), ...agent.evidence.map(fact)]),
    ...(main === undefined ? [] : [head('Process'), ...processLines(index, main)]),
    ...(session === null ? [] : sessionLines(index, session)),
    ...aboutTree(index, roots),
  ];
};

const explainService = (index: FleetIndex, ref: string, port: number): readonly ExplainLine[] => {
  const service = index.assessment.services.find(each => each.ref === ref && each.port === port);
  if (service === undefined) {
    return [];
  }
  const {processes} = index.assessment.snapshot;
  const roots = rootsOf(index, null, service.listeners);
  return [
    head(`${service.state}: ${oneLine(service.because)}`, serviceTone(service.state)),
    {
      kind: 'fact',
      text: `:${service.port} is declared for ${service.rig} slot ${service.slot}`,
      source: oneLine(service.declaredBy),
      tone: 'plain',
    },
    ...(service.worktree === null ? [] : [text(`worktree ${service.worktree}`)]),
    ...(index.findingsBySubject.get(ref) ?? []).flatMap(because),
    ...service.listeners.flatMap(listener => {
      const process = processes.get(listener.pid);
      return [
        head(`Held by ${listener.pid} ${oneLine(listener.command)} on ${listener.address}`),
        ...(process === undefined
          ? []
          : [...processLines(index, process), ...ownerLines(index.assessment.fleet.processOwners.get(process.pid))]),
      ];
    }),
    ...aboutTree(index, roots),
  ];
};

const serviceTone = (state: string): Tone => (state === 'wrong-owner' ? 'danger' : state === 'up' ? 'good' : 'plain');

const explainRig = (index: FleetIndex, row: Row): readonly ExplainLine[] => {
  const {fleet, findings} = index.assessment;
  const name = row.cells.name ?? '';
  const rig = fleet.rigs.find(each => row.key === `rig ${each.town ?? ''} ${each.name} ${each.path}`);
  const own = findings.filter(finding => finding.rig === (row.key === 'norig' ? null : (rig?.name ?? name)));
  const state =
    rig === undefined || rig.operational === true ? [] : [text(rig.because ?? 'cannot tell whether it is operational', 'quiet')];
  return [
    ...(rig === undefined ? [] : [text(`${rig.origin} rig in ${rig.path}`), ...state]),
    ...own.map(finding => text(`${findingBadge(finding).word}  ${finding.title}`, findingBadge(finding).tone)),
    ...fleet.agents
      .filter(agent => agent.rig === rig?.name && agent.town === rig.town)
      .map(agent => text(`${agent.state}  ${agent.name}  ${agent.because}`, agent.state === 'running' ? 'good' : 'plain')),
  ];
};

const OUTPUT_LINES = 6;

/** The end of its screen, where it is being watched. */
const outputLines = (row: Row, screens: Screens): readonly ExplainLine[] => {
  const tail = row.session === null ? undefined : screens.get(row.session)?.tail.slice(-OUTPUT_LINES);
  return tail === undefined || tail.length === 0
    ? []
    : [
        head('Last output (l for all)'),
        ...tail.map((line): ExplainLine => ({kind: 'tree', text: oneLine(line), source: null, tone: 'quiet'})),
      ];
};

/** Explain the thing a row stands for. Nothing to say where it is gone. */
export const explainRow = (index: FleetIndex, row: Row, screens: Screens): Explanation => {
  const {fleet, findings} = index.assessment;
  const lines = ((): readonly ExplainLine[] => {
    const [sort] = row.key.split(' ', 1);
    switch (sort) {
      case 'finding': {
        const finding = findings.find(each => each.id === row.ref);
        return finding === undefined ? [] : explainFinding(index, finding);
      }
      case 'agent':
      case 'session': {
        const agent = sort === 'agent' ? (fleet.agents.find(each => each.ref === row.ref && each.session === row.session) ?? null) : null;
        return explainAgent(index, agent, row.session === null ? null : (index.sessions.get(row.session) ?? null));
      }
      case 'service':
        return explainService(index, row.ref, Number(row.cells.port));
      default:
        return explainRig(index, row);
    }
  })();
  const name = row.cells.what ?? row.cells.name ?? row.cells.slot ?? row.ref;
  const pid = row.cells.pid === undefined || row.cells.pid === '-' ? '' : ` ${row.cells.pid}`;
  return {ref: row.ref, title: `${name}${pid}`, lines: [...lines, ...outputLines(row, screens)]};
};
