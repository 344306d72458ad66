// Bindings that look closer: explanation, journal, peek, attach, copy. None of them changes the fleet.
import {type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import {paneRef} from '../../core/domain/reference.ts';
import {isKnownByName} from '../../core/domain/session-server.ts';
import {shellCommand} from '../../core/domain/shell-word.ts';
import {changeOverlay, openOverlay} from '../../store/overlays.ts';
import {undeclaredUse} from '../../store/port-rows.ts';
import {isTown} from '../../store/rig-rows.ts';
import {LIST_PANELS, type Row} from '../../store/rows.ts';
import {lookOf, type ScreenState, selectedRow, topOverlay} from '../../store/state.ts';
import {indexFleet} from '../../words/fleet-index.ts';
import {rigStanza} from '../../words/rig-stanza.ts';
import type {Captured, PaneTarget} from '../outside.ts';
import {paneLines} from '../pane-text.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {commandThere, doThere, machineOfChoice, spotTrouble} from './on-the-spot.ts';
import {openJournal} from './open-journal.ts';

const PEEK_LINES = 1000;
const PEEK_EVERY_MS = 1000;

interface Place {
  readonly session: Session;
  readonly paneId: string | null;
}

/** The session a row is or lives in. */
const sessionOf = ({store}: ScreenContext): Session | null => {
  const state = store.getState();
  const row = selectedRow(state);
  const sessions = lookOf(state, row)?.snapshot.servers.flatMap(server => server.sessions) ?? [];
  return sessions.find(each => row?.session != null && sessionKey(each) === row.session) ?? null;
};

/**
 * The session with ids of its own that a row is or lives in, and its pane: the one that a finding is about, the agent’s own, the one with the
 * selected process, or the active one.
 */
const placeOf = (context: ScreenContext): Place | null => {
  const session = sessionOf(context);
  const state = context.store.getState();
  const row = selectedRow(state);
  const look = lookOf(state, row);
  const agents = look?.fleet.agents ?? [];
  if (session === null || isKnownByName(session.socket)) {
    return null;
  }
  const pids = new Set((row?.fields.pid ?? []).map(Number));
  const live = session.panes.filter(pane => !pane.dead);
  const own = agents.find(agent => agent.ref === row?.ref && agent.session === row.session)?.pane;
  const subject = look?.findings.find(({id}) => id === row?.ref)?.subject;
  const pane =
    session.panes.find(each => paneRef(session.server, each.id) === subject) ??
    live.find(each => each.id === own) ??
    live.find(each => pids.has(each.pid)) ??
    session.panes.find(each => each.active) ??
    session.panes[0];
  return {session, paneId: pane?.id ?? null};
};

export const noPlace = (context: ScreenContext): string | null => {
  const machine = selectedRow(context.store.getState())?.machine;
  if (machine !== undefined) {
    return `it is on ${machine}: c copies the command that attaches there, read-only`;
  }
  if (context.outside === null) {
    return 'not available in this screen';
  }
  return placeOf(context) === null ? 'it has no tmux session' : null;
};

/** A session of this machine that its multiplexer can show by its name. */
const namedSessionOf = (context: ScreenContext): Session | null => {
  const isHere = selectedRow(context.store.getState())?.machine === undefined;
  const session = isHere && context.outside !== null ? sessionOf(context) : null;
  return session !== null && isKnownByName(session.socket) ? session : null;
};

const attachWords = ({ref}: Row): readonly string[] => ['attach', '--', ref];

/** Our own client cannot be switched read-only: keys would go through to the agent. */
const noAttach = (context: ScreenContext): string | null => {
  const row = selectedRow(context.store.getState());
  if (row?.machine !== undefined && context.perform !== null) {
    return row.session === null ? 'it has no session' : spotTrouble(context, row.machine, attachWords(row), [row.ref]);
  }
  const named = namedSessionOf(context);
  if (named !== null) {
    return context.store.getState().readOnly ? `read-only, and ${named.kind} shows a session only to write in it` : null;
  }
  const reason = noPlace(context);
  const socket = reason === null ? placeOf(context)?.session.socket : undefined;
  return socket !== undefined && context.store.getState().readOnly && context.outside?.isOwnServer(socket) === true
    ? 'read-only: it is on the server this rigtop runs in, where attaching would let keys through; l peeks'
    : reason;
};

const isPeeking = (state: ScreenState, pane: PaneTarget): boolean =>
  state.overlays.some(overlay => overlay.kind === 'peek' && overlay.paneId === pane.paneId && overlay.socket === pane.socket);

/** Read the pane again and again while it is being looked at. Keeps to the end of the text unless scrolled away from it. */
const follow = async (context: ScreenContext, pane: PaneTarget, outside: NonNullable<ScreenContext['outside']>): Promise<void> => {
  const captured: Captured = await outside.capturePane(pane, PEEK_LINES);
  const {store} = context;
  if (!isPeeking(store.getState(), pane)) {
    return;
  }
  const {columns, rows} = context.layout();
  const lines = captured.ok ? paneLines(captured.text, columns - 4) : [`It cannot be read: ${captured.because}`];
  const room = Math.max(0, rows - 2);
  store.change(
    changeOverlay('peek', overlay => {
      const atEnd = overlay.lines.length === 0 || (overlay.search === null && overlay.scroll >= overlay.lines.length - room);
      const same = lines.length === overlay.lines.length && lines.every((line, index) => line === overlay.lines[index]);
      return same ? {} : {lines, scroll: atEnd ? Math.max(0, lines.length - room) : overlay.scroll};
    }),
  );
  if (topOverlay(store.getState())?.kind === 'peek') {
    context.later(PEEK_EVERY_MS, () => void follow(context, pane, outside));
  }
};

export const peek = (context: ScreenContext): void => {
  const place = placeOf(context);
  const {outside, store} = context;
  if (place?.paneId == null || outside === null) {
    return;
  }
  const {session, paneId} = place;
  const title = `${session.server}/${session.name} ${paneId}`;
  store.change(openOverlay({kind: 'peek', title, socket: session.socket, paneId, lines: [], scroll: 0, search: null}));
  void follow(context, {socket: session.socket, paneId}, outside);
};

/**
 * Why a session is not to be attached to by its name, after a fresh look; null when it is the selected one still. zellij takes the
 * beginning of a name too: of a session that has ended, the next best would be shown, to write in.
 */
const whyNotNamed = async (context: ScreenContext, session: Session): Promise<string | null> => {
  const {loop, store} = context;
  const {kind, name} = session;
  // As a plan in the making: no plan opens meanwhile, and no second look begins.
  store.change(() => ({planning: true}));
  await loop.refreshNow().finally(() => store.change(() => ({planning: false})));
  const {refreshFailure} = store.getState();
  if (refreshFailure !== null) {
    return `whether ${kind} session ${name} is still there is unknown: ${refreshFailure}`;
  }
  const now = namedSessionOf(context);
  if (now === null || sessionKey(now) !== sessionKey(session) || now.name !== name) {
    return `${kind} session ${name} is not there any more under this name, or not selected`;
  }
  return topOverlay(store.getState()) === null ? null : 'something else was opened meanwhile';
};

/** Give the terminal to a session's client until it ends. */
const show = async (context: ScreenContext, outside: NonNullable<ScreenContext['outside']>, {session, paneId}: Place): Promise<void> => {
  const {socket, id: sessionId, name} = session;
  let trouble: string | null = null;
  await context.handOver(() => {
    trouble = outside.attach({socket, sessionId, name, paneId}, {readOnly: context.store.getState().readOnly});
  });
  if (trouble !== null) {
    context.say(`Could not attach: ${trouble}`, 'error');
  }
};

const attachNamed = async (context: ScreenContext, session: Session): Promise<void> => {
  const {outside, store} = context;
  if (outside === null || store.getState().planning) {
    return;
  }
  const reason = await whyNotNamed(context, session);
  if (reason !== null) {
    context.say(`Could not attach: ${reason}`, 'error');
    return;
  }
  await show(context, outside, {session, paneId: null});
};

const attach = async (context: ScreenContext): Promise<void> => {
  const row = selectedRow(context.store.getState());
  if (row?.machine !== undefined) {
    return doThere(context, row.machine, attachWords(row));
  }
  const named = namedSessionOf(context);
  if (named !== null) {
    return attachNamed(context, named);
  }
  const place = placeOf(context);
  const {outside} = context;
  if (place === null || outside === null) {
    return;
  }
  const {socket, id: sessionId, name} = place.session;
  if (!outside.isOwnServer(socket)) {
    return show(context, outside, place);
  }
  const trouble = await outside.switchClient({socket, sessionId, name, paneId: place.paneId});
  if (trouble !== null) {
    context.say(`Could not switch: ${trouble}`, 'error');
  }
};

/** A town has no reference of its own. */
const standsForMany = ({key, ref}: Row): boolean => ref === '' || isTown(key);

/** What the selection would be on a command line: stopping the marked, explaining anything else. */
const ownCommand = (state: ScreenState): string | null => {
  if (state.marks.size > 0) {
    return shellCommand(['rigtop', 'kill', ...[...state.marks.values()].map(mark => mark.ref)]);
  }
  const row = selectedRow(state);
  return row === null || standsForMany(row) ? null : shellCommand(['rigtop', 'explain', row.ref]);
};

/** What would declare the selected port, where nobody declares it and nothing is marked. */
const stanzaOf = (state: ScreenState): string | null => {
  const {assessment, marks, subjectPanel} = state;
  const row = subjectPanel === 'ports' && marks.size === 0 ? selectedRow(state) : null;
  const use = row === null || row.machine !== undefined || assessment === null ? null : undeclaredUse(assessment, row);
  return use === null || assessment === null ? null : rigStanza(use, indexFleet(assessment));
};

const copied = (context: ScreenContext): string | null => {
  const state = context.store.getState();
  return machineOfChoice(state) === null ? (stanzaOf(state) ?? ownCommand(state)) : commandThere(context);
};

const noCommand = (context: ScreenContext): string | null => {
  if (copied(context) !== null) {
    return null;
  }
  const row = selectedRow(context.store.getState());
  if (row === null) {
    return 'nothing is selected';
  }
  return standsForMany(row) ? 'it stands for several things: choose one of them' : 'its name holds what no terminal should be given';
};

const explainInFull = (context: ScreenContext): void => {
  const {store, dryPlan, fleet} = context;
  const state = store.getState();
  const row = selectedRow(state);
  if (state.focus === 'journal') {
    openJournal(context);
  } else if (state.explanation !== null && row !== null) {
    const stoppable = row.barred === null && state.subjectPanel !== 'rigs';
    const request = {action: row.remedy, asked: [row.ref]};
    const plan = row.machine === undefined ? dryPlan : (fleet?.machine(row.machine)?.plan ?? null);
    const answer = stoppable && plan !== null ? plan(request) : null;
    store.change(openOverlay({kind: 'explain', explanation: state.explanation, answer, scroll: 0}));
  }
};

export const LOOKING: readonly Binding[] = [
  {
    id: 'explain',
    scope: 'panels',
    keys: ['d'],
    label: 'why',
    title: 'Explain in full: evidence, owner, tree, what stopping would end; of the journal, its entries whole',
    hint: 2,
    needsRows: LIST_PANELS,
    disabledReason: ({store}) => {
      const {explanation, focus} = store.getState();
      return explanation === null && focus !== 'journal' ? 'nothing is selected' : null;
    },
    run: explainInFull,
  },
  {
    id: 'peek',
    scope: 'panels',
    keys: ['l'],
    label: 'output',
    title: "Look at the pane's output without attaching",
    hint: 3,
    needsRows: ['agents'],
    needsOutside: true,
    disabledReason: noPlace,
    run: peek,
  },
  {
    id: 'attach',
    scope: 'panels',
    keys: ['a'],
    label: 'attach',
    title: 'Attach to the session, read-only where the screen is; the prefix key of tmux and d come back, L within the same server',
    aside: ({outside}) => outside?.wayBack ?? null,
    hint: 0,
    needsRows: ['agents'],
    needsOutside: true,
    disabledReason: noAttach,
    run: context => void attach(context),
  },
  {
    id: 'copy',
    scope: 'panels',
    keys: ['c'],
    label: 'copy',
    title: 'Copy as a shell command; of a port that nobody declares, the [[rigs]] that would',
    disabledReason: context => noCommand(context),
    run: context => {
      const command = copied(context);
      if (command !== null) {
        context.copy(command);
      }
    },
  },
  {
    id: 'journal',
    scope: 'panels',
    keys: ['J'],
    label: 'journal',
    title: 'The whole journal',
    run: openJournal,
  },
];
