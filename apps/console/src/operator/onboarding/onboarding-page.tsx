import { Alert, Button, FileButton, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { count, whole } from '../../parts/numbers.js';
import { ProblemNotice } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import classes from './onboarding-page.module.css';
import { FLEET_KEY, type OnboardingReport } from '../queries.js';

const EXAMPLE = 'slug,name,timeZone,currency,adminEmail\n';

/** Tenants by the hundred: looked at first, then made; what is wrong comes back row by row. */
export function OnboardingPage() {
  const queryClient = useQueryClient();
  const [csv, setCsv] = useState(EXAMPLE);
  const work = useMutation({
    mutationFn: (dryRun: boolean) => answerOf(client.POST('/v1/fleet/onboarding', { body: { csv, dryRun } })),
    onSuccess: (_, dryRun) =>
      dryRun ? undefined : queryClient.invalidateQueries({ queryKey: [...FLEET_KEY, 'tenants'] }),
  });
  const wasDryRun = work.variables === true;
  return (
    <Page title="Onboarding" note="Tenants from a file. A file that is sent twice counts once.">
      <Section title="The file">
        <Stack gap="md">
          <Textarea
            label="CSV"
            description="Columns: slug, name, timeZone, currency and, if you like, adminEmail, who gets an invitation."
            autosize
            minRows={6}
            maxRows={16}
            classNames={{ input: classes.file }}
            value={csv}
            onChange={(event) => setCsv(event.currentTarget.value)}
          />
          <Group>
            <FileButton accept=".csv,text/csv" onChange={(file) => void file?.text().then(setCsv)}>
              {(props) => (
                <Button variant="default" {...props}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Button variant="default" loading={work.isPending && wasDryRun} onClick={() => work.mutate(true)}>
              Check
            </Button>
            <Button loading={work.isPending && !wasDryRun} onClick={() => work.mutate(false)}>
              Create the tenants
            </Button>
          </Group>
          {work.error !== null && <ProblemNotice error={work.error} />}
        </Stack>
      </Section>
      {work.data !== undefined && <Report report={work.data} wasDryRun={wasDryRun} />}
    </Page>
  );
}

function Report({ report, wasDryRun }: { report: OnboardingReport; wasDryRun: boolean }) {
  const { read, created, alreadyKnown, rejected } = report;
  const invited = created.filter(({ invitationToken }) => invitationToken !== null);
  return (
    <Section title={wasDryRun ? 'What would come of it' : 'What came of it'}>
      <Stack gap="md">
        <Text role="status">
          {count(read, 'row')}: {whole(created.length)} {wasDryRun ? 'would be created' : 'created'},{' '}
          {whole(alreadyKnown)} known already, {whole(rejected.length)} rejected.
        </Text>
        {rejected.length > 0 && (
          <Scrollable label="Rejected rows">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Row</Table.Th>
                  <Table.Th>Field</Table.Th>
                  <Table.Th>What is wrong</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rejected.map(({ row, field, code, message }) => (
                  <Table.Tr key={`${row} ${field} ${code}`}>
                    <Table.Td>{row}</Table.Td>
                    <Table.Td>{field ?? '–'}</Table.Td>
                    <Table.Td>{message}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Scrollable>
        )}
        {invited.length > 0 && (
          <Alert color="gray" title="Links for the first admins: shown this once">
            {invited.map(({ tenant, invitationToken }) => (
              <Text key={tenant} size="sm">
                {tenant}: {location.origin}/invitations/{invitationToken}
              </Text>
            ))}
          </Alert>
        )}
      </Stack>
    </Section>
  );
}
