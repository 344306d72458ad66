// What zellij contributes: its sessions.
import {createNamedReader} from '../../core/look/named-multiplexers/collect-named.ts';
import type {Source} from '../../core/source.ts';
import {zellijSessions} from './read/zellij-sessions.ts';

export const zellij: Source = {name: 'zellij', readServers: host => createNamedReader(host, zellijSessions)};
