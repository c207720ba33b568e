import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { tenantKey, type Schemas } from '../queries.js';

const at = (tenant: string) => ({ path: { tenant } });

export interface SeenSettings {
  readonly settings: Schemas['SettingsDto'];
  /** What a change is made from: refused once somebody else has made one. */
  readonly tag: string;
}

export const settingsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'settings'],
    async queryFn(): Promise<SeenSettings> {
      const fetched = await client.GET('/v1/tenants/{tenant}/settings', { params: at(tenant) });
      const settings = await answerOf(Promise.resolve(fetched));
      return { settings, tag: fetched.response.headers.get('ETag') ?? '' };
    },
  });

export type SettingsBody = Schemas['PreviewSettingsDto'];

export const previewSettings = (tenant: string, body: SettingsBody) =>
  answerOf(client.POST('/v1/tenants/{tenant}/settings/preview', { params: at(tenant), body }));

export const saveSettings = (tenant: string, tag: string, body: SettingsBody & { reason: string }) =>
  answerOf(
    client.PUT('/v1/tenants/{tenant}/settings', {
      params: { ...at(tenant), header: { 'If-Match': tag } },
      body,
    }),
  );
