// The front of everything that knows Gas Town's names, places and claims. Pure.
export {townSocketName} from '../domain/town-socket.ts';
export {type ClaimedSession, claimProcess, claimSession, type TownClaim, townAgentRef} from './gastown-claims.ts';
export {type ExpectedAgent, expectedAgents} from './gastown-expected.ts';
export {type NameReading, parseSessionName, type SessionRegistry, sessionNameOf, sessionRegistry} from './gastown-names.ts';
export {type Standing, standingOf, type TownPlace} from './gastown-places.ts';
