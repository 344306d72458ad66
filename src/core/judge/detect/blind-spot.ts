// blind-spot: a source that could not be observed. Whatever hangs on it is unknown, and so is this. Pure.
import type {Severity} from '../../domain/finding.ts';
import type {SourceName, SourceStatus} from '../../domain/known.ts';
import {sourceRef} from '../../domain/reference.ts';
import type {Detector} from './detector.ts';

/** Sources that verdicts about life and death rest on weigh more than those that name things. */
const WEIGHT: Readonly<Partial<Record<SourceName, Severity>>> = {
  processes: 'high',
  ssh: 'high',
  rigtop: 'high',
  tmux: 'medium',
  listeners: 'medium',
  town: 'medium',
};

const hintOf = (source: SourceStatus) => (source.hint === undefined ? [] : [{fact: source.hint, source: 'what may help'}]);

export const blindSpot: Detector = {
  kind: 'blind-spot',
  means: 'A source could not be observed, so nothing that hangs on it can be known: not that it is well, and not that it is gone.',
  when: ['the source answered neither with data nor with a proof of absence: a timeout, a refusal, another version, an unreadable file'],
  not: ['sources that are proven absent: no server running, no such program'],
  remedy: 'Make it answer; the reason is in the evidence. Nothing is ever done because of it.',
  detect: ({snapshot}) =>
    snapshot.sources
      .filter(source => source.state === 'unknown')
      .map(source => ({
        key: `blind-spot ${sourceRef(source.source, source.target)}`,
        kind: 'blind-spot',
        severity: WEIGHT[source.source] ?? 'low',
        subject: sourceRef(source.source, source.target),
        title: `${source.source} ${source.target} could not be observed: ${source.detail}`,
        evidence: [{fact: source.detail, source: `${source.source} ${source.target}`}, ...hintOf(source)],
        processes: [],
        protectedBy: null,
        proof: 'one-look',
        doubt: source.detail,
        remedies: [],
        rig: null,
        session: null,
        holds: [],
      })),
};
