// The machines that publish to a NATS server, each as a way whose lines come from there. Nothing goes back to them.
import {randomBytes} from 'node:crypto';
import {DeliverPolicy, jetstream, type OrderedConsumerOptions} from '@nats-io/jetstream';
import {Kvm} from '@nats-io/kv';
import type {NatsConnection} from '@nats-io/transport-node';
import type {Way} from '../remote/way.ts';
import {BUCKET, HISTORY, KEPT_MS, nameIn, STREAM, SUBJECTS, WATCHER_INBOX} from './bucket.ts';
import {type ConnectParts, connectNats, createBackOff, wordsOf} from './connection.ts';
import {createLineDesk, type DeskParts, type LineDesk} from './line-desk.ts';

/** Lines on their way from the server at one time: a flood waits there. */
const MOST_COMING = 64;
const FIRST_TABLE_MS = 30_000;

/** With a name of its own: of two readers in one process the client would call both alike, and each would end the other's. */
const newConsumer = (): Partial<OrderedConsumerOptions> => ({
  filter_subjects: SUBJECTS,
  deliver_policy: DeliverPolicy.All,
  name_prefix: `rigtop_${randomBytes(8).toString('hex')}`,
});

export interface NatsFleet {
  /** One for each machine of which something is there; `changed` is called when another one has come. */
  ways(): readonly Way[];
  close(): Promise<void>;
}

/** Makes the bucket where it is missing: who watches decides how much is kept, not who publishes. */
const ensureBucket = async (nats: NatsConnection): Promise<void> => {
  const manager = await jetstream(nats).jetstreamManager(false);
  const isThere = await manager.streams.info(STREAM).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await new Kvm(nats).create(BUCKET, {history: HISTORY, ttl: KEPT_MS});
  }
};

/** Hands everything that is there and that comes to the desk. Resolves once the connection is closed. */
const consume = async (nats: NatsConnection, desk: LineDesk): Promise<void> => {
  const backOff = createBackOff();
  while (!nats.isClosed()) {
    try {
      const consumer = await jetstream(nats).consumers.get(STREAM, newConsumer());
      const {created, num_pending: pending} = await consumer.info();
      desk.begin(Date.parse(created), pending);
      for await (const message of await consumer.consume({max_messages: MOST_COMING})) {
        backOff.reset();
        desk.take(nameIn(message.subject), message.data, message.time.getTime());
      }
    } catch {
      // The connection says what became of it; the bucket may have been removed, and come back.
    }
    await new Promise(resolve => setTimeout(resolve, backOff.next()));
  }
};

const followStatus = async (nats: NatsConnection, desk: LineDesk): Promise<void> => {
  for await (const {type} of nats.status()) {
    if (type === 'disconnect') {
      desk.lose();
    } else if (type === 'reconnect') {
      desk.regain();
    }
  }
};

export type NatsFleetParts = Omit<ConnectParts, 'inbox' | 'name'> & Pick<DeskParts, 'showsSilent' | 'changed'>;

/** Resolves when everything that was there has come. Rejects with an error whose message says why there is nothing to see. */
export const openNatsFleet = async ({showsSilent, changed, ...parts}: NatsFleetParts): Promise<NatsFleet> => {
  const nats = await connectNats({...parts, inbox: WATCHER_INBOX, name: 'rigtop watch'});
  try {
    await ensureBucket(nats);
  } catch (error) {
    await nats.close();
    throw new Error(`there is no bucket "${BUCKET}" to be read, and it cannot be made: ${wordsOf(error)}`, {cause: error});
  }
  const desk = createLineDesk({address: parts.address.text, showsSilent, changed});
  void followStatus(nats, desk);
  const consuming = consume(nats, desk);
  const late = setTimeout(desk.finishLoading, FIRST_TABLE_MS);
  await desk.loaded;
  clearTimeout(late);
  return {
    ways: desk.ways,
    close: async () => {
      await nats.close();
      await consuming;
    },
  };
};
