// readlink, realpath, pwdx: where a process works and what it runs, by which careful clean-ups tell their own. Pure.
import {type Known, known} from '../../core/domain/known.ts';
import type {Call, Program} from '../call.ts';
import {lines, linkOf, pathOf, unclear, wordsOf} from '../results.ts';

const LINK = /^\/proc\/\d+\/(?:cwd|exe)$/;

/** What each of these leads to; null where one is no link of a process. */
const targets = (call: Call, paths: readonly string[]): Known<readonly (string | null)[]> | null => {
  const places = paths.map(path => pathOf(call.scope, path));
  if (!places.every(place => place.known && LINK.test(place.value))) {
    return null;
  }
  // All are asked for at once.
  const found = places.map(place => (place.known ? linkOf(call, place.value) : place));
  return found.find(target => !target.known) ?? known(found.map(target => (target.known ? target.value : null)));
};

/** Behind the paths that are kept as they are: those of processes lead to directories by their whole names. */
export const readLink: Program = call => {
  const words = wordsOf(call.args);
  const paths = words.known ? words.value.filter(word => !word.startsWith('-')) : [];
  const found = words.known && words.value.every(word => /^(?:-[efmnqsvz]+|[^-].*)$/.test(word)) ? targets(call, paths) : null;
  if (found === null || !found.known) {
    return unclear(`what ${call.name} writes is not known`);
  }
  const shown = found.value.flatMap(target => target ?? []);
  return lines(shown, shown.length === paths.length ? 0 : 1);
};

export const pwdx: Program = call => {
  const words = wordsOf(call.args);
  const pids = words.known ? words.value.map(word => word.replace(/^\/proc\//, '')) : [];
  const found = targets(
    call,
    pids.map(pid => `/proc/${pid}/cwd`),
  );
  return found?.known === true && words.known
    ? lines(found.value.flatMap((target, at) => (target === null ? [] : [`${words.value[at]}: ${target}`])))
    : unclear('what pwdx writes is not known');
};
