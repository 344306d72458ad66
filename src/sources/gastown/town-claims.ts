// Which Gas Town a session or process belongs to, and as whom, with the evidence. A name alone never claims. Pure.
import type {Evidence, Role} from '../../core/domain/agent.ts';
import {ownValue} from '../../core/domain/own-value.ts';
import {type Process, placeOf} from '../../core/domain/process.ts';
import {agentRef} from '../../core/domain/reference.ts';
import type {Town} from '../../core/domain/town.ts';
import {multiplexerName} from '../../core/look/index/program-kinds.ts';
import {servedSession} from './town-helpers.ts';
import {type NameReading, parseSessionName, sessionRegistry} from './town-names.ts';
import {type Env, envTownRoot, parseEnvPlace, parsePlace, pathInTown, type TownPlace, townOfPath} from './town-places.ts';

export interface TownClaim {
  readonly town: Town;
  readonly rig: string | null;
  /** Null where the evidence names a rig or a town, but no agent. */
  readonly role: Role | null;
  readonly name: string | null;
  readonly agentRef: string | null;
  readonly evidence: readonly Evidence[];
}

/** What claims are made from. `server` is the socket's name; `cwds` are the working directories of the session's pane processes. */
export interface ClaimedSession {
  readonly name: string;
  readonly server: string;
  readonly env: Env | null;
  readonly cwds: readonly string[];
}

/** Reference of an agent of a town, or null where no agent is told. */
export const townAgentRef = (town: Town, place: TownPlace): string | null =>
  place.role === null || place.name === null ? null : agentRef(place.rig ?? town.name, place.role, place.name);

const claim = (town: Town, place: TownPlace, evidence: readonly Evidence[]): TownClaim => ({
  town,
  rig: place.rig,
  role: place.role,
  name: place.name,
  agentRef: townAgentRef(town, place),
  evidence,
});

const samePlace = (a: TownPlace, b: TownPlace): boolean => a.rig === b.rig && a.role === b.role && a.name === b.name;

const IDENTITY_VARIABLES = ['GT_ROLE', 'GT_RIG', 'GT_POLECAT', 'GT_CREW', 'GT_DOG_NAME', 'GT_TOWN_ROOT', 'GT_ROOT', 'GT_SESSION'] as const;

const envEvidence = (env: Env, source: string): readonly Evidence[] =>
  IDENTITY_VARIABLES.flatMap(name => {
    const value = ownValue(env, name);
    return value === undefined ? [] : [{fact: `${name}=${value}`, source}];
  });

const ownsSocket = (town: Town, server: string): boolean => town.socketNames.includes(server);

/** The town an environment speaks of: the root it names (and no other, should that one be unknown), else the only one that knows its rig. */
const townOfEnv = (towns: readonly Town[], env: Env, server: string | null): Town | null => {
  const root = envTownRoot(env);
  if (root !== null) {
    return towns.find(town => town.paths.includes(root)) ?? null;
  }
  const bySocket = towns.find(town => server !== null && ownsSocket(town, server));
  if (bySocket !== undefined) {
    return bySocket;
  }
  const rig = parseEnvPlace(env)?.rig ?? null;
  const byRig = towns.filter(town => rig !== null && town.rigs.known && town.rigs.value.some(each => each.name === rig));
  return byRig.length === 1 ? (byRig[0] ?? null) : null;
};

const claimByEnv = (towns: readonly Town[], env: Env, server: string | null, source: string): TownClaim | null => {
  const place = parseEnvPlace(env);
  const town = place === null ? null : townOfEnv(towns, env, server);
  return place === null || town === null ? null : claim(town, place, envEvidence(env, source));
};

const readingFact = (town: Town, reading: NameReading, name: string): Evidence => ({
  fact: `the name ${name} is ${reading.rig === null ? '' : `rig ${reading.rig}'s `}${reading.role}${reading.role === reading.name ? '' : ` ${reading.name}`}${reading.scheme === 'legacy' ? ' (older scheme)' : ''}`,
  source: reading.rig === null ? `town ${town.name}` : `registry of town ${town.name}`,
});

const cwdEvidence = (town: Town, reading: NameReading, cwds: readonly string[]): readonly Evidence[] =>
  cwds
    .filter(cwd => {
      const below = pathInTown(town, cwd);
      return below !== null && samePlace(parsePlace(below), reading);
    })
    .slice(0, 1)
    .map(cwd => ({fact: `a pane works in ${cwd}`, source: 'working directory'}));

