import { WrittenAnswers, type WrittenAnswer } from './written-answers.js';

const answer = (lastingPart: string): WrittenAnswer => ({
  lastingPart,
  bytes: lastingPart.length,
  basis: {},
  customerId: 'anna',
  lists: undefined,
  count: () => undefined,
});

test('what is asked for again stays, and what is not makes room', () => {
  const answers = new WrittenAnswers(10);
  answers.set('/asked', answer('12345'));
  answers.set('/forgotten', answer('12345'));
  // Full: the next one begins a generation.
  answers.set('/b', answer('12345'));
  expect(answers.get('/asked')?.lastingPart).toBe('12345');
  expect(answers.get('/forgotten-not')).toBeUndefined();
  answers.set('/c', answer('12345'));
  expect(answers.get('/forgotten')).toBeUndefined();
  expect(answers.get('/asked')).toBeDefined();
});

test('a replaced answer counts once', () => {
  const answers = new WrittenAnswers(10);
  for (let i = 0; i < 100; i++) answers.set('/a', answer(`0000${i % 10}`));
  answers.set('/b', answer('12345'));
  expect(answers.get('/a')?.lastingPart).toBe('00009');
});
