import { Alert, Stack, Text } from '@mantine/core';
import { Facts } from '../../parts/facts.js';
import { Moment } from '../../parts/moment.js';
import { percent, whole } from '../../parts/numbers.js';
import type { Schemas } from '../queries.js';

/** What stayed out of training, and why. */
export function QualityReport({ quality }: { quality: Schemas['DataQualityDto'] }) {
  const { numbers, findings, passed } = quality;
  const out = numbers.rows - numbers.kept;
  return (
    <Stack gap="md">
      <Text>
        {percent(numbers.retention)} of {whole(numbers.rows)} rows teach the model
        {out > 0 ? `; ${whole(out)} stay on record and out of training.` : '.'}
      </Text>
      {!passed && (
        <Alert color="red" title="This night did not train because of its data">
          The model in service stayed.
        </Alert>
      )}
      {findings.map(({ code, blocking, message }) => (
        <Alert
          key={code}
          color={blocking ? 'red' : 'yellow'}
          title={blocking ? 'Kept out of training' : 'Worth a look'}
        >
          {message}
        </Alert>
      ))}
      <Facts
        facts={[
          ['Customers', whole(numbers.customers)],
          ['Products', whole(numbers.products)],
          ['Returns (out of training)', whole(numbers.returns)],
          ['Refunds (out of training)', whole(numbers.refunds)],
          ['Without a customer', whole(numbers.withoutCustomer)],
          ['Free of charge (kept)', whole(numbers.zeroPrice)],
          ['Products with extreme prices', whole(numbers.extremePriceProducts)],
          ['Newest row', <Moment at={numbers.watermark} />],
        ]}
      />
    </Stack>
  );
}
