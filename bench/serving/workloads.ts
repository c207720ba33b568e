import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '#libs/domain';
import { say } from '../peers/say.ts';
import { LIVE_CUSTOMERS, putLiveParts } from './live-parts.ts';
import { getRequest, postRequest } from './load.ts';
import { customerIds, PRODUCTS, type ServingPlatform } from './serving-platform.ts';

const CUSTOMERS = 20_000;
/** Rows of a batch of feedback. */
const BATCH = 100;
/** A moved pointer is noticed within POLL_MS, a second. */
const NOTICED_MS = 1_500;
const TENANT = 'bench';
/** A look-up may cost 1.3 times of what Fastify needs; for the others the figure is the result. */
const LOOK_UP_BAR = 1 / 1.3;
const LOOK_UP_P99_MS = 5;
/** With all of this in the way of a look-up. */
const RULED_TENANT = 'bench-ruled';
const RULES: readonly Rule[] = [
  { ruleId: 'gone', kind: 'exclude', products: { productIds: ['V1-P000097', 'V1-P000194', 'V1-P000291'] } },
  {
    ruleId: 'north-only',
    kind: 'eligible',
    products: { productIds: Array.from({ length: 500 }, (_, p) => `V1-P${String(7 * p).padStart(6, '0')}`) },
    customers: { traits: { region: ['north'] } },
  },
  { ruleId: 'raised', kind: 'boost', products: { productIds: ['V1-P000388', 'V1-P000485'] }, factor: 1.5 },
  { ruleId: 'third', kind: 'pin', productId: 'V1-P009999', position: 3 },
];
const LIVE_TENANT = 'bench-live';
const FACTORS = 64;
const BASKET = 5;
const LIVE_P99_MS = 10;

export interface Workload {
  readonly name: string;
  readonly requests: (round: number) => readonly Buffer[];
  readonly bar: number | null;
  /** Milliseconds at half of the saturating load. */
  readonly p99Bar: number | null;
  /** Requests of a round, as a share of those of a look-up. */
  readonly share?: number;
  /** Ahead of each round of ours. */
  readonly prepare?: () => Promise<void>;
}

/** How often and how much is asked. */
interface Size {
  readonly rounds: number;
  readonly requests: number;
}

async function addRuledTenant(platform: ServingPlatform): Promise<string> {
  const tenantId = await platform.addTenant(RULED_TENANT);
  await platform.pointAt(tenantId, 1, await platform.publish(tenantId, RULED_TENANT, 1, CUSTOMERS));
  await platform.setRules(tenantId, RULES);
  return platform.addKey(tenantId, ['read']);
}

async function addLiveTenant(platform: ServingPlatform): Promise<string> {
  const tenantId = await platform.addTenant(LIVE_TENANT);
  say(`fitting a model of ${FACTORS} factors over ${PRODUCTS} products`);
  const listFile = await platform.publish(tenantId, LIVE_TENANT, 1, CUSTOMERS, (writer) =>
    putLiveParts(writer, customerIds(CUSTOMERS), PRODUCTS, FACTORS),
  );
  await platform.pointAt(tenantId, 1, listFile);
  return platform.addKey(tenantId, ['read']);
}

/** Fills the platform with a tenant for each way to ask, before a node is started on it. */
export async function createWorkloads(platform: ServingPlatform, size: Size): Promise<Workload[]> {
  const tenantId = await platform.addTenant(TENANT);
  const key = await platform.addKey(tenantId, ['read', 'feedback']);
  const listFile = await platform.publish(tenantId, TENANT, 1, CUSTOMERS);
  await platform.pointAt(tenantId, 1, listFile);
  const ruledKey = await addRuledTenant(platform);
  const liveKey = await addLiveTenant(platform);
  const ids = customerIds(CUSTOMERS);
  const lookUps = ids.map((_, i) =>
    getRequest(`/v1/tenants/${TENANT}/recommendations/${ids[(i * 7919) % CUSTOMERS]}?count=10`, key),
  );
  const afresh = async () => {
    await platform.pointAt(tenantId, 1, listFile);
    await sleep(NOTICED_MS);
  };
  return [
    { name: 'look-up of 10', requests: () => lookUps, bar: LOOK_UP_BAR, p99Bar: LOOK_UP_P99_MS },
    {
      name: 'look-up of 10, each customer for the first time since a publication',
      requests: () => lookUps,
      bar: null,
      p99Bar: null,
      prepare: afresh,
    },
    {
      name: 'look-up of 10 with rules',
      requests: () =>
        ids.map((_, i) =>
          getRequest(
            `/v1/tenants/${RULED_TENANT}/recommendations/${ids[(i * 7919) % CUSTOMERS]}?count=10`,
            ruledKey,
          ),
        ),
      bar: null,
      p99Bar: LOOK_UP_P99_MS,
    },
    {
      name: `real-time with a basket of ${BASKET} (${PRODUCTS} products, ${FACTORS} factors)`,
      requests: () => liveRequests(liveKey, ids),
      bar: null,
      p99Bar: LIVE_P99_MS,
      share: 1 / 40,
    },
    {
      name: `feedback batch of ${BATCH}`,
      requests: (round) => feedbackRequests(key, ids, round, size),
      bar: null,
      p99Bar: null,
      share: 1 / 40,
    },
  ];
}

/** Known customers, each with another basket. */
function liveRequests(key: string, ids: readonly string[]): Buffer[] {
  return Array.from({ length: 1_000 }, (_, i) =>
    postRequest(`/v1/tenants/${LIVE_TENANT}/recommendations`, key, {
      customerId: ids[(i * 7) % LIVE_CUSTOMERS],
      count: 10,
      context: {
        basket: Array.from(
          { length: BASKET },
          (_, b) => `V1-P${String((i * 131 + b * 1_009) % PRODUCTS).padStart(6, '0')}`,
        ),
      },
    }),
  );
}

/** Events that were never sent before. */
function feedbackRequests(key: string, ids: readonly string[], round: number, size: Size): Buffer[] {
  const { requests, rounds } = size;
  return Array.from({ length: Math.round(requests / 40) * (round > rounds ? 6 : 1) }, (_, request) =>
    postRequest(`/v1/tenants/${TENANT}/outcomes`, key, {
      events: Array.from({ length: BATCH }, (_, row) => ({
        eventId: `${round}-${request}-${row}`,
        recommendationId: '019aa6e0-0000-7000-8000-000000000000',
        customerId: ids[(request * BATCH + row) % CUSTOMERS],
        productId: `V1-P${String(row).padStart(6, '0')}`,
        kind: row % 3 === 0 ? 'bought' : 'shown',
        position: row + 1,
        occurredAt: '2026-11-20T10:00:00Z',
      })),
    }),
  );
}
