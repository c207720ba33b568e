import { Controller, Get, Header, NotFoundException, Req, Res } from '@nestjs/common';
import { MetricsAccess, type MetricsRequest } from './metrics-access.js';
import { MetricsRegistry } from './metrics-registry.js';

interface Reply {
  header(name: string, value: string): unknown;
}

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly access: MetricsAccess,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  read(@Req() request: MetricsRequest, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    if (!this.access.allows(request)) throw new NotFoundException();
    reply.header('Content-Type', this.registry.contentType);
    return this.registry.metrics();
  }
}
