import {expect, test} from 'vitest';
import {jsonLine, jsonText} from '../../src/cli/documents/json-text.ts';

test('what a terminal would act on is escaped, and the document stays the same', () => {
  const hostile = {name: 'a\u001b[2J\u009b2J\u202eb\u2028c\u007f', list: ['日本 🚀']};
  for (const text of [jsonText(hostile), jsonLine(hostile)]) {
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(JSON.parse(text)).toEqual(hostile);
    expect(text).toContain('日本 🚀');
  }
});
