import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { templatesQuery, tenantsQuery, type FleetSort } from '../queries.js';
import { BULK_WORDS, BulkDialog, type BulkAction } from './bulk-dialog.js';
import { TenantsTable } from './tenants-table.js';
import { TroubleChips } from './trouble-chips.js';
import {
  AGES,
  AGE_WORDS,
  SIZES,
  SIZE_WORDS,
  STATES,
  readTenantSearch,
  type TenantSearch,
} from './tenant-search.js';

const TYPING_MS = 250;
const ALL = { value: '', label: 'all' };

/** All tenants, in trouble first; what is chosen stands in the address. */
export function TenantsPage() {
  const search = useSearch({ from: '/signed-in/operator/' });
  const navigate = useNavigate();
  const query = useQuery(tenantsQuery(search));
  const templates = useQuery(templatesQuery);
  const [action, setAction] = useState<BulkAction>();
  const { sort = 'trouble', order, ...filter } = search;

  const change = (changes: Partial<Record<keyof TenantSearch, string | undefined>>) =>
    void navigate({ to: '/operator', search: readTenantSearch({ ...search, ...changes }), replace: true });
  const sortBy = (by: FleetSort) =>
    change({ sort: by, order: by === sort && order === undefined ? 'desc' : undefined });

  const versions = templates.data?.templates.map(({ version }) => String(version)) ?? [];
  return (
    <Page
      title="Tenants"
      note={
        query.data && (
          <span role="status">
            {whole(query.data.matching)} of {whole(query.data.total)}
          </span>
        )
      }
      actions={
        <Group gap="xs">
          {(Object.keys(BULK_WORDS) as BulkAction[]).map((each) => (
            <Button key={each} size="xs" variant="default" onClick={() => setAction(each)}>
              {BULK_WORDS[each].verb} these…
            </Button>
          ))}
        </Group>
      }
    >
      {query.data && (
        <TroubleChips
          troubled={query.data.troubled}
          chosen={search.trouble}
          onChoose={(trouble) => change({ trouble })}
        />
      )}
      <Group gap="sm" align="flex-end">
        <SearchField text={search.text ?? ''} onChange={(text) => change({ text })} />
        <NativeSelect
          label="State"
          data={[ALL, ...STATES.map((value) => ({ value, label: value }))]}
          value={search.state ?? ''}
          onChange={(event) => change({ state: event.currentTarget.value })}
        />
        <NativeSelect
          label="Template"
          data={[ALL, ...versions.map((value) => ({ value, label: value }))]}
          value={search.templateVersion === undefined ? '' : String(search.templateVersion)}
          onChange={(event) => change({ templateVersion: event.currentTarget.value })}
        />
        <NativeSelect
          label="Interactions"
          data={[ALL, ...SIZES.map((value) => ({ value, label: SIZE_WORDS[value] }))]}
          value={search.size ?? ''}
          onChange={(event) => change({ size: event.currentTarget.value })}
        />
        <NativeSelect
          label="Age"
          data={[ALL, ...AGES.map((value) => ({ value, label: AGE_WORDS[value] }))]}
          value={search.age ?? ''}
          onChange={(event) => change({ age: event.currentTarget.value })}
        />
      </Group>
      <Loaded query={query} lines={8} label="Loading the tenants">
        {({ columns, matching }) =>
          matching === 0 ? (
            <Nothing title="No tenant is like that">Change the filters, or take some of them away.</Nothing>
          ) : (
            <TenantsTable columns={columns} sort={sort} isDescending={order === 'desc'} onSort={sortBy} />
          )
        }
      </Loaded>
      {action !== undefined && (
        <BulkDialog action={action} filter={filter} onClose={() => setAction(undefined)} />
      )}
    </Page>
  );
}

/** Asks once somebody has stopped typing. */
function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      type="search"
      label="Name or slug"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
