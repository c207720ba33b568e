import { needsServices } from './needs-services.js';

describe('services', () => {
  test.each([[[]], [['--help']], [['tenant', '--help']], [['evaluate', '--train', 'tenant']], [['tune']]])(
    'stay down for %j',
    (args) => {
      expect(needsServices(args)).toBe(false);
    },
  );

  test.each([[['tenant', 'list']], [['import', 'evaluate']]])('are there for %j', (args) => {
    expect(needsServices(args)).toBe(true);
  });
});
