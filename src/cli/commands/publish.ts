// rigtop publish: sends the looks of this machine to a NATS server, for who cannot come in. Nothing else is sent, nothing is listened to.

import {keepHeapSmall, NOBODY_WAITS, restingHeap} from '../../core/os/small-heap.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {type Failure, isFailure, refused, wrongUsage} from '../failure.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {type NatsAddress, parseNatsAddress, publishedNameTrouble} from '../remote/nats-address.ts';
import {readNatsFlags} from '../remote/nats-flags.ts';
import {slimLook} from '../remote/slim-look.ts';
import {parseInterval} from '../screen-flags.ts';
import {VERSION} from '../version.ts';

const addressOf = (word: string): NatsAddress | Failure => {
  const address = parseNatsAddress(word);
  return 'because' in address
    ? wrongUsage(`${word} is no address of NATS servers: ${address.because}`, 'such as nats://nats.example')
    : address;
};

export const runPublish = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, options, args} = invocation;
  const address = addressOf(args[0] ?? '');
  const intervalMs = parseInterval(options);
  if (isFailure(address)) {
    return address;
  }
  if (isFailure(intervalMs)) {
    return intervalMs;
  }
  const config = await readConfig(invocation);
  const {engine, host} = openFleet(invocation, config, null, {readsScreens: true});
  const name = options.text('name') ?? host.hostname;
  const trouble = publishedNameTrouble(name);
  if (trouble !== null) {
    return wrongUsage(`this machine cannot be "${name}": ${trouble}`, 'choose another one: --name NAME');
  }
  const nats = await readNatsFlags(options, host);
  if (isFailure(nats)) {
    return nats;
  }
  keepHeapSmall();
  const rest = restingHeap();
  const {runPublisher} = await import('../nats/run-publisher.ts');
  const because = await runPublisher({
    connection: {address, ...nats},
    name,
    look: async () => slimLook(await engine.refresh()),
    observer: {version: VERSION, settings: config.settings},
    sleep: ms => {
      rest(NOBODY_WAITS);
      return host.sleep(ms);
    },
    intervalMs: intervalMs ?? config.intervalMs,
    tell: words =>
      io.err(words === null ? `rigtop: publishing as ${name} to ${address.text}\n` : `rigtop: not published: ${words}; trying on\n`),
  });
  await engine.close();
  return refused(
    'nats',
    `${address.text} does not let this machine publish as ${name}: ${because}`,
    'look at the permissions of its credentials',
  );
};
