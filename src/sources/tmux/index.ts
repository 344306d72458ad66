// What tmux contributes: its servers with their sessions and panes, and panes that are dead.
import type {Source} from '../../core/source.ts';
import {deadPane} from './detect/dead-pane.ts';
import {readRemaining} from './read/remaining-panes.ts';
import {attachTmux, tmuxCapture, tmuxSwitching} from './read/show-tmux.ts';
import {checkTmux} from './read/tmux-checkup.ts';
import {createTmuxCollector} from './read/tmux-collector.ts';
import {isTmuxServer, isTmuxSocket} from './tmux-program.ts';

export const tmux: Source = {
  name: 'tmux',
  markers: ['TMUX', 'TMUX_PANE'],
  multiplexer: {
    isOwn: isTmuxSocket,
    serves: isTmuxServer,
    remainingPanes: readRemaining,
    attach: attachTmux,
    capture: tmuxCapture,
    switching: tmuxSwitching,
  },
  readServers: createTmuxCollector,
  detectors: [deadPane],
  cures: new Map([['tmux', 'if the server hangs, find out why (a stopped process, a full backlog) before killing anything it holds']]),
  checkup: checkTmux,
};
