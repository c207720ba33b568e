import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { withColumn, withFormat } from './change-mapping.js';
import type { Mapping } from './data-queries.js';
import { FIELD_LABELS } from './field-labels.js';
import classes from './mapping-form.module.css';

interface MappingFormProps {
  readonly mapping: Mapping;
  readonly columns: readonly string[];
  /** What is wrong with a field's column, by its name. */
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (mapping: Mapping) => void;
}

/** Which column is what: guessed, and a person has the last word. */
export function MappingForm({ mapping, columns, problems, onChange }: MappingFormProps) {
  return (
    <fieldset className={classes.fields}>
      <legend>Which column is which</legend>
      {FIELD_LABELS[mapping.entity].map(({ name, label, isRequired = false, isMoment = false }) => {
        const field = mapping.fields[name];
        const nothing =
          name === 'type' && field?.constant !== undefined ? `always “${field.constant}”` : 'not in the file';
        return (
          <div key={name} className={classes.field}>
            <NativeSelect
              label={label}
              required={isRequired}
              error={problems.get(name)}
              value={field?.column ?? ''}
              data={[
                { value: '', label: nothing },
                ...columns.map((column) => ({ value: column, label: column })),
              ]}
              onChange={({ currentTarget }) =>
                onChange(withColumn(mapping, name, currentTarget.value === '' ? null : currentTarget.value))
              }
            />
            {isMoment && field?.column !== undefined && (
              <FormatInput
                label={`Format of “${label}”`}
                value={field.format ?? 'iso'}
                onChange={(format) => onChange(withFormat(mapping, name, format))}
              />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

interface FormatInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (format: string) => void;
}

/** Taken when the field is left: half a format reads nothing. */
function FormatInput({ label, value, onChange }: FormatInputProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      label={label}
      description="iso, epochSeconds, or such as dd.MM.yyyy HH:mm"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text !== value && onChange(text)}
      onKeyDown={(event) => event.key === 'Enter' && text !== value && onChange(text)}
    />
  );
}
