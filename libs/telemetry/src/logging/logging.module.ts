import {
  Module,
  type DynamicModule,
  type FactoryProvider,
  type INestApplicationContext,
  type LoggerService,
} from '@nestjs/common';
import { Logger, LoggerModule, type Params } from 'nestjs-pino';
import type { IncomingMessage } from 'node:http';

export interface LoggingOptions {
  /** Which process writes: api, serving, worker. */
  readonly service: string;
  readonly level: string;
}

export interface LoggingModuleOptions {
  readonly inject?: FactoryProvider['inject'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is injected is the caller's business
  readonly useFactory: (...injected: any[]) => LoggingOptions;
}

/** Structured logs on stdout: one JSON object a line, without secrets. */
@Module({})
export class LoggingModule {
  static forRootAsync(options: LoggingModuleOptions): DynamicModule {
    return {
      module: LoggingModule,
      imports: [
        LoggerModule.forRootAsync({
          inject: options.inject,
          useFactory: (...injected: unknown[]) => createLoggerParams(options.useFactory(...injected)),
        }),
      ],
    };
  }
}

/** Exported for processes without HTTP, which create their logger by hand. */
export function createLoggerParams(options: LoggingOptions): Params {
  return {
    // A line for every request is for looking closely; a logger for every request costs more than a look-up.
    forRoutes: isLookingClosely(options.level) ? EVERY_ROUTE : [],
    pinoHttp: {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      redact: {
        paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization'],
        censor: '[redacted]',
      },
      serializers: { req: describeRequest },
      // Probes come every second and say nothing as long as they are answered.
      autoLogging: {
        ignore: (request: IncomingMessage) => /^\/(?:health\/|metrics)/.test(request.url ?? ''),
      },
      // What failed is logged with its cause where it is answered.
      customLogLevel: () => 'debug',
    },
  };
}

// Fastify's router names its wildcards.
const EVERY_ROUTE = ['*splat'];

function isLookingClosely(level: string): boolean {
  return level === 'debug' || level === 'trace';
}

/** The path alone: a query can carry customer ids, and headers can carry keys. */
function describeRequest(request: { id: unknown; method: string; url: string }): object {
  return { id: request.id, method: request.method, path: request.url.split('?', 1)[0] };
}

/** The logger for `app.useLogger`, so that Nest's own lines are structured as well. */
export function createNestLogger(app: INestApplicationContext): LoggerService {
  return app.get(Logger);
}
