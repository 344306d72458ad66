// Joins the parts of a split build that are always loaded together. esbuild makes a part of whatever a set of entries shares: `status`
// would open a hundred files, each resolved, read and linked for itself, a third of a millisecond apiece.
import {createHash} from 'node:crypto';
import {basename} from 'node:path';
import {build} from 'esbuild';

const IMPORT = /\bimport \{([^}]*)\} from "\.\/(part-[\w-]+\.js)"/g;
const NAME = /"\.\/(part-[\w-]+\.js)"/g;

const isPart = name => name.startsWith('part-');

/** The parts that are loaded with one, itself among them; those of `import()` are not. */
const closureOf = ({outputs}, start) => {
  const seen = new Set();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (!seen.has(name)) {
      seen.add(name);
      open.push(...outputs[name].imports.filter(({kind, external}) => kind === 'import-statement' && !external).map(({path}) => path));
    }
  }
  return seen;
};

/**
 * Which parts are of which layer: what the first entry loads is the first, what the second loads besides is the second, and so on. Whoever
 * needs anything of a layer loads all of it. Where that is not wanted (`own`), it holds only what nobody needs who does not load its entry.
 * The entry of all is in none, because nothing that it waits for may wait for it; one that waits for nothing (`whole`) is in the first.
 */
const membersOf = (metafile, {always, own, whole = false}) => {
  const {outputs} = metafile;
  const taken = new Set();
  const starts = Object.keys(outputs).filter(name => outputs[name].entryPoint !== undefined);
  const loads = starts.map(name => closureOf(metafile, name));
  return [...always, ...own].map(entry => {
    const start = starts.find(name => outputs[name].entryPoint === entry);
    if (start === undefined) {
      throw new Error(`${entry} begins no part`);
    }
    const strangers = own.includes(entry) ? loads.filter(load => !load.has(start)) : [];
    const members = [...closureOf(metafile, start)].filter(
      name => !taken.has(name) && (isPart(basename(name)) || (whole && name === start)) && !strangers.some(load => load.has(name)),
    );
    for (const name of members) {
      taken.add(name);
    }
    return members.map(name => ({part: basename(name), exports: outputs[name].exports}));
  });
};

/** What each part of a layer hands on, under the names that the layer hands it on by: two parts may use one name. */
const exportsOf = (own, layer) => {
  const used = new Set();
  return own.map(({part, exports}) => ({
    part,
    names: new Map(
      exports.map(name => {
        const outside = used.has(name) ? `${name}$${layer}$${used.size}` : name;
        used.add(outside);
        return [name, outside];
      }),
    ),
  }));
};

const specifier = (names, text) => {
  const [name, local = name] = text.trim().split(' as ');
  const outside = names.get(name);
  return outside === local ? local : `${outside} as ${local}`;
};

/**
 * The output files of an esbuild result (splitting, a metafile, not written) with each layer in one file. `layers` are the source files that
 * begin one: see `membersOf`. So a layer imports none but earlier ones. `options` are those of the build.
 */
export const joinParts = async ({metafile, outputFiles}, layers, options) => {
  const texts = new Map(outputFiles.map(({path, text}) => [basename(path), text.replace(options.banner.js, '')]));
  /** Of each joined part: its file, and its names there. */
  const joined = new Map();
  const redirected = text =>
    text
      .replace(IMPORT, (whole, list, part) => {
        const place = joined.get(part);
        const named = text => `import {${text}} from "./${place.file}"`;
        return place === undefined
          ? whole
          : named(
              list
                .split(',')
                .map(each => specifier(place.names, each))
                .join(', '),
            );
      })
      .replace(NAME, (whole, part) => (joined.has(part) ? `"./${joined.get(part).file}"` : whole));
  const files = [];
  for (const [layer, own] of membersOf(metafile, layers).entries()) {
    if (own.length === 0) {
      continue;
    }
    const inside = new Map(own.map(({part}) => [part, redirected(texts.get(part))]));
    const handed = exportsOf(own, layer);
    // The names of parts tell what is in them, and in all that they name.
    const hash = createHash('sha256')
      .update([...inside.keys()].sort().join())
      .digest('hex')
      .slice(0, 8);
    const name = own.map(({part}) => basename(part, '.js')).find(each => !isPart(each)) ?? `part-joined-${hash}`;
    const withinLayer = {
      name: 'layer',
      setup: ({onResolve, onLoad}) => {
        onResolve({filter: /^\.\//}, ({path, kind}) => {
          const part = path.slice(2);
          return kind !== 'dynamic-import' && inside.has(part) ? {path: part, namespace: 'part'} : {path, external: true};
        });
        onLoad({filter: /./, namespace: 'part'}, ({path}) => ({contents: inside.get(path), loader: 'js'}));
      },
    };
    const lines = handed.map(({part, names}) => {
      const list = [...names].map(([each, outside]) => (each === outside ? each : `${each} as ${outside}`));
      return list.length === 0 ? `import './${part}';` : `export {${list.join(', ')}} from './${part}';`;
    });
    const result = await build({
      ...options,
      entryPoints: undefined,
      splitting: false,
      metafile: false,
      plugins: [withinLayer],
      stdin: {contents: lines.join('\n'), resolveDir: options.absWorkingDir},
      entryNames: name,
    });
    files.push(...result.outputFiles);
    for (const {part, names} of handed) {
      joined.set(part, {file: `${name}.js`, names});
    }
  }
  const others = outputFiles.filter(({path}) => !joined.has(basename(path)));
  // A layer may name later ones in its `import()`: all names are known only now.
  return [...files, ...others].map(({path, text}) => ({path, text: redirected(text)}));
};
