import { volumeReason } from './volume.js';

const byShare = { triggerVolumeRows: 0, triggerVolumeShare: 0.2 };

describe('volumeReason', () => {
  it('is there from a fifth of what was known on, with its figures', () => {
    expect(volumeReason(999, 5_000, byShare)).toBeUndefined();
    expect(volumeReason(1_200, 5_000, byShare)).toEqual({
      trigger: 'volume',
      sentence: '1,200 new interactions since the last training, 24 % of the 5,000 that it saw.',
      figures: { newInteractions: 1_200, knownInteractions: 5_000, share: 0.24, limitShare: 0.2 },
    });
    expect(volumeReason(1_000, 5_000, byShare)).toBeDefined();
  });

  it('does not start for the share of a small tenant, but for a number that the tenant asks for', () => {
    expect(volumeReason(499, 1_000, byShare)).toBeUndefined();
    expect(volumeReason(500, 1_000, byShare)).toBeDefined();
    const byRows = { triggerVolumeRows: 300, triggerVolumeShare: 0 };
    expect(volumeReason(299, 1_000_000, byRows)).toBeUndefined();
    expect(volumeReason(300, 1_000_000, byRows)?.figures).toMatchObject({ limitRows: 300, share: 0.0003 });
  });

  it('never is where both are 0', () => {
    expect(volumeReason(1e9, 1, { triggerVolumeRows: 0, triggerVolumeShare: 0 })).toBeUndefined();
  });
});
