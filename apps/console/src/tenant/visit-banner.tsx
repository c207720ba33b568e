import { Alert, Text } from '@mantine/core';
import type { Session } from '../api/session.js';
import { Moment } from '../parts/moment.js';

/** An operator in somebody's tenant is told so on every page, as the tenant is in its audit trail. */
export function VisitBanner({ session, tenant }: { session: Session; tenant: string }) {
  const visit = session.visits.find((candidate) => candidate.tenant === tenant);
  const isMember = session.memberships.some((membership) => membership.tenant === tenant);
  if (visit === undefined || isMember) return null;
  return (
    <Alert color="yellow" mb="lg" title="You are visiting this tenant as an operator">
      <Text size="sm">
        Until <Moment at={visit.until} />; the tenant sees it, with your reason: {visit.reason}
      </Text>
    </Alert>
  );
}
