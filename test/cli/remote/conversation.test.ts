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
  expect(conversation.hear(['Welcome to box!', ''])).toEqual({newest: null, quietAt: null});
  expect(conversation.hasBegun()).toBe(false);
  expect(conversation.hear(['Last login: today', looked(1000)])).toMatchObject({newest: {snapshot: {monotonicMs: 1000}}});
  expect(conversation.hasBegun()).toBe(true);
  expect(conversation.hear(['Broadcast message'])).toHaveProperty('unreadable');
});

it('passes over no more than a login prints', () => {
  const conversation = createConversation();
  expect(conversation.hear(Array.from({length: 200}, () => 'motd'))).toEqual({newest: null, quietAt: null});
  expect(conversation.hear(['motd'])).toHaveProperty('unreadable');
});

it('tells the newest of several looks, and when it has gone on long enough', () => {
  const conversation = createConversation(looked(1000).length);
  expect(conversation.hear([looked(1000)])).toMatchObject({newest: {snapshot: {monotonicMs: 1000}}});
  expect(conversation.isSpent()).toBe(false);
  expect(conversation.hear([looked(2000), looked(3000)])).toMatchObject({newest: {snapshot: {monotonicMs: 3000}}});
  expect(conversation.isSpent()).toBe(true);
});
