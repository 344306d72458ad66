// Whether there is a terminal that a screen can be shown on. Pure.
import type {Invocation} from './command.ts';

/**
 * Keys come from stdin and frames go to stdout; a dumb terminal cannot place them, and a screen reader, which is told of by Ink's own
 * variable, would read out borders.
 */
export const canShowScreen = ({io, flags}: Pick<Invocation, 'io' | 'flags'>): boolean =>
  io.stdinIsTerminal && io.stdoutIsTerminal && io.env.TERM !== 'dumb' && io.env.INK_SCREEN_READER !== 'true' && !flags.json;
