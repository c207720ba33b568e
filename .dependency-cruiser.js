// Who may import whom: docs/architecture.md, checked. `depcruise libs apps --config .dependency-cruiser.js`
// Each rule's comment says where the code should go instead.

// Specs may reach further: they set the scene with whatever builds it.
const SPEC = '\\.spec\\.ts$';

/** Code of one place may import, of this repository, only its own folder and these libs. */
const mayImport = (name, from, libs, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: SPEC },
  to: {
    path: '^(?:libs|apps|tools|test|bench)/',
    pathNot: [`^${from}/`, ...libs.map((lib) => `^libs/${lib}/`)],
  },
});

const libRules = [
  mayImport(
    'algorithms-stand-alone',
    'libs/algorithms',
    [],
    'Algorithms know arrays and indices. Translate tenants, products and stages in libs/pipeline or libs/serving.',
  ),
  mayImport(
    'domain-stands-alone',
    'libs/domain',
    [],
    'The domain knows nobody. Write a port (abstract class) in libs/domain and implement it in libs/persistence.',
  ),
  mayImport(
    'config-stands-alone',
    'libs/config',
    [],
    'Config only reads the environment. What uses it belongs to the app.',
  ),
  mayImport(
    'client-stands-alone',
    'libs/client',
    [],
    'A client is taken away and used elsewhere. What it knows of the platform is generated from its descriptions.',
  ),
  mayImport(
    'telemetry-stands-alone',
    'libs/telemetry',
    [],
    'Telemetry takes what it needs as options (level, service, checks): pass them in from the app’s module.',
  ),
  mayImport(
    'http-over-domain',
    'libs/http',
    ['domain', 'config'],
    'What all HTTP processes share knows errors and settings. A route’s own business belongs to its app.',
  ),
  mayImport(
    'jobs-over-domain',
    'libs/jobs',
    ['domain', 'config'],
    'A job is a name, a payload and retries. What it does belongs to libs/pipeline, wired in apps/worker.',
  ),
  mayImport(
    'simulator-over-domain',
    'libs/simulator',
    ['domain', 'algorithms'],
    'The simulator makes rows. Loading them is ImportService’s work, called in apps/cli.',
  ),
  mayImport(
    'pipeline-over-domain',
    'libs/pipeline',
    ['domain', 'algorithms', 'serving'],
    'Stages work on ports. Put the port into libs/domain, its implementation into libs/persistence.',
  ),
  mayImport(
    'threads-over-algorithms',
    'libs/threads',
    ['algorithms'],
    'Threads run tasks of libs/algorithms. What a task is belongs there.',
  ),
  mayImport(
    'offline-over-domain',
    'libs/offline',
    ['domain', 'algorithms'],
    'Evaluation on files: a split, a metric or a search belongs to libs/algorithms, options and output to apps/cli.',
  ),
  mayImport(
    'serving-over-domain',
    'libs/serving',
    ['domain', 'algorithms'],
    'Serving steps are pure. Reading lists goes through a port of libs/domain, implemented in libs/persistence.',
  ),
  mayImport(
    'persistence-over-domain',
    'libs/persistence',
    ['domain', 'config'],
    'Persistence implements ports. A decision belongs to libs/domain, a computation to libs/algorithms.',
  ),
];

const appRules = [
  mayImport(
    'api-imports',
    'apps/api',
    ['domain', 'serving', 'jobs', 'config', 'telemetry', 'http', 'persistence'],
    'The control plane calls services of libs/domain. Training belongs to libs/pipeline in apps/worker.',
  ),
  mayImport(
    'serving-imports',
    'apps/serving',
    ['domain', 'serving', 'config', 'telemetry', 'http', 'persistence'],
    'The data plane answers from lists. What has to be computed belongs to the night: libs/pipeline.',
  ),
  ...['worker', 'cli'].map((app) =>
    mayImport(
      `${app}-imports`,
      `apps/${app}`,
      [
        ...['domain', 'pipeline', 'offline', 'threads', 'jobs', 'simulator', 'config', 'telemetry'],
        ...['http', 'persistence'],
      ],
      'Kernels and models are used by stages: put it into libs/pipeline. Two apps share through a lib, never directly.',
    ),
  ),
  mayImport(
    'console-over-client',
    'apps/console',
    ['client'],
    'The console runs in a browser and knows the platform by the generated types of its API alone, those of libs/client.',
  ),
  {
    name: 'persistence-only-in-modules',
    comment:
      'Only an app’s *.module.ts may name libs/persistence: inject the port of libs/domain, and bind its implementation in the module.',
    severity: 'error',
    from: { path: '^apps/', pathNot: ['\\.module\\.ts$', SPEC] },
    to: { path: '^libs/persistence/' },
  },
];

