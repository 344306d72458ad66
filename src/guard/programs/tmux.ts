// tmux kill-* and what else ends what runs in panes: targets by tmux's own rules, on the socket that is meant (tmux(1)). Pure.
import {known} from '../../core/domain/known.ts';
import type {ListedProcess} from '../../core/domain/socket-use.ts';
import {isShellName} from '../../core/look/index/program-of.ts';
import type {Call, Program, Result} from '../call.ts';
import type {TmuxPaneFact, TmuxServerFact, TmuxWindowFact} from '../facts.ts';
import {answer, end, fileOf, hiddenText, lines, listedOf, NOTHING, pathOf, tmuxOf, unclear, undecided, wordsOf} from '../results.ts';
import {fork, setText} from '../shell/scope.ts';
import {parseOptions} from './options.ts';
import {type Order, ordersOf, shellTextsIn, textsIn} from './tmux-orders.ts';
import {type Place, places, target} from './tmux-target.ts';

/** Everybody in the session of a pane’s terminal hangs up with it, unless that is ignored (tty_signal_session_leader). */
const inPanes = (panes: readonly TmuxPaneFact[], table: ReadonlyMap<number, ListedProcess>): readonly number[] => {
  const leaders = new Set(panes.map(({pid}) => pid));
  return [...table.values()]
    .filter(({pid, sid, ignoresHangUp}) => leaders.has(pid) || (leaders.has(sid) && !ignoresHangUp))
    .map(({pid}) => pid);
};

const endPanes = (call: Call, panes: readonly TmuxPaneFact[]): Result => {
  const table = listedOf(call);
  if (!table.known) {
    return undecided(call, table.because);
  }
  end(call, inPanes(panes, table.value));
  return NOTHING;
};

const panesOf = (windows: readonly TmuxWindowFact[]): readonly TmuxPaneFact[] => windows.flatMap(({panes}) => panes);

