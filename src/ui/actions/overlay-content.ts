// What the overlays show, worked out from the keymap and the state: help with its reasons, palette, sort menu. Pure over the context.
import {type ScreenState, topOverlay} from '../../store/state.ts';
import {describeLegend} from '../../words/legend.ts';
import type {HelpEntry, HelpText, ReadingOverlay} from '../dialogs/reading-dialog.ts';
import {type ReadingView, readingView} from '../dialogs/reading-dialog.ts';
import {type Line, plain} from '../format.ts';
import {type PaletteEntry, rowEntries, searchPalette, themeEntries} from '../palette.ts';
import type {Hint} from '../panels/bars.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';

const reasonOf = (context: ScreenContext, binding: Binding): string | null => binding.disabledReason?.(context) ?? null;

const onPanels = (context: ScreenContext): readonly Binding[] =>
  context.keymap.bindings.filter(binding => binding.scope === 'panels' || binding.scope === 'always');

/** Every key of the panels; what does nothing now says why. */
export const helpEntries = (context: ScreenContext): readonly HelpEntry[] =>
  onPanels(context).map(binding => ({
    keys: binding.keys.length === 0 ? '(no key)' : binding.keys.join(' '),
    title: binding.title,
    reason: reasonOf(context, binding),
  }));

/** The words that stand on the screen now come first. */
const helpText = (context: ScreenContext): HelpText => {
  const {view, meanings, remedies} = context.store.getState();
  const words = [...view.ports, ...view.agents, ...view.orphans].map(({badge}) => badge.word.replace(/ !$/, ''));
  return {keys: helpEntries(context), legend: describeLegend({meanings, remedies}, new Set(words))};
};

const isPossible = ({perform, outside}: ScreenContext, {dangerous, needsOutside}: Binding): boolean =>
  (perform !== null || dangerous !== true) && (outside !== null || needsOutside !== true);

/** Whether there is anything that it could be done to; before the first look there may be. */
const hasSubject = ({view, assessment}: Pick<ScreenState, 'view' | 'assessment'>, {needsRows}: Binding): boolean =>
  assessment === null || needsRows === undefined || needsRows.some(panel => view[panel].length > 0);

/**
 * The footer: the same line whatever is selected, so that it holds still; what can never be done here, or to nothing that is there, is left
 * away, and all of it while something lies on the panels that takes the keys.
 */
export const hintsOf = (context: ScreenContext): readonly Hint[] =>
  (topOverlay(context.store.getState()) === null ? onPanels(context) : [])
    .filter(binding => binding.hint !== undefined && binding.keys.length > 0)
    .filter(binding => isPossible(context, binding) && hasSubject(context.store.getState(), binding))
    .toSorted((one, other) => (one.hint ?? 0) - (other.hint ?? 0))
    .map(binding => {
      const aside = binding.aside?.(context) ?? null;
      return {key: binding.keys[0] ?? '', label: binding.label, ...(aside === null ? {} : {aside})};
    });

/** `x stop  r restart`: the keys of actions, as they are bound; what can never be done here is left away. */
export const keyWords =
  (context: ScreenContext) =>
  (actions: readonly string[]): Line =>
    actions
      .flatMap(id => onPanels(context).find(binding => binding.id === id && isPossible(context, binding)) ?? [])
      .flatMap(({keys, label}) => (keys[0] === undefined ? [] : [plain(keys[0], 'key'), plain(` ${label}  `)]));

export const paletteEntries = (context: ScreenContext, query: string): readonly PaletteEntry[] => {
  const actions = onPanels(context)
    .filter(({id, moves}) => id !== 'palette' && moves !== true)
    .map(
      (binding): PaletteEntry => ({
        title: `${binding.id}  ${binding.title}`,
        note: binding.keys.join(' '),
        reason: reasonOf(context, binding),
        target: {action: binding.id},
      }),
    )
    // What can be done now comes first.
    .toSorted((one, other) => Number(one.reason !== null) - Number(other.reason !== null));
  return searchPalette([...actions, ...themeEntries(), ...rowEntries(context.store.getState().view)], query);
};

export const readingOf = (context: ScreenContext, overlay: ReadingOverlay): ReadingView =>
  readingView(overlay, context.layout(), context.store.getState(), overlay.kind === 'help' ? helpText(context) : {keys: [], legend: []});
