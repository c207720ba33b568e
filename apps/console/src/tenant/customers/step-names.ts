const NAMES: Readonly<Record<string, string>> = {
  model: 'The model',
  session: 'What was just done',
  search: 'What was searched for',
  facts: 'What is known of the customer',
  group: 'What others like them buy',
  rules: 'Your rules',
  priceSensitivity: 'Price against what the customer usually pays',
  repurchaseCycle: 'Time since it was bought',
  spendingSegment: 'What the customer usually spends',
  upsell: 'Upselling',
  priceBoost: 'Price boost',
  maximumPriceRatio: 'Highest price for this customer',
  margin: 'Margin',
  privateLabel: 'Own brand',
  promotion: 'Promotion',
  diversity: 'Variety',
  serendipity: 'Surprise',
  popularityDebiasing: 'Less of the best sellers',
  exposureCaps: 'How often it may be shown',
};

export const stepName = (step: string): string => NAMES[step] ?? step;
