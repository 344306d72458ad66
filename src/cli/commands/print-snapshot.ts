// rigtop snapshot: the raw observation as one JSON document, for bug reports and for looking at another machine; --follow goes on.

import type {Snapshot} from '../../core/domain/snapshot.ts';
import {agentPanes} from '../../core/judge/agent-hints.ts';
import {identifyFleet} from '../../core/judge/owners/identify.ts';
import {createCollector} from '../../core/look/collector.ts';
import {createScreenWatch, readerOf} from '../../core/look/screen-watch.ts';
import {SOURCES} from '../../sources/sources.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configSources, configTrouble} from '../config-sources.ts';
import {jsonLine} from '../documents/json-text.ts';
import {snapshotDocument} from '../documents/snapshot-document.ts';
import {EXIT} from '../exit-codes.ts';
import {isFailure} from '../failure.ts';
import {openHost, readConfig} from '../open-fleet.ts';
import {followLooks} from '../remote/follow-looks.ts';
import {parseInterval} from '../screen-flags.ts';
import {VERSION} from '../version.ts';

export const runSnapshot = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, options} = invocation;
  const intervalMs = parseInterval(options);
  if (isFailure(intervalMs)) {
    return intervalMs;
  }
  const config = await readConfig(invocation);
  const host = openHost(invocation);
  const collector = createCollector(host, config.settings, SOURCES);
  const observer = {version: VERSION, settings: config.settings};
  const screens = createScreenWatch(host, {sources: SOURCES, read: readerOf(SOURCES)});
  const withScreens = (look: Snapshot): Promise<Snapshot> =>
    screens.read(look, () => agentPanes(look, identifyFleet(look, config.settings, SOURCES).agents));
  const sources = configSources(config);
  try {
    if (options.isSet('follow')) {
      await followLooks({host, collector, withScreens, observer, sources, intervalMs: intervalMs ?? config.intervalMs}, io);
      return EXIT.done;
    }
    const look = await collector.look();
    const snapshot = {...look, sources: [...look.sources, ...sources]};
    io.out(jsonLine(snapshotDocument(snapshot, observer)));
    const blind = snapshot.sources.some(source => source.state === 'unknown');
    return configTrouble(config, io) ?? (blind ? EXIT.incomplete : EXIT.done);
  } finally {
    await collector.close();
    await host.close();
  }
};
