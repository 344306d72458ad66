// rigtop attach REF: the session of a thing in this terminal, found by its reference and shown by its identity.
import type {Assessment} from '../../core/domain/fleet.ts';
import {type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import type {Thing} from '../../core/domain/thing.ts';
import {createHandOver} from '../../core/look/hand-over.ts';
import {SOURCES} from '../../sources/sources.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {EXIT} from '../exit-codes.ts';
import {incomplete, isFailure, refused, wrongUsage} from '../failure.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {resolveArgument} from '../resolve-argument.ts';

interface Place {
  readonly session: Session;
  readonly paneId: string | null;
}

/** The session that a thing is or lives in, and the pane of it that it runs in; null where it has none. */
const sessionOf = (thing: Thing, {snapshot}: Pick<Assessment, 'snapshot'>): Place | null => {
  const keyed = (key: string | null, paneId: string | null): Place | null => {
    const session = snapshot.servers.flatMap(({sessions}) => sessions).find(each => sessionKey(each) === key);
    return session === undefined ? null : {session, paneId};
  };
  switch (thing.sort) {
    case 'session':
      return {session: thing.session, paneId: null};
    case 'pane':
      return {session: thing.session, paneId: thing.pane.id};
    case 'agent':
      return keyed(thing.agent.session, thing.agent.pane ?? null);
    case 'finding':
      return keyed(thing.finding.session, null);
    default:
      return null;
  }
};

export const runAttach = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, args} = invocation;
  const [ref = ''] = args;
  if (!(io.stdinIsTerminal && io.stdoutIsTerminal)) {
    return wrongUsage('a session is shown on a terminal only', `rigtop explain ${ref} tells of it`);
  }
  const config = await readConfig(invocation);
  const {engine, host} = openFleet(invocation, config, null);
  try {
    const assessment = await engine.refreshUntilSettled();
    const thing = resolveArgument(ref, assessment);
    if (isFailure(thing)) {
      return thing;
    }
    const place = sessionOf(thing, assessment);
    if (place === null) {
      return wrongUsage(`${ref} has no session to attach to`, 'name an agent, a session or a pane');
    }
    const {socket, id: sessionId, name} = place.session;
    const hands = createHandOver(host, SOURCES);
    if (hands.isOwnServer(socket)) {
      return refused('own-server', `${ref} is on the server that this terminal is in`, 'switch to it there: tmux switch-client');
    }
    const because = hands.attach({socket, sessionId, name, paneId: place.paneId}, {readOnly: config.readOnly});
    return because === null ? EXIT.done : incomplete(`${ref} could not be shown`, because);
  } finally {
    await engine.close();
  }
};
