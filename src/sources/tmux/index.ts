// What tmux contributes: its servers with their sessions and panes, and panes that are dead.
import type {Source} from '../../core/source.ts';
import {deadPane} from './detect/dead-pane.ts';
import {createTmuxCollector} from './read/tmux-collector.ts';

export const tmux: Source = {name: 'tmux', readServers: createTmuxCollector, detectors: [deadPane]};
