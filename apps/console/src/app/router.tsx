import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery, type Session } from '../api/session.js';
import { readQueue, readRates, readWork } from '../operator/operator-search.js';
import { readTenantSearch } from '../operator/tenants/tenant-search.js';
import { FailedPage, MissingPage } from '../parts/page-states.js';

interface Context {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
});

/** Where somebody belongs who names no page. */
function homeOf({ memberships, visits, account }: Session): string {
  const place = memberships[0] ?? (account.isOperator ? undefined : visits[0]);
  if (place !== undefined) return `/tenants/${encodeURIComponent(place.tenant)}`;
  return account.isOperator ? '/operator' : '/tenants';
}

async function requireSession({ queryClient }: Context, href: string): Promise<Session> {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (session === null) throw redirect({ to: '/sign-in', search: { next: href } });
  return session;
}

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context, location }) => {
    throw redirect({ to: homeOf(await requireSession(context, location.href)) });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    // An address of ours alone: whoever signs in must not be led elsewhere.
    typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('../account/sign-in-page.js'), 'SignInPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitations/$token',
  component: lazyRouteComponent(() => import('../account/invitation-page.js'), 'InvitationPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: ({ context, location }) => requireSession(context, location.href),
});

const noTenant = createRoute({
  getParentRoute: () => signedIn,
  path: '/tenants',
  component: lazyRouteComponent(() => import('../account/no-tenant-page.js'), 'NoTenantPage'),
});

const tenant = createRoute({
  getParentRoute: () => signedIn,
  path: '/tenants/$tenant',
  component: lazyRouteComponent(() => import('../tenant/tenant-frame.js'), 'TenantFrame'),
});

const page = <const Path extends string>(
  path: Path,
  load: () => Promise<Record<string, unknown>>,
  name: string,
) =>
  createRoute({
    getParentRoute: () => tenant,
    path,
    component: lazyRouteComponent(load as never, name as never),
  });

const versions = (value: unknown): number[] =>
  (Array.isArray(value) ? value : []).filter((item): item is number => Number.isInteger(item)).slice(0, 2);

const tenantPages = [
  page('/', () => import('../tenant/home/home-page.js'), 'HomePage'),
  createRoute({
    getParentRoute: () => tenant,
    path: '/models',
    validateSearch: ({ compare }: Record<string, unknown>): { compare?: number[] } =>
      compare === undefined ? {} : { compare: versions(compare) },
    component: lazyRouteComponent(() => import('../tenant/models/models-page.js'), 'ModelsPage'),
  }),
  page('/models/$version', () => import('../tenant/models/version-page.js'), 'VersionPage'),
  page('/models/runs/$runId', () => import('../tenant/models/run-page.js'), 'RunPage'),
  createRoute({
    getParentRoute: () => tenant,
    path: '/customers',
    validateSearch: ({ search }: Record<string, unknown>): { search?: string } =>
      typeof search === 'string' || typeof search === 'number' ? { search: `${search}` } : {},
    component: lazyRouteComponent(() => import('../tenant/customers/customers-page.js'), 'CustomersPage'),
  }),
  page('/customers/$customerId', () => import('../tenant/customers/customer-page.js'), 'CustomerPage'),
  page('/rules', () => import('../tenant/rules/rules-page.js'), 'RulesPage'),
  page('/api', () => import('../tenant/api/api-page.js'), 'ApiPage'),
  page('/settings', () => import('../tenant/settings/settings-page.js'), 'SettingsPage'),
  page('/data', () => import('../tenant/data/data-page.js'), 'DataPage'),
] as const;

const operator = createRoute({
  getParentRoute: () => signedIn,
  path: '/operator',
  component: lazyRouteComponent(() => import('../operator/operator-frame.js'), 'OperatorFrame'),
});

const operatorPages = [
  createRoute({
    getParentRoute: () => operator,
    path: '/',
    validateSearch: readTenantSearch,
    component: lazyRouteComponent(() => import('../operator/tenants/tenants-page.js'), 'TenantsPage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/tenants/$tenant',
    component: lazyRouteComponent(() => import('../operator/tenant/tenant-page.js'), 'TenantPage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/rates',
    validateSearch: readRates,
    component: lazyRouteComponent(() => import('../operator/rates/rates-page.js'), 'RatesPage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/templates',
    component: lazyRouteComponent(() => import('../operator/templates/templates-page.js'), 'TemplatesPage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/templates/rollouts/$rolloutId',
    component: lazyRouteComponent(() => import('../operator/templates/rollout-page.js'), 'RolloutPage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/work',
    validateSearch: readWork,
    component: lazyRouteComponent(() => import('../operator/work/work-page.js'), 'WorkPage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/work/queues/$queue',
    validateSearch: readQueue,
    component: lazyRouteComponent(() => import('../operator/work/queue-page.js'), 'QueuePage'),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/onboarding',
    component: lazyRouteComponent(
      () => import('../operator/onboarding/onboarding-page.js'),
      'OnboardingPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operator,
    path: '/trail',
    component: lazyRouteComponent(() => import('../operator/trail/trail-page.js'), 'TrailPage'),
  }),
] as const;

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      start,
      signIn,
      invitation,
      signedIn.addChildren([noTenant, tenant.addChildren(tenantPages), operator.addChildren(operatorPages)]),
    ]),
    context: { queryClient },
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
