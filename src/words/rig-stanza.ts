// What would declare a port that nobody declares: a stanza of the configuration. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import {baseName, isInside} from '../core/domain/paths.ts';
import type {PortUse} from '../core/domain/port.ts';
import type {FleetIndex} from './fleet-index.ts';

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

/** Whether a port’s holder works in the main work tree, whose slot is 0: any other has a slot of its own, which only its session tells. */
const isInMain = ({cwd}: PortUse, path: string, {assessment: {snapshot}}: FleetIndex): boolean => {
  const tree = snapshot.checkouts.get(cwd ?? '');
  return tree === undefined ? cwd === null || isInside(cwd, path) : tree.root === tree.mainRoot;
};

/**
 * The stanza, ready to be pasted: the rig with its directory, the pattern of its sessions where one is told by a number at their end, and
 * the service. Of a rig that is configured already only its service. Null where a name in it cannot be written down safely, and where it would
 * call the holder wrong: in a work tree whose session tells no slot.
 */
export const rigStanza = (use: PortUse, index: FleetIndex): string | null => {
  const rig = index.assessment.fleet.rigs.find(({name}) => name === use.rig);
  const path = rig?.path ?? use.cwd;
  if (use.service !== null || path === null) {
    return null;
  }
  const place = numbered(index.sessions.get(use.session ?? '')?.name);
  const own = place !== null && use.port > place.slot ? place : null;
  if (own === null && !isInMain(use, path, index)) {
    return null;
  }
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
