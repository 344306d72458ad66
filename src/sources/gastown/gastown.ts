// The front of everything that knows Gas Town's names, places and claims. Pure.
export {townSocketName} from '../../core/domain/town-socket.ts';
export {type ExpectedAgent, expectedAgents} from './expected-agents.ts';
export {claimProcess, claimSession} from './town-claims.ts';
export {parseSessionName, type SessionRegistry, sessionNameOf} from './town-names.ts';
export {standingOf} from './town-places.ts';
