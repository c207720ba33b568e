import { JsonInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { RuleErrors } from './rule-errors.js';
import type { Rules } from './rule-types.js';

interface DocumentViewProps {
  readonly rules: Rules;
  readonly mayChange: boolean;
  readonly errorsOf: (index: number) => RuleErrors;
  readonly onChange: (rules: Rules) => void;
}

/** The same rules as the API takes them, for whoever prefers to copy and paste. */
export function DocumentView({ rules, mayChange, errorsOf, onChange }: DocumentViewProps) {
  const [text, setText] = useState(() => JSON.stringify(rules, null, 2));
  const isBroken = parsed(text) === undefined;
  // Discarded, or saved by somebody else: what is shown is what there is.
  const shown =
    isBroken || JSON.stringify(parsed(text)) === JSON.stringify(rules)
      ? text
      : JSON.stringify(rules, null, 2);
  const errors = rules.flatMap((_, index) =>
    errorsOf(index).lines.map((line) => `Rule ${index + 1}, ${line}`),
  );
  return (
    <Stack gap="xs">
      <JsonInput
        label="All rules, in the order of the list"
        description="As PUT /rules takes them."
        autosize
        minRows={6}
        maxRows={28}
        readOnly={!mayChange}
        value={shown}
        onChange={(value) => {
          setText(value);
          const next = parsed(value);
          if (next !== undefined) onChange(next);
        }}
        error={isBroken ? 'This is no list in JSON: the last one that was is kept.' : undefined}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
      />
      {errors.map((line) => (
        <Text key={line} size="sm" c="red" role="alert">
          {line}
        </Text>
      ))}
    </Stack>
  );
}

function parsed(text: string): Rules | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isList = Array.isArray(value) && value.every((rule) => typeof rule === 'object' && rule !== null);
    return isList ? (value as Rules) : undefined;
  } catch {
    return undefined;
  }
}
