// rigtop snapshot: the raw observation as one JSON document, for bug reports and for looking at another machine.

import {createCollector} from '../../core/collect/collect.ts';
import {createHost} from '../../core/os/real-host.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {jsonLine} from '../documents/json-text.ts';
import {snapshotDocument} from '../documents/snapshot.ts';
import {EXIT} from '../exit-codes.ts';
import {readConfig} from '../open-fleet.ts';

export const runSnapshot = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io} = invocation;
  const config = await readConfig(invocation);
  const host = createHost({env: io.env, cwd: io.cwd, inThread: true});
  const collector = createCollector(host, config.settings);
  try {
    const snapshot = await collector.look();
    io.out(jsonLine(snapshotDocument(snapshot)));
    const blind = snapshot.sources.some(source => source.state === 'unknown');
    return configTrouble(config, io) ?? (blind ? EXIT.incomplete : EXIT.done);
  } finally {
    await collector.close();
    await host.close();
  }
};
