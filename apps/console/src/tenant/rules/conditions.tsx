import { CloseButton, Select, Stack, Text } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './rules.module.css';

export interface Condition {
  readonly key: string;
  /** For whoever hears the button that takes it away. */
  readonly label: string;
  readonly input: ReactNode;
}

interface ConditionsProps {
  readonly title: string;
  readonly hint: string;
  readonly conditions: readonly Condition[];
  /** What can be added, in groups. */
  readonly choices: readonly {
    readonly group: string;
    readonly items: readonly { value: string; label: string }[];
  }[];
  readonly error?: string;
  readonly onAdd: (key: string) => void;
  readonly onRemove: (key: string) => void;
}

/** All of these have to fit: a list of conditions, and what can be asked for besides. */
export function Conditions(props: ConditionsProps) {
  const { title, hint, conditions, choices, error, onAdd, onRemove } = props;
  const id = useId();
  return (
    <fieldset className={classes.conditions} aria-describedby={`${id}-hint`}>
      <legend>{title}</legend>
      <Stack gap="sm">
        {conditions.length === 0 && (
          <Text size="sm" c={error === undefined ? 'dimmed' : 'red'} id={`${id}-hint`}>
            {error === undefined ? hint : `${hint} (${error})`}
          </Text>
        )}
        {conditions.map(({ key, label, input }, index) => (
          <div key={key} className={classes.condition}>
            {conditions.length > 1 && <span className={classes.and}>{index === 0 ? '' : 'and'}</span>}
            <div className={classes.input}>{input}</div>
            <CloseButton mt={24} aria-label={`Remove the condition ${label}`} onClick={() => onRemove(key)} />
          </div>
        ))}
        <Select
          aria-label={`Add a condition: ${title}`}
          placeholder="Add a condition…"
          size="sm"
          maw={300}
          searchable
          clearable={false}
          data={choices.filter(({ items }) => items.length > 0) as never}
          value={null}
          onChange={(key) => key !== null && onAdd(String(key))}
        />
      </Stack>
    </fieldset>
  );
}
