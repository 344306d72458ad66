// The journal as a text of its own.
import {openOverlay} from '../../store/overlays.ts';
import {readingWidth} from '../dialogs/reading-dialog.ts';
import {isBare} from '../layout.ts';
import {wholeFrom} from '../panels/text-panels.ts';
import type {ScreenContext} from '../screen-context.ts';

/** All of the journal; from its panel on, what stands first there. */
export const openJournal = (context: ScreenContext): void => {
  const {store} = context;
  const layout = context.layout();
  const state = store.getState();
  const rect = state.focus === 'journal' ? layout.panels.journal : undefined;
  const scroll = rect === undefined ? 0 : wholeFrom(state, {rect, bare: isBare(layout)}, readingWidth('journal', layout.columns));
  store.change(openOverlay({kind: 'journal', scroll}));
};
