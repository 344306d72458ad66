// A connection to NATS servers that is taken up again by itself, later and later, and what went wrong with it in words.
import {
  type Authenticator,
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  PermissionViolationError,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import type {NatsAddress} from '../remote/nats-address.ts';
import type {NatsCredentials} from '../remote/nats-credentials.ts';
import type {NatsFlags} from '../remote/nats-flags.ts';

const CONNECT_MS = 10_000;
/** A dead line is noticed within two of these. */
const PING_MS = 5_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/**
 * Twice as long each time, less a part of chance: a thousand machines must not knock at a server that has just begun at the same moment.
 * Never longer than `longestMs`: who watches is back within ten seconds of the server.
 */
export const createBackOff = (longestMs = LONGEST_WAIT_MS) => {
  let wait = FIRST_WAIT_MS;
  return {
    next: (): number => {
      const now = wait;
      wait = Math.min(longestMs, wait * 2);
      return now * (0.5 + Math.random() / 2);
    },
    reset: (): void => {
      wait = FIRST_WAIT_MS;
    },
  };
};

const authenticatorOf = (creds: NatsCredentials): Authenticator => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  switch (creds.kind) {
    case 'jwt':
      return credsAuthenticator(bytes(creds.text));
    case 'nkey':
      return nkeyAuthenticator(bytes(creds.seed));
    case 'password':
      return usernamePasswordAuthenticator(creds.user, creds.password);
  }
};

export interface ConnectParts extends NatsFlags {
  readonly address: NatsAddress;
  /** Where answers come to. */
  readonly inbox: string;
  /** What the server's own pages call it. */
  readonly name: string;
}

/** Rejects where the first connection cannot be had; later ones are tried for ever. */
export const connectNats = async ({address, creds, ca, inbox, name}: ConnectParts): Promise<NatsConnection> => {
  const backOff = createBackOff();
  const nats = await connect({
    servers: [...address.servers],
    name,
    timeout: CONNECT_MS,
    inboxPrefix: inbox,
    maxReconnectAttempts: -1,
    // A server that is being set up anew refuses for a while those whom it will know.
    ignoreAuthErrorAbort: true,
    ignoreClusterUpdates: true,
    pingInterval: PING_MS,
    maxPingOut: 2,
    reconnectDelayHandler: backOff.next,
    noAsyncTraces: true,
    ...(creds === null ? {} : {authenticator: authenticatorOf(creds)}),
    ...(address.tls ? {tls: ca === null ? {} : {ca}} : {}),
  });
  void (async () => {
    for await (const {type} of nats.status()) {
      if (type === 'reconnect') {
        backOff.reset();
      }
    }
  })();
  return nats;
};

/** Everything that an error says it comes from, itself first. */
const causesOf = (error: unknown): readonly Error[] => (error instanceof Error ? [error, ...causesOf(error.cause)] : []);

/** Whether only a person can change it: the server does not know these credentials, or does not let them. */
export const isForbidden = (error: unknown): boolean =>
  causesOf(error).some(cause => cause instanceof AuthorizationError || cause instanceof PermissionViolationError);

const MOST_WORDS = 200;

/** What an error of the client says, in one line. */
export const wordsOf = (error: unknown): string => {
  const [last] = causesOf(error).toReversed();
  return (last?.message || String(error)).replaceAll(/\s+/g, ' ').slice(0, MOST_WORDS);
};
