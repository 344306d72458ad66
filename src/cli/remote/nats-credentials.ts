// Who rigtop is to a NATS server, by the text of a file: a .creds file with a JWT, the seed of an nkey, or USER:PASSWORD on one line. Pure.

export type NatsCredentials =
  | {readonly kind: 'jwt'; readonly text: string}
  | {readonly kind: 'nkey'; readonly seed: string}
  | {readonly kind: 'password'; readonly user: string; readonly password: string};

/** Seeds of users begin so (nkeys: a prefix byte in base32, then 32 bytes and a checksum). */
const SEED = /^SU[A-Z2-7]{56}$/m;

/** Null where the text is none of the three. */
export const parseNatsCredentials = (text: string): NatsCredentials | null => {
  if (text.includes('BEGIN NATS USER JWT')) {
    return {kind: 'jwt', text};
  }
  const seed = SEED.exec(text)?.[0];
  if (seed !== undefined) {
    return {kind: 'nkey', seed};
  }
  const [, user, password] = /^([^:\s]+):(\S+)\s*$/.exec(text) ?? [];
  return user === undefined || password === undefined ? null : {kind: 'password', user, password};
};
