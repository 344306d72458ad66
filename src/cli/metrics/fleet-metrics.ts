// One judged look → what there is to measure of it. What there is none of is 0, not missing, so that an alert has a series to look at. Pure.
import type {Agent, AgentState} from '../../core/domain/agent.ts';
import {FINDING_KINDS, type Finding} from '../../core/domain/finding.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {HINT_STATES} from '../../core/domain/hint.ts';
import type {PortState} from '../../core/domain/port.ts';
import {sameProcess} from '../../core/domain/process.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {indexLook} from '../../core/look/index/look.ts';
import type {Metric, Sample} from './exposition.ts';

type Labels = Sample['labels'];

const RESTING: readonly AgentState[] = ['zombie', 'crashed', 'stopped', 'parked', 'unknown'];
const PORT_STATES: readonly PortState[] = [
  ...(['up', 'down', 'wrong-owner', 'wrong-port', 'stray', 'free', 'unmanaged', 'unknown'] as const),
  ...(['undeclared', 'orphan'] as const),
];
/** Runtimes beyond these are counted as one: a configuration may name any number of them. */
const MOST_RUNTIMES = 50;
const REST = 'other';

/** The sum of each kind of labels, those of `always` from 0 on, in their order. */
const sumBy = (always: readonly Labels[], counted: Iterable<Sample>): readonly Sample[] => {
  const sums = new Map<string, Sample>(always.map(labels => [JSON.stringify(labels), {labels, value: 0}]));
  for (const {labels, value} of counted) {
    const key = JSON.stringify(labels);
    sums.set(key, {labels, value: (sums.get(key)?.value ?? 0) + value});
  }
  return [...sums.values()];
};

const one = (labels: Labels): Sample => ({labels, value: 1});

/** What a running agent does; the others do nothing. */
const agentLabels = ({state, hint}: Pick<Agent, 'state' | 'hint'>): Labels => ({
  state,
  hint: state === 'running' ? (hint?.state ?? 'unknown') : 'none',
});

const AGENT_LABELS: readonly Labels[] = [
  ...[...HINT_STATES, 'unknown'].map(hint => ({state: 'running', hint})),
  ...RESTING.map(state => ({state, hint: 'none'})),
];

const FINDING_LABELS: readonly Labels[] = FINDING_KINDS.flatMap(kind => ['sure', 'unknown'].map(certainty => ({kind, certainty})));

/** A source is known where none of what it was asked about is unknown; that there is nothing is an answer. */
const knownSources = ({sources}: Snapshot): readonly Sample[] => {
  const blind = new Set(sources.filter(({state}) => state === 'unknown').map(({source}) => source));
  return [...new Set(sources.map(({source}) => source))].sort().map(source => ({labels: {source}, value: blind.has(source) ? 0 : 1}));
};

/** Each process counts once: for the nearest agent above it. */
const agentMemory = ({fleet, snapshot}: Assessment): readonly Sample[] => {
  const look = indexLook(snapshot);
  const roots = fleet.agents.flatMap(({process, runtime}) => {
    const root = process === null ? undefined : snapshot.processes.get(process.pid);
    return process === null || root === undefined || !sameProcess(root, process) ? [] : [{pid: root.pid, runtime: runtime ?? 'unknown'}];
  });
  const named = new Set([...new Set(roots.map(({runtime}) => runtime))].sort().slice(0, MOST_RUNTIMES));
  const counted = new Set<number>();
  const samples: Sample[] = [];
  for (const {pid, runtime} of roots.toSorted((a, b) => look.depthOf(b.pid) - look.depthOf(a.pid))) {
    for (const process of look.treeOf(pid).filter(each => !counted.has(each.pid))) {
      counted.add(process.pid);
      samples.push({labels: {runtime: named.has(runtime) ? runtime : REST}, value: process.rss});
    }
  }
  return sumBy([], samples).toSorted((a, b) => ((a.labels.runtime ?? '') < (b.labels.runtime ?? '') ? -1 : 1));
};

const isLeftOver = ({kind}: Finding): boolean => kind.startsWith('orphan-') || kind === 'zombie-session';

/** Each process counts once, as sure where any finding is. */
const leftOverMemory = ({findings, snapshot}: Assessment): readonly Sample[] => {
  const found = findings.filter(isLeftOver).toSorted((a, b) => Number(b.certainty === 'sure') - Number(a.certainty === 'sure'));
  const certainties = new Map<number, string>();
  for (const {certainty, processes} of found) {
    for (const id of processes) {
      const seen = snapshot.processes.get(id.pid);
      if (seen !== undefined && sameProcess(seen, id) && !certainties.has(id.pid)) {
        certainties.set(id.pid, certainty);
      }
    }
  }
  const samples = [...certainties].map(([pid, certainty]) => ({labels: {certainty}, value: snapshot.processes.get(pid)?.rss ?? 0}));
  return sumBy([{certainty: 'sure'}, {certainty: 'unknown'}], samples);
};

const single = (value: number, labels: Labels = {}): readonly Sample[] => [{labels, value}];

export const fleetMetrics = (assessment: Assessment, version: string): readonly Metric[] => {
  const {snapshot, fleet, findings, ports} = assessment;
  return [
    {name: 'rigtop_build_info', help: 'Always 1; its label is the version of rigtop.', samples: single(1, {version})},
    {
      name: 'rigtop_look_timestamp_seconds',
      help: 'When the machine was looked at, in seconds since the epoch.',
      samples: single(snapshot.takenAt / 1000),
    },
    {name: 'rigtop_look_duration_seconds', help: 'How long that took.', samples: single(snapshot.tookMs / 1000)},
    {
      name: 'rigtop_source_known',
      help: 'Whether a source answered, even if only that there is nothing: 1; or could not be looked at: 0.',
      samples: knownSources(snapshot),
    },
    {
      name: 'rigtop_agents',
      help: 'Agents by their state and, of those that run, by what they do: asks, done, busy, stuck, idle or unknown.',
      samples: sumBy(
        AGENT_LABELS,
        fleet.agents.map(agent => one(agentLabels(agent))),
      ),
    },
    {
      name: 'rigtop_findings',
      help: 'What is wrong, by its kind and by how certain that is.',
      samples: sumBy(
        FINDING_LABELS,
        findings.map(({kind, certainty}) => one({kind, certainty})),
      ),
    },
    {
      name: 'rigtop_agent_memory_bytes',
      help: 'Resident memory of agents and of all that runs below them, by runtime.',
      samples: agentMemory(assessment),
    },
    {
      name: 'rigtop_left_over_memory_bytes',
      help: 'Resident memory of what nobody owns any more, by how certain that is.',
      samples: leftOverMemory(assessment),
    },
    {
      name: 'rigtop_ports',
      help: 'Ports that slots declare, that agents listen on, or that something left over holds, by their state.',
      samples: sumBy(
        PORT_STATES.map(state => ({state})),
        ports.map(({state}) => one({state})),
      ),
    },
  ];
};
