// The picture of a screen: colours, widths, and text that XML would misread.
import {expect, test} from 'vitest';
import {ansiToSvg} from './ansi-to-svg.ts';

const size = {columns: 20, rows: 2, title: 'a & b'};

test('plain text stands on the grid and XML is escaped', () => {
  const svg = ansiToSvg('a<b> & "c"\nsecond', size);
  expect(svg).toContain('<title>a &amp; b</title>');
  expect(svg).toContain('>a&lt;b&gt; &amp; &quot;c&quot;</text>');
  expect(svg).toContain('<text x="0" y="31.5" textLength="50.4"');
});

test('colours of 8, 256 and 24 bit, bold, inverse and their ends', () => {
  const svg = ansiToSvg('\u001b[1;31mred\u001b[0m \u001b[38;5;196mcube\u001b[39m \u001b[48;2;1;2;3mtrue\u001b[m \u001b[7minv', size);
  expect(svg).toMatch(/fill="#e06c75" font-weight="bold">red</);
  expect(svg).toMatch(/fill="#ff0000">cube</);
  expect(svg).toMatch(/<rect x="75.6"[^>]*fill="#010203"/);
  expect(svg).toMatch(/fill="#16181d">inv</);
});

test('a style lasts over the end of a line, wide characters take two columns, other sequences take none', () => {
  const svg = ansiToSvg('\u001b[32m日本\u000fx\u001b]8;;http://x\u0007y\nnext', size);
  expect(svg).toMatch(/textLength="33.6" fill="#98c379">日本</);
  expect(svg).toMatch(/<text x="33.6"[^>]*>x</);
  expect(svg).toMatch(/fill="#98c379">next</);
});

test('rows beyond the screen are cut', () => {
  expect(ansiToSvg('1\n2\n3', size)).not.toContain('>3<');
});

test('frames are drawn as lines that meet, one path for each run, in the colour of the text', () => {
  const svg = ansiToSvg('\u001b[36m┌─ a ┐\u001b[0m\n└────┘', size);
  expect(svg).toContain('<path d="M4.2 9H16.8M4.2 9V18" stroke="#56b6c2" fill="none"/>');
  expect(svg).toContain('> a </text>');
  expect(svg).toContain('<path d="M4.2 27H46.2M4.2 18V27M46.2 18V27" stroke="#d4d7dd" fill="none"/>');
});
