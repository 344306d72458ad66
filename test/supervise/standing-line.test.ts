import {describe, expect, it} from 'vitest';
import {describeLoopConfig, describeStanding} from '../../src/supervise/standing-line.ts';

const policy = {keep: [], rigs: [], cleanup: null, intervalMs: 30_000, graceMs: 0};
/** By the clock of whoever reads it. */
const AT = new Date(2026, 0, 1, 10, 0, 30).getTime();

describe('what a supervisor says of itself', () => {
  it('before the first look', () => {
    expect(describeLoopConfig(policy, 'observe')).toBe(
      'looks every 30 s, observes only, keeps nothing, cleans up nothing; ^C ends it and touches nothing',
    );
    const cleanup = {kinds: ['orphan-helper'] as const, minAgeMs: 1, perHour: 1};
    expect(describeLoopConfig({...policy, keep: ['agent:a/*', 'slot:a/*/web'], cleanup}, 'act')).toContain(
      'acts, keeps agent:a/*, slot:a/*/web, cleans up orphan-helper',
    );
  });

  it('after each look, in one line', () => {
    const kept = [
      {ref: 'slot:a/1/web', state: 'up', because: ''},
      {ref: 'slot:a/2/web', state: 'down', because: 'x'},
      {ref: 'slot:a/3/web', state: 'down', because: 'x'},
    ] as const;
    expect(describeStanding(kept, {halted: null}, AT, policy)).toBe(
      '10:00:30  looked: 1 of 3 kept are up; down: slot:a/2/web and 1 more; next look in 30 s',
    );
    expect(describeStanding([], {halted: {since: 1, because: 'x'}}, AT, policy)).toBe(
      '10:00:30  looked: nothing that is kept is there; HALTED: rigtop supervise resume; next look in 30 s',
    );
  });
});
