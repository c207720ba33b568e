import { Button, Group, NumberInput, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useTenant } from '../tenant-context.js';
import { CustomerConditions } from './customer-conditions.js';
import { ProductPicker } from './pickers.js';
import { ProductConditions, without } from './product-conditions.js';
import type { RuleErrors } from './rule-errors.js';
import { kindOf } from './rule-kinds.js';
import type { Rule } from './rule-types.js';
import type { Vocabulary } from './rules-queries.js';
import { fromWallTime, toWallTime } from './zoned-time.js';
import classes from './rules.module.css';

interface RuleFormProps {
  readonly rule: Rule;
  readonly errors: RuleErrors;
  readonly vocabulary: Vocabulary | undefined;
  readonly onChange: (rule: Rule) => void;
  readonly onDone: () => void;
}

const LONGEST_NOTE = 500;

/** Everything about one rule. What is typed is in the draft at once; nothing is saved by it. */
export function RuleForm({ rule, errors, vocabulary, onChange, onDone }: RuleFormProps) {
  const set = (part: Partial<Rule>) => onChange({ ...rule, ...part });
  const parts = { rule, errors, vocabulary, onChange };
  return (
    <div className={classes.form}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {kindOf(rule)?.meaning}
        </Text>
        <Amount {...parts} />
        {rule.products !== undefined && (
          <ProductConditions
            title="Which products"
            field="products"
            selector={rule.products}
            vocabulary={vocabulary}
            errors={errors}
            onChange={(products) => set({ products })}
          />
        )}
        {rule.together !== undefined && (
          <ProductConditions
            title="Not to whoever has bought one of these, or has it in the basket"
            field="together"
            selector={rule.together}
            vocabulary={vocabulary}
            errors={errors}
            onChange={(together) => set({ together })}
          />
        )}
        {rule.kind !== 'forbid' && rule.kind !== 'dailyCap' && <Customers {...parts} />}
        <Validity {...parts} />
        <div className={classes.pair}>
          <TextInput
            label="Name"
            description="How reports and previews call this rule."
            value={rule.ruleId}
            error={errors.at('ruleId')}
            onChange={(event) => set({ ruleId: event.currentTarget.value })}
          />
          <Textarea
            label="Note"
            description="Why it is there, for whoever reads it next year."
            autosize
            maxLength={LONGEST_NOTE}
            value={rule.note ?? ''}
            error={errors.at('note')}
            onChange={({ currentTarget: { value } }) =>
              value === '' ? onChange(without(rule, 'note')) : set({ note: value })
            }
          />
        </div>
        <Group>
          <Button size="sm" variant="default" onClick={onDone}>
            Done
          </Button>
        </Group>
      </Stack>
    </div>
  );
}

type PartProps = Omit<RuleFormProps, 'onDone'>;

/** An empty field is no number, which the server will say. */
const numberOr = (value: string | number): number => (typeof value === 'number' ? value : (null as never));

function Amount({ rule, errors, onChange }: PartProps) {
  const set = (part: Partial<Rule>) => onChange({ ...rule, ...part });
  const rounded = (value: number) => Number(value.toFixed(4));
  switch (rule.kind) {
    case 'pin':
      return (
        <div className={classes.pair}>
          <ProductPicker
            label="Which product"
            value={rule.productId ?? ''}
            error={errors.at('productId')}
            onChange={(productId) => set({ productId })}
          />
          <NumberInput
            label="Place in the list"
            description="1 is the first. Of two pins at one place, the one further down this page gets it."
            value={rule.position ?? ''}
            error={errors.at('position')}
            onChange={(value) => set({ position: numberOr(value) })}
          />
        </div>
      );
    case 'boost':
      return (
        <NumberInput
          label="Change of the score"
          description="30 % raises, −30 % lowers. How far that moves a product, the preview shows."
          maw={300}
          suffix=" %"
          step={10}
          value={rule.factor === undefined ? '' : rounded(100 * (rule.factor - 1))}
          error={errors.at('factor')}
          onChange={(value) =>
            set({ factor: typeof value === 'number' ? rounded(1 + value / 100) : numberOr(value) })
          }
        />
      );
    case 'minimumRelevance':
      return (
        <NumberInput
          label="Share of the best score"
          description="What scores below it is left out, even if the list becomes short."
          maw={300}
          suffix=" %"
          step={5}
          value={rule.share === undefined ? '' : rounded(100 * rule.share)}
          error={errors.at('share')}
          onChange={(value) =>
            set({ share: typeof value === 'number' ? rounded(value / 100) : numberOr(value) })
          }
        />
      );
    case 'dailyCap':
      return (
        <NumberInput
          label="Times a day"
          description="For each product and customer; days are those of UTC."
          maw={300}
          value={rule.perCustomer ?? ''}
          error={errors.at('perCustomer')}
          onChange={(value) => set({ perCustomer: numberOr(value) })}
        />
      );
    default:
      return null;
  }
}

function Customers({ rule, errors, vocabulary, onChange }: PartProps) {
  const isForSome = rule.customers !== undefined;
  return (
    <Stack gap="sm">
      {rule.kind !== 'eligible' && (
        <Radio.Group
          label="For whom"
          value={isForSome ? 'some' : 'all'}
          onChange={(value) =>
            onChange(value === 'some' ? { ...rule, customers: { traits: {} } } : without(rule, 'customers'))
          }
        >
          <Group mt={6} gap="lg">
            <Radio value="all" label="Everybody" />
            <Radio value="some" label="Some customers" />
          </Group>
        </Radio.Group>
      )}
      {isForSome && (
        <CustomerConditions
          title={rule.kind === 'eligible' ? 'Only these customers' : 'Which customers'}
          selector={rule.customers ?? {}}
          vocabulary={vocabulary}
          errors={errors}
          onChange={(customers) => onChange({ ...rule, customers })}
        />
      )}
    </Stack>
  );
}

function Validity({ rule, errors, onChange }: PartProps) {
  const { timeZone } = useTenant();
  const moment = (field: 'from' | 'until', label: string, description: string) => (
    <TextInput
      type="datetime-local"
      label={`${label} (${timeZone})`}
      description={description}
      value={toWallTime(rule[field], timeZone)}
      error={errors.at(field)}
      onChange={({ currentTarget: { value } }) => {
        const at = fromWallTime(value, timeZone);
        onChange(at === undefined ? without(rule, field) : { ...rule, [field]: at });
      }}
    />
  );
  return (
    <div className={classes.pair}>
      {moment('from', 'From', 'Empty: it holds already.')}
      {moment('until', 'Until', 'Empty: it holds until somebody removes it.')}
    </div>
  );
}
