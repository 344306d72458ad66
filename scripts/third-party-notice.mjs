// What is said of everything that ends up in the bundles: the licences, as they ask, and a bill of materials, since an audit sees nothing.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The text in the package, or the one kept here for a package that holds none. */
const licenceText = (top, folder, name) => {
  const file = readdirSync(folder).find(entry => /^licen[cs]e(\.|$)/i.test(entry));
  const path = file === undefined ? join(top, 'scripts/licences', `${name.replace('/', '+')}.txt`) : join(folder, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (text === '') {
    throw new Error(`${name} is bundled without a licence text: put it into ${path}`);
  }
  return text;
};

/** Each package of which something is in an output of esbuild's results, once, by name. */
export const bundledPackages = (top, results) => {
  const folders = results
    .flatMap(({metafile}) => Object.values(metafile.outputs))
    .flatMap(({inputs}) => Object.entries(inputs))
    .filter(([, {bytesInOutput}]) => bytesInOutput > 0)
    .flatMap(([path]) => PACKAGE.exec(path) ?? []);
  const {packages} = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8'));
  return [...new Set(folders)]
    .map(folder => {
      const {name, version, license} = JSON.parse(readFileSync(join(top, folder, 'package.json'), 'utf8'));
      return {name, version, license, integrity: packages[folder]?.integrity, text: licenceText(top, join(top, folder), name)};
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
};

export const thirdPartyNotice = packages => {
  const notices = packages.map(({name, version, license, text}) => `${name} ${version} (${license})\n\n${text}`);
  return `rigtop contains code of these packages.\n\n${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
};

const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** `sha512-…` of the lock file, as hexadecimal digits. */
const hashes = integrity =>
  integrity?.startsWith('sha512-') === true
    ? [{alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')}]
    : [];

const component = (type, {name, version, license}, more = {}) => ({
  type,
  'bom-ref': purl(name, version),
  name,
  version,
  purl: purl(name, version),
  licenses: [/\s/.test(license) ? {expression: license} : {license: {id: license}}],
  ...more,
});

/** CycloneDX 1.6, without a date or a number of its own: the same build gives the same file. */
export const billOfMaterials = (manifest, packages) => ({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {component: component('application', manifest)},
  components: packages.map(each => component('library', each, {scope: 'required', hashes: hashes(each.integrity)})),
  dependencies: [
    {ref: purl(manifest.name, manifest.version), dependsOn: packages.map(({name, version}) => purl(name, version))},
    ...packages.map(({name, version}) => ({ref: purl(name, version)})),
  ],
});
