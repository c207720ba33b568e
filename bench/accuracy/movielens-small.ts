import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** MovieLens "latest-small": users and movies by dense index, in the order of their first line. */
export interface MovielensSmall {
  readonly customerCount: number;
  readonly productCount: number;
  readonly customers: Int32Array;
  readonly products: Int32Array;
  /** 0.5 … 5, for customers[i] and products[i]. */
  readonly ratings: Float32Array;
  readonly titles: readonly string[];
  readonly genres: readonly (readonly string[])[];
  readonly tags: readonly MovieTag[];
}

/** A word or two that one user wrote to one movie. */
export interface MovieTag {
  /** -1: a user without ratings. */
  readonly customer: number;
  readonly product: number;
  readonly text: string;
}

function readCsv(folder: string, file: string): Record<string, string>[] {
  const bytes = readFileSync(path.join(folder, file));
  return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true });
}

/** @param folder holds movies.csv.gz, ratings.csv.gz and tags.csv */
export function readMovielensSmall(folder: string): MovielensSmall {
  const movies = readCsv(folder, 'movies.csv.gz');
  const ratings = readCsv(folder, 'ratings.csv.gz');
  const productOf = new Map(movies.map(({ movieId }, index) => [movieId, index]));
  const customerOf = new Map<string, number>();
  for (const { userId } of ratings) if (!customerOf.has(userId)) customerOf.set(userId, customerOf.size);
  const product = (movieId: string) => {
    const index = productOf.get(movieId);
    if (index === undefined) throw new Error(`movie ${movieId} is not in movies.csv.gz`);
    return index;
  };
  return {
    customerCount: customerOf.size,
    productCount: movies.length,
    customers: Int32Array.from(ratings, ({ userId }) => customerOf.get(userId) ?? -1),
    products: Int32Array.from(ratings, ({ movieId }) => product(movieId)),
    ratings: Float32Array.from(ratings, ({ rating }) => Number(rating)),
    titles: movies.map(({ title }) => title),
    genres: movies.map(({ genres }) => (genres === '(no genres listed)' ? [] : genres.split('|'))),
    tags: readCsv(folder, 'tags.csv').map(({ userId, movieId, tag }) => ({
      customer: customerOf.get(userId) ?? -1,
      product: product(movieId),
      text: tag,
    })),
  };
}
