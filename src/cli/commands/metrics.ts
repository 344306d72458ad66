// rigtop metrics: numbers of one look for Prometheus, on stdout or as a file for the textfile collector of node_exporter.
import {resolve} from 'node:path';
import {publishFile} from '../../core/os/public-file.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {EXIT} from '../exit-codes.ts';
import {type Failure, incomplete, refused, wrongUsage} from '../failure.ts';
import {expositionText} from '../metrics/exposition.ts';
import {fleetMetrics} from '../metrics/fleet-metrics.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {VERSION} from '../version.ts';

const publish = async (path: string, text: string): Promise<Failure | null> => {
  const published = await publishFile(path, text);
  if (published.ok) {
    return null;
  }
  const said = `${path} is not written: ${published.because}`;
  switch (published.why) {
    case 'refused':
      return refused('textfile', said, 'name a regular file, or one that is not there yet');
    case 'missing':
      return wrongUsage(said, 'name a file in a directory that is there');
    case 'failed':
      return incomplete(said, 'name a directory that you may write in');
  }
};

/** What could not be looked at is in the numbers, and makes the exit code 3; what is wrong in the fleet is only in the numbers. */
export const runMetrics = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, options} = invocation;
  const textfile = options.text('textfile');
  if (textfile === '') {
    return wrongUsage('--textfile names no file', 'such as --textfile /var/lib/prometheus/node-exporter/rigtop.prom');
  }
  const config = await readConfig(invocation);
  const {engine} = openFleet(invocation, config, null, {readsScreens: true});
  try {
    const assessment = await engine.refreshUntilSettled();
    const text = expositionText(fleetMetrics(assessment, VERSION));
    const failure = textfile === undefined ? null : await publish(resolve(io.cwd, textfile), text);
    if (failure !== null) {
      return failure;
    }
    if (textfile === undefined) {
      io.out(text);
    }
    const blind = assessment.snapshot.sources.some(({state}) => state === 'unknown');
    return configTrouble(config, io) ?? (blind ? EXIT.incomplete : EXIT.done);
  } finally {
    await engine.close();
  }
};
