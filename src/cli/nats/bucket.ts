// Where machines publish: one JetStream key-value bucket, one key for each machine, so that the server's permissions say who may write which. Pure.

export const BUCKET = 'rigtop';
/** The stream behind a bucket, and the subject behind a key, as NATS defines them (ADR-8). */
export const STREAM = `KV_${BUCKET}`;
export const SUBJECTS = `$KV.${BUCKET}.>`;

export const subjectOf = (name: string): string => `$KV.${BUCKET}.${name}`;

/** The machine's name in a subject of the bucket. */
export const nameIn = (subject: string): string => subject.slice(`$KV.${BUCKET}.`.length);

/** A whole look at the least so often: behind it stand only changes. */
export const MOST_CHANGES = 15;
/** As much as two whole looks with their changes: one of them is always there. */
export const HISTORY = 2 * (MOST_CHANGES + 1);
/** Of a machine that has not been heard of for so long nothing is left. */
export const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Where answers come to. Each has its own, so that permissions can keep one from listening to what the others are told: with the usual
 * `_INBOX.>` every machine could read the looks of all that are on their way to a reader.
 */
export const WATCHER_INBOX = '_INBOX.watch';
export const machineInbox = (name: string): string => `_INBOX.machine.${name}`;
