// Panels as a line: an empty one says so, one without room says what it comes to.
import {describe, expect, test} from 'vitest';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import type {PanelId, Row} from '../../src/store/rows.ts';
import {stripLine} from '../../src/ui/panels/strips.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {buildFleet} from '../store/fleet.ts';

const {glyphs} = resolveTheme('dark', {LANG: 'C.UTF-8', TERM: 'xterm-256color'});
const view = viewFleet(buildFleet(), EMPTY_VIEW);
const nothing = {rigs: [], ports: [], agents: [], orphans: []};

const words = (state: Parameters<typeof stripLine>[0], panels: readonly PanelId[], width = 120): string =>
  stripLine(state, panels, width, glyphs)
    .map(({text}) => text)
    .join('');

describe('a panel as a line', () => {
  test('empty ones stand together and say what nothing means: how far the look reached, and what it could not see', () => {
    const calm = {...view, ...nothing};
    const line = words({view: calm, visible: nothing, journal: []}, ['ports', 'orphans', 'journal']);
    expect(line).toMatch(
      /^─ 2 Ports {2}nobody listens ── 4 Orphans {2}none: 12 processes, 1 server, 1 unseen ── 6 Journal {2}nothing yet ─+$/,
    );
    expect(line).toHaveLength(120);
  });

  test('where all are empty, none of them is cut at 120 columns', () => {
    const calm = {...view, ...nothing};
    const line = words({view: calm, visible: nothing, journal: []}, ['rigs', 'ports', 'orphans', 'explain', 'journal']);
    expect(line).toMatch(/1 Rigs {2}none ── 2 Ports .* ── 4 Orphans {2}none.* ── 5 Explain {2}nothing ── 6 Journal {2}nothing yet ─/);
  });

  test('what a filter hides is not nothing', () => {
    expect(words({view, visible: nothing, journal: []}, ['orphans'])).toContain('4 Orphans  none of 5 shown');
  });

  test('rigs are told by name with their agents and their verdict, ports by how many are what', () => {
    const line = words({view, visible: view, journal: []}, ['rigs']);
    expect(line).toMatch(/^─ 1 Rigs {2}/);
    expect(line).toContain('checkout 1');
    expect(line).toContain('WRONG-OWNER 1');
    expect(words({view, visible: view, journal: []}, ['ports'])).toMatch(/2 Ports {2}\d+ [A-Z]+/i);
  });

  test('many rigs say only how many need a person, and the last of them only how many they are', () => {
    const [rig = view.rigs[0]] = view.rigs;
    const named = (name: string) => ({
      ...(rig as Row),
      cells: {name, count: '10', needs: '3 ask, 2 done'},
      badge: {word: 'ASKS 3', tone: 'warning' as const},
    });
    const rows = ['billing', 'checkout', 'docs', 'mobile'].map(named);
    const line = (width: number): string => words({view, visible: {...view, rigs: rows}, journal: []}, ['rigs'], width);
    expect(line(130)).toMatch(/^─ 1 Rigs {2}billing 10 \(3 ask, 2 done\) {2}checkout 10 \(3 ask, 2 done\)/);
    expect(line(90)).toMatch(/^─ 1 Rigs {2}billing 10 \(5\) {2}checkout 10 \(5\) {2}docs 10 \(5\) {2}mobile 10 \(5\) ─+$/);
    expect(line(60)).toMatch(/^─ 1 Rigs {2}billing 10 \(5\) {2}checkout 10 \(5\) {2}and 2 more ─+$/);
  });

  test('a thousand rigs cost no more than those that there is room for', () => {
    let reads = 0;
    const rig = view.rigs[0] as Row;
    const rows = Array.from({length: 1_000}, (_, at) => ({
      ...rig,
      badge: {word: 'ok', tone: 'good' as const},
      get cells() {
        reads += 1;
        return {name: `m${at}`, count: '10', needs: ''};
      },
    }));
    const line = words({view, visible: {...view, rigs: rows}, journal: []}, ['rigs', 'ports'], 120);
    expect(line).toMatch(/^─ 1 Rigs {2}(m\d 10 {2}){7}and 993 more ── 2 Ports {2}\d+/);
    expect(reads).toBeLessThan(20_000);
  });

  test('a supervisor among the rigs has its word', () => {
    const [rig = view.rigs[0]] = view.rigs;
    const rows = rig === undefined ? [] : [{...rig, cells: {name: 'supervisor', count: '-'}, badge: {word: 'ACTS', tone: 'good' as const}}];
    expect(words({view, visible: {...view, rigs: rows}, journal: []}, ['rigs'])).toMatch(/^─ 1 Rigs {2}supervisor ACTS ─+$/);
  });

  test('the journal is its newest entry', () => {
    const journal = [
      {at: 1, text: 'first', tone: 'plain' as const},
      {at: 2, text: 'stopped shop/2', tone: 'good' as const},
    ];
    expect(words({view, visible: view, journal}, ['journal'])).toContain('6 Journal  stopped shop/2');
  });

  test('is cut where it does not fit', () => {
    expect(words({view, visible: view, journal: []}, ['rigs', 'ports'], 20)).toHaveLength(20);
  });
});
