import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Readiness } from './readiness.js';

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process runs. Asks nobody else: a database that is away is no reason to restart this. */
  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** The process can do its work. */
  @Get('ready')
  async ready(): Promise<{ status: 'ready' }> {
    const missing = await this.readiness.missing();
    if (missing.length > 0)
      throw new ServiceUnavailableException(`Not ready: ${missing.join(', ')} does not answer.`);
    return { status: 'ready' };
  }
}
