import { waterfallOf } from './waterfall.js';

test('voices add up, steps go on from there, and every bar begins where the last one ended', () => {
  const rows = waterfallOf([
    { step: 'group', score: 0.2 },
    { step: 'model', score: 0.5 },
    { step: 'upsell', score: 0.4, factor: 0.8 },
    { step: 'rules', score: 0.8, factor: 2 },
  ]);
  expect(rows.map(({ left, width }) => [left, width].map((value) => Math.round(value * 10) / 10))).toEqual([
    [0, 25],
    [25, 37.5],
    [50, 12.5],
    [50, 50],
  ]);
  expect(rows.map(({ change }) => Number(change.toFixed(3)))).toEqual([0.2, 0.3, -0.1, 0.4]);
  expect(rows[2].factor).toBe(0.8);
});

test('scores below zero have room, and no score at all needs none', () => {
  const [row] = waterfallOf([{ step: 'model', score: -2 }]);
  expect([row.left, row.width]).toEqual([0, 100]);
  expect(waterfallOf([{ step: 'model', score: 0 }])[0]).toMatchObject({ left: 0, width: 0 });
  expect(waterfallOf([])).toEqual([]);
});
