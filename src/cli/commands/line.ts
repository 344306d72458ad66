// rigtop line: the fleet in one short line for a status bar, by a look of its own: nothing that runs has left one (see print-left.ts).
import {forStatusBar, statusLine} from '../../words/status-line.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {EXIT} from '../exit-codes.ts';
import {openFleet, readConfig} from '../open-fleet.ts';

export const runLine = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io} = invocation;
  const config = await readConfig(invocation);
  const {engine} = openFleet(invocation, config, null, {readsScreens: true});
  try {
    const look = await engine.refreshUntilSettled();
    io.out(`${forStatusBar(statusLine(look))}\n`);
    const blind = look.snapshot.sources.some(({state}) => state === 'unknown');
    return configTrouble(config, io) ?? (blind ? EXIT.incomplete : EXIT.done);
  } finally {
    await engine.close();
  }
};
