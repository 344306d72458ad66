// The front of everything that knows Gas Town's names, places and claims. Pure.
export {townSocketName} from '../domain/town-socket.ts';
export {claimProcess, claimSession, type TownClaim} from './gastown-claims.ts';
export {type ExpectedAgent, expectedAgents} from './gastown-expected.ts';
export {parseSessionName, type SessionRegistry, sessionNameOf} from './gastown-names.ts';
export {standingOf} from './gastown-places.ts';
