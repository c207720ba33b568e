import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ImportService, InvalidInputError, type ImportMapping, type Tenant } from '#libs/domain';
import { ApiProblems, CurrentActor, CurrentTenant, RequireScope, TenantOfKey } from '#libs/http';
import { ImportSlots } from '../imports/import-slots.js';
import { GorseItemDto, GorseRowsAnswerDto, GorseUserDto, type GorseRejectedRowDto } from './gorse.dto.js';
import { fromGorseItem, fromGorseUser, GORSE_ITEMS, GORSE_USERS, type GorseRow } from './gorse-rows.js';

const MAXIMUM_ROWS = 1_000;

/** Items and users as programs send them that were written for Gorse: each batch is an import. */
@TenantOfKey('gorse')
@RequireScope('data')
@Controller('api')
export class GorseController {
  constructor(
    private readonly imports: ImportService,
    private readonly slots: ImportSlots,
  ) {}

  @Post('items')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Products, new or changed', description: 'Good rows land, bad ones come back.' })
  @ApiBody({ type: [GorseItemDto] })
  @ApiOkResponse({ type: GorseRowsAnswerDto })
  @ApiProblems(400, 413, 415, 429)
  async items(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() body: unknown,
  ): Promise<GorseRowsAnswerDto> {
    const now = new Date();
    const rows = rowsOf(body).map((row) => fromGorseItem(row, now));
    return this.take(tenant, actor, 'Gorse items', GORSE_ITEMS, rows);
  }

  @Post('users')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Customers, new or changed', description: 'Good rows land, bad ones come back.' })
  @ApiBody({ type: [GorseUserDto] })
  @ApiOkResponse({ type: GorseRowsAnswerDto })
  @ApiProblems(400, 413, 415, 429)
  async users(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() body: unknown,
  ): Promise<GorseRowsAnswerDto> {
    return this.take(tenant, actor, 'Gorse users', GORSE_USERS, rowsOf(body).map(fromGorseUser));
  }

  private async take(
    tenant: Tenant,
    requestedBy: string,
    sourceName: string,
    mapping: ImportMapping,
    rows: readonly GorseRow[],
  ): Promise<GorseRowsAnswerDto> {
    const good = rows.flatMap((row, index) => ('line' in row ? [{ index, line: row.line }] : []));
    const rejected: GorseRejectedRowDto[] = rows.flatMap((row, index) =>
      'error' in row
        ? [{ index, field: row.error.field ?? '', code: row.error.code, message: row.error.message }]
        : [],
    );
    if (good.length === 0) return { RowAffected: 0, Rejected: rejected };
    const giveBack = this.slots.take(tenant.id);
    try {
      const source = asNdjson(good.map(({ line }) => line));
      const result = await this.imports.import({ tenant, mapping, source, sourceName, requestedBy });
      for (const { index, column, field, code, message } of result.rejections)
        rejected.push({ index: good[index]?.index ?? index, field: column ?? field ?? '', code, message });
      return { RowAffected: result.accepted, Rejected: rejected.sort((a, b) => a.index - b.index) };
    } finally {
      giveBack();
    }
  }
}

function rowsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body) && body.length <= MAXIMUM_ROWS) return body;
  throw new InvalidInputError('invalidFields', `Send a list of at most ${MAXIMUM_ROWS} rows.`);
}

async function* asNdjson(lines: readonly object[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
