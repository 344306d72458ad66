import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {oneLine} from '../../src/core/domain/command-line.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import type {Row} from '../../src/store/rows.ts';
import {type Column, columnsOf, fitColumns, measureRows} from '../../src/ui/columns.ts';
import {drawPalette} from '../../src/ui/dialogs/choosing.ts';
import {cut, fit, fitLine, lineWidth, paint, plain, spread, wrap, wrapWithin} from '../../src/ui/format.ts';
import {type Drawn, drawFrame} from '../../src/ui/frame.ts';
import {paneLines} from '../../src/ui/pane-text.ts';
import {formatRow} from '../../src/ui/panels/list-panel.ts';
import {isUtf8, resolveTheme, THEME_NAMES} from '../../src/ui/theme.ts';
import {buildFleet} from '../store/fleet.ts';

const UTF8 = {LANG: 'C.UTF-8', TERM: 'xterm-256color'};
const theme = resolveTheme('dark', UTF8);
/** A drawn box as whole lines. */
const whole = ({border, lines}: Drawn): readonly string[] =>
  border === null ? lines : [border.top, ...lines.map(line => `${border.side}${line}${border.side}`), border.bottom];

const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');

describe('text of an exact width', () => {
  test.each([
    ['abc', 5, 'left', 'abc  '],
    ['abc', 5, 'right', '  abc'],
    ['abcdef', 4, 'left', 'abc…'],
    ['checkout/12', 6, 'tail', '…ut/12'],
    ['日本語', 5, 'left', '日本…'],
    ['日本語', 4, 'left', '日… '],
    ['日本語', 4, 'tail', '…語 '],
    ['👩‍👩‍👧‍👦x', 3, 'left', '👩‍👩‍👧‍👦x'],
    ['é́', 2, 'left', 'é́ '],
    ['a\tb\nc', 5, 'left', 'a b c'],
    ['a\u001b[2Jb', 12, 'left', 'a\\u{1b}[2Jb '],
    ['x', 0, 'left', ''],
  ] as const)('%j in %i cells, %s: %j', (text, width, align, shown) => {
    expect(fit(text, width, align)).toBe(shown);
  });

  test('whatever it is, it takes exactly its cells and holds no control character', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'binary', maxLength: 40}),
        fc.integer({min: 1, max: 40}),
        fc.constantFrom('left', 'right', 'tail'),
        (text, width, align) => {
          const shown = fit(text, width, align as 'left');
          expect(stringWidth(shown)).toBe(width);
          expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        },
      ),
      {numRuns: 500},
    );
  });

  test('cutting never halves a wide character', () => {
    expect(cut('a日b', 2)).toBe('a');
    expect(cut('a日b', 3)).toBe('a日');
  });

  test('wraps at spaces, breaks what has none, loses nothing', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
    fc.assert(
      fc.property(fc.string({maxLength: 80}), fc.integer({min: 2, max: 30}), (text, width) => {
        expect(wrap(text, width).every(line => stringWidth(line) <= width)).toBe(true);
        expect(wrap(text, width).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  test('wraps within some lines: the last has the rest as it stands, no blank in a path', () => {
    const text = 'in /home/u/projects/a-long-directory/another';
    expect(wrap(text, 20)).toEqual(['in', '/home/u/projects/', 'a-long-directory/', 'another']);
    expect([1, 2, 3, 4].map(most => wrapWithin(text, 20, most).at(-1))).toEqual([
      text,
      '/home/u/projects/a-long-directory/another',
      'a-long-directory/another',
      'another',
    ]);
    fc.assert(
      fc.property(fc.string({maxLength: 80}), fc.integer({min: 2, max: 30}), fc.integer({min: 1, max: 4}), (words, width, most) => {
        const lines = wrapWithin(words, width, most);
        expect(lines.length).toBeLessThanOrEqual(most);
        expect(lines.slice(0, -1)).toEqual(wrap(words, width).slice(0, lines.length - 1));
        expect(oneLine(words).endsWith(lines.at(-1) ?? '')).toBe(true);
        expect(lines.join('').replace(/\s/g, '')).toBe(oneLine(words).replace(/\s/g, ''));
      }),
    );
  });

  test('lines are cut and padded across their pieces', () => {
    const line = [plain('abc', 'strong'), plain('def')];
    expect(
      fitLine(line, 5)
        .map(piece => piece.text)
        .join(''),
    ).toBe('abcd…');
    expect(lineWidth(fitLine(line, 9))).toBe(9);
    expect(
      spread(line, [plain('end')], 8)
        .map(piece => piece.text)
        .join(''),
    ).toBe('abcd…end');
    expect(
      spread(line, [plain('a long end')], 6)
        .map(piece => piece.text)
        .join(''),
    ).toBe('a lon…');
  });
});

describe('rows', () => {
  const rows = viewFleet(buildFleet(), EMPTY_VIEW).orphans;
  const [wrong = rows[0] as Row] = rows.filter(row => row.badge.word === 'WRONG-OWNER');

  test('line up under one another, marked or chosen or not', () => {
    const columns = fitColumns(columnsOf('orphans', false), 90);
    const lines = rows.map((row, index) => formatRow(row, columns, {selected: index === 0, marked: index === 1, theme}));
    expect(new Set(lines.map(lineWidth)).size).toBe(1);
    expect(lines[0]?.[0]?.text).toBe('>');
    expect(lines[1]?.[1]?.text).toBe('*');
  });

  test('say the verdict in words, whatever the colours', () => {
    const columns = fitColumns(columnsOf('orphans', false), 90, measureRows(columnsOf('orphans', false), rows, {}));
    for (const name of THEME_NAMES) {
      const shown = paint(resolveTheme(name, UTF8), formatRow(wrong, columns, {selected: true, marked: false, theme}), 'cursor');
      expect(bare(shown)).toMatch(/WRONG-OWNER\s+vite/);
    }
  });

  test.each([
    ['/tmp/w/checkout/.runtime/agent.lock', '…untime/agent.lock'],
    ['session town-2fd19d/co-amber', '…n-2fd19d/co-amber'],
    ['session co-amber', 'session co-amber  '],
    ['gemini --approval-mode yolo', 'gemini --approval…'],
  ])('cut %s to its useful end', (what, shown) => {
    const [column] = columnsOf('orphans', false).filter(({id}) => id === 'what');
    const row = {...wrong, cells: {...wrong.cells, what}};
    const line = formatRow(row, [{...(column as Column), width: 18}], {selected: false, marked: false, theme});
    expect(bare(paint(theme, line))).toBe(`   ${shown}`);
  });

  test('reverse a badge over its word only', () => {
    const columns = fitColumns(columnsOf('orphans', false), 90);
    const line = formatRow({...wrong, badge: {word: 'LOST', tone: 'danger'}}, columns, {selected: false, marked: false, theme});
    expect(line.find(({role}) => role === 'danger')?.text).toBe('LOST');
  });

  test('shorten a badge to its first word rather than to half of one', () => {
    const columns = [
      {id: 'badge', title: 'STATE', least: 7, most: 7, words: null, givesWay: false, align: 'left', priority: 1, width: 7} as const,
    ];
    expect(bare(paint(theme, formatRow(wrong, columns, {selected: false, marked: false, theme})))).toBe('   WRONG  ');
  });
});

describe('a frame', () => {
  test('is exactly as large as its rectangle, whatever is put into it', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 60}), fc.integer({min: 1, max: 12}), fc.string({maxLength: 80}), (width, height, words) => {
        const text = {title: [plain(words)], foot: [plain(words)], focused: true, opaque: true};
        const lines = whole(drawFrame(theme, {width, height}, text, [{line: [plain(words)]}]));
        expect(lines).toHaveLength(height);
        expect(lines.every(line => stringWidth(line) === width)).toBe(true);
        const open = drawFrame(theme, {width, height}, {...text, opaque: false}, [{line: [plain(words)]}]);
        expect(open.lines.every(line => stringWidth(line) <= width)).toBe(true);
      }),
    );
  });

  test('has its title above and its note below', () => {
    const text = {title: [plain('1 Rigs')], foot: [plain('7')], focused: false, opaque: true};
    expect(whole(drawFrame(theme, {width: 20, height: 3}, text, [])).map(bare)).toEqual([
      '┌─ 1 Rigs ─────────┐',
      '│                  │',
      '└────────────── 7 ─┘',
    ]);
  });
});

