import { Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { isProblem } from '../../api/problem.js';
import { count } from '../../parts/numbers.js';
import { Nothing, ProblemNotice, Waiting } from '../../parts/page-states.js';
import { CustomersPicker } from './pickers.js';
import { PreviewResult } from './preview-result.js';
import type { Preview } from './rules-queries.js';

interface RulesPreviewProps {
  readonly preview: UseQueryResult<Preview>;
  readonly isChanged: boolean;
  /** Rules that begin later, or are over. */
  readonly idle: number;
  readonly customerIds: readonly string[];
  readonly onCustomers: (customerIds: string[]) => void;
}

/** Follows every change by itself: whoever edits sees what it does before anything is saved. */
export function RulesPreview({ preview, isChanged, idle, customerIds, onCustomers }: RulesPreviewProps) {
  if (!isChanged)
    return (
      <Text size="sm" c="dimmed">
        As soon as you change something, this shows what it would do to the lists of real customers.
      </Text>
    );
  return (
    <Stack gap="sm">
      <CustomersPicker
        label="Whose lists to look at"
        description="A sample of 20 if you name nobody."
        values={customerIds}
        onChange={onCustomers}
      />
      <Result preview={preview} />
      {idle > 0 && (
        <Text size="sm" c="dimmed">
          The preview is of now: {count(idle, 'rule')} that {idle === 1 ? 'does' : 'do'} not hold at this
          moment {idle === 1 ? 'is' : 'are'} not in it.
        </Text>
      )}
    </Stack>
  );
}

function Result({ preview }: { preview: UseQueryResult<Preview> }) {
  const { data, error, isFetching } = preview;
  if (isProblem(error, 409))
    return (
      <Nothing title="There are no lists to look at yet">
        The first night makes them. Rules can be saved before: they hold from the first answer on.
      </Nothing>
    );
  if (isProblem(error) && error.code === 'invalidRules')
    return (
      <Text size="sm" c="red" role="alert">
        Something is still missing or wrong: see the lines in red. The preview follows once that is mended.
      </Text>
    );
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void preview.refetch()} />;
  if (data === undefined) return isFetching ? <Waiting lines={3} label="Making the preview" /> : null;
  return <PreviewResult preview={data} />;
}
