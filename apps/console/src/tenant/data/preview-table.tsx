import { Table, Text } from '@mantine/core';
import { Scrollable } from '../../parts/scrollable.js';
import type { Entity, ImportPreview } from './data-queries.js';
import { labelOf } from './field-labels.js';
import classes from './preview-table.module.css';

interface PreviewTableProps {
  readonly preview: ImportPreview;
  readonly entity: Entity;
  readonly isStale: boolean;
}

/** Rows as they stand in the file; what is wrong stands below the cell that it is wrong about. */
export function PreviewTable({ preview, entity, isStale }: PreviewTableProps) {
  const { columns, rows } = preview;
  return (
    <div aria-busy={isStale} className={isStale ? classes.stale : undefined}>
      <Text fw={570} mb={4}>
        What its rows become
      </Text>
      <Scrollable label="Rows of the file">
        <Table verticalSpacing={6} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">Row</Table.Th>
              {columns.map((column) => (
                <Table.Th key={column}>{column}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ row, values, errors }) => {
              const cells = values as Readonly<Record<string, string>>;
              const elsewhere = errors.filter(
                ({ column }) => column === undefined || !columns.includes(column),
              );
              return (
                <Table.Tr key={row} data-rejected={errors.length > 0 || undefined}>
                  <Table.Td ta="right">
                    {row}
                    {elsewhere.map(({ code, message }) => (
                      <ErrorText key={code + message} message={message} />
                    ))}
                  </Table.Td>
                  {columns.map((column) => (
                    <Table.Td key={column}>
                      {cells[column] === '' ? <span aria-label="empty">·</span> : cells[column]}
                      {errors
                        .filter((error) => error.column === column)
                        .map(({ code, field, message }) => (
                          <ErrorText
                            key={`${code}${field}`}
                            message={field === undefined ? message : `${labelOf(entity, field)}: ${message}`}
                          />
                        ))}
                    </Table.Td>
                  ))}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scrollable>
    </div>
  );
}

function ErrorText({ message }: { message: string }) {
  return (
    <Text size="xs" c="var(--ns-bad)" className={classes.error}>
      {message}
    </Text>
  );
}
