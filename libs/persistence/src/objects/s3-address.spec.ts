import { parseS3Address } from './s3-address.js';

describe('parseS3Address', () => {
  it('reads bucket, prefix, endpoint and region', () => {
    expect(
      parseS3Address('s3://lists/night%20shift/eu/?endpoint=https://s3.example:9000&region=eu-1'),
    ).toEqual({
      bucket: 'lists',
      prefix: 'night shift/eu',
      endpoint: 'https://s3.example:9000',
      region: 'eu-1',
    });
    expect(parseS3Address('s3://lists')).toEqual({
      ...{ bucket: 'lists', prefix: '', endpoint: undefined, region: 'us-east-1' },
    });
  });

  it.each([
    ['https://lists/', 's3://bucket/prefix'],
    ['s3:///prefix', 's3://bucket/prefix'],
    ['s3://lists?endpiont=http://x', 'endpiont'],
    ['s3://lists?endpoint=ftp://x', 'http'],
    ['s3://key:secret@lists', 'secrets'],
  ])('refuses %s and says why', (address, reason) => {
    expect(() => parseS3Address(address)).toThrow(reason);
  });
});
