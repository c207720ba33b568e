/** Ways of life: the categories a household of that kind loves and those it hardly enters. */
export interface Lifestyle {
  name: string;
  share: number;
  loves: readonly string[];
  avoids: readonly string[];
  /** Leaning towards budget, classic, organic, premium. */
  lines: readonly number[];
}

export const LIFESTYLES: readonly Lifestyle[] = [
  {
    name: 'family',
    share: 24,
    loves: ['Milk', 'Cereals', 'Sweets', 'Frozen', 'Fruit', 'Baby'],
    avoids: ['Wine and Beer', 'Tea', 'Fish'],
    lines: [1, 0.9, -0.4, -1.2],
  },
  {
    name: 'green',
    share: 17,
    loves: ['Plant-Based', 'Vegetables', 'Fruit', 'Rice', 'Tea', 'Yoghurt'],
    avoids: ['Meat', 'Fish', 'Frozen', 'Soft Drinks', 'Baby'],
    lines: [-1.2, -0.3, 2, 0.2],
  },
  {
    name: 'single',
    share: 19,
    loves: ['Frozen', 'Pasta', 'Sauces', 'Snacks', 'Coffee', 'Soft Drinks'],
    avoids: ['Baby', 'Pets', 'Butter', 'Fish'],
    lines: [0.8, 0.7, -0.5, -0.3],
  },
  {
    name: 'gourmet',
    share: 13,
    loves: ['Cheese', 'Wine and Beer', 'Fish', 'Meat', 'Coffee', 'Snacks'],
    avoids: ['Frozen', 'Cereals', 'Baby', 'Soft Drinks'],
    lines: [-1.6, -0.2, 0.4, 2],
  },
  {
    name: 'retired',
    share: 17,
    loves: ['Bread', 'Butter', 'Tea', 'Care', 'Eggs', 'Meat'],
    avoids: ['Plant-Based', 'Snacks', 'Baby', 'Soft Drinks'],
    lines: [0.2, 1.3, -0.4, 0],
  },
  {
    name: 'pet-owner',
    share: 10,
    loves: ['Pets', 'Household', 'Frozen', 'Sweets', 'Bread'],
    avoids: ['Baby', 'Fish', 'Plant-Based'],
    lines: [0.7, 0.8, -0.3, -0.5],
  },
];
