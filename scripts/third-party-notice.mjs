// The licences of everything that ends up in the bundles, as their licences ask.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

const licenceOf = folder => {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find(entry => /^licen[cs]e(\.|$)/i.test(entry));
  return {
    name,
    text: [`${name} ${version} (${license})`, '', file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()].join('\n'),
  };
};

/** Text of the notice for esbuild's results: each package of which something is in an output, once. */
export const thirdPartyNotice = (top, results) => {
  const folders = results
    .flatMap(({metafile}) => Object.values(metafile.outputs))
    .flatMap(({inputs}) => Object.entries(inputs))
    .filter(([, {bytesInOutput}]) => bytesInOutput > 0)
    .flatMap(([path]) => PACKAGE.exec(path) ?? []);
  const licences = [...new Set(folders)].map(folder => licenceOf(join(top, folder))).sort((a, b) => a.name.localeCompare(b.name));
  return `rigtop contains code of these packages.\n\n${licences.map(({text}) => text).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
};
