// What would declare a port that nobody declares: a stanza of the configuration. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {sessionKey} from '../core/domain/multiplexer.ts';
import {baseName} from '../core/domain/paths.ts';
import type {PortUse} from '../core/domain/port.ts';

/** A name as the configuration takes one: a word without "/", ":" or blanks. */
const asName = (text: string, otherwise: string): string => {
  const name = text.replace(/[/:\s]+/g, '-').replace(/^-+|-+$/g, '');
  return name === '' ? otherwise : name;
};

/** A basic string of TOML. */
const quoted = (text: string): string => JSON.stringify(text).replace(/\u007f/g, '\\u007F');

/** A session called by a number, `shop-3`: that of its slot. Braces would be a placeholder of something else. */
const numbered = (session: string | undefined): {readonly pattern: string; readonly slot: number} | null => {
  const found = /^([^{}]*\D)(\d{1,4})$/.exec(session ?? '');
  const slot = Number(found?.[2] ?? 0);
  return found === null || slot === 0 ? null : {pattern: `${found[1]}{slot}`, slot};
};

/**
 * The stanza, ready to be pasted: the rig with its directory, the pattern of its sessions where one is told by a number at their end, and
 * the service. Of a rig that is configured already only its service. Null where a name in it cannot be written down safely.
 */
export const rigStanza = (use: PortUse, {fleet, snapshot}: Assessment): string | null => {
  const rig = fleet.rigs.find(({name}) => name === use.rig);
  const path = rig?.path ?? use.cwd;
  if (use.service !== null || path === null) {
    return null;
  }
  const session = snapshot.servers.flatMap(({sessions}) => sessions).find(each => sessionKey(each) === use.session)?.name;
  const place = numbered(session);
  const own = place !== null && use.port > place.slot ? place : null;
  const service = [
    '[[rigs.services]]',
    `name = ${quoted(asName(use.holder?.program ?? '', 'web'))}`,
    `base_port = ${use.port - (own?.slot ?? 0)}`,
  ];
  const lines =
    rig?.origin === 'config'
      ? [`# below [[rigs]] ${rig.name}`, ...service]
      : [
          '[[rigs]]',
          `name = ${quoted(asName(rig?.name ?? baseName(path), 'rig'))}`,
          `path = ${quoted(path)}`,
          ...(own === null ? [] : [`session = ${quoted(own.pattern)}`, `slots = ${own.slot}`]),
          ...service,
        ];
  return lines.every(line => line === oneLine(line)) ? lines.join('\n') : null;
};
