// What a supervisor shows of itself in a terminal: its notes, and below them one line that says how it stands.
import type {LoopConfig, LoopParts} from '../../supervise/loop-parts.ts';
import {formatNote} from '../../supervise/record.ts';
import {describeLoopConfig, describeStanding} from '../../supervise/standing-line.ts';
import type {Invocation} from '../command.ts';
import {jsonLine} from '../documents/json-text.ts';

export interface LiveLine extends Pick<LoopParts, 'ring' | 'tell'> {
  readonly standing: NonNullable<LoopParts['standing']>;
  /** Takes the line away. */
  clear(): void;
}

/** Whoever started it in a terminal sees at once that it works; anywhere else only what happened is said. */
export const createLiveLine = ({io, flags}: Invocation, mode: LoopParts['mode'], loopConfig: () => LoopConfig): LiveLine => {
  const live = io.stdoutIsTerminal && io.stderrIsTerminal && !flags.json;
  const clear = (): void => {
    if (live) {
      io.meanwhile('');
    }
  };
  if (live) {
    io.out(`${describeLoopConfig(loopConfig().policy, mode)}\n`);
  }
  return {
    clear,
    ring: () => {
      if (io.stdoutIsTerminal && !flags.json) {
        io.ring();
      }
    },
    tell: note => {
      clear();
      io.out(flags.json ? jsonLine(note) : `${formatNote(note)}\n`);
    },
    standing: (kept, state, at) => {
      if (live) {
        io.meanwhile(describeStanding(kept, state, at, loopConfig().policy).slice(0, (io.columns ?? 80) - 1));
      }
    },
  };
};
