import type { Trouble } from '../tenants/tenant-search.js';

/** What it means, and what somebody does about it. */
export const TROUBLE_HELP: Readonly<Record<Trouble, { readonly means: string; readonly next: string }>> = {
  failed: {
    means: 'The last run broke off. The lists of the night before go on being served.',
    next: 'Read the error below. What is wrong in settings or template stays wrong until it is changed; start a run once it is.',
  },
  late: {
    means: 'The lists of the last night were not there by their deadline.',
    next: 'See under Runs and queues whether workers are silent or busy; more workers, or a run by hand, catch up.',
  },
  unreadable: {
    means: 'The file of the model in service cannot be read, so nothing can be compared with it.',
    next: 'Run “nightshift reconcile --repair”, or enter the tenant and serve an earlier version.',
  },
  rejected: {
    means: 'The last night found its data collapsed, and kept the model as it was.',
    next: 'Enter the tenant: Data says what has collapsed. If it is meant to be so, a run with a reason vouches for it.',
  },
  falling: {
    means: 'NDCG@10 of the last night is below nine tenths of the median of the nights before.',
    next: 'Compare the last versions in the tenant and roll back, or stop the roll-out if its template is new.',
  },
  quota: {
    means: 'Nine tenths of today’s requests are used up; beyond all of them the endpoint answers 429.',
    next: 'Ask whether somebody tests against it, or raise it: “nightshift tenant quota”.',
  },
};
