import { Anchor, Button, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count } from '../../parts/numbers.js';
import { Tag } from '../../parts/tag.js';
import { stepName } from '../customers/step-names.js';
import type { Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import classes from './rules.module.css';

type Previewed = Schemas['PreviewedCustomerDto'];
type Item = Schemas['PreviewedItemDto'];
type Cause = Schemas['PreviewCauseDto'];

const AT_FIRST = 5;

/** What a change would do, to real customers, before anybody meets it. */
export function PreviewResult({ preview }: { preview: Schemas['PreviewDto'] }) {
  const [isLong, setLong] = useState(false);
  const { looked, changed, withNothing, customers } = preview;
  const differing = customers.filter(({ before, after }) => `${before.productIds}` !== `${after.productIds}`);
  const shown = isLong ? differing : differing.slice(0, AT_FIRST);
  return (
    <Stack gap="sm">
      <Text role="status">
        Of {count(looked, 'customer')} looked at, <strong>{changed}</strong> would get another list
        {withNothing > 0 && (
          <>
            , and <strong>{withNothing}</strong> nothing at all
          </>
        )}
        .
      </Text>
      <div>
        {shown.map((customer, index) => (
          <Customer key={customer.customerId} customer={customer} isOpen={index === 0} />
        ))}
      </div>
      {shown.length < differing.length && (
        <Button variant="default" size="compact-sm" maw={240} onClick={() => setLong(true)}>
          Show all {differing.length}
        </Button>
      )}
    </Stack>
  );
}

function Customer({ customer, isOpen }: { customer: Previewed; isOpen: boolean }) {
  const { tenant } = useTenant();
  const { customerId, items } = customer;
  const now = items.filter(({ before }) => before !== null).sort((a, b) => a.before! - b.before!);
  const then = items.filter(({ after }) => after !== null);
  const gone = now.filter(({ after }) => after === null).length;
  const fresh = then.filter(({ before }) => before === null).length;
  const others = then.filter(({ before, after }) => before !== null && before !== after).length;
  const facts = [gone > 0 && `${gone} gone`, fresh > 0 && `${fresh} new`, others > 0 && `${others} moved`];
  return (
    <details className={classes.customer} open={isOpen}>
      <summary>
        {customerId}{' '}
        <Text span size="sm" c="dimmed">
          {facts.filter(Boolean).join(', ')}
        </Text>
      </summary>
      <div className={classes.lists}>
        <Places title="Now" items={now} isNow nothing="nothing" />
        <Places
          title="Then"
          items={then}
          nothing={`nothing (${customer.after.statusReason ?? 'no reason'})`}
        />
      </div>
      <Anchor
        component={Link}
        size="sm"
        to={`/tenants/${encodeURIComponent(tenant)}/customers/${encodeURIComponent(customerId)}`}
      >
        This customer’s page
      </Anchor>
    </details>
  );
}

interface PlacesProps {
  readonly title: string;
  readonly items: readonly Item[];
  readonly isNow?: boolean;
  readonly nothing: string;
}

function Places({ title, items, isNow = false, nothing }: PlacesProps) {
  return (
    <div>
      <Text size="sm" fw={570} mt="xs" mb={2}>
        {title}
      </Text>
      {items.length === 0 && <Text size="sm">{nothing}</Text>}
      <ol className={classes.places} aria-label={title}>
        {items.map((item) => {
          const isGone = item.after === null;
          const tellsWhy = isNow ? isGone : true;
          return (
            <li key={item.productId} className={classes.place}>
              <span>{isNow ? item.before : item.after}</span>
              <span>
                <span className={isGone ? classes.gone : undefined}>
                  {item.productName ?? item.productId}
                </span>
                {tellsWhy && item.because.length > 0 && (
                  <Text size="xs" c="dimmed">
                    {item.because.map(causeText).join('; ')}
                  </Text>
                )}
              </span>
              <span>{isNow ? isGone && <Tag tone="warn">gone</Tag> : <Move item={item} />}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Move({ item: { before, after } }: { item: Item }) {
  if (before === null) return <Tag tone="good">new</Tag>;
  if (after === null || before === after) return null;
  const places = count(Math.abs(before - after), 'place');
  return before > after ? (
    <Tag tone="good">
      <span aria-label={`up ${places}`}>↑ {before - after}</span>
    </Tag>
  ) : (
    <Tag>
      <span aria-label={`down ${places}`}>↓ {after - before}</span>
    </Tag>
  );
}

const VERBS: Readonly<Record<Cause['effect'], string>> = {
  ...{ hides: 'hidden', raises: 'raised', lowers: 'lowered', pins: 'pinned', rearranges: 'moved' },
};

function causeText({ name, effect, isNew }: Cause): string {
  const step = stepName(name);
  return `${isNew ? '' : 'no longer '}${VERBS[effect]} by ${step === name ? `rule ${name}` : `“${step}”`}`;
}
