import { NumberInput } from '@mantine/core';
import { useTenant } from '../tenant-context.js';
import { Conditions, type Condition } from './conditions.js';
import { ProductsPicker, ValuesPicker } from './pickers.js';
import type { RuleErrors } from './rule-errors.js';
import type { ProductSelector } from './rule-types.js';
import type { Vocabulary } from './rules-queries.js';

type Plain = Exclude<keyof ProductSelector, 'attributes'>;

const LABELS: Readonly<Record<Plain, string>> = {
  ...{ categories: 'Category', brands: 'Brand', productIds: 'Single products' },
  ...{ minimumPrice: 'Price at least', maximumPrice: 'Price at most' },
};
const ORDER = Object.keys(LABELS) as Plain[];
const ATTRIBUTE = 'attribute:';

interface ProductConditionsProps {
  readonly title: string;
  /** `products` or `together`. */
  readonly field: string;
  readonly selector: ProductSelector;
  readonly vocabulary: Vocabulary | undefined;
  readonly errors: RuleErrors;
  readonly onChange: (selector: ProductSelector) => void;
}

export function ProductConditions(props: ProductConditionsProps) {
  const { title, field, selector, vocabulary, errors, onChange } = props;
  const attributes = selector.attributes ?? {};
  const withAttributes = (next: ProductSelector['attributes']) => {
    const rest = without(selector, 'attributes');
    onChange(Object.keys(next ?? {}).length === 0 ? rest : { ...rest, attributes: next });
  };
  const plain = ORDER.filter((part) => selector[part] !== undefined).map((part): Condition => ({
    key: part,
    label: LABELS[part],
    input: (
      <PlainInput
        part={part}
        selector={selector}
        vocabulary={vocabulary}
        error={errors.at(`${field}.${part}`)}
        onChange={onChange}
      />
    ),
  }));
  const tagged = Object.entries(attributes).map(([name, values]): Condition => ({
    key: `${ATTRIBUTE}${name}`,
    label: name,
    input: (
      <ValuesPicker
        label={name}
        unit="products"
        field={vocabulary?.productAttributes.find((known) => known.name === name)}
        values={values.map(String)}
        error={errors.at(`${field}.attributes.${name}`)}
        onChange={(next) => withAttributes({ ...attributes, [name]: next })}
      />
    ),
  }));
  return (
    <Conditions
      title={title}
      hint="Say which products: by category, brand, attribute, price, or one by one."
      error={errors.at(field)}
      conditions={[...plain, ...tagged]}
      choices={[
        {
          group: 'Products',
          items: ORDER.filter((part) => selector[part] === undefined).map((value) => ({
            value,
            label: LABELS[value],
          })),
        },
        {
          group: 'Your own attributes',
          items: (vocabulary?.productAttributes ?? [])
            .filter(({ name }) => attributes[name] === undefined)
            .map(({ name }) => ({ value: `${ATTRIBUTE}${name}`, label: name })),
        },
      ]}
      onAdd={(key) => {
        if (key.startsWith(ATTRIBUTE)) withAttributes({ ...attributes, [key.slice(ATTRIBUTE.length)]: [] });
        else onChange({ ...selector, [key]: key.endsWith('Price') ? 0 : [] });
      }}
      onRemove={(key) => {
        if (key.startsWith(ATTRIBUTE)) withAttributes(without(attributes, key.slice(ATTRIBUTE.length)));
        else onChange(without(selector, key));
      }}
    />
  );
}

interface PlainInputProps {
  readonly part: Plain;
  readonly selector: ProductSelector;
  readonly vocabulary: Vocabulary | undefined;
  readonly error: string | undefined;
  readonly onChange: (selector: ProductSelector) => void;
}

function PlainInput({ part, selector, vocabulary, error, onChange }: PlainInputProps) {
  const { currency } = useTenant();
  const label = LABELS[part];
  const set = (value: readonly string[] | number | null) => onChange({ ...selector, [part]: value });
  if (part === 'minimumPrice' || part === 'maximumPrice')
    return (
      <NumberInput
        label={`${label} (${currency})`}
        error={error}
        allowNegative={false}
        value={selector[part] ?? ''}
        // An empty field is no price, which the server will say.
        onChange={(value) => set(typeof value === 'number' ? value : null)}
      />
    );
  const values = selector[part] ?? [];
  if (part === 'productIds')
    return <ProductsPicker label={label} values={values} error={error} onChange={set} />;
  const field = part === 'brands' ? vocabulary?.brands : vocabulary?.categories;
  return (
    <ValuesPicker label={label} unit="products" field={field} values={values} error={error} onChange={set} />
  );
}

export function without<T extends object>(of: T, key: string): T {
  return Object.fromEntries(Object.entries(of).filter(([name]) => name !== key)) as T;
}
