import 'reflect-metadata';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsInt, IsString, MaxLength, MinLength, ValidateNested } from 'class-validator';
import {
  ConflictError,
  InvalidInputError,
  NightshiftError,
  NotFoundError,
  UnavailableError,
} from '#libs/domain';
import { configureHttp, createHttpAdapter } from './configure-http.js';

class Inner {
  @IsInt() size!: number;
}

class ThingDto {
  @IsString() @MinLength(2) @MaxLength(5) name!: string;
  @ValidateNested() @Type(() => Inner) inner!: Inner;
}

const ERRORS: Readonly<Record<string, Error>> = {
  invalid: new InvalidInputError('badThing', 'No.', [{ field: 'a', code: 'b', message: 'c' }]),
  unauthorized: new NightshiftError('unauthorized', 'keyRequired', 'Who are you?'),
  forbidden: new NightshiftError('forbidden', 'scopeMissing', 'Not you.'),
  missing: new NotFoundError('thing', 'x'),
  conflict: new ConflictError('taken', 'Taken.'),
  busy: new NightshiftError('busy', 'tooManyImports', 'Later.'),
  large: new NightshiftError('too-large', 'tooLarge', 'Too large.'),
  internal: new NightshiftError('internal', 'broken', 'secret detail'),
  away: new UnavailableError('The database', new Error('connect ECONNREFUSED 10.0.0.1')),
  unexpected: new Error('SELECT * FROM customer'),
};

@Controller()
class ThingController {
  @Get('errors/:kind')
  fail(@Param('kind') kind: string): never {
    throw ERRORS[kind];
  }

  @Post('things')
  create(@Body() thing: ThingDto): ThingDto {
    return thing;
  }

  @Post('files')
  @RouteConfig({ accepts: ['text/csv', 'application/gzip'] })
  take(): string {
    return 'taken';
  }
}

@Module({ controllers: [ThingController] })
class ThingModule {}

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(
    ThingModule,
    createHttpAdapter({ bodyLimitBytes: 2_000 }),
    {
      logger: false,
    },
  );
  configureHttp(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(() => app.close());

async function answerOf(request: Parameters<NestFastifyApplication['inject']>[0]) {
  const answer = await app.inject(request as object);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = answer.json();
  expect(problem).toMatchObject({ status: answer.statusCode, instance: answer.headers['x-request-id'] });
  expect(problem.type).toBe(`urn:nightshift:problem:${problem.code}`);
  return { problem, headers: answer.headers };
}

describe('problem details', () => {
  test.each([
    ['invalid', 400, 'badThing'],
    ['unauthorized', 401, 'keyRequired'],
    ['forbidden', 403, 'scopeMissing'],
    ['missing', 404, 'notFound'],
    ['conflict', 409, 'taken'],
    ['large', 413, 'tooLarge'],
    ['busy', 429, 'tooManyImports'],
    ['internal', 500, 'broken'],
    ['away', 503, 'unavailable'],
    ['unexpected', 500, 'internal'],
  ])('%s becomes %i %s', async (kind, status, code) => {
    const { problem } = await answerOf({ method: 'GET', url: `/errors/${kind}` });
    expect(problem).toMatchObject({ status, code });
    expect(JSON.stringify(problem)).not.toMatch(/SELECT|secret detail|10\.0\.0\.1|\.ts:/);
  });

  test('an outage says when to come back, a missing key how to bring one', async () => {
    expect((await answerOf({ method: 'GET', url: '/errors/away' })).headers['retry-after']).toBe('5');
    expect((await answerOf({ method: 'GET', url: '/errors/busy' })).headers['retry-after']).toBe('5');
    const { headers } = await answerOf({ method: 'GET', url: '/errors/unauthorized' });
    expect(headers['www-authenticate']).toContain('Bearer');
  });

  test('every wrong field is named with its path', async () => {
    const payload = { name: 3, extra: 1, inner: { size: 'x' } };
    const { problem } = await answerOf({ method: 'POST', url: '/things', payload });
    expect(problem.code).toBe('invalidFields');
    const fields = problem.errors.map((error: { field: string; code: string }) => [error.field, error.code]);
    expect(fields).toEqual(
      expect.arrayContaining([
        ['name', 'isString'],
        ['extra', 'unknownField'],
        ['inner.size', 'isInt'],
      ]),
    );
  });

  test('a field of the wrong type is told that and no more, others each rule that failed', async () => {
    const errorsOf = async (payload: object) =>
      (await answerOf({ method: 'POST', url: '/things', payload })).problem.errors;
    expect(await errorsOf({ name: 3, inner: { size: 'x' } })).toEqual([
      { field: 'name', code: 'isString', message: 'name must be a string' },
      { field: 'inner.size', code: 'isInt', message: 'inner.size must be an integer number' },
    ]);
    expect(await errorsOf({ name: 'a', inner: { size: 1 } })).toEqual([
      { field: 'name', code: 'minLength', message: expect.stringMatching(/^name must be longer/) },
    ]);
  });

  test('another media type is answered with the ones that the address takes', async () => {
    const request = {
      method: 'POST',
      payload: '<a/>',
      headers: { 'content-type': 'application/xml' },
    } as const;
    const json = await answerOf({ ...request, url: '/things' });
    expect(json.problem.detail).toBe('This address takes bodies of this type: application/json.');
    expect(json.headers.accept).toBe('application/json');
    const files = await answerOf({ ...request, url: '/files' });
    expect(files.problem.detail).toContain('one of these types: text/csv, application/gzip');
  });

  test.each([
    ['broken JSON', '/things', '{"name":', 'application/json', 400, 'malformedRequest'],
    ['an empty JSON body', '/things', '', 'application/json', 400, 'malformedRequest'],
    ['another media type', '/things', '<a/>', 'application/xml', 415, 'unsupportedMediaType'],
    [
      'a large body',
      '/things',
      JSON.stringify({ name: 'x'.repeat(3_000) }),
      'application/json',
      413,
      'tooLarge',
    ],
    ['an unknown address', '/nowhere', '{}', 'application/json', 404, 'notFound'],
    ['an address that cannot be decoded', '/things/%zz', '{}', 'application/json', 400, 'malformedRequest'],
  ])('%s is refused in the same shape', async (_name, url, payload, type, status, code) => {
    const { problem } = await answerOf({ method: 'POST', url, payload, headers: { 'content-type': type } });
    expect(problem).toMatchObject({ status, code });
  });

  test("the caller's request id is kept when it is harmless", async () => {
    const url = '/errors/missing';
    expect(
      (await answerOf({ method: 'GET', url, headers: { 'x-request-id': 'abc-1' } })).problem.instance,
    ).toBe('abc-1');
    const odd = await answerOf({ method: 'GET', url, headers: { 'x-request-id': 'a b"' } });
    expect(odd.problem.instance).toMatch(/^[0-9a-f-]{36}$/);
  });
});
