// What is the caller's own, for a model: its processes with memory and ports, and where it is alone. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Process} from '../../core/domain/process.ts';
import {callerName} from '../../core/judge/own/caller.ts';
import {slotInWords} from '../../core/judge/own/home.ts';
import type {Ownership} from '../../core/judge/own/ownership.ts';
import {indexLook} from '../../core/look/index/look.ts';
import {countOf} from '../../words/counts.ts';
import {shortBytes} from '../../words/measures.ts';
import {processLine, unseenLines} from './describe-fleet.ts';

const MOST = 60;

/** Who is taken to ask, and where it is alone. */
const callerLines = ({caller, home}: Ownership): readonly string[] => {
  const slot = slotInWords(home);
  return [
    oneLine(`you are ${callerName(caller)}: ${caller.because}`),
    oneLine(home.tree.known ? `your work tree: ${home.tree.value}` : `no work tree is yours alone: ${home.tree.because}`),
    ...(slot === null ? [] : [oneLine(`your slot: ${slot}`)]),
  ];
};

/** Why something is the caller's own, in a word. */
const WORDS = {below: 'below you', mark: 'bears your mark', slot: 'in your slot', tree: 'in your work tree'} as const;

export const describeOwn = ({snapshot}: Assessment, ownership: Ownership): string => {
  const look = indexLook(snapshot);
  const own = [...snapshot.processes.values()].flatMap((process): readonly (readonly [Process, keyof typeof WORDS])[] => {
    const verdict = ownership.of(process);
    return verdict.own === 'yes' && process.state !== 'Z' ? [[process, verdict.by]] : [];
  });
  const lines = own
    .toSorted(([a], [b]) => b.rss - a.rss)
    .map(([process, by]) => {
      const ports = look.portsOf(process.pid);
      return `${processLine(process)}  ${shortBytes(process.rss)}${ports.length === 0 ? '' : `  ports ${ports.join(' ')}`}  ${WORDS[by]}`;
    });
  const memory = own.reduce((sum, [{rss}]) => sum + rss, 0);
  return [
    ...callerLines(ownership),
    `${countOf(own.length, 'process')}, ${shortBytes(memory)}`,
    ...lines.slice(0, MOST),
    ...(lines.length > MOST ? [`… and ${lines.length - MOST} more`] : []),
    ...unseenLines({snapshot}),
  ].join('\n');
};
