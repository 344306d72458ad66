// Whose a session or process is by a town's word, in the engine's terms. Pure.
import type {Rig} from '../../core/domain/agent.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Town} from '../../core/domain/town.ts';
import type {Claim, ClaimedProcess} from '../../core/judge/owners/claims.ts';
import type {SessionClaim} from '../../core/judge/owners/session-claims.ts';
import {claimProcess, claimSession, type TownClaim} from './town-claims.ts';
import {operationOf} from './town-operation.ts';
import {parseEnvPlace} from './town-places.ts';

const ofTown = ({name, provenance}: Town) => ({origin: 'gastown', provenance, town: name}) as const;

const townRigs = (town: Town): readonly Rig[] =>
  (town.rigs.known ? town.rigs.value : []).map(rig => ({name: rig.name, path: rig.path, ...ofTown(town), ...operationOf(town, rig)}));

export const rigsOfTowns = ({towns}: Snapshot): readonly Rig[] => towns.flatMap(townRigs);

/** A rig by its name; one that a registry no longer knows is told as well. */
const rigNamed = (town: Town, name: string): Rig => {
  const known = town.rigs.known ? town.rigs.value.find(rig => rig.name === name) : undefined;
  return known === undefined
    ? {
        name,
        path: `${town.path}/${name}`,
        ...ofTown(town),
        operational: town.rigs.known ? false : null,
        because: town.rigs.known ? 'the registry does not know it' : town.rigs.because,
      }
    : {name, path: known.path, ...ofTown(town), ...operationOf(town, known)};
};

const asClaim = ({town, rig, role, name, agentRef, evidence}: TownClaim): Claim => ({
  town: town.name,
  home: town.realPath,
  rig: rig === null ? null : rigNamed(town, rig),
  role,
  name,
  agentRef,
  evidence,
});

export const processClaims =
  ({towns}: Snapshot) =>
  (process: ClaimedProcess): Claim | null => {
    const claim = claimProcess(towns, process);
    return claim === null ? null : asClaim(claim);
  };

const socketName = (socket: string): string => socket.slice(socket.lastIndexOf('/') + 1);

const byRegistry: SessionClaim = {
  rank: 'registry',
  identify: ({server, session, env, cwds, slot}, {look, rigs}) => {
    const found = claimSession(look.snapshot.towns, {name: session.name, server: socketName(server.socket), env, cwds});
    const claim = found === null ? null : asClaim(found);
    return claim === null || claim.role === null || claim.name === null
      ? null
      : {
          why: 'claim',
          claim,
          role: claim.role,
          name: claim.name,
          rig: claim.rig === null ? null : rigs.claimed(claim.rig),
          town: claim.town,
          slot,
          evidence: claim.evidence,
        };
  },
};

/** GT_ROLE and GT_RIG of a town that was not found: managed by its own word, though by whom cannot be checked. */
const byMarkers: SessionClaim = {
  rank: 'markers',
  identify: ({session, env, slot}) => {
    const place = session.env === null && env.GT_SESSION === undefined ? null : parseEnvPlace(env);
    return place === null || place.role === null || place.name === null
      ? null
      : {
          why: 'markers',
          claim: null,
          role: place.role,
          name: place.name,
          rig:
            place.rig === null
              ? null
              : {
                  name: place.rig,
                  origin: 'gastown',
                  path: '',
                  provenance: 'found',
                  town: null,
                  operational: null,
                  because: 'its town was not found',
                },
          town: null,
          slot,
          evidence: [{fact: `GT_ROLE=${env.GT_ROLE ?? ''} GT_RIG=${env.GT_RIG ?? ''}`.trim(), source: 'session environment'}],
        };
  },
};

export const sessionClaims: readonly SessionClaim[] = [byRegistry, byMarkers];
