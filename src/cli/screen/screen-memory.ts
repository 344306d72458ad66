// The file in which a screen remembers where it stood, for the next one: in the state directory, private, put in place whole.
import type {ThemeName} from '../../config/load.ts';
import {readOwn, replaceDocument} from '../../core/os/state-files.ts';
import {parseRemembered, type Remembered} from '../../store/remembered.ts';
import {SCREEN_FLAGS} from '../screen-flags.ts';

/** A panel, four orders and a filter are far less. */
const MOST_BYTES = 4096;

export interface ScreenMemory {
  readonly remembered: Remembered | null;
  readonly theme: ThemeName | null;
  /** Why what is there is not used, in words; null where it is, or where nothing is there. */
  readonly trouble: string | null;
}

const NOTHING: ScreenMemory = {remembered: null, theme: null, trouble: null};

const screenMemoryPath = (directory: string): string => `${directory}/screen.json`;

/** Whatever stands there, a screen begins: broken, another user's or another version's is as none. */
export const readScreenMemory = async (directory: string): Promise<ScreenMemory> => {
  const path = screenMemoryPath(directory);
  const file = await readOwn(path, MOST_BYTES);
  if (file.state === 'missing') {
    return NOTHING;
  }
  const remembered = file.state === 'ok' ? parseRemembered(file.value) : null;
  const because = file.state === 'unknown' ? file.because : 'it is not what rigtop writes';
  return remembered === null
    ? {...NOTHING, trouble: `What the last screen left in ${path} is not used: ${because}`}
    : {remembered, theme: SCREEN_FLAGS.theme.choices.find(name => name === remembered.theme) ?? null, trouble: null};
};

/** What could not be written is forgotten: nothing rests on it. Of two screens the last one counts. */
export const writeScreenMemory = async (directory: string, remembered: Remembered): Promise<void> => {
  await replaceDocument(screenMemoryPath(directory), `${JSON.stringify(remembered)}\n`, false);
};
