// The native engine's command line, as far as Prisma's CLI uses it:
//   schema-engine --datasource '{"url": …}' --datamodels a.prisma [--datamodels b.prisma] [cli <command>]
export function parseEngineArguments(argv) {
  const options = { datamodels: [], url: undefined, databaseCommand: undefined };
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i];
    if (name === '--datamodels') options.datamodels.push(argv[++i]);
    else if (name === '--datasource') options.url = JSON.parse(argv[++i]).url;
    else if (name === 'cli') options.databaseCommand = argv[++i];
    else if (name.startsWith('--')) i++; // an option with a value that changes nothing here
  }
  return options;
}
