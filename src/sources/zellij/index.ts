// What zellij contributes: its sessions.
import {attachByName} from '../../core/domain/attach-by-name.ts';
import {createNamedReader} from '../../core/look/named-multiplexers/collect-named.ts';
import type {Source} from '../../core/source.ts';
import {zellijSessions} from './read/zellij-sessions.ts';
import {isZellijServer} from './zellij-program.ts';

export const zellij: Source = {
  name: 'zellij',
  markers: ['ZELLIJ', 'ZELLIJ_PANE_ID', 'ZELLIJ_SESSION_NAME'],
  multiplexer: {
    isOwn: socket => socket === 'zellij',
    serves: isZellijServer,
    attach: ({name = ''}, {readOnly}) => attachByName('zellij', name, readOnly, ['attach']),
  },
  readServers: host => createNamedReader(host, zellijSessions),
  cures: new Map([['zellij', 'ask it yourself: zellij list-sessions']]),
};
