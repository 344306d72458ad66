// What zellij contributes: its sessions.
import {createNamedReader} from '../../core/look/named-multiplexers/collect-named.ts';
import type {Source} from '../../core/source.ts';
import {zellijSessions} from './read/zellij-sessions.ts';
import {isZellijServer} from './zellij-program.ts';

export const zellij: Source = {
  name: 'zellij',
  multiplexer: {isOwn: socket => socket === 'zellij', serves: isZellijServer},
  readServers: host => createNamedReader(host, zellijSessions),
  cures: new Map([['zellij', 'ask it yourself: zellij list-sessions']]),
};
