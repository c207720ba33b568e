import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTenant } from '../tenant-context.js';

export function BackLink() {
  const { tenant } = useTenant();
  return (
    <Anchor component={Link} to={`/tenants/${encodeURIComponent(tenant)}/models`} size="sm">
      ← All models and runs
    </Anchor>
  );
}
