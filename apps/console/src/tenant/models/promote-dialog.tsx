import { List, Stack, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { count, decimals, signed } from '../../parts/numbers.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Scrollable } from '../../parts/scrollable.js';
import { modelQuery, summaryQuery, tenantKey, verdictsQuery, type ModelVersion } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { algorithmName } from './algorithm-names.js';
import { evidenceOf, METRICS, overall } from './metrics.js';

const SHOWN = ['ndcg@10', 'rmse', 'coverage@10'];

interface PromoteDialogProps {
  readonly model: ModelVersion;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A version without lists: what speaks for it and against it, and that it takes a run. */
export function PromoteDialog({ model, opened, onClose }: PromoteDialogProps) {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const { data: summary } = useQuery(summaryQuery(tenant));
  const served = summary?.served ?? undefined;
  const serving = useQuery({
    ...modelQuery(tenant, served?.modelVersion ?? 0),
    enabled: opened && served !== undefined,
  }).data;

  const act = async (reason: string) => {
    const path = { tenant, version: model.version };
    const request = { params: { path }, body: { reason } };
    await answerOf(client.POST('/v1/tenants/{tenant}/models/{version}/promotion', request));
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
  };

  return (
    <ReasonDialog
      opened={opened}
      title={`Promote version ${model.version} by hand?`}
      verb="Rank with it"
      act={act}
      onClose={onClose}
    >
      <Stack gap="md">
        {serving !== undefined && <Comparison model={model} serving={serving} />}
        <List spacing={6}>
          <Against model={model} serving={serving} />
          <List.Item>
            A run ranks{' '}
            {summary === undefined ? 'every customer' : `all ${count(summary.customers, 'customer')}`} with
            version {model.version}, on the data of now; nothing is trained.
          </List.Item>
          <List.Item>
            Until it has ended, {served === undefined ? 'nothing' : `version ${served.modelVersion}`} goes on
            serving. Whoever freezes, switches off or rolls back meanwhile has the last word.
          </List.Item>
          <List.Item>
            {summary?.state === 'frozen'
              ? 'The recommender is frozen: this version then stays until somebody changes it.'
              : 'The next night’s challenger is judged against this version.'}
          </List.Item>
        </List>
      </Stack>
    </ReasonDialog>
  );
}

function Comparison({ model, serving }: { model: ModelVersion; serving: ModelVersion }) {
  const [mine, theirs] = [overall(model), overall(serving)];
  return (
    <Stack gap={4}>
      <Scrollable label="Metrics of both versions">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Metric</Table.Th>
              <Table.Th ta="right">
                {serving.version}, {algorithmName(serving.algorithm)}, serving
              </Table.Th>
              <Table.Th ta="right">
                {model.version}, {algorithmName(model.algorithm)}
              </Table.Th>
              <Table.Th ta="right">Difference</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {METRICS.filter(({ key }) => SHOWN.includes(key)).map(({ key, label, meaning }) => (
              <Table.Tr key={key}>
                <Table.Td>
                  {label}
                  <Text size="xs" c="dimmed">
                    {meaning}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{decimals(theirs[key])}</Table.Td>
                <Table.Td ta="right">{decimals(mine[key])}</Table.Td>
                <Table.Td ta="right">{signed((mine[key] ?? NaN) - (theirs[key] ?? NaN))}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
      <Text size="xs" c="dimmed">
        Each as measured in its own night.
      </Text>
    </Stack>
  );
}

/** The comparison on the same rows, with its interval, if there was one between these two. */
function Against({ model, serving }: { model: ModelVersion; serving: ModelVersion | undefined }) {
  const { tenant } = useTenant();
  const { data } = useQuery(verdictsQuery(tenant));
  const verdict = data?.verdicts.find(
    ({ challengerVersion, championVersion }) =>
      challengerVersion === model.version && championVersion === serving?.version,
  );
  if (verdict === undefined)
    return <List.Item>The two were never compared on the same held-back choices.</List.Item>;
  const { ndcg10, customers } = evidenceOf(verdict);
  return (
    <List.Item>
      Its verdict was: {verdict.sentence}
      {ndcg10 !== undefined && (
        <>
          {' '}
          On the same choices of {customers === undefined ? 'customers' : count(customers, 'customer')} its
          ranking differs by {signed(ndcg10.difference)} (95 % interval {signed(ndcg10.low)} to{' '}
          {signed(ndcg10.high)}).
        </>
      )}
    </List.Item>
  );
}
