import {expect, it} from 'vitest';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import {createConversation} from '../../../src/cli/remote/conversation.ts';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {look} from '../../support/world.ts';

const looked = (monotonicMs: number): string =>
  jsonLine(snapshotDocument(look({monotonicMs}), {version: '1.0.0', settings: DEFAULT_SETTINGS})).trimEnd();

it('passes over what a login prints, and only before the first look', () => {
  const conversation = createConversation();
  expect(conversation.hear(['Welcome to box!', ''])).toEqual({newest: null, quietAt: null, unreadable: null});
  expect(conversation.hasBegun()).toBe(false);
  expect(conversation.hear(['Last login: today', looked(1000)])).toMatchObject({newest: {snapshot: {monotonicMs: 1000}}});
  expect(conversation.hasBegun()).toBe(true);
  expect(conversation.hear(['Broadcast message'])).toMatchObject({newest: null, unreadable: expect.any(String)});
});

it('passes over no more than a login prints', () => {
  const conversation = createConversation();
  expect(conversation.hear(Array.from({length: 200}, () => 'motd'))).toEqual({newest: null, quietAt: null, unreadable: null});
  expect(conversation.hear(['motd'])).toMatchObject({unreadable: expect.any(String)});
});

it('tells the newest of several looks, and when it has gone on long enough', () => {
  const conversation = createConversation(looked(1000).length);
  expect(conversation.hear([looked(1000)])).toMatchObject({newest: {snapshot: {monotonicMs: 1000}}});
  expect(conversation.isSpent()).toBe(false);
  expect(conversation.hear([looked(2000), looked(3000)])).toMatchObject({newest: {snapshot: {monotonicMs: 3000}}});
  expect(conversation.isSpent()).toBe(true);
});

it('tells the newest look before a line that cannot be read, and nothing behind that', () => {
  const conversation = createConversation();
  const bad = '{"schema":"rigtop/snapshot-change@1","servers":7}';
  expect(conversation.hear([looked(1000), looked(2000), bad, looked(3000)])).toMatchObject({
    newest: {snapshot: {monotonicMs: 2000}},
    unreadable: expect.stringContaining('does not fit'),
  });
  expect(conversation.last()).toMatchObject({snapshot: {monotonicMs: 2000}});
});
