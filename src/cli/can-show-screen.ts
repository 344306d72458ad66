// Whether there is a terminal that a screen can be shown on. Pure.
import type {Invocation} from './command.ts';

/** Keys come from stdin and frames go to stdout; a dumb terminal cannot place them. */
export const canShowScreen = ({io, flags}: Pick<Invocation, 'io' | 'flags'>): boolean =>
  io.stdinIsTerminal && io.stdoutIsTerminal && io.env.TERM !== 'dumb' && !flags.json;
