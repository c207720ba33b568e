import { Conditions, type Condition } from './conditions.js';
import { CustomersPicker, ValuesPicker } from './pickers.js';
import { without } from './product-conditions.js';
import type { RuleErrors } from './rule-errors.js';
import type { CustomerSelector } from './rule-types.js';
import type { Vocabulary } from './rules-queries.js';

const LABELS: Readonly<Record<string, string>> = {
  ...{ region: 'Region', country: 'Country', segment: 'Segment', tier: 'Loyalty tier' },
  ...{ ageBand: 'Age band', gender: 'Gender' },
};
const KNOWN = Object.keys(LABELS);
const IDS = 'customerIds';
const TRAIT = 'trait:';

interface CustomerConditionsProps {
  readonly title: string;
  readonly selector: CustomerSelector;
  readonly vocabulary: Vocabulary | undefined;
  readonly errors: RuleErrors;
  readonly onChange: (selector: CustomerSelector) => void;
}

export function CustomerConditions(props: CustomerConditionsProps) {
  const { title, selector, vocabulary, errors, onChange } = props;
  const { customerIds, traits = {} } = selector;
  const withTraits = (next: NonNullable<CustomerSelector['traits']>) => {
    const rest = without(selector, 'traits');
    onChange(Object.keys(next).length === 0 ? rest : { ...rest, traits: next });
  };
  const conditions = Object.entries(traits).map(([name, values]): Condition => ({
    key: `${TRAIT}${name}`,
    label: LABELS[name] ?? name,
    input: (
      <ValuesPicker
        label={LABELS[name] ?? name}
        unit="customers"
        field={vocabulary?.customerTraits.find((known) => known.name === name)}
        values={values.map(String)}
        error={errors.at(`customers.traits.${name}`)}
        onChange={(next) => withTraits({ ...traits, [name]: next })}
      />
    ),
  }));
  const single: Condition = {
    key: IDS,
    label: 'Single customers',
    input: (
      <CustomersPicker
        label="Single customers"
        values={customerIds ?? []}
        error={errors.at('customers.customerIds')}
        onChange={(next) => onChange({ ...selector, customerIds: next })}
      />
    ),
  };
  const own = (vocabulary?.customerTraits ?? [])
    .map(({ name }) => name)
    .filter((name) => !KNOWN.includes(name));
  const inData = new Set(vocabulary?.customerTraits.map(({ name }) => name));
  const choice = (name: string) => ({
    value: `${TRAIT}${name}`,
    // A request may bring it all the same.
    label: `${LABELS[name] ?? name}${vocabulary === undefined || inData.has(name) ? '' : ' (not in your data)'}`,
  });
  const isFree = (name: string) => traits[name] === undefined;
  return (
    <Conditions
      title={title}
      hint="Say which customers: by region, segment, another trait, or one by one."
      error={errors.at('customers')}
      conditions={customerIds === undefined ? conditions : [...conditions, single]}
      choices={[
        {
          group: 'Customers',
          items: [
            ...KNOWN.filter(isFree).map(choice),
            ...(customerIds === undefined ? [{ value: IDS, label: 'Single customers' }] : []),
          ],
        },
        { group: 'Your own attributes', items: own.filter(isFree).map(choice) },
      ]}
      onAdd={(key) => {
        if (key === IDS) onChange({ ...selector, customerIds: [] });
        else withTraits({ ...traits, [key.slice(TRAIT.length)]: [] });
      }}
      onRemove={(key) => {
        if (key === IDS) onChange(without(selector, IDS));
        else withTraits(without(traits, key.slice(TRAIT.length)));
      }}
    />
  );
}
