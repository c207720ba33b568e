import { Injectable } from '@nestjs/common';
import type { TenantId } from '#libs/domain';
import { Counter, Gauge } from 'prom-client';
import { MetricsRegistry } from '#libs/telemetry';
import { PointerTable } from '../pointers/pointer-table.js';

/** One kind of answer, counted by adding to it: looking a counter up by its labels costs as much as an answer. */
export interface AnswerTally {
  readonly tenantId: TenantId;
  readonly status: string;
  readonly reason: string;
  /** Since the process began. */
  count: number;
  /** Of these: in the counter, and taken by whoever counts by tenant. */
  exported: number;
  taken: number;
}

/** What the data plane counts beside its HTTP answers. Never by tenant: 4,000 label values are 4,000 time series each. */
@Injectable()
export class ServingMetrics {
  private readonly tallies = new Map<string, AnswerTally>();
  readonly feedbackRows: Counter<'result'>;
  readonly deliveredRows: Counter<'result'>;
  readonly listFailures: Counter;
  readonly droppedLists: Counter<'reason'>;
  readonly refreshFailures: Counter;
  readonly openLists: Gauge;

  constructor(
    private readonly registry: MetricsRegistry,
    table: PointerTable,
  ) {
    const registers = [registry];
    const tallies = this.tallies;
    new Counter({
      name: 'nightshift_serving_answers_total',
      help: 'Recommendations by status, and by what was unusual about them.',
      labelNames: ['status', 'reason'],
      registers,
      collect() {
        for (const tally of tallies.values()) {
          this.inc({ status: tally.status, reason: tally.reason }, tally.count - tally.exported);
          tally.exported = tally.count;
        }
      },
    });
    this.feedbackRows = new Counter({
      name: 'nightshift_serving_feedback_rows_total',
      help: 'Rows of feedback: accepted, alreadyKnown or rejected.',
      labelNames: ['result'],
      registers,
    });
    this.deliveredRows = new Counter({
      name: 'nightshift_serving_feedback_delivered_total',
      help: 'Rows of feedback that reached the database: added, alreadyThere or refused (set aside).',
      labelNames: ['result'],
      registers,
    });
    this.listFailures = new Counter({
      name: 'nightshift_serving_list_open_failures_total',
      help: 'List files that could not be opened; the lists before them went on serving.',
      registers,
    });
    this.droppedLists = new Counter({
      name: 'nightshift_serving_lists_dropped_total',
      help: 'Open list files that were closed early: changed on the disk, or found corrupt by a look-up.',
      labelNames: ['reason'],
      registers,
    });
    this.refreshFailures = new Counter({
      name: 'nightshift_serving_pointer_refresh_failures_total',
      help: 'Attempts to read the pointers that failed.',
      registers,
    });
    this.openLists = new Gauge({
      name: 'nightshift_serving_open_lists',
      help: 'List files that are open.',
      registers,
    });
    new Gauge({
      name: 'nightshift_serving_pointer_age_seconds',
      help: 'Time since the database last confirmed the pointers; absent before the first.',
      registers,
      collect() {
        const age = table.ageSeconds(Date.now());
        if (age !== undefined) this.set(age);
      },
    });
  }

  /** Called once, by what delivers. */
  watchUndelivered(bytes: () => number): void {
    new Gauge({
      name: 'nightshift_serving_feedback_undelivered_bytes',
      help: 'Feedback on this disk that has not reached the database yet.',
      registers: [this.registry],
      collect() {
        this.set(bytes());
      },
    });
  }

  /** Called once, where copies are kept. */
  watchMissingLists(count: () => number): void {
    new Gauge({
      name: 'nightshift_serving_lists_missing',
      help: 'Tenants whose newest lists are not on this disk yet; those before them go on serving.',
      registers: [this.registry],
      collect() {
        this.set(count());
      },
    });
  }

  answerTally(tenantId: TenantId, status: string, reason: string | null): AnswerTally {
    const key = `${tenantId}/${status}/${reason ?? ''}`;
    let tally = this.tallies.get(key);
    if (tally === undefined) {
      tally = { tenantId, status, reason: reason ?? '', count: 0, exported: 0, taken: 0 };
      this.tallies.set(key, tally);
    }
    return tally;
  }

  /** Answers since this was asked last. */
  takeAnswers(): { tenantId: TenantId; status: string; reason: string; count: number }[] {
    const taken = [];
    for (const tally of this.tallies.values()) {
      const { tenantId, status, reason } = tally;
      if (tally.count > tally.taken)
        taken.push({ tenantId, status, reason, count: tally.count - tally.taken });
      tally.taken = tally.count;
    }
    return taken;
  }
}
