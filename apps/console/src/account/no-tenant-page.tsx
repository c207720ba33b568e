import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { sessionQuery, signOut } from '../api/session.js';
import { AccountFrame } from './account-frame.js';

/** All tenants of an account; most have one and never come here. */
export function NoTenantPage() {
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const places = [...(session?.memberships ?? []), ...(session?.visits ?? [])];
  const leave = async () => {
    await signOut();
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <AccountFrame title={places.length === 0 ? 'You belong to no tenant yet' : 'Your tenants'}>
      {places.length === 0 && <Text>Ask an admin of your tenant for an invitation.</Text>}
      <Stack gap="xs">
        {places.map(({ tenant, tenantName }) => (
          <Anchor key={tenant} component={Link} to={`/tenants/${encodeURIComponent(tenant)}`}>
            {tenantName}
          </Anchor>
        ))}
      </Stack>
      <Button variant="default" onClick={() => void leave()}>
        Sign out
      </Button>
    </AccountFrame>
  );
}
