/** What pulls what into the basket, with the chance that it does; chains are followed (pasta, sauce, cheese). */
export const COMPLEMENTS: ReadonlyMap<string, readonly { category: string; chance: number }[]> = new Map([
  ['Pasta', [{ category: 'Sauces', chance: 0.5 }]],
  ['Sauces', [{ category: 'Cheese', chance: 0.35 }]],
  ['Rice', [{ category: 'Plant-Based', chance: 0.25 }]],
  ['Bread', [{ category: 'Butter', chance: 0.18 }]],
  ['Coffee', [{ category: 'Sweets', chance: 0.35 }]],
  ['Tea', [{ category: 'Sweets', chance: 0.25 }]],
  ['Cereals', [{ category: 'Yoghurt', chance: 0.3 }]],
  ['Wine and Beer', [{ category: 'Snacks', chance: 0.4 }]],
  ['Snacks', [{ category: 'Soft Drinks', chance: 0.25 }]],
  ['Meat', [{ category: 'Vegetables', chance: 0.2 }]],
  ['Baby', [{ category: 'Care', chance: 0.15 }]],
]);
