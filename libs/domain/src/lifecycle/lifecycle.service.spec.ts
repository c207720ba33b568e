import type { Tenant } from '../tenants/tenant.js';
import type { LifecycleState } from './lifecycle-state.js';
import {
  LifecycleRepository,
  LifecycleService,
  type LifecycleChange,
  type LifecycleRequest,
} from './lifecycle.service.js';

/** The repository's contract in memory. */
class Changes extends LifecycleRepository {
  readonly changes: LifecycleChange[] = [];
  state: LifecycleState = 'on';

  override change(
    _tenantId: number,
    { state, reason, actor }: LifecycleRequest,
  ): Promise<LifecycleChange | undefined> {
    if (state === this.state) return Promise.resolve(undefined);
    const changedAt = new Date(1_000 * (this.changes.length + 1));
    const change = {
      changeId: String(this.changes.length),
      fromState: this.state,
      toState: state,
      reason,
      actor,
      changedAt,
    };
    this.changes.push(change);
    this.state = state;
    return Promise.resolve(change);
  }
  override history = (_tenantId: number, limit: number) =>
    Promise.resolve(this.changes.toReversed().slice(0, limit));
  override current = () =>
    Promise.resolve({ state: this.state, changedAt: this.changes.at(-1)?.changedAt ?? new Date(0) });
}

const tenant = { id: 1 } as Tenant;
const request = (state: LifecycleState, reason = 'stock-taking') => ({ state, reason, actor: 'kim' });

describe('LifecycleService', () => {
  it('records who changed what, when and why', async () => {
    const repository = new Changes();
    const service = new LifecycleService(repository);
    expect(await service.change(tenant, request('frozen', '  stock-taking \n'))).toEqual({
      state: 'frozen',
      changedAt: new Date(1_000),
      changed: true,
    });
    expect(await service.history(tenant)).toEqual([
      {
        changeId: '0',
        fromState: 'on',
        toState: 'frozen',
        reason: 'stock-taking',
        actor: 'kim',
        changedAt: new Date(1_000),
      },
    ]);
  });

  it('answers with the state as it is when there is nothing to change, and records nothing', async () => {
    const repository = new Changes();
    const service = new LifecycleService(repository);
    await service.change(tenant, request('off'));
    expect(await service.change(tenant, request('off', 'again'))).toEqual({
      state: 'off',
      changedAt: new Date(1_000),
      changed: false,
    });
    expect(repository.changes).toHaveLength(1);
  });

  it.each(['', '   ', '\n\t'])('changes nothing without a reason (%j)', async (reason) => {
    const repository = new Changes();
    await expect(
      new LifecycleService(repository).change(tenant, request('off', reason)),
    ).rejects.toMatchObject({
      code: 'reasonRequired',
      details: { fields: [expect.objectContaining({ field: 'reason' })] },
    });
    expect(repository.state).toBe('on');
  });

  it('shows the newest changes first', async () => {
    const service = new LifecycleService(new Changes());
    for (const state of ['frozen', 'off', 'on'] as const) await service.change(tenant, request(state));
    expect((await service.history(tenant, 2)).map(({ toState }) => toState)).toEqual(['on', 'off']);
  });
});
