import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '@nestjs/swagger';
import { ApiKeyService, NotFoundError, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import {
  CreatedKeyDto,
  CreateKeyDto,
  KeyListDto,
  RotateKeyDto,
  toKeyDto,
  toListedKeyDto,
} from './key.dto.js';

const KEY_ID_PATTERN = /^[0-9a-f]{16}$/;

@ApiTenantRoutes('keys')
@RequireScope('admin')
@Controller('v1/tenants/:tenant/keys')
export class KeysController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @ApiOperation({ summary: 'All keys, those that ended included; never a secret' })
  @ApiOkResponse({ type: KeyListDto })
  async list(@CurrentTenant() tenant: Tenant): Promise<KeyListDto> {
    return { keys: (await this.keys.list(tenant)).map(toListedKeyDto) };
  }

  @Post()
  @ApiOperation({ summary: 'A new key; its token is in this answer and never again' })
  @ApiCreatedResponse({ type: CreatedKeyDto })
  @ApiProblems(413, 415)
  async create(@CurrentTenant() tenant: Tenant, @Body() request: CreateKeyDto): Promise<CreatedKeyDto> {
    const { key, token } = await this.keys.create(tenant, request);
    return { ...toKeyDto(key), token };
  }

  @Post(':keyId/rotate')
  @ApiOperation({ summary: 'A successor for a key; both open for a while, so that nothing stands still' })
  @ApiParam({ name: 'keyId', example: '4f1d0c2b9a8e7d66' })
  @ApiCreatedResponse({ type: CreatedKeyDto })
  @ApiProblems(409, 413, 415)
  async rotate(
    @CurrentTenant() tenant: Tenant,
    @Param('keyId') keyId: string,
    @Body() { overlapHours }: RotateKeyDto,
  ): Promise<CreatedKeyDto> {
    if (!KEY_ID_PATTERN.test(keyId)) throw new NotFoundError('key', keyId);
    const { key, token } = await this.keys.rotate(tenant, keyId, overlapHours);
    return { ...toKeyDto(key), token };
  }

  @Delete(':keyId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'End a key, at once and for good' })
  @ApiParam({ name: 'keyId', example: '4f1d0c2b9a8e7d66' })
  @ApiNoContentResponse()
  async revoke(@CurrentTenant() tenant: Tenant, @Param('keyId') keyId: string): Promise<void> {
    const known = KEY_ID_PATTERN.test(keyId) && (await this.keys.revoke(tenant, keyId));
    if (!known) throw new NotFoundError('key', keyId);
  }
}
