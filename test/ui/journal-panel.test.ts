import {describe, expect, test} from 'vitest';
import type {JournalLine} from '../../src/store/state.ts';
import {topOverlay} from '../../src/store/state.ts';
import {readingView} from '../../src/ui/dialogs/reading-dialog.ts';
import {drawJournalPanel} from '../../src/ui/panels/text-panels.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {openScreen} from './context.ts';

const AT = Date.parse('2026-03-02T11:02:40');
const LONG = `guard denied claude: ${Array.from({length: 60}, (_, at) => `pkill -f part-${at}`).join('; ')}: the end of it`;
const JOURNAL: readonly JournalLine[] = [
  {at: AT, text: LONG, tone: 'warning'},
  {at: AT + 1000, text: LONG.replace('claude', 'codex'), tone: 'warning'},
  {at: AT + 2000, text: 'a short one', tone: 'plain'},
];

const linesOf = (width: number, height: number): readonly string[] => {
  const theme = resolveTheme('mono', {LANG: 'C.UTF-8'});
  const rect = {left: 0, top: 0, width, height};
  return drawJournalPanel({journal: JOURNAL, journalScroll: 0, focus: 'journal'}, {rect, theme, bare: true}).lines.map(line =>
    line.replace(/\u001b\[[\d;]*m/g, ''),
  );
};

describe('the journal', () => {
  test('takes two lines of its panel for an entry at most, the second cut where there is more', () => {
    const lines = linesOf(80, 12).filter(line => line.trim() !== '');
    expect(lines.map(line => line.slice(0, 29))).toEqual([
      ' 11:02:42 a short one',
      ' 11:02:41 guard denied codex:',
      expect.stringMatching(/^ {3}\S/),
      ' 11:02:40 guard denied claude',
      expect.stringMatching(/^ {3}\S/),
    ]);
    expect(lines.map(line => line.trimEnd().endsWith('…'))).toEqual([false, false, true, false, true]);
    expect(lines.every(line => line.length <= 80)).toBe(true);
  });

  test.each(['Enter', 'd'])('shows with %s the whole of what stands first in its panel', async key => {
    const screen = openScreen();
    const older = Array.from({length: 40}, (_, at): JournalLine => ({at: AT - 60_000 + at, text: `older ${at}`, tone: 'plain'}));
    screen.store.change(() => ({journal: [...older, ...JOURNAL]}));
    await screen.press('6', 'j', 'j', key);
    const overlay = topOverlay(screen.store.getState());
    if (overlay?.kind !== 'journal') {
      throw new Error('the journal is not open');
    }
    const view = readingView(overlay, screen.size, screen.store.getState(), {keys: [], legend: []});
    const words = (at: number): string => (view.lines[at] ?? []).map(({text}) => text).join('');
    expect(view.lines.map((_, at) => words(at).trim()).join(' ')).toContain('the end of it');
    expect(words(overlay.scroll)).toMatch(/guard denied codex/);
    await screen.press('Esc');
    expect(topOverlay(screen.store.getState())).toBeNull();
    expect(screen.store.getState().focus).toBe('journal');
  });
});