const hasWorker = (town: Town, reading: NameReading): boolean =>
  [...town.workers, ...(town.rigs.known ? town.rigs.value.flatMap(rig => (rig.name === reading.rig ? rig.workers : [])) : [])].some(
    worker => worker.role === reading.role && worker.name === reading.name,
  );

/** A name that reads as one of the town's, supported by the town's own socket, by GT_ROOT, or by a pane inside that very worker's directory. */
const claimByName = (town: Town, session: ClaimedSession): TownClaim | null => {
  const root = session.env === null ? null : envTownRoot(session.env);
  if (root !== null && !town.paths.includes(root)) {
    return null;
  }
  const support: readonly Evidence[] = [
    ...(ownsSocket(town, session.server)
      ? [{fact: `runs on socket ${session.server}, which town ${town.name} computes`, source: 'socket'}]
      : []),
    ...(session.env !== null && root !== null ? envEvidence(session.env, 'session environment') : []),
  ];
  const supported = parseSessionName(session.name, sessionRegistry(town))
    .map(reading => ({reading, evidence: [...support, ...cwdEvidence(town, reading, session.cwds)]}))
    .filter(each => each.evidence.length > 0)
    .sort((a, b) => b.evidence.length - a.evidence.length || Number(hasWorker(town, b.reading)) - Number(hasWorker(town, a.reading)));
  const best = supported[0];
  return best === undefined ? null : claim(town, best.reading, [readingFact(town, best.reading, session.name), ...best.evidence]);
};

/**
 * Who a session is. Its own environment decides; otherwise its name read by a registry, but only with a second fact: the
 * town's own socket, the town's root in its environment, or a pane in that worker's directory. Two towns that both claim by
 * name alone cannot occur: the socket and the directory belong to one.
 */
export const claimSession = (towns: readonly Town[], session: ClaimedSession): TownClaim | null => {
  const byEnv = session.env === null ? null : claimByEnv(towns, session.env, session.server, 'session environment');
  if (byEnv !== null) {
    return byEnv;
  }
  for (const town of towns) {
    const byName = claimByName(town, session);
    if (byName !== null) {
      return byName;
    }
  }
  return null;
};

const pathsOf = (argv: readonly string[]): readonly string[] =>
  argv.flatMap(word => {
    const value = word.startsWith('/') ? word : word.slice(word.indexOf('=') + 1);
    return value.startsWith('/') && value.length < 4096 ? [value] : [];
  });

const precision = (place: TownPlace): number => {
  if (place.role !== null) {
    return 2;
  }
  return place.rig === null ? 0 : 1;
};

/**
 * Who a process belongs to: a helper to the session it serves, else by its environment at exec time (an agent may change directory), else the most precise of its
 * working directory and the paths in its arguments.
 */
export const claimProcess = (
  towns: readonly Town[],
  process: Pick<Process, 'pid' | 'comm' | 'argv' | 'cwd' | 'cwdRemade' | 'env'>,
): TownClaim | null => {
  // A server carries the arguments and environment of whoever happened to start it first, and serves everybody.
  if (towns.length === 0 || multiplexerName(process) !== null) {
    return null;
  }
  const served = servedSession(towns, process);
  if (served !== null) {
    return claim(served.town, served.place, [{fact: `${served.helper} serves session ${served.session}`, source: 'arguments'}]);
  }
  const byEnv = process.env.known ? claimByEnv(towns, process.env.value, null, 'process environment') : null;
  if (byEnv !== null) {
    return byEnv;
  }
  const cwd = placeOf(process);
  const places = [
    ...(cwd === undefined ? [] : [{path: cwd, source: 'working directory', fact: `works in ${cwd}`}]),
    ...pathsOf(process.argv).map(path => ({path, source: 'arguments', fact: `names ${path}`})),
  ];
  const claims = places.flatMap(({path, source, fact}) => {
    const town = townOfPath(towns, path);
    const below = town === null ? null : pathInTown(town, path);
    return town === null || below === null ? [] : [claim(town, parsePlace(below), [{fact, source}])];
  });
  return claims.sort((a, b) => precision(b) - precision(a))[0] ?? null;
};