describe('themes', () => {
  test('NO_COLOR leaves bold and reverse, and --color always overrules it', () => {
    const codes = (env: Record<string, string>, colour?: 'always' | 'never'): string =>
      Object.values(resolveTheme('dark', {...UTF8, ...env}, colour).codes).join(';');
    expect(codes({NO_COLOR: '1'})).not.toMatch(/3\d|4\d|9\d/);
    expect(codes({NO_COLOR: ''})).toMatch(/38;5/);
    expect(codes({NO_COLOR: '1'}, 'always')).toMatch(/38;5/);
    expect(codes({}, 'never')).not.toMatch(/3\d|4\d|9\d/);
  });

  test('a dumb terminal gets neither attributes nor anything above 7 bits', () => {
    const dumb = resolveTheme('dark', {...UTF8, TERM: 'dumb'});
    expect(Object.values(dumb.codes).every(code => code === '')).toBe(true);
    const lines = whole(drawFrame(dumb, {width: 12, height: 3}, {title: [plain('日本')], focused: true}, [{line: [plain('a…b')]}]));
    expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
    expect(lines[0]).toBe('+- >???? --+');
  });

  test('the cursor is reversed where there are only a few colours', () => {
    expect(resolveTheme('dark', {...UTF8, TERM: 'xterm'}).codes.cursor).toBe('7');
    expect(resolveTheme('dark', UTF8).codes.cursor).toMatch(/48;5/);
  });

  test.each([
    [{LANG: 'C.UTF-8'}, true],
    [{LANG: 'en_GB.utf8'}, true],
    [{LANG: 'C'}, false],
    [{}, false],
    [{LANG: 'C.UTF-8', LC_ALL: 'C'}, false],
    [{LANG: 'C', LC_CTYPE: 'de_DE.UTF-8'}, true],
    [{LANG: 'C.UTF-8', LC_ALL: ''}, true],
  ])('%j writes UTF-8: %s', (env, answer) => {
    expect(isUtf8(env)).toBe(answer);
  });
});

