import type { Entity } from './data-queries.js';

interface FieldLabel {
  readonly name: string;
  readonly label: string;
  readonly isRequired?: boolean;
  readonly isMoment?: boolean;
}

/** What the assistant asks for, in the words of a shop; the rest of the schema is for mappings by hand. */
export const FIELD_LABELS: Readonly<Record<Entity, readonly FieldLabel[]>> = {
  interactions: [
    { name: 'customerId', label: 'Customer' },
    { name: 'productId', label: 'Product', isRequired: true },
    { name: 'occurredAt', label: 'When', isRequired: true, isMoment: true },
    { name: 'quantity', label: 'Quantity' },
    { name: 'unitPrice', label: 'Price of one' },
    { name: 'orderId', label: 'Order' },
    { name: 'type', label: 'What was done' },
    { name: 'rating', label: 'Rating' },
  ],
  customers: [
    { name: 'customerId', label: 'Customer', isRequired: true },
    { name: 'country', label: 'Country' },
    { name: 'region', label: 'Region' },
    { name: 'segment', label: 'Segment' },
    { name: 'tier', label: 'Loyalty tier' },
    { name: 'ageBand', label: 'Age band' },
    { name: 'gender', label: 'Gender' },
    { name: 'createdAt', label: 'Customer since', isMoment: true },
  ],
  products: [
    { name: 'productId', label: 'Product', isRequired: true },
    { name: 'name', label: 'Name' },
    { name: 'category', label: 'Category' },
    { name: 'brand', label: 'Brand' },
    { name: 'price', label: 'Price' },
    { name: 'description', label: 'Description' },
    { name: 'availableFrom', label: 'Sold from', isMoment: true },
    { name: 'retiredAt', label: 'Sold until', isMoment: true },
  ],
  offers: [
    { name: 'offerId', label: 'Offer', isRequired: true },
    { name: 'productId', label: 'Product', isRequired: true },
    { name: 'name', label: 'Name' },
    { name: 'price', label: 'Price' },
    { name: 'validFrom', label: 'From', isMoment: true },
    { name: 'validUntil', label: 'Until', isMoment: true },
  ],
  promotions: [
    { name: 'promotionId', label: 'Promotion', isRequired: true },
    { name: 'name', label: 'Name' },
    { name: 'productIds', label: 'Products' },
    { name: 'discountShare', label: 'Discount (0 to 1)' },
    { name: 'validFrom', label: 'From', isMoment: true },
    { name: 'validUntil', label: 'Until', isMoment: true },
  ],
};

export const ENTITY_LABELS: Readonly<Record<Entity, string>> = {
  interactions: 'Sales and other interactions',
  customers: 'Customers',
  products: 'Products',
  offers: 'Offers',
  promotions: 'Promotions',
};

/** Fields that the assistant does not ask for have the schema's name alone. */
export const labelOf = (entity: Entity, name: string): string =>
  FIELD_LABELS[entity].find((field) => field.name === name)?.label ?? name;
