import { MultiSelect, Select, TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { whole } from '../../parts/numbers.js';
import { customersQuery } from '../customers/customer-queries.js';
import { useTenant } from '../tenant-context.js';
import {
  productSearchQuery,
  productsQuery,
  type FoundProduct,
  type VocabularyField,
} from './rules-queries.js';

const PAUSE_MS = 250;

interface PickerProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: string;
  readonly disabled?: boolean;
}

interface ManyProps extends PickerProps {
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
}

const productLabel = ({ productId, name }: FoundProduct) =>
  name === null ? productId : `${name} (${productId})`;
const asGiven = ({ options }: { options: never[] }) => options;

function useProducts(values: readonly string[], text: string) {
  const { tenant } = useTenant();
  const [search] = useDebouncedValue(text, PAUSE_MS);
  const chosen = useQuery(productsQuery(tenant, [...values].sort()));
  const found = useQuery(productSearchQuery(tenant, search.trim()));
  const known = [...(chosen.data?.products ?? []), ...(found.data?.products ?? [])];
  const options = new Map(values.map((value) => [value, value]));
  for (const product of known) options.set(product.productId, productLabel(product));
  return [...options].map(([value, label]) => ({ value, label }));
}

/** Products by id or name, as the tenant's own data have them. */
export function ProductsPicker({ values, onChange, ...rest }: ManyProps) {
  const [text, setText] = useState('');
  return (
    <MultiSelect
      {...rest}
      searchable
      hidePickedOptions
      nothingFoundMessage="No product begins or is called so"
      placeholder={values.length === 0 ? 'Search by name or id' : undefined}
      data={useProducts(values, text)}
      filter={asGiven as never}
      searchValue={text}
      onSearchChange={setText}
      value={[...values]}
      onChange={onChange}
    />
  );
}

interface OneProps extends PickerProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function ProductPicker({ value, onChange, ...rest }: OneProps) {
  const [text, setText] = useState('');
  const options = useProducts(value === '' ? [] : [value], text);
  return (
    <Select
      {...rest}
      searchable
      nothingFoundMessage="No product begins or is called so"
      placeholder="Search by name or id"
      data={options}
      // With the chosen one in the field, everything is on offer.
      filter={asGiven as never}
      onSearchChange={(typed) => setText(options.some(({ label }) => label === typed) ? '' : typed)}
      value={value === '' ? null : value}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}

export function CustomersPicker({ values, onChange, ...rest }: ManyProps) {
  const { tenant } = useTenant();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, PAUSE_MS);
  const found = useQuery(customersQuery(tenant, search.trim()));
  const ids = [...new Set([...values, ...(found.data?.customers ?? []).map(({ customerId }) => customerId)])];
  return (
    <MultiSelect
      {...rest}
      searchable
      hidePickedOptions
      nothingFoundMessage="No customer’s id begins so"
      placeholder={values.length === 0 ? 'Search by id' : undefined}
      data={ids}
      filter={asGiven as never}
      searchValue={text}
      onSearchChange={setText}
      value={[...values]}
      onChange={onChange}
    />
  );
}

interface ValuesProps extends ManyProps {
  readonly field: VocabularyField | undefined;
  readonly unit: string;
}

/** Values that the data have, with how often; others may be typed, for what is still to come. */
export function ValuesPicker({ field, unit, values, onChange, ...rest }: ValuesProps) {
  const counts = new Map(field?.values.map(({ value, count }) => [value, count]));
  return (
    <TagsInput
      {...rest}
      data={[...counts.keys()]}
      value={[...values]}
      onChange={onChange}
      maxDropdownHeight={240}
      placeholder={values.length === 0 ? 'Choose or type' : undefined}
      renderOption={({ option }) => (
        <span>
          {option.value}{' '}
          <small>
            {whole(counts.get(option.value) ?? 0)} {unit}
          </small>
        </span>
      )}
    />
  );
}
