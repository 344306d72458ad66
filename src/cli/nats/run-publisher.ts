// `rigtop publish` at work: the connection, and what the server says to a line.
import {jetstream} from '@nats-io/jetstream';
import type {NatsConnection} from '@nats-io/transport-node';
import {machineInbox, subjectOf} from './bucket.ts';
import {type ConnectParts, connectNats, createBackOff, isForbidden, wordsOf} from './connection.ts';
import {type PublisherParts, publishLooks, type Sent} from './publisher.ts';

const ANSWER_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

const sendTo = (nats: NatsConnection, name: string): PublisherParts['send'] => {
  const subject = subjectOf(name);
  const stream = jetstream(nats);
  return async (data): Promise<Sent> => {
    const most = nats.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (data.length > most) {
      return {ok: false, forbidden: false, because: `a look has ${data.length} bytes, and the server takes ${most} (max_payload)`};
    }
    try {
      await stream.publish(subject, data, {timeout: ANSWER_MS, retries: 0});
      return {ok: true};
    } catch (error) {
      const words = wordsOf(error);
      // That is what the client says where nobody keeps the subject.
      const because = /jetstream is not enabled|no responders/i.test(words)
        ? 'nobody keeps what is published: JetStream has to be on, and the bucket made, which `rigtop watch` of this server does'
        : words;
      return {ok: false, forbidden: isForbidden(error), because};
    }
  };
};

/** `tell` is called once for each reason. */
export interface RunParts extends Omit<PublisherParts, 'send' | 'backOff'> {
  readonly connection: Omit<ConnectParts, 'inbox' | 'name'>;
  readonly name: string;
}

/** Resolves with the reason where the server forbids it; until then it goes on, whatever becomes of the server. */
export const runPublisher = async ({connection, name, tell, sleep, ...rest}: RunParts): Promise<string> => {
  const backOff = createBackOff(LONGEST_WAIT_MS);
  let told: string | null = '';
  const tellOnce = (because: string | null): void => {
    if (because !== told) {
      told = because;
      tell(because);
    }
  };
  for (;;) {
    try {
      const nats = await connectNats({...connection, inbox: machineInbox(name), name: `rigtop publish ${name}`});
      backOff.reset();
      const because = await publishLooks({...rest, sleep, tell: tellOnce, send: sendTo(nats, name), backOff});
      await nats.close();
      return because;
    } catch (error) {
      const because = wordsOf(error);
      if (isForbidden(error)) {
        return because;
      }
      tellOnce(because);
      await sleep(backOff.next());
    }
  }
};
