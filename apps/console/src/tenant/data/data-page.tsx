import { Anchor, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Moment } from '../../parts/moment.js';
import { whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag, type Tone } from '../../parts/tag.js';
import { runQuery, runsQuery } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { importsQuery, type ImportReport } from './data-queries.js';
import { ENTITY_LABELS } from './field-labels.js';
import { InsightsSections } from './insights/insights-section.js';
import { QualityReport } from './quality-report.js';
import { UploadSection } from './upload-section.js';

export function DataPage() {
  const { tenant, name, mayChange } = useTenant();
  const imports = useQuery(importsQuery(tenant));
  return (
    <Page title="Data" tab={`Data · ${name}`} note="What the model learns from">
      {mayChange && <UploadSection />}
      <QualitySection />
      <InsightsSections />
      <Section title="Imports" note="Newest first">
        <Loaded query={imports} lines={4}>
          {(data) =>
            data.imports.length === 0 ? (
              <Nothing title="Nothing has been imported yet">
                A file of your sales is enough for the first model.
              </Nothing>
            ) : (
              <ImportsTable imports={data.imports} />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

const TONES: Readonly<Record<ImportReport['status'], Tone>> = {
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
};

function ImportsTable({ imports }: { imports: readonly ImportReport[] }) {
  return (
    <Scrollable label="Imports">
      <Table verticalSpacing={8} miw={900}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>Holds</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th ta="right">Taken in</Table.Th>
            <Table.Th ta="right">Known already</Table.Th>
            <Table.Th ta="right">Rejected</Table.Th>
            <Table.Th>When, by whom</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {imports.map((item) => (
            <Table.Tr key={item.importId}>
              <Table.Td maw={220} style={{ overflowWrap: 'anywhere' }}>
                {item.source}
              </Table.Td>
              <Table.Td>{ENTITY_LABELS[item.entity]}</Table.Td>
              <Table.Td>
                <Tag tone={TONES[item.status]}>{item.status}</Tag>
                {item.error !== null && (
                  <Text size="sm" c="dimmed">
                    {item.error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">{whole(item.read)}</Table.Td>
              <Table.Td ta="right">{whole(item.accepted)}</Table.Td>
              <Table.Td ta="right">{whole(item.alreadyKnown)}</Table.Td>
              <Table.Td ta="right">
                {item.rejectedRows === null ? (
                  whole(item.rejected)
                ) : (
                  <Anchor href={item.rejectedRows} download inherit>
                    {whole(item.rejected)}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td miw={150}>
                <Moment at={item.startedAt} />
                <Text size="sm" c="dimmed">
                  {item.requestedBy}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}

/** Of the newest run that has looked at the data. */
function QualitySection() {
  const { tenant } = useTenant();
  const runs = useQuery(runsQuery(tenant));
  const newest = runs.data?.runs.find(({ status }) => status === 'succeeded' || status === 'failed');
  const run = useQuery({ ...runQuery(tenant, newest?.id ?? ''), enabled: newest !== undefined });
  const quality = run.data?.dataQuality;
  return (
    <Section
      title="Data quality"
      note={
        newest?.finishedAt ? (
          <>
            As the run of <Moment at={newest.finishedAt} /> found it
          </>
        ) : undefined
      }
      actions={
        newest !== undefined && (
          <Anchor
            component={Link}
            to={`/tenants/${encodeURIComponent(tenant)}/models/runs/${newest.id}`}
            size="sm"
          >
            To the run
          </Anchor>
        )
      }
    >
      {quality ? (
        <QualityReport quality={quality} />
      ) : (
        <Nothing title="No run has looked at the data yet">It is checked before anything is trained.</Nothing>
      )}
    </Section>
  );
}
