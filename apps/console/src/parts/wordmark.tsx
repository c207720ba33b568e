import { Group, Text } from '@mantine/core';

export function Wordmark() {
  return (
    <Group gap={9} wrap="nowrap">
      <img src="/icon.svg" width={24} height={24} alt="" />
      <Text fw={650} size="lg" lh={1}>
        Nightshift
      </Text>
    </Group>
  );
}
