/** The shelves of a grocer: how often a household needs something, what it costs, and what goes with what. */
export interface GrocerCategory {
  name: string;
  /** Typical days between two purchases of the same product. */
  cycleDays: number;
  /** Share of unplanned purchases, relative to the other categories. */
  weight: number;
  /** Median price of the mainstream line. */
  price: number;
  kinds: readonly string[];
}

export const GROCER_CATEGORIES: readonly GrocerCategory[] = [
  {
    name: 'Milk',
    cycleDays: 4,
    weight: 10,
    price: 1.6,
    kinds: [
      'Whole Milk',
      'Semi-Skimmed Milk',
      'Lactose-Free Milk',
      'Oat Drink',
      'Mountain Milk',
      'Buttermilk',
    ],
  },
  {
    name: 'Yoghurt',
    cycleDays: 6,
    weight: 8,
    price: 0.95,
    kinds: ['Plain Yoghurt', 'Strawberry Yoghurt', 'Greek Yoghurt', 'Mocha Yoghurt', 'Kefir', 'Skyr'],
  },
  {
    name: 'Butter',
    cycleDays: 12,
    weight: 4,
    price: 3.4,
    kinds: ['Salted Butter', 'Table Butter', 'Cooking Butter', 'Margarine', 'Ghee'],
  },
  {
    name: 'Cheese',
    cycleDays: 11,
    weight: 6,
    price: 4.8,
    kinds: ['Gruyère', 'Parmesan', 'Mozzarella', 'Emmental', 'Brie', 'Feta'],
  },
  {
    name: 'Eggs',
    cycleDays: 8,
    weight: 5,
    price: 4.2,
    kinds: ['Free-Range Eggs', 'Barn Eggs', 'Brown Eggs', 'Quail Eggs'],
  },
  {
    name: 'Bread',
    cycleDays: 4,
    weight: 10,
    price: 3.1,
    kinds: ['Rye Bread', 'Sourdough', 'Toast', 'Baguette', 'Plaited Loaf', 'Seed Rolls'],
  },
  {
    name: 'Fruit',
    cycleDays: 5,
    weight: 10,
    price: 3.6,
    kinds: ['Apples', 'Bananas', 'Berries', 'Oranges', 'Pears', 'Grapes'],
  },
  {
    name: 'Vegetables',
    cycleDays: 5,
    weight: 10,
    price: 3.2,
    kinds: ['Carrots', 'Tomatoes', 'Salad', 'Potatoes', 'Broccoli', 'Peppers'],
  },
  {
    name: 'Meat',
    cycleDays: 7,
    weight: 6,
    price: 9.8,
    kinds: ['Minced Beef', 'Pork Chops', 'Beef Steak', 'Bratwurst', 'Chicken Breast', 'Bacon'],
  },
  {
    name: 'Fish',
    cycleDays: 12,
    weight: 3,
    price: 11.5,
    kinds: ['Salmon Fillet', 'Trout', 'Prawns', 'Tuna', 'Fish Fingers'],
  },
  {
    name: 'Plant-Based',
    cycleDays: 8,
    weight: 3,
    price: 4.9,
    kinds: ['Tofu', 'Falafel', 'Veggie Burger', 'Hummus', 'Tempeh', 'Soy Mince'],
  },
  {
    name: 'Pasta',
    cycleDays: 14,
    weight: 5,
    price: 2.3,
    kinds: ['Spaghetti', 'Penne', 'Fusilli', 'Tagliatelle', 'Ravioli', 'Gnocchi'],
  },
  {
    name: 'Rice',
    cycleDays: 24,
    weight: 2,
    price: 3.9,
    kinds: ['Basmati Rice', 'Risotto Rice', 'Couscous', 'Quinoa', 'Lentils'],
  },
  {
    name: 'Sauces',
    cycleDays: 16,
    weight: 4,
    price: 3.3,
    kinds: ['Tomato Sauce', 'Pesto', 'Ketchup', 'Curry Sauce', 'Mayonnaise', 'Soy Sauce'],
  },
  {
    name: 'Coffee',
    cycleDays: 21,
    weight: 4,
    price: 8.9,
    kinds: ['Espresso Beans', 'Ground Coffee', 'Coffee Capsules', 'Decaf', 'Instant Coffee'],
  },
  {
    name: 'Tea',
    cycleDays: 28,
    weight: 2,
    price: 4.1,
    kinds: ['Earl Grey', 'Peppermint Tea', 'Green Tea', 'Camomile', 'Rooibos'],
  },
  {
    name: 'Cereals',
    cycleDays: 16,
    weight: 3,
    price: 4.7,
    kinds: ['Muesli', 'Cornflakes', 'Porridge Oats', 'Granola', 'Choco Pops'],
  },
  {
    name: 'Sweets',
    cycleDays: 9,
    weight: 7,
    price: 2.9,
    kinds: ['Milk Chocolate', 'Dark Chocolate', 'Butter Biscuits', 'Gummy Bears', 'Wafers', 'Honey'],
  },
  {
    name: 'Snacks',
    cycleDays: 11,
    weight: 5,
    price: 3.2,
    kinds: ['Paprika Crisps', 'Salted Nuts', 'Popcorn', 'Pretzels', 'Olives'],
  },
  {
    name: 'Soft Drinks',
    cycleDays: 7,
    weight: 6,
    price: 2.1,
    kinds: ['Cola', 'Mineral Water', 'Orange Juice', 'Iced Tea', 'Apple Spritzer', 'Tonic'],
  },
  {
    name: 'Wine and Beer',
    cycleDays: 10,
    weight: 4,
    price: 8.2,
    kinds: ['Lager', 'Red Wine', 'White Wine', 'Wheat Beer', 'Prosecco'],
  },
  {
    name: 'Frozen',
    cycleDays: 12,
    weight: 4,
    price: 5.4,
    kinds: ['Pizza', 'Frozen Peas', 'Ice Cream', 'Lasagne', 'French Fries'],
  },
  {
    name: 'Baby',
    cycleDays: 8,
    weight: 1.5,
    price: 9.5,
    kinds: ['Nappies', 'Baby Puree', 'Infant Formula', 'Baby Wipes'],
  },
  {
    name: 'Pets',
    cycleDays: 7,
    weight: 2.5,
    price: 5.8,
    kinds: ['Cat Food', 'Dog Food', 'Cat Litter', 'Dog Treats', 'Bird Seed'],
  },
  {
    name: 'Household',
    cycleDays: 26,
    weight: 3,
    price: 5.9,
    kinds: ['Washing Powder', 'Toilet Paper', 'Dish Soap', 'Kitchen Roll', 'Bin Bags'],
  },
  {
    name: 'Care',
    cycleDays: 30,
    weight: 3,
    price: 4.4,
    kinds: ['Shampoo', 'Toothpaste', 'Shower Gel', 'Hand Cream', 'Razor Blades'],
  },
];

export interface GrocerLine {
  name: string;
  priceFactor: number;
  /** Brand names of the line; a category carries one of each line. */
  brands: readonly string[];
}

/** Quality lines run through the whole shop: who buys organic milk buys organic eggs. */
export const GROCER_LINES: readonly GrocerLine[] = [
  { name: 'budget', priceFactor: 0.68, brands: ['Prima', 'Sparfix'] },
  { name: 'classic', priceFactor: 1, brands: ['Alpenhof', 'Bellmar', 'Casa Rossi', 'Dorfgut'] },
  { name: 'organic', priceFactor: 1.42, brands: ['Terra Bio', 'Naturwerk'] },
  { name: 'premium', priceFactor: 1.95, brands: ['Maison Rive', 'Edelkorn'] },
];

export const GROCER_SIZES = [
  { label: '', priceFactor: 1 },
  { label: 'Family Pack', priceFactor: 1.75 },
  { label: 'Mini', priceFactor: 0.62 },
  { label: 'Duo', priceFactor: 1.9 },
] as const;
