// What herdr contributes: its sessions and its agents' panes.
import {attachByName} from '../../core/domain/attach-by-name.ts';
import {createNamedReader} from '../../core/look/named-multiplexers/collect-named.ts';
import type {Source} from '../../core/source.ts';
import {isHerdrServer} from './herdr-program.ts';
import {herdrSessions} from './read/herdr-sessions.ts';

export const herdr: Source = {
  name: 'herdr',
  markers: ['HERDR_ENV', 'HERDR_PANE_ID', 'HERDR_SESSION', 'HERDR_SOCKET_PATH', 'HERDR_TAB_ID', 'HERDR_WORKSPACE_ID'],
  multiplexer: {
    isOwn: socket => socket === 'herdr',
    serves: isHerdrServer,
    attach: ({name = ''}, {readOnly}) => attachByName('herdr', name, readOnly, ['session', 'attach']),
  },
  readServers: host => createNamedReader(host, herdrSessions),
  cures: new Map([['herdr', 'ask it yourself: herdr session list']]),
};
