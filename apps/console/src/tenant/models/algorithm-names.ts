/** As the verdicts call them. */
const NAMES: Readonly<Record<string, string>> = {
  popularity: 'best-seller list',
  'item-cf': 'bought-together model',
  ials: 'taste model',
  hybrid: 'combined model',
};

export const algorithmName = (algorithm: string): string => NAMES[algorithm] ?? algorithm;
