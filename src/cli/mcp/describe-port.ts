// Ports, for a model: who should hold one, who does, whether it is the caller's; and one of its slot that is free. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {type Known, knownValue} from '../../core/domain/known.ts';
import {slotRef} from '../../core/domain/reference.ts';
import {slotInWords} from '../../core/judge/own/home.ts';
import type {Ownership} from '../../core/judge/own/ownership.ts';
import {slotPort} from '../../core/judge/slots/port-arithmetic.ts';
import {indexLook} from '../../core/look/index/look.ts';
import {processLine, unseenLines} from './describe-fleet.ts';

/** Where ports of dev servers begin, for whoever has no slot. */
const FIRST_PORT = 3000;
const LAST_PORT = 65_535;

/** Every port that some slot declares, in use or not. */
const declaredPorts = ({slots}: Assessment): ReadonlySet<number> =>
  new Set(
    slots.places.flatMap(({ranges}) =>
      ranges.flatMap(({base, stride, maxSlots}) => Array.from({length: maxSlots + 1}, (_, slot) => slotPort(base, slot, stride))),
    ),
  );

/** The first port that nobody listens on and no slot declares; null where there is none. */
const freePort = (assessment: Assessment): number | null => {
  const {listeners} = indexLook(assessment.snapshot);
  const declared = declaredPorts(assessment);
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 1) {
    if (!listeners.has(port) && !declared.has(port)) {
      return port;
    }
  }
  return null;
};

/** Who holds a port, and whether that is the caller's own. */
const holderLines = ({snapshot}: Assessment, ownership: Known<Ownership>, port: number): readonly string[] => {
  const look = indexLook(snapshot);
  const sockets = look.listeners.get(port) ?? [];
  if (sockets.length === 0) {
    return [
      snapshot.sources.some(({source, state}) => source === 'listeners' && state !== 'ok')
        ? 'who listens could not be seen'
        : 'nobody listens on it',
    ];
  }
  const hidden = sockets.find(({owners}) => !owners.known);
  return [
    ...look.holdersOf(port).flatMap(pid => {
      const process = look.processes.get(pid);
      const own = process === undefined ? undefined : knownValue(ownership)?.of(process);
      const verdict = own === undefined ? '' : `  ${own.own === 'yes' ? 'YOURS' : 'NOT YOURS'}: ${own.because}`;
      return process === undefined ? [] : [oneLine(`held by ${processLine(process)}${verdict}`)];
    }),
    ...(hidden?.owners.known === false ? [oneLine(`held by somebody who cannot be seen: ${hidden.owners.because}`)] : []),
  ];
};

export const describePort = (assessment: Assessment, ownership: Known<Ownership>, port: number): string => {
  const services = assessment.services.filter(service => service.port === port);
  const use = assessment.ports.find(each => each.port === port);
  return [
    `port ${port}`,
    ...services.map(({ref, state, because, slug}) =>
      oneLine(`should be held by ${ref}${slug === null ? '' : ` (${slug})`}: ${state}, ${because}`),
    ),
    ...(services.length === 0 ? ['no slot in use declares it'] : []),
    ...holderLines(assessment, ownership, port),
    ...(use?.agent == null ? [] : [oneLine(`its holder is of ${use.agent}`)]),
    ...(use?.conflict == null ? [] : [oneLine(`wanted by two: ${use.conflict.because}`)]),
    ...(ownership.known ? [] : [oneLine(`whether it is yours cannot be told: ${ownership.because}`)]),
    ...unseenLines(assessment),
  ].join('\n');
};

/** The ports of the caller's slot, and one that is free. */
export const describeOwnPorts = (assessment: Assessment, ownership: Known<Ownership>): string => {
  const home = knownValue(ownership)?.home;
  const slot = home === undefined ? null : slotInWords(home);
  const {listeners} = indexLook(assessment.snapshot);
  const ports = (home?.slot ?? []).map(({rig, slot: number, service, port}) => {
    const state = assessment.services.find(({ref}) => ref === slotRef(rig, number, service));
    return {
      port,
      isFree: !listeners.has(port),
      text: oneLine(`${port}  ${service}  ${state?.state ?? 'unknown'}${listeners.has(port) ? '' : '  free'}`),
    };
  });
  const free = ports.find(({isFree}) => isFree)?.port ?? null;
  const nobodys = free === null ? freePort(assessment) : null;
  return [
    slot === null ? `no slot is yours alone${ownership.known ? '' : oneLine(`: ${ownership.because}`)}` : oneLine(`your slot: ${slot}`),
    ...ports.map(({text}) => text),
    ...(free === null ? [] : [`free in your slot: ${free}`]),
    ...(nobodys === null ? [] : [`free, and declared by no slot: ${nobodys}`]),
    ...unseenLines(assessment),
  ].join('\n');
};