/** The next window, the last, the first: by where one stands. */
const UNFOLLOWED = /(?:^|[:.])(?:[-+!^$~{](?!\d+$)|[-+]\d+$)/;
/** What is called otherwise behind that. */
const RENAMES = /\brename(?:-session|-window|w)?\b/;

const kill = (call: Call, order: Order, server: TmuxServerFact): Result => {
  const options = parseOptions(order.words, {short: 'tceFE', stops: true});
  const [named] = options.all('t');
  const place = target(server, named, call, order.verb === 'kill-session' ? 'session' : 'other');
  if (place === null) {
    return server.sessions.length > 0 && (named === undefined || UNFOLLOWED.test(named) || RENAMES.test(call.verdicts.source))
      ? undecided(call, named === undefined ? 'which session tmux takes is not known' : `what ${named} is in tmux is not followed`)
      : answer('', 1);
  }
  const {session, window, pane} = place;
  const others = options.has('a');
  switch (order.verb) {
    case 'kill-session': {
      const meant = server.sessions.filter(each => (each.id === session.id) !== others);
      return options.has('C') ? NOTHING : endPanes(call, panesOf(meant.flatMap(({windows}) => windows)));
    }
    case 'kill-window':
    case 'unlink-window':
    case 'respawn-window':
      return endPanes(call, panesOf(session.windows.filter(each => (each.id === window.id) !== others)));
    default:
      return endPanes(
        call,
        window.panes.filter(each => (each.id === pane.id) !== others),
      );
  }
};

const killServer = (call: Call, server: TmuxServerFact): Result => {
  if (server.pid !== null) {
    end(call, [server.pid]);
  }
  return endPanes(call, panesOf(server.sessions.flatMap(({windows}) => windows)));
};

/** Keys that interrupt what reads them. */
const ENDING_KEYS = /^(?:C-[cdz\\]|\^[CDZ\\]|exit|quit|:q!?)$/i;
/** The same by their numbers (`-H`). */
const ENDING_CODES = /^0?(?:3|4|1a|1c)$/i;

const sendKeys = (call: Call, {words}: Order, server: TmuxServerFact): Result => {
  const options = parseOptions(words, {short: 'tNc', stops: true});
  const place = target(server, options.all('t')[0], call, 'other');
  const keys = options.has('H') ? ENDING_CODES : ENDING_KEYS;
  const ending = options.has('l') ? undefined : options.rest.find(word => keys.test(word));
  if (place === null) {
    return server.sessions.length > 0 && !options.has('t') ? undecided(call, 'which session tmux takes is not known') : NOTHING;
  }
  if (ending === undefined) {
    // What is typed is a command of the shell that sits there.
    return call.runText(options.rest.filter(word => !/^(?:Enter|C-m)$/.test(word)).join(' '), fork(call.scope), null);
  }
  const table = listedOf(call);
  const leader = table.known ? table.value.get(place.pane.pid) : undefined;
  if (!table.known || leader === undefined) {
    return undecided(call, 'what runs in that pane cannot be seen');
  }
  const inFront = [...table.value.values()].filter(({sid, pgid}) => sid === leader.pid && pgid === leader.foreground);
  // A shell at its prompt takes an interrupt for a new line.
  const isPrompt = isShellName(leader.comm.replace(/^-/, ''));
  end(
    call,
    inFront.filter(({pid}) => pid !== leader.pid || !/^C-c$/i.test(ending) || !isPrompt).map(({pid}) => pid),
  );
  return NOTHING;
};

const FORMATS: ReadonlyMap<string, (place: Place) => string> = new Map<string, (place: Place) => string>([
  ['session_name', ({session}) => session.name],
  ['session_id', ({session}) => session.id],
  ['window_id', ({window}) => window.id],
  ['window_index', ({window}) => String(window.index)],
  ['window_name', ({window}) => window.name],
  ['pane_id', ({pane}) => pane.id],
  ['pane_pid', ({pane}) => String(pane.pid)],
  ['S', ({session}) => session.name],
  ['D', ({pane}) => pane.id],
]);

const formatted = (format: string, place: Place, {pid}: TmuxServerFact): string =>
  format.replace(/#\{(\w+)\}|#([SD])/g, (whole, long?: string, short?: string) =>
    long === 'pid' ? String(pid) : (FORMATS.get(long ?? short ?? '')?.(place) ?? whole),
  );

const list = (call: Call, {verb, words}: Order, server: TmuxServerFact): Result => {
  const options = parseOptions(words, {short: 'tFfO', stops: true});
  const [format] = options.all('F');
  if (options.has('f')) {
    return unclear('what tmux lists is not followed');
  }
  const place = target(server, options.all('t')[0], call, 'other');
  if (verb === 'display-message') {
    const text = place === null ? '' : formatted(options.rest[0] ?? '', place, server);
    return text.includes('#') ? unclear('what tmux shows is not followed') : lines([text]);
  }
  const isOfWindow = verb === 'list-panes' && !options.has('s');
  const all =
    verb === 'list-sessions' || options.has('a')
      ? places(server)
      : places(server).filter(({session, window}) => session.id === place?.session.id && (!isOfWindow || window.id === place.window.id));
  const ids: ReadonlyMap<string, (place: Place) => string> = new Map([
    ['list-sessions', ({session}: Place) => session.id],
    ['list-windows', ({window}: Place) => window.id],
  ]);
  const idOf = ids.get(verb) ?? (({pane}: Place) => pane.id);
  const once = new Map(all.map(each => [idOf(each), each]));
  const rows = [...once.values()].map(each => {
    if (format === undefined) {
      return verb === 'list-sessions' ? `${each.session.name}: ${each.session.windows.length} windows (created -)` : null;
    }
    const text = formatted(format, each, server);
    return text.includes('#{') ? null : text;
  });
  return rows.includes(null) ? unclear('what tmux lists is not followed') : lines(rows.map(row => row ?? ''));
};

const socketOf = (call: Call, words: readonly string[]): string => {
  const [path] = parseOptions(words, {short: 'LSfcT', stops: true}).all('S');
  const [name] = parseOptions(words, {short: 'LSfcT', stops: true}).all('L');
  const {directory, socket} = call.caller.tmux;
  const moved = call.scope.variables.get('TMUX_TMPDIR')?.values[0];
  const place = moved?.known === true ? `${moved.value}/tmux-${call.caller.uid}` : directory;
  if (path !== undefined) {
    return path;
  }
  return name === undefined && moved === undefined ? socket : `${place}/${name ?? 'default'}`;
};

export const tmux: Program = call => {
  const words = wordsOf(call.args);
  const text = call.args.map(arg => (arg.known ? arg.value : '')).join(' ');
  if (!words.known) {
    return /\bkill|\brespawn|\bsend/.test(text) ? undecided(call, words.because) : hiddenText(call, words.because);
  }
  const moved = call.scope.variables.get('TMUX_TMPDIR')?.values[0];
  if (moved?.known === false) {
    return /\bkill|\brespawn|\bsend/.test(text) ? undecided(call, moved.because) : hiddenText(call, moved.because);
  }
  const socket = socketOf(call, words.value);
  const options = parseOptions(words.value, {short: 'LSfcT', stops: true});
  for (const file of options.all('f')) {
    followFile(call, socket, file);
  }
  if (options.has('C')) {
    followInput(call, socket);
  }
  let result: Result = NOTHING;
  for (const order of ordersOf(options.rest)) {
    result = follow(call, order, socket);
  }
  return result;
};

/** A file of orders, and what is fed to a client without a screen (`-C`): an order on each line. */
const followLines = (call: Call, text: string, socket: string): void => {
  for (const line of text.split('\n').filter(each => !/^\s*(?:#|$)/.test(each))) {
    followText(call, line, socket);
  }
};

const followFile = (call: Call, socket: string, file: string): void => {
  const path = pathOf(call.scope, file);
  const text = path.known ? fileOf(call, path.value) : path;
  if (text.known) {
    followLines(call, text.value ?? '', socket);
  } else {
    hiddenText(call, text.because);
  }
};

const followInput = (call: Call, socket: string): void => {
  const {stdin} = call;
  if (stdin?.known === true) {
    followLines(call, stdin.value, socket);
  } else if (stdin !== null) {
    hiddenText(call, stdin.because);
  }
};

/** Orders of tmux as text: what its own shell, a hook or a question would carry out. */
const followText = (call: Call, text: string, socket: string): Result =>
  call.runText(`tmux -S '${socket}' ${text.replaceAll(';', '\\;')}`, fork(call.scope), null);

const ENDING_OPTION = /\b(?:destroy|exit)-unattached\s+(?:on|1|keep)/;

const TAKES_PLACE = new Set(['move-window', 'link-window', 'new-window']);

const follow = (call: Call, order: Order, socket: string): Result => {
  const {verb, words} = order;
  if (TAKES_PLACE.has(verb) && words.some(word => /^-[a-z]*k/.test(word))) {
    const [place = ''] = parseOptions(words, {short: 'ceFnsSt', stops: true}).all('t');
    return follow(call, {verb: 'kill-window', words: ['-t', place]}, socket);
  }
  const texts = textsIn(order);
  if (texts !== null) {
    const [asked] = verb === 'if-shell' && !words.includes('-F') ? parseOptions(words, {short: 't', stops: true}).rest : [];
    call.runText(asked ?? '', fork(call.scope), null);
    for (const text of texts) {
      followText(call, text, socket);
    }
    return unclear('what tmux writes is not known');
  }
  const isKill = /^kill-(?:pane|window|session|server)$|^unlink-window$|^respawn-/.test(verb);
  if (verb.startsWith('respawn-') && !words.some(word => /^-[a-z]*k/.test(word))) {
    return NOTHING;
  }
  if (verb === 'source-file') {
    for (const file of parseOptions(words, {short: 't', stops: true}).rest) {
      (file === '-' ? followInput : followFile)(call, socket, file);
    }
  }
  if (verb === 'set-option' && ENDING_OPTION.test(words.join(' '))) {
    return undecided(call, 'sessions without anybody who looks at them end with that');
  }
  const inner = fork(call.scope);
  setText(inner, 'TMUX', known(socket));
  const run = shellTextsIn(order).map(text => call.runText(text, inner, null));
  if (run.length > 0 && !isKill && !verb.startsWith('list-')) {
    return run[0] ?? NOTHING;
  }
  const isShown = verb.startsWith('list-') || (verb === 'display-message' && words.some(word => /^-[a-z]*p/.test(word)));
  if (!isKill && verb !== 'send-keys' && verb !== 'has-session' && !isShown) {
    return unclear('what tmux writes is not known');
  }
  const server = tmuxOf(call, socket);
  if (!server.known) {
    return isKill || verb === 'send-keys' ? undecided(call, server.because) : unclear(server.because);
  }
  if (verb === 'kill-server') {
    return words.length > 0 ? answer('', 1) : killServer(call, server.value);
  }
  if (isKill) {
    return kill(call, order, server.value);
  }
  if (verb === 'has-session') {
    return answer('', target(server.value, parseOptions(words, {short: 't', stops: true}).all('t')[0], call, 'session') === null ? 1 : 0);
  }
  return verb === 'send-keys' ? sendKeys(call, order, server.value) : list(call, order, server.value);
};
