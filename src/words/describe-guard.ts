// What a command would end, in words: for people who ask, and for the agent that is refused. Pure.
import {commandLine, oneLine} from '../core/domain/command-line.ts';
import type {Process} from '../core/domain/process.ts';
import {countOf} from './counts.ts';

/** Part of a command, and the process that it would end. */
interface Ended {
  readonly pid: number;
  readonly by: string;
}

interface ContainerEnded {
  readonly engine: string;
  readonly name: string;
  readonly by: string;
}

export interface Endings {
  readonly endings: readonly Ended[];
  readonly containers: readonly ContainerEnded[];
  readonly undecided: readonly {readonly by: string; readonly because: string}[];
}

/** One line for each thing. */
export const describeEndings = ({endings, containers, undecided}: Endings, processes: ReadonlyMap<number, Process>): readonly string[] => {
  const ended = endings.map(({pid, by}) => {
    const process = processes.get(pid);
    return `  process ${pid} ${process === undefined ? '' : commandLine(process)} (${oneLine(by)})`;
  });
  const all = [...ended, ...containers.map(({engine, name, by}) => `  ${engine} container ${oneLine(name)} (${oneLine(by)})`)];
  const doubts = undecided.map(({by, because}) => `cannot be told: ${oneLine(by)}: ${oneLine(because)}`);
  return all.length + doubts.length === 0
    ? ['it would end nothing']
    : [...(all.length === 0 ? [] : [`it would end ${countOf(all.length, 'thing')}:`]), ...all, ...doubts];
};
