import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DurableFeedback, ErasureAcknowledgements, type ServedErasure } from '#libs/domain';
import { PointerTable } from '../pointers/pointer-table.js';
import { ListCopiesService } from '../lists/list-copies.service.js';
import { SessionMemory } from '../recommendations/session-memory.js';

/**
 * Takes what this node knows of erased customers out of its memory and from its disk, and says so; where it keeps copies of lists,
 * once the platform's stores are done and the copies have followed. Answers need none of this: they ask the table, which knows
 * first.
 */
@Injectable()
export class ErasedCustomersService {
  private readonly logger = new Logger(ErasedCustomersService.name);
  private readonly nodeId = randomUUID();
  private forgotten: ReadonlySet<string> = new Set();
  private said: ReadonlySet<string> = new Set();
  private isRunning = false;

  constructor(
    private readonly table: PointerTable,
    private readonly sessions: SessionMemory,
    private readonly feedback: DurableFeedback,
    private readonly acknowledgements: ErasureAcknowledgements,
    private readonly copies: ListCopiesService,
  ) {}

  /** Never rejects: what could not be done is tried again with the next look at the pointers. */
  async follow(): Promise<void> {
    const erasures = this.table.erasures;
    if (this.isRunning || erasures.every(({ erasureId }) => this.said.has(erasureId))) return;
    this.isRunning = true;
    try {
      await this.forget(erasures);
      await this.say(erasures);
    } catch (error) {
      this.logger.warn({ err: error }, 'Customers could not be forgotten yet; it will be tried again.');
    } finally {
      this.isRunning = false;
    }
  }

  private async forget(erasures: readonly ServedErasure[]): Promise<void> {
    if (erasures.every(({ erasureId }) => this.forgotten.has(erasureId))) return;
    const isErased = this.table.isErased.bind(this.table);
    this.sessions.forget(isErased);
    await this.feedback.forget(isErased);
    this.forgotten = new Set(erasures.map(({ erasureId }) => erasureId));
  }

  private async say(erasures: readonly ServedErasure[]): Promise<void> {
    const known = new Set(erasures.map(({ erasureId }) => erasureId));
    const said = new Set([...this.said].filter((erasureId) => known.has(erasureId)));
    for (const { tenantId, erasureId, done = false } of erasures) {
      if (said.has(erasureId)) continue;
      if (this.copies.areKept && !(done && (await this.copies.holdsOnlyStored(tenantId)))) continue;
      await this.acknowledgements.add(tenantId, erasureId, this.nodeId);
      said.add(erasureId);
      this.said = new Set(said);
    }
    this.said = said;
  }
}
