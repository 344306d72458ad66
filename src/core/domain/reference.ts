// References: how people and scripts name things (docs/commands.md, REF). Here a name from outside becomes one, written so that every
// character of it can be seen and copied; what is compared, opened or signalled stays as it was read. Pure.
import {nameOf, visibleName as shown} from './visible.ts';

export type ReferenceSort = 'session' | 'pane' | 'process' | 'port' | 'agent' | 'slot' | 'rig' | 'lock' | 'record' | 'finding' | 'source';

export interface Reference {
  readonly sort: ReferenceSort;
  /** Everything behind the colon, as it was read: what a reference writes out is itself again. */
  readonly name: string;
}

export const processRef = (pid: number): string => `process:${pid}`;
export const sessionRef = (server: string, name: string): string => `session:${shown(server)}/${shown(name)}`;
export const refOfSession = ({server, name}: {readonly server: string; readonly name: string}): string => sessionRef(server, name);
export const paneRef = (server: string, paneId: string): string => `pane:${shown(server)}/${shown(paneId)}`;
export const portRef = (port: number): string => `port:${port}`;
export const rigRef = (name: string): string => `rig:${shown(name)}`;
export const lockRef = (path: string): string => `lock:${shown(path)}`;
/** A row of a store: `*` for all of them together. */
export const recordRef = (store: string, id: string): string => `record:${shown(store)}/${shown(id)}`;
export const composeRef = (project: string): string => `record:compose/${shown(project)}`;
export const slotRef = (rig: string, slot: number, service?: string): string =>
  service === undefined ? `slot:${shown(rig)}/${slot}` : `slot:${shown(rig)}/${slot}/${shown(service)}`;
export const sourceRef = (source: string, target: string): string => `source:${source}/${shown(target)}`;

/** `agent:RIG/NAME`, `agent:RIG/crew/NAME`, `agent:RIG/witness`, town-level `agent:TOWN/mayor`. */
export const agentRef = (place: string, role: string, name: string): string => {
  switch (role) {
    case 'crew':
      return `agent:${shown(place)}/crew/${shown(name)}`;
    case 'dog':
      return `agent:${shown(place)}/dogs/${shown(name)}`;
    case 'polecat':
    case 'agent':
      return `agent:${shown(place)}/${shown(name)}`;
    default:
      return `agent:${shown(place)}/${shown(role)}`;
  }
};

const SORTS: readonly string[] = ['session', 'pane', 'process', 'port', 'agent', 'slot', 'rig', 'lock', 'record', 'finding', 'source'];

/** Parse a reference; a bare number is a process, `:N` a port, `f-…` a finding; null for any other bare word. */
export const parseReference = (text: string): Reference | null => {
  if (/^\d+$/.test(text)) {
    return {sort: 'process', name: text};
  }
  if (/^:\d+$/.test(text)) {
    return {sort: 'port', name: text.slice(1)};
  }
  if (/^f-[0-9a-f]+$/.test(text)) {
    return {sort: 'finding', name: text};
  }
  const colon = text.indexOf(':');
  const sort = text.slice(0, colon);
  if (colon <= 0 || !SORTS.includes(sort) || colon === text.length - 1) {
    return null;
  }
  return {sort: sort as ReferenceSort, name: nameOf(text.slice(colon + 1))};
};

export const writeReference = ({sort, name}: Reference): string => `${sort}:${shown(name)}`;
