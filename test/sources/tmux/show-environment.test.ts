import {expect, test} from 'vitest';
import {parseEnvironments, SESSIONS_PER_QUESTION, showEnvironmentArguments} from '../../../src/sources/tmux/read/show-environment.ts';

const NONCE = '4f9a2c1b';

const asking = (sessionIds: readonly string[]) => ({sessionIds, kept: new Set(['GT_RIG', 'GT_ROLE'])});

/** Captured from tmux 3.3a. */
const FIRST = `unset DISPLAY;
GT_RIG="shop"; export GT_RIG;
unset GT_GONE;
GT_ROLE="a
GT_RIG=\\"forged\\"; export GT_RIG;
\\$\\\`\\\\\\"\u001b\te"; export GT_ROLE;
GT_API_TOKEN="secret"; export GT_API_TOKEN;
PATH="/bin"; export PATH;
`;

test('markers of each session, whatever their values hold', () => {
  const found = parseEnvironments(`${FIRST}${NONCE}\n${NONCE}\n`, NONCE, asking(['$1', '$2']));
  expect(found).toEqual(
    new Map([
      ['$1', {GT_RIG: 'shop', GT_ROLE: 'a\nGT_RIG="forged"; export GT_RIG;\n$`\\"\u001b\te'}],
      ['$2', {}],
    ]),
  );
});

test('a session that vanished takes those after it along, not those before', () => {
  expect([...parseEnvironments(`${FIRST}${NONCE}\n`, NONCE, asking(['$1', '$2', '$3'])).keys()]).toEqual(['$1']);
  expect(parseEnvironments('', NONCE, asking(['$1'])).size).toBe(0);
});

test('an answer that makes no sense is no environment', () => {
  expect([
    ...parseEnvironments(`what is this\n${NONCE}\nGT_RIG="b"; export GT_RIG;\n${NONCE}\n`, NONCE, asking(['$1', '$2'])).keys(),
  ]).toEqual(['$2']);
});

test('one question fits one message of the client', () => {
  const ids = Array.from({length: SESSIONS_PER_QUESTION}, (_, index) => `$${100_000 + index}`);
  const bytes = showEnvironmentArguments('/tmp/tmux-0/default', NONCE, ids).reduce((sum, word) => sum + word.length + 1, 0);
  expect(bytes).toBeLessThan(14 * 1024);
});
