import { List, Stack, Table, Text } from '@mantine/core';
import { Moment } from '../../parts/moment.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Scrollable } from '../../parts/scrollable.js';
import type { Schemas } from '../queries.js';
import { FIELDS } from './setting-fields.js';
import { valueText } from './setting-values.js';

interface SaveSettingsDialogProps {
  readonly preview: Schemas['SettingsPreviewDto'] | undefined;
  readonly act: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** What will be different, in numbers, before anybody says yes. */
export function SaveSettingsDialog({ preview, act, onClose }: SaveSettingsDialogProps) {
  return (
    <ReasonDialog
      opened={preview !== undefined}
      title="Save the settings?"
      verb="Save"
      act={act}
      onClose={onClose}
    >
      {preview !== undefined && <Consequences preview={preview} />}
    </ReasonDialog>
  );
}

function Consequences({ preview }: { preview: Schemas['SettingsPreviewDto'] }) {
  const { changes, schedule, verdicts } = preview;
  const isGateChanged = changes.some(({ name }) => name.startsWith('gate.'));
  return (
    <Stack gap="md">
      <Scrollable label="Changes">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>From the next night on</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map(({ name, from, to }) => (
              <Table.Tr key={name}>
                <Table.Td>{FIELDS.get(name)?.label ?? 'Time zone'}</Table.Td>
                <Table.Td className="ns-numbers">{valueText(name, from)}</Table.Td>
                <Table.Td className="ns-numbers">{valueText(name, to)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
      {changes.length === 0 && (
        <Text size="sm">Every value stays as it is; only whose it is changes: yours, or the template’s.</Text>
      )}
      <List spacing={6} size="sm">
        <List.Item>
          {schedule.nextRunAt === null ? (
            'The recommender is off: no night is planned until it is on again.'
          ) : (
            <>
              The next night runs on <Moment at={schedule.nextRunAt} />.
            </>
          )}
        </List.Item>
        {isGateChanged && <GateConsequences verdicts={verdicts} />}
      </List>
    </Stack>
  );
}

function GateConsequences({ verdicts }: { verdicts: Schemas['JudgedAgainDto'][] }) {
  if (verdicts.length === 0)
    return <List.Item>No verdict so far can be judged again by these margins.</List.Item>;
  return verdicts.map(({ lane, challengerVersion, before, after }) => (
    <List.Item key={lane}>
      {before.promoted === after.promoted
        ? `Version ${challengerVersion} would have been ${after.promoted ? 'promoted' : 'kept out'} all the same.`
        : `Version ${challengerVersion} would have been ${after.promoted ? 'promoted' : 'kept out'}: ${after.sentence}`}
    </List.Item>
  ));
}
