/** What a fashion shop carries. Styles are six latent directions that brands, articles and customers share. */
export const STYLE_NAMES = ['classic', 'street', 'romantic', 'sport', 'minimal', 'bohemian'] as const;
export const STYLE_COUNT = STYLE_NAMES.length;

export type Season = 'spring-summer' | 'autumn-winter';
export type Department = 'women' | 'men';

export interface FashionCategory {
  name: string;
  /** Median price of a mid-level brand. */
  price: number;
  /** Share of a collection by season. */
  weight: Readonly<Record<Season, number>>;
  departments: readonly Department[];
}

const BOTH: readonly Department[] = ['women', 'men'];

export const FASHION_CATEGORIES: readonly FashionCategory[] = [
  { name: 'T-Shirts', price: 29, weight: { 'spring-summer': 12, 'autumn-winter': 6 }, departments: BOTH },
  { name: 'Shirts', price: 59, weight: { 'spring-summer': 8, 'autumn-winter': 8 }, departments: BOTH },
  { name: 'Dresses', price: 89, weight: { 'spring-summer': 12, 'autumn-winter': 6 }, departments: ['women'] },
  { name: 'Skirts', price: 59, weight: { 'spring-summer': 6, 'autumn-winter': 4 }, departments: ['women'] },
  { name: 'Jeans', price: 79, weight: { 'spring-summer': 7, 'autumn-winter': 8 }, departments: BOTH },
  { name: 'Trousers', price: 75, weight: { 'spring-summer': 6, 'autumn-winter': 7 }, departments: BOTH },
  { name: 'Knitwear', price: 79, weight: { 'spring-summer': 3, 'autumn-winter': 14 }, departments: BOTH },
  { name: 'Coats', price: 189, weight: { 'spring-summer': 1, 'autumn-winter': 9 }, departments: BOTH },
  { name: 'Blazers', price: 139, weight: { 'spring-summer': 5, 'autumn-winter': 5 }, departments: BOTH },
  { name: 'Swimwear', price: 45, weight: { 'spring-summer': 6, 'autumn-winter': 0 }, departments: BOTH },
  { name: 'Sportswear', price: 49, weight: { 'spring-summer': 7, 'autumn-winter': 6 }, departments: BOTH },
  { name: 'Sneakers', price: 99, weight: { 'spring-summer': 7, 'autumn-winter': 6 }, departments: BOTH },
  { name: 'Boots', price: 149, weight: { 'spring-summer': 0, 'autumn-winter': 8 }, departments: BOTH },
  { name: 'Bags', price: 99, weight: { 'spring-summer': 5, 'autumn-winter': 5 }, departments: ['women'] },
  { name: 'Accessories', price: 35, weight: { 'spring-summer': 6, 'autumn-winter': 7 }, departments: BOTH },
];

export interface FashionBrand {
  name: string;
  priceFactor: number;
  /** Index into STYLE_NAMES: what the brand stands for first and second. */
  styles: readonly [number, number];
}

export const FASHION_BRANDS: readonly FashionBrand[] = [
  { name: 'Basica', priceFactor: 0.45, styles: [4, 3] },
  { name: 'Kiosk', priceFactor: 0.5, styles: [1, 3] },
  { name: 'Mirabel', priceFactor: 0.55, styles: [2, 5] },
  { name: 'Fjord & Sons', priceFactor: 0.6, styles: [0, 4] },
  { name: 'Tempo', priceFactor: 0.75, styles: [3, 1] },
  { name: 'Nordlys', priceFactor: 0.9, styles: [4, 0] },
  { name: 'Rosenhain', priceFactor: 0.95, styles: [2, 0] },
  { name: 'Beton', priceFactor: 1, styles: [1, 4] },
  { name: 'Wilde Wiese', priceFactor: 1.05, styles: [5, 2] },
  { name: 'Hansen', priceFactor: 1.15, styles: [0, 3] },
  { name: 'Laufwerk', priceFactor: 1.25, styles: [3, 4] },
  { name: 'Marais', priceFactor: 1.5, styles: [2, 4] },
  { name: 'Atelier Nord', priceFactor: 1.6, styles: [4, 5] },
  { name: 'Saint Olaf', priceFactor: 1.9, styles: [0, 2] },
  { name: 'Kreuzberg 36', priceFactor: 2, styles: [1, 5] },
  { name: 'Contessa', priceFactor: 2.6, styles: [2, 0] },
  { name: 'Vidar', priceFactor: 2.9, styles: [0, 4] },
  { name: 'Maison Solveig', priceFactor: 3.4, styles: [5, 4] },
];

export const FABRICS = ['Cotton', 'Linen', 'Wool', 'Silk', 'Denim', 'Jersey', 'Leather', 'Viscose'] as const;
export const COLOURS = [
  'Black',
  'Navy',
  'Ecru',
  'Sage',
  'Rust',
  'Sky',
  'Rose',
  'Charcoal',
  'Ochre',
  'White',
] as const;
export const MODELS = [
  'Linnea',
  'Aksel',
  'Ida',
  'Runa',
  'Mats',
  'Saga',
  'Nils',
  'Freya',
  'Tove',
  'Lasse',
  'Elin',
  'Birk',
] as const;
