// Builds dist/: the launcher, the program as split bundles, and the two programs that run as processes of their own.
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {builtInObjects, lateCryptography, withBuiltIns} from './built-ins.mjs';
import {joinParts} from './join-parts.mjs';
import {billOfMaterials, bundledPackages, thirdPartyNotice} from './third-party-notice.mjs';

const top = fileURLToPath(new URL('..', import.meta.url));
const dist = join(top, 'dist');
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
/** A running program may still want to load a part of the build before this one. */
const KEEP_OLD_PARTS_MS = 60 * 60 * 1000;

const GRAPHEMES = `import {graphemes as OURS, isPlain as IS_PLAIN} from ${JSON.stringify(join(top, 'src/core/domain/graphemes.ts'))};\n`;
const LINES = `import {lineChange as CHANGE, shortMoves as SHORT} from ${JSON.stringify(join(top, 'src/ui/line-change.ts'))};\n`;
const CELLS = `import {sharedCells as CELLS} from ${JSON.stringify(join(top, 'src/ui/shared-cells.ts'))};\n`;
const SCROLLS = `import {scrollChange as SCROLL} from ${JSON.stringify(join(top, 'src/ui/scroll-change.ts'))};\n`;
/** A frame as high as the terminal is the whole screen: lines that moved need not be written again. */
const EACH_LINE = 'for (let i = 0; i < visibleCount; i++) {\n            const isLastLine';
const SCROLLED_FIRST = `const isWhole = areColumnsUnchanged && nextLines.length === stream.rows && previousLines.length === stream.rows;
        const scrolled = isWhole ? SCROLL(previousLines, nextLines) : null;
        if (scrolled !== null) {
            buffer.push(scrolled.written);
            previousLines = scrolled.lines;
        }
        `;
/** Node's segmenter and the expression of all emoji take 70 ms to make and use for the first time: see `src/core/domain/graphemes.ts`. */
const ourGraphemes = from => ({from, to: 'OURS', places: 1});

/**
 * Ink makes a frame anew from all its lines, each cell an object: with its own caches thrown away after each frame, a key that moves one bar
 * costs a megabyte for each that it changes. Kept, a line that was drawn before is drawn by looking it up. Cells are replaced, never written to.
 */
const KEPT_CACHES = `
const BLANK = {type: 'char', value: ' ', fullWidth: false, styles: []};
const IGNORABLE = /^\\p{Default_Ignorable_Code_Point}+$/u;
let kept = null;
const keptCaches = () => {
  kept = kept !== null && kept.styledChars.size < 512 && kept.widths.size < 4096 ? kept : new OutputCaches();
  kept.rows ??= [];
  kept.lines ??= new Map();
  return kept;
};
const linesOf = (caches, text) => {
  let known = caches.lines.get(text);
  if (known === undefined) {
    const cells = [[]];
    for (const cell of caches.getStyledChars(text)) {
      if (cell.value === '\\n') cells.push([]);
      else cells.at(-1).push(cell);
    }
    known = cells.map(line => styledCharsToString(line));
    caches.lines.set(text, known);
  }
  return known;
};
const rowText = ({rows}, cells, at) => {
  const before = rows[at];
  if (before?.cells.length === cells.length && cells.every((cell, x) => cell === before.cells[x])) return before.text;
  const text = styledCharsToString(cells.filter(item => item !== undefined)).trimEnd();
  rows[at] = {cells, text};
  return text;
};
`;
const OWN_LINES = `const characterLines = [[]];
        for (const character of this.caches.getStyledChars(text)) {
            if (character.value === '\\n') {
                characterLines.push([]);
            }
            else {
                characterLines.at(-1).push(character);
            }
        }
        let lines = characterLines.map(line => styledCharsToString(line));`;
const OWN_ROW = `const row = [];
            for (let x = 0; x < this.width; x++) {
                row.push({
                    type: 'char',
                    value: ' ',
                    fullWidth: false,
                    styles: [],
                });
            }
            output.push(row);`;
const OWN_CELL = `ret.push({
                ...token,
                styles: [...codes],
            });`;
const OWN_TEXT = `.map(line => {
            // See https://github.com/vadimdemedes/ink/pull/564#issuecomment-1637022742
            const lineWithoutEmptyItems = line.filter(item => item !== undefined);
            return styledCharsToString(lineWithoutEmptyItems).trimEnd();
        })`;

