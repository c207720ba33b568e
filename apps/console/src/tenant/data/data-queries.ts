import { queryOptions } from '@tanstack/react-query';
import { answerOf, client, fetchRaw } from '../../api/client.js';
import { tenantKey, type Schemas } from '../queries.js';

export type ImportReport = Schemas['ImportReportDto'];
export type ImportResult = Schemas['ImportResultDto'];
export type ImportPreview = Schemas['ImportPreviewDto'];
export type Entity = ImportReport['entity'];

/** As the API takes it; only what the assistant offers is spelled out. */
export interface Mapping {
  readonly entity: Entity;
  readonly fields: Readonly<Record<string, Field>>;
  readonly product?: { readonly fields?: Readonly<Record<string, Field>> };
  readonly [other: string]: unknown;
}

export interface Field {
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly constant?: string | number;
  readonly format?: string;
  readonly [other: string]: unknown;
}

export const importsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'imports'],
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/imports', { params: { path: { tenant }, query: { limit: 20 } } }),
      ),
  });

export function previewImport(
  tenant: string,
  sample: string,
  mapping?: Mapping,
  entity?: Entity,
): Promise<ImportPreview> {
  const body = { sample, mapping: mapping as never, entity, count: 6 };
  return answerOf(
    client.POST('/v1/tenants/{tenant}/imports/preview', { params: { path: { tenant } }, body }),
  );
}

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

export async function sendFile(tenant: string, file: File, mapping: Mapping): Promise<ImportResult> {
  const { type } = mapping.format as { type: keyof typeof TYPES };
  const query = new URLSearchParams({ source: file.name.slice(0, 200) });
  const answer = await fetchRaw(`/v1/tenants/${encodeURIComponent(tenant)}/imports?${query}`, {
    method: 'POST',
    body: file,
    headers: {
      'Content-Type': isPacked(file) ? 'application/gzip' : TYPES[type],
      'X-Nightshift-Mapping': base64url(JSON.stringify(mapping)),
    },
  });
  return (await answer.json()) as ImportResult;
}

const isPacked = ({ name }: File): boolean => name.toLowerCase().endsWith('.gz');

function base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const packed = btoa(String.fromCharCode(...bytes));
  return packed.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const SAMPLE_BYTES = 65_536;

/** The beginning of a file, as whole lines. @throws Error for what cannot be shown */
export async function sampleOf(file: File): Promise<string> {
  const stream = isPacked(file) ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let isWhole = false;
  while (text.length < SAMPLE_BYTES && !isWhole) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    isWhole = done;
  }
  void reader.cancel().catch(() => undefined);
  if (text.startsWith('PAR1'))
    throw new Error('Parquet files are sent over the API, with a mapping: see “API”.');
  const short = text.slice(0, SAMPLE_BYTES);
  return isWhole && text.length <= SAMPLE_BYTES ? short : short.slice(0, short.lastIndexOf('\n') + 1);
}
