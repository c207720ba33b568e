import { Button, Group, NativeSelect, NumberInput, Switch, Text } from '@mantine/core';
import { Tag } from '../../parts/tag.js';
import type { SettingField } from './setting-fields.js';
import { fromPercent, hourText, toPercent, valueNow, valueText, type Changes } from './setting-values.js';
import type { Setting, Value } from './setting-values.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: hourText(hour) }));
const SUFFIXES: Readonly<Record<string, string>> = {
  percent: ' %',
  guardrail: ' %',
  days: ' days',
  hours: ' hours',
};

interface SettingInputProps {
  readonly field: SettingField;
  readonly setting: Setting;
  readonly changes: Changes;
  readonly problem: string | undefined;
  readonly disabled: boolean;
  /** Undefined: the template's again. */
  readonly onChange: (value: Value | undefined) => void;
}

/** One setting: what holds, what the template says, and whose it is. */
export function SettingInput(props: SettingInputProps) {
  const { field, setting, changes, disabled, onChange } = props;
  const { value, isOwn } = valueNow(setting, changes);
  return (
    <div>
      <Control {...props} value={value} />
      <Group gap="xs" mt={4} mih={24}>
        <Tag tone={isOwn ? 'accent' : 'plain'}>{isOwn ? 'own' : 'template'}</Tag>
        {isOwn && (
          <Text size="xs" c="dimmed">
            Template: {valueText(field.name, setting.templateValue)}
          </Text>
        )}
        {isOwn && !disabled && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`As the template: ${field.label}`}
            onClick={() => onChange(undefined)}
          >
            As the template
          </Button>
        )}
      </Group>
    </div>
  );
}

function Control(props: SettingInputProps & { readonly value: Value }) {
  const { field, setting, value, problem, disabled, onChange } = props;
  const { label, meaning: description } = field;
  const shared = { label, description, disabled, error: problem };
  if (field.kind === 'switch')
    return (
      <Switch
        {...shared}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  if (field.kind === 'hour')
    return (
      <NativeSelect
        {...shared}
        data={HOURS}
        value={String(value)}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      />
    );
  const isShare = field.kind === 'percent' || field.kind === 'guardrail';
  const isOff = field.kind === 'guardrail' && value === 1;
  const shown = typeof value === 'number' ? (isShare ? toPercent(value) : value) : '';
  const { minimum, maximum, whole } = setting;
  const scaled = (bound: number | null) => (bound === null ? undefined : isShare ? toPercent(bound) : bound);
  return (
    <>
      <NumberInput
        {...shared}
        value={isOff ? '' : shown}
        placeholder={isOff ? 'off' : field.whenEmpty}
        disabled={disabled || isOff}
        min={scaled(minimum)}
        max={scaled(maximum)}
        allowDecimal={!whole}
        clampBehavior="none"
        thousandSeparator=","
        suffix={SUFFIXES[field.kind]}
        step={isShare && shown !== '' && shown < 2 ? 0.1 : 1}
        onChange={(next) => {
          if (isOff) return;
          if (typeof next === 'number') onChange(isShare ? fromPercent(next) : next);
          else if (next === '') onChange(undefined);
        }}
      />
      {field.kind === 'guardrail' && (
        <Switch
          mt={6}
          size="xs"
          label="On"
          aria-label={`${label}: on`}
          disabled={disabled}
          checked={!isOff}
          onChange={(event) => onChange(event.currentTarget.checked ? undefined : 1)}
        />
      )}
    </>
  );
}
