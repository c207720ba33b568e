/**
 * What a stream of random numbers is for. It is the first key after the seed, so that a new purpose never shifts the
 * draws of another. Numbers are part of a world's identity: never renumber, only append.
 */
export const Stream = {
  population: 1,
  customer: 2,
  catalogue: 3,
  price: 4,
  promotion: 5,
  visit: 6,
  session: 7,
  taste: 8,
  staple: 9,
  occasion: 10,
  lifecycle: 11,
  decision: 12,
  offer: 13,
  response: 14,
  affinity: 15,
  churn: 16,
  fleet: 17,
  look: 18,
} as const;