/** Every text on the screen is cleaned of control sequences for every frame: once is enough. */
const KEPT_CLEAN = `
const CLEAN = new Map();
const clean = text => {
  let known = CLEAN.get(text);
  if (known === undefined) {
    if (CLEAN.size >= 512) CLEAN.clear();
    known = sanitizeAnsi(text);
    CLEAN.set(text, known);
  }
  return known;
};
`;

/**
 * A terminal that changes its size may wrap, cut or move what stands on it, tmux does each of these, and Ink clears what it takes to be
 * there and draws the old layout once more: lines that are the same in the next one stay where they are not. The screen is cleared
 * instead, and drawn when the layout has followed.
 */
const OLD_RESIZE = `if (currentWidth < this.lastTerminalWidth ||
            (currentHeight < this.lastTerminalHeight &&
                this.log.getCursorPosition() !== undefined)) {
            this.log.clear();`;
const NEW_RESIZE = `if (currentWidth !== this.lastTerminalWidth || currentHeight !== this.lastTerminalHeight) {
            this.options.stdout.write('\\u001B[H\\u001B[2J');
            this.log.reset();`;
const OLD_LAYOUT = `dom.emitLayoutListeners(this.rootNode);
        this.onRender();
        this.lastTerminalWidth`;
const NEW_LAYOUT = `dom.emitLayoutListeners(this.rootNode);
        this.lastTerminalWidth`;

