import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { nameOfActor, NotFoundError, RolloutService, type SignedIn } from '#libs/domain';
import { ApiProblems, CurrentSignedIn, ForOperators } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import {
  ReasonDto,
  RolloutDto,
  RolloutListDto,
  RolloutWithEventsDto,
  StartRolloutDto,
  toRolloutDto,
  toRolloutWithEventsDto,
} from './rollout.dto.js';

const ROLLOUT_ID = {
  name: 'rolloutId',
  format: 'uuid',
  example: '5f1d7e84-9a3e-4b6c-8a55-3f0f8d7a1c11',
} as const;

@ForOperators('templates')
@Controller('v1/rollouts')
export class RolloutsController {
  constructor(private readonly rollouts: RolloutService) {}

  @Get()
  @ApiOperation({ summary: 'Roll-outs of template versions' })
  @ApiOkResponse({ type: RolloutListDto })
  async list(@Query() { limit }: ListQueryDto): Promise<RolloutListDto> {
    return { rollouts: (await this.rollouts.list(limit)).map(toRolloutDto) };
  }

  @Post()
  @ApiOperation({
    summary: 'Give a version to the first tenants',
    description:
      'Which ones is drawn by a seed and stays so. Their nights are compared with those of the others all the time; when failures, freezes or ' +
      'accuracy become worse, and chance does not explain it, all have the former version again.',
  })
  @ApiCreatedResponse({ type: RolloutDto })
  @ApiProblems(404, 409, 413, 415)
  async start(@CurrentSignedIn() { account }: SignedIn, @Body() body: StartRolloutDto): Promise<RolloutDto> {
    const { templateVersion, reason, shares, thresholds } = body;
    const given = Object.entries(thresholds ?? {}).filter(([, value]) => value !== undefined);
    return toRolloutDto(
      await this.rollouts.start({
        ...{ templateVersion, reason, actor: nameOfActor(account), thresholds: Object.fromEntries(given) },
        ...(shares === undefined ? {} : { shares }),
      }),
    );
  }

  @Get(':rolloutId')
  @ApiOperation({ summary: 'A roll-out, how its tenants fare against the others, and what was done with it' })
  @ApiParam(ROLLOUT_ID)
  @ApiOkResponse({ type: RolloutWithEventsDto })
  @ApiProblems(404)
  async get(@Param('rolloutId') rolloutId: string): Promise<RolloutWithEventsDto> {
    return toRolloutWithEventsDto(await this.rollouts.get(checkId(rolloutId)));
  }

  @Post(':rolloutId/widen')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'To the next share of tenants',
    description: 'Once half of those who have it have had a night with it.',
  })
  @ApiParam(ROLLOUT_ID)
  @ApiOkResponse({ type: RolloutDto })
  @ApiProblems(404, 409, 413, 415)
  async widen(
    @CurrentSignedIn() { account }: SignedIn,
    @Param('rolloutId') rolloutId: string,
    @Body() { reason }: ReasonDto,
  ): Promise<RolloutDto> {
    return toRolloutDto(await this.rollouts.widen(checkId(rolloutId), reason, nameOfActor(account)));
  }

  @Post(':rolloutId/stop')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'All tenants back to the former version' })
  @ApiParam(ROLLOUT_ID)
  @ApiOkResponse({ type: RolloutDto })
  @ApiProblems(404, 409, 413, 415)
  async stop(
    @CurrentSignedIn() { account }: SignedIn,
    @Param('rolloutId') rolloutId: string,
    @Body() { reason }: ReasonDto,
  ): Promise<RolloutDto> {
    return toRolloutDto(await this.rollouts.stop(checkId(rolloutId), reason, nameOfActor(account)));
  }

  @Post(':rolloutId/complete')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'All tenants have it: new ones get it from now on' })
  @ApiParam(ROLLOUT_ID)
  @ApiOkResponse({ type: RolloutDto })
  @ApiProblems(404, 409, 413, 415)
  async complete(
    @CurrentSignedIn() { account }: SignedIn,
    @Param('rolloutId') rolloutId: string,
    @Body() { reason }: ReasonDto,
  ): Promise<RolloutDto> {
    return toRolloutDto(await this.rollouts.complete(checkId(rolloutId), reason, nameOfActor(account)));
  }
}

function checkId(rolloutId: string): string {
  if (!isUUID(rolloutId)) throw new NotFoundError('roll-out', rolloutId.slice(0, 100));
  return rolloutId;
}
