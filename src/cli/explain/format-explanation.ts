// An explanation as text: the verdict first, then who owns it, what it is, and what stopping it would end. Pure.
import type {Owner} from '../../core/domain/agent.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import {findingBadge, suspicionWord} from '../../words/badges.ts';
import {countOf} from '../../words/counts.ts';
import type {FindingDocument} from '../documents/status-schema.ts';
import type {Paint} from '../paint.ts';
import type {ExplainedPort, ExplainedProcess, Explanation, Stopping} from './records.ts';

interface Style {
  readonly paint: Paint;
  readonly unicode: boolean;
}

const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`);

const section = (title: string, lines: readonly string[], {paint}: Style): readonly string[] =>
  lines.length === 0 ? [] : [paint('strong', title), ...indented(lines)];

const facts = (evidence: readonly {readonly fact: string; readonly source: string}[]): readonly string[] =>
  evidence.map(({fact, source}) => `${oneLine(fact)} (${oneLine(source)})`);

const findingSection = (finding: FindingDocument, style: Style): readonly string[] => {
  const badge = findingBadge(finding);
  const word =
    finding.certainty === 'sure' || badge.word === 'BLIND' ? badge.word : `${badge.word}, perhaps ${suspicionWord(finding.kind)}`;
  const {protectedBy} = finding;
  return [
    `${style.paint(badge.tone, word)}  ${oneLine(finding.title)}  ${style.paint('quiet', finding.id)}`,
    ...indented(facts(finding.evidence)),
    ...(protectedBy === null
      ? []
      : [
          `  protected by ${protectedBy.rule}: ${oneLine(protectedBy.because)}${protectedBy.unlock === null ? '' : ` (lifted by --unlock ${protectedBy.unlock})`}`,
        ]),
    ...(finding.certainty === 'unknown' ? ['  not sure, so it is shown and never acted on'] : []),
  ];
};

const ownerName = ({agent, rig, town, slot}: Owner): string => {
  const names = [
    agent,
    rig === null ? null : `rig ${rig}`,
    slot === null ? null : `slot ${slot.slot ?? slot.slug ?? '?'} of ${slot.rig}`,
    town === null ? null : `town ${town}`,
  ];
  return oneLine(names.filter(name => name !== null).join(', ')) || 'somebody, by its marks';
};

const startedBy = ({owner}: ExplainedProcess): readonly string[] =>
  owner === null
    ? []
    : [
        `belongs to ${ownerName(owner)}${owner.pane === null ? '' : `; started in pane ${owner.pane.paneId} of ${oneLine(owner.pane.socket)}`}`,
      ];

const processLines = (process: ExplainedProcess): readonly string[] => [
  `${process.pid} ${oneLine(process.command)}`,
  `  since ${process.startedAt}, ${process.tty === null ? 'no terminal' : `terminal ${process.tty}`}, state ${process.state}`,
  `  in ${process.cwd === null ? `a directory that is unknown: ${oneLine(process.cwdUnknown ?? '')}` : `${oneLine(process.cwd)}${process.cwdDeleted ? ' (deleted)' : ''}`}`,
  `  under ${process.ancestors.map(({pid, command}) => `${pid} ${oneLine(command.slice(0, 40))}`).join(' < ') || 'nothing that can be seen'}`,
  ...startedBy(process).map(line => `  ${line}`),
];

const portLines = ({port, declared, listeners}: ExplainedPort): readonly string[] => [
  ...declared.map(
    ({ref, by, state, because, session}) =>
      `${port} belongs to ${oneLine(ref)}${session === null ? '' : ` in ${oneLine(session)}`}, which is ${state}: ${oneLine(because)} (${oneLine(by)})`,
  ),
  ...(declared.length === 0 ? [`${port} is declared by nobody`] : []),
  ...listeners.map(({address, holders}) =>
    holders.known
      ? `${address}:${port} is held by ${holders.value.map(({pid, command}) => `${pid} ${oneLine(command)}`).join(', ')}`
      : `${address}:${port} is held by somebody who could not be seen: ${oneLine(holders.because)}`,
  ),
  ...(listeners.length === 0 ? [`nobody was seen listening on ${port}`] : []),
];

const treeText = (tree: Explanation['tree'], {unicode}: Style): readonly string[] =>
  tree.map(({lead, pid, command, notes}) => {
    const branch = unicode ? lead : lead.replaceAll('├─', '|-').replaceAll('└─', '`-').replaceAll('│', '|');
    return `${branch}${pid} ${oneLine(command)}${notes.length === 0 ? '' : `  ${notes.join(' ')}`}`;
  });

const stoppingLines = (stopping: Stopping | null): readonly string[] => {
  if (stopping === null) {
    return [];
  }
  if (!stopping.possible) {
    return [`nothing: refused by ${stopping.rule}: ${oneLine(stopping.because)}`];
  }
  const {sessions, processes, frees, leftOut, warnings, irreversible, command} = stopping;
  return [
    ...sessions.map(oneLine),
    ...processes.map(({pid, command}) => `${pid} ${oneLine(command)}`),
    ...(frees.length === 0 ? [] : [`frees ${frees.map(port => `:${port}`).join(' ')}`]),
    ...leftOut.map(({ref, because}) => `leaves out ${oneLine(ref)}: ${oneLine(because)}`),
    ...[...warnings, ...irreversible].map(oneLine),
    `with ${command}`,
  ];
};

/** Ends in a newline. */
export const formatExplanation = (explanation: Explanation, style: Style): string => {
  const {ref, states, findings, owner, sessions, processes, tree, ports, unseen, stopping} = explanation;
  const parts: readonly (readonly string[])[] = [
    [
      style.paint('strong', oneLine(ref)),
      ...indented(
        states.flatMap(one => [
          `${one.ref === ref ? '' : `${oneLine(one.ref)} `}${one.state}: ${oneLine(one.because)}`,
          ...indented(facts(one.evidence)),
        ]),
      ),
    ],
    ...findings.map(finding => findingSection(finding, style)),
    owner === null ? [] : section(`Owner: ${ownerName(owner)}`, facts(owner.evidence), style),
    section(ports.length === 1 ? 'Port' : 'Ports', ports.flatMap(portLines), style),
    section(
      'Sessions',
      sessions.map(
        ({ref: one, id, createdAt, attached, panes}) =>
          `${oneLine(one)} ${id}, ${createdAt === null ? '' : `since ${createdAt}, `}${attached === 0 ? 'nobody attached' : `${countOf(attached, 'client')} attached`}, panes ${panes
            .map(
              pane =>
                `${pane.id} ${pane.dead ? `dead${pane.exitStatus === null ? '' : ` with status ${pane.exitStatus}`}` : `pid ${pane.pid}`}`,
            )
            .join(', ')}`,
      ),
      style,
    ),
    section('Processes', processes.flatMap(processLines), style),
    section('Tree', treeText(tree, style), style),
    section(
      'Could not be observed',
      unseen.map(({source, target, detail}) => oneLine(`${source} ${target}: ${detail}`)),
      style,
    ),
    section('Stopping it would end', stoppingLines(stopping), style),
  ];
  return parts
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n');
};
