// What herdr contributes: its sessions and its agents' panes.
import {createNamedReader} from '../../core/look/named-multiplexers/collect-named.ts';
import type {Source} from '../../core/source.ts';
import {herdrSessions} from './read/herdr-sessions.ts';

export const herdr: Source = {name: 'herdr', readServers: host => createNamedReader(host, herdrSessions)};
