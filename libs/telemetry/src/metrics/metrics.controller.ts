import { Controller, Get, Header, Res } from '@nestjs/common';
import { MetricsRegistry } from './metrics-registry.js';

interface Reply {
  header(name: string, value: string): unknown;
}

@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  read(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    reply.header('Content-Type', this.registry.contentType);
    return this.registry.metrics();
  }
}
