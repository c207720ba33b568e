import { Body, Controller, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { nameOfActor, TemplateService, type SignedIn } from '#libs/domain';
import { ApiProblems, CurrentSignedIn, ForOperators } from '#libs/http';
import {
  CompleteTemplateDto,
  RegisterTemplateDto,
  TemplateListDto,
  TemplateVersionDto,
  toCompleteTemplateDto,
  toListedTemplateDto,
  toTemplateVersionDto,
} from './template.dto.js';

@ForOperators('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(private readonly templates: TemplateService) {}

  @Get()
  @ApiOperation({ summary: 'All versions of the pipeline template, and how many tenants have each' })
  @ApiOkResponse({ type: TemplateListDto })
  async list(): Promise<TemplateListDto> {
    return { templates: (await this.templates.list()).map(toListedTemplateDto) };
  }

  @Post()
  @ApiOperation({
    summary: 'Register a version',
    description: 'No tenant has it until it is rolled out. Registered, it never changes.',
  })
  @ApiCreatedResponse({ type: TemplateVersionDto })
  @ApiProblems(413, 415)
  async register(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() { settings, note }: RegisterTemplateDto,
  ): Promise<TemplateVersionDto> {
    return toTemplateVersionDto(await this.templates.register(settings, note, nameOfActor(account)));
  }

  @Get(':version')
  @ApiOperation({ summary: 'One version, and everything that a night by it goes by' })
  @ApiParam({ name: 'version', type: 'integer', example: 2 })
  @ApiOkResponse({ type: CompleteTemplateDto })
  @ApiProblems(404)
  async get(@Param('version', ParseIntPipe) version: number): Promise<CompleteTemplateDto> {
    return toCompleteTemplateDto(await this.templates.get(version));
  }
}