/** What is changed in other people's code, each with the number of places it must be found in, so that an update cannot pass unnoticed. */
const EDITS = [
  // The layout engine is a data URL that the program would `fetch`, which loads Node's whole HTTP client: 20 ms of start-up.
  {file: /yoga-wasm-base64-esm\.js$/, changes: [{from: 'typeof fetch', to: '"no"', places: 2}]},
  // Many people have DEV set for reasons of their own; it would make Ink look for React's developer tools.
  {file: /ink\/build\/reconciler\.js$/, changes: [{from: "process.env['DEV']", to: 'undefined', places: 2}]},
  {
    file: /ink\/build\/ink\.js$/,
    changes: [
      {from: "process.env['DEV']", to: 'undefined', places: 1},
      {from: OLD_RESIZE, to: NEW_RESIZE, places: 1},
      {from: OLD_LAYOUT, to: NEW_LAYOUT, places: 1},
      // A frame and the marks around it in one write: the terminal is woken once.
      {
        from: 'const shouldWrite = this.log.willRender(output);\n                const',
        to: 'const shouldWrite = this.log.willRender(output);\n                this.options.stdout.cork();\n                const',
        places: 1,
      },
      {
        from: 'this.options.stdout.write(esu);\n                }\n            }, undefined,',
        to: 'this.options.stdout.write(esu);\n                }\n                this.options.stdout.uncork();\n            }, undefined,',
        places: 1,
      },
    ],
  },
  {
    file: /ink\/build\/squash-text-nodes\.js$/,
    head: KEPT_CLEAN,
    changes: [{from: "sanitizeAnsi(text.replaceAll('\\r\\n', '\\n'))", to: "clean(text.replaceAll('\\r\\n', '\\n'))", places: 1}],
  },
  {
    file: /ink\/build\/output\.js$/,
    head: KEPT_CACHES,
    changes: [
      {from: 'caches = new OutputCaches()', to: 'caches = keptCaches()', places: 1},
      {from: OWN_ROW, to: 'output.push(new Array(this.width).fill(BLANK));', places: 1},
      {from: OWN_LINES, to: 'let lines = linesOf(this.caches, text);', places: 1},
      {from: OWN_TEXT, to: '.map((line, at) => rowText(this.caches, line, at))', places: 1},
      {from: '/^\\p{Default_Ignorable_Code_Point}+$/u.test(', to: 'IGNORABLE.test(', places: 1},
    ],
  },
  {
    file: /ansi-tokenize\/build\/styledChars\.js$/,
    head: CELLS,
    changes: [
      {from: 'let codes = [];', to: 'let codes = CELLS.style([]);', places: 1},
      {
        from: 'codes = reduceAnsiCodesIncremental(codes, [token]);',
        to: 'codes = CELLS.style(reduceAnsiCodesIncremental(codes, [token]));',
        places: 1,
      },
      {from: OWN_CELL, to: 'ret.push(CELLS.cell(token, codes));', places: 1},
      // Put together by `+=` a line that is kept is kept as one object for each of its cells.
      {from: 'let ret = "";', to: 'const ret = [];', places: 1},
      {from: 'ret += ansiCodesToString(char.styles);', to: 'ret.push(ansiCodesToString(char.styles));', places: 1},
      {
        from: 'ret += ansiCodesToString(diffAnsiCodes(chars[i - 1].styles, char.styles));',
        to: 'ret.push(ansiCodesToString(diffAnsiCodes(chars[i - 1].styles, char.styles)));',
        places: 1,
      },
      {from: 'ret += char.value;', to: 'ret.push(char.value);', places: 1},
      {
        from: 'ret += ansiCodesToString(diffAnsiCodes(char.styles, []));\n        }\n    }\n    return ret;',
        to: "ret.push(ansiCodesToString(diffAnsiCodes(char.styles, [])));\n        }\n    }\n    return ret.join('');",
        places: 1,
      },
    ],
  },
  {
    file: /\/string-width\/index\.js$/,
    head: GRAPHEMES,
    changes: [
      ourGraphemes('new Intl.Segmenter()'),
      {from: '/^[\\u0020-\\u007E]*$/.test(string)', to: 'IS_PLAIN(string)', places: 1},
      {
        from: '= /^\\p{RGI_Emoji}$/v',
        to: '= {made: null, test(text) { return (this.made ??= /^\\p{RGI_Emoji}$/v).test(text); }}',
        places: 1,
      },
    ],
  },
  {file: /\/wrap-ansi\/index\.js$/, head: GRAPHEMES, changes: [ourGraphemes('new Intl.Segmenter()')]},
  {file: /\/cli-truncate\/index\.js$/, head: GRAPHEMES, changes: [ourGraphemes('new Intl.Segmenter()')]},
  {
    file: /\/slice-ansi\/tokenize-ansi\.js$/,
    head: GRAPHEMES,
    changes: [ourGraphemes("new Intl.Segmenter(undefined, {granularity: 'grapheme'})")],
  },
  {
    file: /ink\/build\/line-update\.js$/,
    head: `${GRAPHEMES}${LINES}`,
    changes: [
      ourGraphemes("new Intl.Segmenter(undefined, { granularity: 'grapheme' })"),
      // It keeps the beginning of a line that has not changed: ours keeps every cell.
      {
        from: 'if (columns === undefined',
        to: 'const ours = columns > 0 ? CHANGE(previous, next, columns) : null;\n    if (ours !== null) return ours;\n    if (columns === undefined',
        places: 1,
      },
    ],
  },
  {
    file: /ink\/build\/log-update\.js$/,
    head: `${LINES}${SCROLLS}`,
    changes: [
      {from: "stream.write(buffer.join(''))", to: "stream.write(SHORT(buffer.join('')))", places: 1},
      {from: EACH_LINE, to: `${SCROLLED_FIRST}${EACH_LINE}`, places: 1},
    ],
  },
  {
    file: /ansi-tokenize\/build\/tokenize\.js$/,
    head: GRAPHEMES,
    changes: [ourGraphemes('new Intl.Segmenter(undefined, { granularity: "grapheme" })')],
  },
];

/** Throws where a library is not what it was. */
const edited = (text, {head = '', changes}, path) =>
  head +
  changes.reduce((before, {from, to, places}) => {
    const pieces = before.split(from);
    if (pieces.length !== places + 1) {
      throw new Error(`${path}: \`${from}\` found ${pieces.length - 1} times, not ${places}`);
    }
    return pieces.join(to);
  }, text);

const edits = {
  name: 'edits',
  setup: ({onLoad}) => {
    for (const edit of EDITS) {
      onLoad({filter: edit.file}, async ({path}) => ({contents: edited(await readFile(path, 'utf8'), edit, path), loader: 'js'}));
    }
  },
};

/** Not minified: it gains no start-up time, and a crash report should name functions and lines. */
const shared = {
  absWorkingDir: top,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  jsx: 'automatic',
  outdir: dist,
  write: false,
  logLevel: 'warning',
  metafile: true,
  legalComments: 'none',
  define: {'process.env.NODE_ENV': '"production"'},
  plugins: [edits, lateCryptography(top)],
  banner: {js: "const require = globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url);"},
};

