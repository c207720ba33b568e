/** Where artifacts and lists are kept together: `s3://bucket/prefix?endpoint=https://…&region=…`. */
export interface S3Address {
  readonly bucket: string;
  /** Without a slash at either end; may be empty. */
  readonly prefix: string;
  readonly endpoint: string | undefined;
  readonly region: string;
}

const KNOWN = new Set(['endpoint', 'region']);

/** @throws Error that names what is wrong with it */
export function parseS3Address(text: string): S3Address {
  const url = new URL(text);
  if (url.protocol !== 's3:' || url.hostname === '') throw new Error('it must look like s3://bucket/prefix.');
  if (url.username !== '' || url.password !== '')
    throw new Error('it holds no secrets: they go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  const unknown = [...url.searchParams.keys()].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new Error(`it may say endpoint and region, not ${unknown}.`);
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:$/.test(new URL(endpoint).protocol))
    throw new Error('its endpoint must be an address with http or https.');
  return {
    bucket: url.hostname,
    prefix: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ''),
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
  };
}
