import { Alert, Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { count, duration } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { useTenant } from '../tenant-context.js';
import type { ImportResult } from './data-queries.js';

const MOST_SHOWN = 20;

export function ImportResultShown({ result, onAgain }: { result: ImportResult; onAgain: () => void }) {
  const { tenant } = useTenant();
  const { read, accepted, alreadyKnown, rejected, rejections, rejectedRows, counts, seconds } = result;
  return (
    <Stack gap="md">
      <Alert
        color={rejected === 0 ? 'green' : 'yellow'}
        role="status"
        title={`${count(accepted, 'row')} taken in`}
      >
        Of {count(read, 'row')}, in {duration(seconds * 1_000)}. {count(alreadyKnown, 'row')} known already,{' '}
        {count(rejected, 'row')} rejected.{' '}
        {counts.returns > 0 && `${count(counts.returns, 'return')} stay on record and out of training.`}
      </Alert>
      {rejections.length > 0 && (
        <div>
          <Group justify="space-between" mb={4}>
            <Text fw={570}>Rejected, row by row</Text>
            {rejectedRows !== null && (
              <Anchor href={rejectedRows} download size="sm">
                All of them, as a file
              </Anchor>
            )}
          </Group>
          <Scrollable label="Rejected rows">
            <Table verticalSpacing={5}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th ta="right">Row</Table.Th>
                  <Table.Th>Field</Table.Th>
                  <Table.Th>Column</Table.Th>
                  <Table.Th>What is wrong</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rejections.slice(0, MOST_SHOWN).map(({ row, field, column, message, code }) => (
                  <Table.Tr key={`${row} ${field} ${code}`}>
                    <Table.Td ta="right">{row}</Table.Td>
                    <Table.Td>{field ?? '–'}</Table.Td>
                    <Table.Td>{column ?? '–'}</Table.Td>
                    <Table.Td miw={240}>{message}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Scrollable>
          {rejections.length > MOST_SHOWN && (
            <Text size="sm" c="dimmed">
              The first {MOST_SHOWN} are shown.
            </Text>
          )}
        </div>
      )}
      <Group>
        <Button onClick={onAgain} variant="default">
          Import another file
        </Button>
        <Anchor component={Link} to={`/tenants/${encodeURIComponent(tenant)}/models`}>
          Start a run with it
        </Anchor>
      </Group>
    </Stack>
  );
}
