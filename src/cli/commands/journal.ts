// rigtop journal: what rigtop did and what came of it; -f waits for more.

import {type JournalLine, journalPath} from '../../core/act/journal-file.ts';
import {followJournal} from '../../core/act/journal-reader.ts';
import {readJournal} from '../../core/act/read-journal.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import {createHost} from '../../core/os/real-host.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonLine} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {incomplete, isFailure} from '../failure.ts';
import {formatJournalLine} from '../journal-text.ts';
import {allowsColor, createPaint} from '../paint.ts';
import {parseSince} from '../since.ts';

export const runJournal = async ({io, flags, options}: Invocation): Promise<CommandAnswer> => {
  const host = createHost({markers: new Set(), env: io.env, cwd: io.cwd});
  const directory = stateDirectory(host.env, host.home);
  const since = parseSince(options.text('since'), host.epochMs());
  const paint = createPaint(allowsColor(flags.color, io));
  const isMeant = (line: JournalLine): boolean => line.type === 'refusal' || !options.isSet('guard');
  const print = (line: JournalLine): void => {
    if (!isMeant(line)) {
      return;
    }
    const {at, text, tone} = formatJournalLine(line);
    io.out(flags.json ? jsonLine(line) : `${paint('quiet', new Date(at).toISOString())}  ${paint(tone, text)}\n`);
  };
  try {
    if (isFailure(since)) {
      return since;
    }
    const lines = options.isSet('follow') ? followJournal(host, directory, since, io.closed) : await readJournal(directory, since);
    for await (const line of lines) {
      print(line);
      if (io.closed.aborted) {
        break;
      }
    }
    return EXIT.done;
  } catch (error) {
    return incomplete(
      `the journal cannot be read (${(error as NodeJS.ErrnoException).code ?? 'failed'})`,
      `look at ${journalPath(directory)}`,
    );
  } finally {
    await host.close();
  }
};
