// What lies on top, drawn over the panels. Only an open plan has a clock: its life runs out before the eyes.
import {useEffect, useState} from 'react';
import {useStore} from 'zustand';
import type {Overlay, ScreenState} from '../store/state.ts';
import {topOverlay} from '../store/state.ts';
import {paletteEntries, readingOf} from './actions/overlay-content.ts';
import {planMoment} from './actions/plan-reading.ts';
import {drawPalette, drawSortMenu} from './dialogs/choosing.ts';
import {drawPlanDialog} from './dialogs/plan-dialog.ts';
import {drawReading} from './dialogs/reading-dialog.ts';
import {EvidenceTableView} from './evidence-table.tsx';
import type {Layout} from './layout.ts';
import type {ScreenContext} from './screen-context.ts';
import {DrawnView} from './screen-lines.tsx';
import type {Theme} from './theme.ts';

interface Props {
  readonly context: ScreenContext;
  readonly theme: Theme;
  readonly layout: Layout;
}

const PlanOverlayView = ({overlay, context, theme, layout}: Props & {readonly overlay: Extract<Overlay, {readonly kind: 'plan'}>}) => {
  const [, tick] = useState(0);
  const asking = overlay.run.phase === 'asking';
  const {id} = overlay.run.plan;
  useEffect(() => {
    if (!asking) {
      return;
    }
    const timer = setInterval(() => tick(count => count + 1), 1000);
    return () => clearInterval(timer);
  }, [asking, id]);
  const {rect, drawn} = drawPlanDialog(overlay, layout, theme, planMoment(context, overlay));
  return <DrawnView rect={rect} drawn={drawn} />;
};

const ReadingOverlayView = ({overlay, context, theme}: Omit<Props, 'layout'> & {readonly overlay: Parameters<typeof readingOf>[1]}) => {
  const view = readingOf(context, overlay);
  const text = <DrawnView rect={view.rect} drawn={drawReading(view, overlay.scroll, theme)} />;
  return (
    <>
      {text}
      {view.tables.map(table => (
        <EvidenceTableView key={table.at} table={table} theme={theme} frame={view.rect} scroll={overlay.scroll} />
      ))}
    </>
  );
};

/** What an open overlay changes with. */
const followedBy = (overlay: Overlay | null, {journal, view}: ScreenState): unknown => {
  if (overlay === null) {
    return null;
  }
  return overlay.kind === 'journal' ? journal : view;
};

export const OverlayView = ({context, theme, layout}: Props) => {
  const overlay = useStore(context.store, topOverlay);
  // Help and palette tell what is possible now, and the journal grows: they follow the fleet.
  useStore(context.store, state => followedBy(overlay, state));
  if (overlay === null) {
    return null;
  }
  switch (overlay.kind) {
    case 'filter':
      return null;
    case 'plan':
      return <PlanOverlayView overlay={overlay} context={context} theme={theme} layout={layout} />;
    case 'palette': {
      const {rect, drawn} = drawPalette(overlay, paletteEntries(context, overlay.text), layout, theme);
      return <DrawnView rect={rect} drawn={drawn} />;
    }
    case 'sort': {
      const {rect, drawn} = drawSortMenu(overlay, layout, theme);
      return <DrawnView rect={rect} drawn={drawn} />;
    }
    default:
      return <ReadingOverlayView overlay={overlay} context={context} theme={theme} />;
  }
};