describe('text of a pane', () => {
  test('keeps its colours and nothing else that a terminal obeys', () => {
    const text = '\u001b[31mred\u001b[0m \u001b[2J\u001b]8;;http://x\u0007link\u001b]8;;\u0007\u001b(B\u0007end\n\n\n';
    expect(paneLines(text, 40)).toEqual(['\u001b[31mred\u001b[0m link\\u{7}end\u001b[0m']);
  });

  test('is wrapped at its width by cells, not by bytes, each line with the colours that hold there', () => {
    expect(paneLines('\u001b[1m日本語日本語\u001b[0m', 5).map(bare)).toEqual(['日本', '語日', '本語']);
    expect(paneLines('\u001b[31mAllow \u001b[1mrm -rf\u001b[0m x', 8)).toEqual([
      '\u001b[31mAllow \u001b[1mrm\u001b[0m',
      '\u001b[31m\u001b[1m -rf\u001b[0m x\u001b[0m',
    ]);
    expect(paneLines('日', 1)).toEqual([]);
  });

  test('a border that goes on is cut: it says nothing more', () => {
    expect(paneLines(`╭${'─'.repeat(30)}╮\n│ Proceed?${' '.repeat(20)} │`, 12)).toEqual(['╭───────────', '│ Proceed?  ']);
  });
});

test.each([
  ['/tmp/demo/town/checkout/polecats/flint', 20, ['/tmp/demo/town/', 'checkout/polecats/', 'flint']],
  ['read from /tmp/demo/town/checkout', 16, ['read from', '/tmp/demo/town/', 'checkout']],
  ['a/'.concat('b'.repeat(12)), 8, ['a/bbbbbb', 'bbbbbb']],
])('%s wrapped at %i breaks behind a directory, where one ends near', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

test('in a narrow palette the name of an action comes before why it does nothing now', () => {
  const entry = {
    title: 'related  Go to what belongs to this',
    note: 'o',
    reason: 'nothing else is known about this process, port or session',
    target: {action: 'related'},
  };
  const {drawn} = drawPalette({kind: 'palette', text: '', chosen: 0}, [entry], {columns: 60, rows: 18}, theme);
  expect(bare(drawn.lines[1] ?? '')).toMatch(/^> related {2}Go to what belongs t… {2}nothing else is known … $/);
});

test('without Unicode a path that is cut at its front does not look like one in the home directory', () => {
  const theme = resolveTheme('mono', {LC_ALL: 'C', TERM: 'xterm'});
  expect(paint(theme, [plain('was pane %7’s, in …/notes, and on…')])).toBe("was pane %7's, in */notes, and on~");
  expect(fit('/home/u/w/notes', 7, 'tail', theme.glyphs.ellipsis)).toBe('*/notes');
  expect(fit('/home/u/w/notes', 6, 'tail', theme.glyphs.ellipsis)).toBe('~notes');
});
