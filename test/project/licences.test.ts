// A bundle holds a licence text for each package in it, or is not built.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';

const notice = join(import.meta.dirname, '../../scripts/third-party-notice.mjs');
const {bundledPackages, thirdPartyNotice} = (await import(notice)) as {
  bundledPackages(top: string, results: readonly unknown[]): readonly unknown[];
  thirdPartyNotice(packages: readonly unknown[]): string;
};

const top = mkdtempSync(join(tmpdir(), 'rigtop-licences-'));
afterAll(() => rmSync(top, {recursive: true, force: true}));

const results = [{metafile: {outputs: {'main.js': {inputs: {'node_modules/@who/ever/index.js': {bytesInOutput: 1}}}}}}];

it('fails for a package without one, and takes the one that is kept for it', () => {
  const folder = join(top, 'node_modules/@who/ever');
  mkdirSync(folder, {recursive: true});
  mkdirSync(join(top, 'scripts/licences'), {recursive: true});
  writeFileSync(join(folder, 'package.json'), JSON.stringify({name: '@who/ever', version: '1.0.0', license: 'MIT'}));
  writeFileSync(join(top, 'package-lock.json'), JSON.stringify({packages: {}}));
  expect(() => bundledPackages(top, results)).toThrow(/@who\/ever is bundled without a licence text: put it into .*@who\+ever\.txt/);
  writeFileSync(join(top, 'scripts/licences/@who+ever.txt'), 'Copyright of who\n');
  expect(thirdPartyNotice(bundledPackages(top, results))).toContain('@who/ever 1.0.0 (MIT)\n\nCopyright of who');
});
