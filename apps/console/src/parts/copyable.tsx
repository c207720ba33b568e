import { Button, Code, CopyButton, Group, Text } from '@mantine/core';

/** Text to take along. */
export function Copyable({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text fw={570} size="sm">
          {label}
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy} aria-label={`Copy: ${label}`}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      {/* Scrolls by itself where it is wider than a phone, also with the keyboard. */}
      <Code block role="group" aria-label={label} tabIndex={0}>
        {text}
      </Code>
    </div>
  );
}