const generalRules = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one file, or both need a third: move what they share there.',
    severity: 'error',
    from: {},
    // A circle that a type closes is gone when the code runs.
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'kernels-import-nothing',
    comment:
      'A kernel takes arrays and numbers, and knows the errors. Checks and translation belong to the model beside it, in models/ or dataset/.',
    severity: 'error',
    from: { path: '^libs/algorithms/src/kernels/', pathNot: SPEC },
    to: { pathNot: ['^libs/algorithms/src/kernels/', '^libs/algorithms/src/errors\\.ts$'] },
  },
  {
    name: 'algorithms-without-io',
    comment:
      'Pure numerics: read and write in libs/persistence, start threads in libs/threads, and pass the arrays in.',
    severity: 'error',
    from: { path: '^libs/algorithms/', pathNot: SPEC },
    to: {
      dependencyTypes: ['core'],
      path: '^(?:node:)?(?:fs|net|http|https|http2|child_process|worker_threads|dgram|tls|os|process)(?:/|$)',
    },
  },
  {
    name: 'domain-without-infrastructure',
    comment:
      'Words and rules, no drivers: write a port here and implement it in libs/persistence, libs/jobs or libs/http.',
    severity: 'error',
    from: { path: '^libs/(?:domain|algorithms|simulator|pipeline|serving)/', pathNot: SPEC },
    to: {
      path: 'node_modules/(?:pg|pg-[^/]+|@prisma|prisma|fastify|@fastify|bullmq|ioredis|lmdb|pino|prom-client)/',
    },
  },
  {
    name: 'nest-at-the-edges',
    comment:
      'Nest appears in apps, jobs, persistence, config, telemetry and http alone. Write a plain class; a module of the app provides it by a factory.',
    severity: 'error',
    from: { path: '^libs/', pathNot: ['^libs/(?:jobs|persistence|config|telemetry|http)/', SPEC] },
    to: { path: 'node_modules/@nestjs/' },
  },
  {
    name: 'libs-by-their-index',
    comment:
      'Another lib is imported as #libs/<name>. If something is missing there, export it in the lib’s src/index.ts.',
    severity: 'error',
    from: { path: '^(?:libs|apps)/([^/]+)/', pathNot: SPEC },
    to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
  },
  {
    name: 'libs-below-apps',
    comment: 'A lib knows no app. Move what is needed into a lib that both may import.',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'production-without-tests',
    comment:
      'Specs, libs/testing and test/ are for tests alone. What production needs belongs beside the production code.',
    severity: 'error',
    from: { path: '^(?:libs|apps)/', pathNot: [SPEC, '^libs/testing/'] },
    to: { path: [SPEC, '^libs/testing/', '^test/'] },
  },
  {
    name: 'no-development-dependencies',
    comment:
      'This package is not there after `npm install --omit=dev`: move it to dependencies in package.json.',
    severity: 'error',
    // The console is bundled: what it needs is in its files.
    from: { path: '^(?:libs|apps)/', pathNot: [SPEC, '^libs/testing/', '^apps/console/'] },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['npm', 'type-only'],
      pathNot: 'node_modules/@types/',
    },
  },
  {
    name: 'everything-resolves',
    comment:
      'This import leads nowhere: a typing error, a missing ".js", or a package that package.json does not name.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...libRules, ...appRules, ...generalRules],
  options: {
    doNotFollow: { path: ['node_modules', '^libs/persistence/src/generated/'] },
    exclude: { path: ['^dist/'] },
    // Types count as well: a type that is imported the wrong way is knowledge in the wrong place.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // #libs/<name> means the build to Node and the sources to everybody who checks them.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require', 'types'],
    },
    webpackConfig: { fileName: '.dependency-cruiser-resolve.config.js' },
  },
};
