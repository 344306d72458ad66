// What is said of a reference that stands for no thing: what it is not, and what to name instead. Pure.
import {parseReference} from '../core/domain/reference.ts';
import {HIGHEST_PORT, type Unresolved, type Unseen} from '../core/look/index/resolve-reference.ts';
import {firstOf} from './counts.ts';
import {describeAnswer} from './describe-source.ts';

export interface UnresolvedWords {
  /** `there is no agent:shop/crew/mx`. */
  readonly message: string;
  /** `did you mean agent:shop/crew/max?` */
  readonly hint: string;
}

const MOST_NAMED = 3;

const isWord = (ref: string): boolean => parseReference(ref) === null;

const meant = (near: readonly string[], otherwise: string): string =>
  near.length === 0 ? otherwise : `did you mean ${firstOf(near, MOST_NAMED)}?`;

const whyUnseen = (unseen: Unseen): string => {
  switch (unseen.sort) {
    case 'server':
      return `${unseen.server.kind} server ${unseen.server.name}: ${unseen.server.because}`;
    case 'sources':
      return firstOf(unseen.sources.map(describeAnswer), MOST_NAMED, '; ');
    case 'processes':
      return 'the process table could not be read whole; rigtop doctor says why';
    default:
      return `${unseen.register.file}: ${unseen.because}`;
  }
};

const wordsOfMissing = ({ref, what, near, servers}: Extract<Unresolved, {answer: 'missing'}>): UnresolvedWords => {
  if (what === 'port') {
    return {message: `${ref} is no port`, hint: `ports are 1 to ${HIGHEST_PORT}`};
  }
  if (what === 'server') {
    return {message: `${ref} names no server that rigtop knows`, hint: meant(near, `servers are ${servers.join(', ') || 'none'}`)};
  }
  if (ref.startsWith('finding:')) {
    return {message: `there is no ${ref.replace(':', ' ')} any more`, hint: 'rigtop status lists the findings there are'};
  }
  return {
    message: isWord(ref) ? `nothing here is called "${ref}"` : `there is no ${ref}`,
    hint: meant(near, 'rigtop status lists what there is'),
  };
};

/** In words for a person who asked for it, and for a plan that leaves it out. */
export const describeUnresolved = (unresolved: Unresolved): UnresolvedWords => {
  const {answer, ref} = unresolved;
  const shown = isWord(ref) ? `"${ref}"` : ref;
  if (answer === 'missing') {
    return wordsOfMissing(unresolved);
  }
  if (answer === 'unknown') {
    const {unseen, near} = unresolved;
    return {message: `${shown} cannot be known`, hint: [whyUnseen(unseen), ...(near.length === 0 ? [] : [meant(near, '')])].join('; ')};
  }
  const {candidates, rig} = unresolved;
  return {
    message: `${shown} is ambiguous`,
    hint:
      rig === null
        ? `name one of ${candidates.join(', ')}`
        : `${rig} is ${candidates.join(' and ')}; name a directory (rigtop flush DIR), a port or a process`,
  };
};
