import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DurableFeedback, ErasureAcknowledgements, type ServedErasure } from '#libs/domain';
import { PointerTable } from '../pointers/pointer-table.js';
import { SessionMemory } from '../recommendations/session-memory.js';

/**
 * Takes what this node knows of erased customers out of its memory and from its disk, and says so. Answers need none of this: they
 * ask the table, which knows first.
 */
@Injectable()
export class ErasedCustomersService {
  private readonly logger = new Logger(ErasedCustomersService.name);
  private readonly nodeId = randomUUID();
  private done: ReadonlySet<string> = new Set();
  private isRunning = false;

  constructor(
    private readonly table: PointerTable,
    private readonly sessions: SessionMemory,
    private readonly feedback: DurableFeedback,
    private readonly acknowledgements: ErasureAcknowledgements,
  ) {}

  /** Never rejects: what could not be done is tried again with the next look at the pointers. */
  async follow(): Promise<void> {
    const erasures = this.table.erasures;
    const news = erasures.filter(({ erasureId }) => !this.done.has(erasureId));
    if (news.length === 0 || this.isRunning) return;
    this.isRunning = true;
    try {
      await this.forget(news);
      this.done = new Set(erasures.map(({ erasureId }) => erasureId));
    } catch (error) {
      this.logger.warn({ err: error }, 'Customers could not be forgotten yet; it will be tried again.');
    } finally {
      this.isRunning = false;
    }
  }

  private async forget(erasures: readonly ServedErasure[]): Promise<void> {
    const isErased = this.table.isErased.bind(this.table);
    this.sessions.forget(isErased);
    await this.feedback.forget(isErased);
    for (const { tenantId, erasureId } of erasures)
      await this.acknowledgements.add(tenantId, erasureId, this.nodeId);
  }
}
