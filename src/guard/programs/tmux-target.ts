// What a target of tmux names, by its own rules (tmux(1), COMMANDS). Pure.
import type {Call} from '../call.ts';
import type {TmuxPaneFact, TmuxServerFact, TmuxSessionFact, TmuxWindowFact} from '../facts.ts';
import {globPattern} from '../shell/shell-pattern.ts';

type Found<T> = {readonly item: T} | {readonly trouble: 'none' | 'ambiguous'};

/** Exact, then by prefix, then as a pattern; more than one of these is an error. `=NAME` is exact alone. */
const byName = <T extends {readonly id: string; readonly name: string}>(all: readonly T[], text: string): Found<T> => {
  const exact = text.startsWith('=');
  const name = exact ? text.slice(1) : text;
  const same = all.find(each => each.name === name || each.id === name);
  if (same !== undefined) {
    return {item: same};
  }
  const pattern = globPattern(name);
  for (const matches of exact ? [] : [(each: T) => each.name.startsWith(name), (each: T) => pattern.test(each.name)]) {
    const [first, ...more] = all.filter(matches);
    if (first !== undefined) {
      return more.length > 0 ? {trouble: 'ambiguous'} : {item: first};
    }
  }
  return {trouble: 'none'};
};

export interface Place {
  readonly session: TmuxSessionFact;
  readonly window: TmuxWindowFact;
  readonly pane: TmuxPaneFact;
}

export const places = (server: TmuxServerFact): readonly Place[] =>
  server.sessions.flatMap(session => session.windows.flatMap(window => window.panes.map(pane => ({session, window, pane}))));

const activeIn = (session: TmuxSessionFact): Place | null => {
  const window = session.windows.find(({active}) => active) ?? session.windows[0];
  const pane = window?.panes.find(({active}) => active) ?? window?.panes[0];
  return window === undefined || pane === undefined ? null : {session, window, pane};
};

/** Where tmux looks when nothing is named: the pane it runs in, else the session that was used last; null where that cannot be told. */
const currentPlace = (server: TmuxServerFact, call: Call): Place | null => {
  const {pane, socket} = call.caller.tmux;
  const own = pane !== null && socket === server.socket ? places(server).find(place => place.pane.id === pane) : undefined;
  const [latest, next] = server.sessions.toSorted((a, b) => b.activity - a.activity);
  // Within one second nobody can tell which was the last.
  return own ?? (latest === undefined || latest.activity === next?.activity ? null : activeIn(latest));
};

const inWindow = (session: TmuxSessionFact, text: string): Place | null => {
  const [windowText = '', paneText = ''] = text.split('.');
  const byIndex = session.windows.find(({index}) => String(index) === windowText);
  const found = windowText === '' ? {item: activeIn(session)?.window} : byName(session.windows, windowText);
  const window = byIndex ?? ('item' in found ? found.item : undefined);
  const pane = window?.panes.at(Number(paneText)) ?? window?.panes.find(({active}) => active);
  return window === undefined || pane === undefined
    ? null
    : {session, window, pane: paneText === '' ? (window.panes.find(({active}) => active) ?? pane) : pane};
};

/** The place that a target names; null where there is none, or more than one. */
export const target = (server: TmuxServerFact, text: string | undefined, call: Call, wants: 'session' | 'other'): Place | null => {
  if (text === undefined || text === '') {
    return currentPlace(server, call);
  }
  const byId = places(server).find(({pane, window, session}) => [pane.id, window.id, session.id].includes(text));
  if (byId !== undefined) {
    if (text.startsWith('%')) {
      return byId;
    }
    return text.startsWith('@') ? inWindow(byId.session, byId.window.id) : activeIn(byId.session);
  }
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const current = currentPlace(server, call);
  if (colon < 0 && wants === 'other' && current !== null) {
    const here = inWindow(current.session, text);
    if (here !== null) {
      return here;
    }
  }
  const found = name === '' ? {item: current?.session} : byName(server.sessions, name);
  const session = 'item' in found ? found.item : undefined;
  if (session === undefined) {
    return null;
  }
  return colon < 0 || colon === text.length - 1 ? activeIn(session) : inWindow(session, text.slice(colon + 1));
};
