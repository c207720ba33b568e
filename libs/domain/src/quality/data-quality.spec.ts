import { judgeDataQuality, type DataQualityNumbers } from './data-quality.js';

const LAST: DataQualityNumbers = {
  rows: 1000,
  customers: 101,
  products: 30,
  returns: 10,
  refunds: 5,
  zeroPrice: 2,
  withoutCustomer: 50,
  kept: 985,
  retention: 0.985,
  extremePriceProducts: 0,
  watermark: '2026-11-20T22:00:00.000Z',
};
const codes = (change: Partial<DataQualityNumbers>, previous: DataQualityNumbers | undefined = LAST) =>
  judgeDataQuality({ ...LAST, ...change }, previous).findings.map(
    ({ code, blocking }) => `${code}${blocking ? '!' : ''}`,
  );

describe('judgeDataQuality', () => {
  it('passes a night like the last one, and the first night, with the numbers as they are', () => {
    expect(judgeDataQuality(LAST, LAST)).toEqual({ passed: true, numbers: LAST, findings: [] });
    expect(judgeDataQuality({ ...LAST, rows: 1, kept: 1, customers: 1 }, undefined).passed).toBe(true);
  });

  it('takes half of the rows for a quiet day and less for a collapse', () => {
    expect(codes({ rows: 500 })).toEqual([]);
    expect(codes({ rows: 499 })).toEqual(['volumeCollapsed!']);
  });

  it('notices when half of the customers are gone', () => {
    expect(codes({ customers: 51 })).toEqual([]);
    expect(codes({ customers: 50 })).toEqual(['customersCollapsed!']);
  });

  it('notices data that is older than what was there before, and takes unchanged data', () => {
    expect(codes({ watermark: LAST.watermark })).toEqual([]);
    expect(codes({ watermark: '2026-11-20T21:59:59.999Z' })).toEqual(['watermarkMovedBack!']);
    expect(codes({ watermark: '2026-11-20T22:30:00+01:00' })).toEqual(['watermarkMovedBack!']);
  });

  it('has nothing to learn from when every row is a return, on the first night too', () => {
    expect(codes({ kept: 0 })).toEqual(['nothingToLearnFrom!']);
    expect(judgeDataQuality({ ...LAST, kept: 0 }, undefined).passed).toBe(false);
  });

  it('flags extreme prices without stopping the night', () => {
    const report = judgeDataQuality({ ...LAST, extremePriceProducts: 3 }, LAST);
    expect(report.passed).toBe(true);
    expect(report.findings).toEqual([
      expect.objectContaining({
        code: 'extremePrices',
        blocking: false,
        message: expect.stringContaining('3 products'),
      }),
    ]);
  });

  it('names everything that is wrong, with both numbers', () => {
    const report = judgeDataQuality(
      { ...LAST, rows: 3, customers: 2, kept: 0, watermark: '2026-01-01T00:00:00Z' },
      LAST,
    );
    expect(report.passed).toBe(false);
    expect(report.findings).toHaveLength(4);
    expect(report.findings[1].message).toBe('3 rows, where the last accepted night had 1000.');
  });
});