const split = {...shared, splitting: true, chunkNames: 'part-[name]-[hash]'};
/** Of each split build the files from which on more is loaded, in that order: see `joinParts`. */
const LAYERS = [
  {
    always: ['src/cli/main.ts', 'src/cli/commands/mcp.ts', 'src/cli/commands/status.ts'],
    own: ['src/cli/screen/run-screen.ts', 'src/ui/start-screen.tsx'],
  },
  {
    always: ['src/cli/guard/hook-main.ts', 'src/cli/guard/judge-command.ts', 'src/cli/guard/lineage.ts'],
    own: ['src/cli/guard/own-look.ts'],
    whole: true,
  },
];

const builds = [
  // Split, so that a command without a screen never loads React. The hook by itself, so that it opens few files.
  {...split, entryPoints: {main: 'src/cli/main.ts'}},
  {...split, plugins: [...shared.plugins, builtInObjects], entryPoints: {guard: 'src/cli/guard/hook-main.ts'}},
  // By itself, so that it loads nothing of the program: see `launch.js`.
  {...shared, plugins: [...shared.plugins, builtInObjects], entryPoints: {'print-left': 'src/cli/print-left.ts'}},
  {...shared, entryPoints: {'stand-in': 'src/demo/stand-in.ts'}},
  {...shared, entryPoints: {'demo-watchdog': 'src/demo/watchdog-program.ts'}},
];

/** Whole or not at all, and untouched when nothing changed: others may be running the file. */
const put = (path, contents) => {
  if (existsSync(path) && readFileSync(path).equals(contents)) {
    return;
  }
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
};

const launcher = () => {
  const floor = manifest.engines.node.replace('>=', '');
  const [major, minor] = floor.split('.').map(Number);
  return readFileSync(join(top, 'scripts/launch.js'), 'utf8')
    .replaceAll('__FLOOR_NUMBER__', String(major * 1000 + minor))
    .replaceAll('__FLOOR__', floor);
};

/**
 * Nothing but ASCII: V8 keeps a text with any other character in two bytes a character, and reads it more slowly. esbuild writes out what
 * stands in strings; what is left stands in regular expressions and comments.
 */
const asAscii = ({path, text}) => {
  if (!path.endsWith('.js') || !/[^\0-\x7f]/.test(text)) {
    return {path, contents: Buffer.from(text)};
  }
  const raw = text.split('\n').find(line => /[^\0-\x7f]/.test(line) && line.includes('String.raw'));
  if (raw !== undefined) {
    throw new Error(`${path}: a raw string must be ASCII: ${raw}`);
  }
  const escaped = text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return {path, contents: Buffer.from(escaped)};
};

const results = await Promise.all(builds.map(options => build(options))).catch(() => process.exit(1)); // esbuild has said why
const packages = bundledPackages(top, results);
const outputs = await Promise.all(
  results.map((result, index) => (LAYERS[index] === undefined ? result.outputFiles : joinParts(result, LAYERS[index], split))),
);
const isPart = ({path}) => path.includes('/part-');
const files = [
  ...outputs.flat().map(file => asAscii({path: file.path, text: withBuiltIns(file.text)})),
  {path: join(dist, 'rigtop.js'), contents: Buffer.from(launcher())},
  {path: join(dist, 'THIRD-PARTY.txt'), contents: Buffer.from(thirdPartyNotice(packages))},
  {path: join(dist, 'sbom.cdx.json'), contents: Buffer.from(`${JSON.stringify(billOfMaterials(manifest, packages), null, 2)}\n`)},
];

mkdirSync(dist, {recursive: true});
// Parts first, entries last: an entry never names a part that is not there yet.
for (const file of files.toSorted((a, b) => Number(isPart(b)) - Number(isPart(a)))) {
  put(file.path, Buffer.from(file.contents));
}
chmodSync(join(dist, 'rigtop.js'), 0o755);

const clean = process.argv.includes('--clean');
const built = new Set(files.map(file => file.path));
for (const name of readdirSync(dist)) {
  const path = join(dist, name);
  if (!built.has(path) && (clean || Date.now() - statSync(path).mtimeMs > KEEP_OLD_PARTS_MS)) {
    rmSync(path, {recursive: true, force: true});
  }
}
