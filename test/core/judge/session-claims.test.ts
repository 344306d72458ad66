// Which of those who claim a session is believed, and which of those who claim a process.
import {describe, expect, test} from 'vitest';
import type {Rig} from '../../../src/core/domain/agent.ts';
import {finish} from '../../../src/core/domain/finish.ts';
import type {Claim} from '../../../src/core/judge/owners/claims.ts';
import {identifying} from '../../../src/core/judge/owners/identify.ts';
import type {OwningSource} from '../../../src/core/judge/owners/owning-source.ts';
import {CLAIM_RANKS, inOrder, type SessionClaim} from '../../../src/core/judge/owners/session-claims.ts';
import {look, pane, process, server, session, settings} from '../../support/world.ts';

const claimant = (rank: SessionClaim['rank'], name: string): SessionClaim => ({
  rank,
  identify: () => ({why: 'claim', claim: null, role: 'agent', name, rig: null, town: null, slot: null, evidence: []}),
});

const snapshot = look({
  servers: [server('default', [session('a', [pane('%1', 4001)])])],
  processes: [process(4001, 700, 'claude', {tty: 'pts/1', cwd: '/w/a'})],
});

const nameOf = (...sources: readonly OwningSource[]): string | undefined =>
  [...finish(identifying(snapshot, settings, sources)).sessions.values()][0]?.name;

describe('sessions', () => {
  test('a registry goes before markers, those before a record, that before a pattern, and that before the program', () => {
    expect(CLAIM_RANKS).toEqual(['registry', 'markers', 'record', 'pattern', 'program']);
    const claims = [...CLAIM_RANKS].toReversed().map(rank => claimant(rank, rank));
    for (const [index, rank] of CLAIM_RANKS.entries()) {
      expect(nameOf({sessionClaims: claims.slice(0, CLAIM_RANKS.length - index)})).toBe(rank);
    }
  });

  test('the engine knows the running program by itself, and a source of any rank goes before it', () => {
    expect(nameOf()).toBe('a');
    expect(nameOf({sessionClaims: [claimant('program', 'theirs')]})).toBe('theirs');
  });

  test('of one rank the first source in the list is believed', () => {
    expect(nameOf({sessionClaims: [claimant('record', 'one')]}, {sessionClaims: [claimant('record', 'two')]})).toBe('one');
    expect(inOrder([claimant('pattern', 'late'), claimant('registry', 'early')])[0]?.rank).toBe('registry');
  });

  test('who claims nothing leaves it to the next', () => {
    expect(nameOf({sessionClaims: [{rank: 'registry', identify: () => null}]}, {sessionClaims: [claimant('record', 'two')]})).toBe('two');
  });
});

const rig: Rig = {name: 'r', origin: 'discovered', path: '/w/r', provenance: 'found', town: 't', operational: true, because: null};
const claimed = (name: string): Claim => ({town: 't', home: '/w', rig, role: 'agent', name, agentRef: `agent:r/${name}`, evidence: []});

describe('processes', () => {
  const ownerOf = (...sources: readonly OwningSource[]): string | null | undefined =>
    finish(identifying(snapshot, settings, sources)).fleet.processOwners.get(4001)?.agent;

  test('the first source that claims one is believed', () => {
    const silent: OwningSource = {claimProcess: () => () => null};
    const one: OwningSource = {claimProcess: () => () => claimed('one')};
    const two: OwningSource = {claimProcess: () => () => claimed('two')};
    expect(ownerOf(silent, one, two)).toBe('agent:r/one');
    expect(ownerOf(silent, two, one)).toBe('agent:r/two');
    expect(ownerOf(silent)).toBeUndefined();
  });

  test('what a source vouches for is kept, as long as it is the one that was meant', () => {
    const kept = (...each: readonly boolean[]): string | null => {
      const vouches = () => each.map((meant, at) => ({pid: 4001, because: `recorded ${at}`, vouches: () => meant}));
      const identified = finish(identifying(snapshot, settings, [{vouches}]));
      const [of] = [...snapshot.processes.values()].filter(({pid}) => pid === 4001);
      return of === undefined ? 'none' : identified.kept(of);
    };
    expect(kept(true)).toBe('recorded 0');
    expect(kept(false)).toBeNull();
    // One that an earlier holder of the number left does not count against the one that is meant.
    expect(kept(true, false)).toBe('recorded 0');
    expect(kept(true, true)).toBe('recorded 1');
  });
});
