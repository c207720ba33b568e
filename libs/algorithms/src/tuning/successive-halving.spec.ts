import { SuccessiveHalving } from './successive-halving.js';

describe('SuccessiveHalving', () => {
  it('lets the best third of a rung go up as soon as it is known', () => {
    const halving = new SuccessiveHalving(3, 3);
    // Gains by trial; the rung changes nothing here.
    const gains = [5, 1, 3, 9, 2, 4, 8, 7, 6];
    const jobs = Array.from({ length: 14 }, () => {
      const job = halving.next();
      halving.report(job, gains[job.trial] ?? 0);
      return `${job.trial}@${job.rung}`;
    });
    expect(jobs).toEqual([
      ...['0@0', '1@0', '2@0', '0@1'], // three came in: the best of them goes up
      ...['3@0', '3@1'], // a new best of four
      ...['4@0', '5@0', '6@0', '6@1', '3@2'], // six: two may; then three on rung 1: one may
      ...['7@0', '8@0', '7@1'], // nine: three may, 3 and 6 have gone already
    ]);
  });

  it('never lets failures up, and with one rung it is plain random search', () => {
    const halving = new SuccessiveHalving(2, 3);
    for (let i = 0; i < 6; i++) {
      const job = halving.next();
      expect(job).toEqual({ trial: i, rung: 0 });
      halving.report(job, NaN);
    }
    const plain = new SuccessiveHalving(1, 3);
    for (let i = 0; i < 6; i++) {
      expect(plain.next()).toEqual({ trial: i, rung: 0 });
      plain.report({ trial: i, rung: 0 }, i);
    }
  });
});
