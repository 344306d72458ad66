// Plugins for esbuild about Node's own modules: when they are loaded, and how much of them.
import {builtinModules} from 'node:module';
import {join} from 'node:path';

/**
 * Node's cryptography takes 6 ms to load, and 3 MiB as long as the program runs. Most commands hash nothing and draw no lots, so it is loaded
 * when somebody does.
 */
export const lateCryptography = top => ({
  name: 'late cryptography',
  setup: ({onResolve, onLoad}) => {
    // The hash of a table's cells has the same two names, and lists all others as soon as it is loaded where it can.
    const isMeant = importer => importer.startsWith(join(top, 'src')) || importer.endsWith('/object-hash/index.js');
    onResolve({filter: /^(node:)?crypto$/}, ({importer}) => (isMeant(importer) ? {path: 'late', namespace: 'late'} : undefined));
    onLoad({filter: /.*/, namespace: 'late'}, () => ({
      contents: ['createHash', 'randomBytes', 'randomInt']
        .map(name => `export const ${name} = (...given) => require('node:crypto').${name}(...given);`)
        .join('\n'),
    }));
  },
});

/** Of Node's modules that take milliseconds to load, what the hook may come to need, and seldom does: loaded when a name of it is used. */
const LATE = new Set(['node:child_process', 'node:net']);

/**
 * Importing a module of Node's reads every name that it has: that of files then loads all of its streams, 6 ms, whether anybody wants one or
 * not. What has to start at once has each as one object, and takes of it what it uses.
 */
export const builtInObjects = {
  name: 'built-in objects',
  setup: ({onResolve, onLoad}) => {
    onResolve({filter: /^node:/}, ({path}) => ({path, namespace: 'built-in'}));
    onLoad({filter: /./, namespace: 'built-in'}, ({path}) => {
      const whole = `globalThis.process.getBuiltinModule('${path}')`;
      const names = Object.keys(process.getBuiltinModule(path)).map(name => `get ${name}() { return ${whole}.${name}; }`);
      return {contents: `module.exports = ${LATE.has(path) ? `{${names.join(', ')}}` : whole};`};
    });
  },
};

const IMPORT = /^import (?:(?<whole>\w+)(?:, )?)?(?:\* as (?<all>\w+)|\{(?<names>[^}]*)\})? from "(?:node:)?(?<module>[\w/]+)";$/gm;
const LEFT = /^import [^;"]* from "node:[^\n]*/m;

/**
 * The same for the text of a built file that uses more of them, and more often: the names that it uses, each for itself. Throws where it does
 * not understand an import. Bundled code may call something of its own `process`.
 */
export const withBuiltIns = text => {
  const made = text.replace(IMPORT, (line, ...rest) => {
    const {whole, all, names, module} = rest.at(-1);
    if (!builtinModules.includes(module)) {
      return line;
    }
    const taken = [whole, all, names === undefined ? undefined : `{${names.replaceAll(' as ', ': ')}}`].filter(each => each !== undefined);
    return taken.map(each => `const ${each} = globalThis.process.getBuiltinModule('node:${module}');`).join(' ');
  });
  const [left] = LEFT.exec(made) ?? [];
  if (left !== undefined) {
    throw new Error(`an import of Node that was not understood: ${left}`);
  }
  return made;
};
