// Registries and declared ports that lie: a town's list that lost all its rigs, a slot that declares somebody's port.
import {describe, expect, test} from 'vitest';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {
  assessAll,
  inPane,
  listener,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settings,
  settled,
  verdicts,
} from '../../support/world.ts';
import {shop, slotSession} from '../judge/slots/shop.ts';

describe('a registry that knows no rig any more', () => {
  const polecat = (rig: string, name: string, paneId: string) =>
    session(`${rig}-${name}`, [pane(paneId, 4000 + Number(paneId.slice(1)), {windowId: `@${paneId.slice(1)}`})], {
      env: {GT_ROOT: '/home/u/gt', GT_ROLE: `${rig}/polecats/${name}`, GT_RIG: rig, GT_POLECAT: name},
    });
  const living = (paneId: string) =>
    process(4000 + Number(paneId.slice(1)), 700, 'claude', {tty: `pts/${paneId.slice(1)}`, env: inPane(paneId)});
  const orphans = (held: readonly ReturnType<typeof polecat>[], rigs: Parameters<typeof townRecord>[0]) =>
    verdicts(
      ofKind(
        settled(look({towns: [townRecord(rigs)], processes: [living('%1'), living('%2')], servers: [server('default', held)]})),
        'orphan-session',
      ),
      'orphan-session',
    );

  test('makes no sure orphans of the sessions of several rigs', () => {
    const held = [polecat('shop', 'fury', '%1'), polecat('search', 'nux', '%2')];
    expect(orphans(held, {rigs: {}})).toEqual(['unknown session:default/search-nux', 'unknown session:default/shop-fury']);
  });

  test('one that merely lost one rig is believed', () => {
    const held = [polecat('shop', 'fury', '%1'), polecat('search', 'nux', '%2')];
    expect(orphans(held, {rigs: {search: {prefix: 'search', polecats: ['nux']}}})).toContain('sure session:default/shop-fury');
  });
});

describe('a slot whose declared port is held by a server of everybody', () => {
  test.each<[command: string, rule?: string]>([
    ['sshd'],
    ['postgres -D /var/lib/pg'],
    ['docker-proxy', 'container'],
    ['nginx'],
    ['kitty'],
    ['ssh-agent'],
    ['firefox'],
  ])('%s is not flushed', (command, rule = 'shared') => {
    const facts = {
      repos: [shop([slotSession('feat-a', 1)])],
      processes: [process(300, 1, command, {cwd: '/'})],
      listeners: [listener(3101, 300)],
    };
    const answer = makePlan({action: 'flush', asked: ['slot:shop/1']}, assessAll([look(facts)]).assessment, settings, {
      id: 'a',
      now: 1,
      sources: SOURCES,
    });
    expect(isRefusal(answer) ? [] : answer.targets).toEqual([]);
    expect(answer.leftOut).toMatchObject([{ref: 'process:300', rule}]);
  });
});
