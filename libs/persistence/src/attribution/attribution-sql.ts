// $1 tenant, $2 its time zone.

const local = (moment: string) => `(${moment} AT TIME ZONE $2)::date`;
const minMax = (moment: string) => `${local(`min(${moment})`)} AS first, ${local(`max(${moment})`)} AS last`;

/** $3 since when. */
export const CHANGED_FEEDBACK = `
  SELECT min(first)::text AS first, max(last)::text AS last FROM (
    SELECT ${minMax('shown_at')} FROM impression WHERE tenant_id = $1 AND recorded_at > $3
    UNION ALL SELECT ${minMax('occurred_at')} FROM outcome WHERE tenant_id = $1 AND recorded_at > $3
    UNION ALL SELECT min(day), max(day) FROM served_answers WHERE tenant_id = $1 AND recorded_at > $3) AS changed`;

/** Rows of a file carry the moment at which its upload began, which may be hours ago: what counts is when it ended. */
export const CHANGED_IMPORTS = `
  SELECT first::text, last::text FROM (
    SELECT ${minMax('i.occurred_at')} FROM interaction AS i
     WHERE i.tenant_id = $1 AND i.type = 'purchase' AND i.customer_id IS NOT NULL AND i.import_id IN (
       SELECT import_id FROM import
        WHERE tenant_id = $1 AND entity = 'interactions' AND status = 'succeeded' AND accepted > 0 AND finished_at > $3)) AS changed`;

/** Whole local days, for an index over moments. $3 and $4: first and last day. */
const within = (moment: string) =>
  `${moment} >= ($3::date)::timestamp AT TIME ZONE $2 AND ${moment} < ($4::date + 1)::timestamp AT TIME ZONE $2`;

const epochMs = (moment: string) => `(extract(epoch FROM ${moment}) * 1000)::float8 AS at`;

/** All of the customers who were shown something, or of whom an outcome says so. Quantities below zero are returns. */
export const EVENTS = `
  WITH shown_to AS MATERIALIZED (
    SELECT customer_id FROM impression WHERE tenant_id = $1 AND ${within('shown_at')}
    UNION SELECT customer_id FROM outcome WHERE tenant_id = $1 AND ${within('occurred_at')})
  SELECT * FROM (
    SELECT 'shown' AS kind, event_id, recommendation_id, customer_id, product_id, ${epochMs('shown_at')},
           ${local('shown_at')}::text AS day, NULL::float8 AS quantity, NULL::float8 AS unit_price
      FROM impression WHERE tenant_id = $1 AND ${within('shown_at')}
    UNION ALL
    SELECT kind::text, event_id, recommendation_id, customer_id, product_id, ${epochMs('occurred_at')},
           ${local('occurred_at')}::text, quantity, unit_price::float8
      FROM outcome WHERE tenant_id = $1 AND ${within('occurred_at')}
    UNION ALL
    SELECT 'imported', event_id, NULL, customer_id, product_id, ${epochMs('occurred_at')},
           ${local('occurred_at')}::text, quantity, unit_price::float8
      FROM interaction JOIN shown_to USING (customer_id)
     WHERE tenant_id = $1 AND type = 'purchase' AND ${within('occurred_at')} AND COALESCE(quantity, 1) > 0
       AND COALESCE(unit_price, 0) >= 0) AS event
  ORDER BY customer_id COLLATE "C"`;

/** For each day: products on sale, and those of them that were shown. Counted by their changes, not product by product and day. */
export const PRODUCTS = `
  WITH span AS (
    SELECT COALESCE(${local('available_from')}, '-infinity') AS since, COALESCE(${local('retired_at')}, 'infinity') AS until,
           product_id FROM product WHERE tenant_id = $1),
  days AS (SELECT day::date FROM generate_series($3::date, $4::date, interval '1 day') AS day),
  arrived AS (SELECT GREATEST(since, $3::date) AS day, count(*) AS n FROM span WHERE since <= until AND since <= $4::date AND until >= $3::date GROUP BY 1),
  gone AS (SELECT until + 1 AS day, count(*) AS n FROM span WHERE since <= until AND until >= $3::date AND until < $4::date AND since <= $4::date GROUP BY 1),
  shown AS (
    SELECT ${local('shown_at')} AS day, product_id FROM impression WHERE tenant_id = $1 AND ${within('shown_at')} GROUP BY 1, 2),
  covered AS (
    SELECT shown.day, count(*) AS n FROM shown JOIN span USING (product_id) WHERE shown.day BETWEEN since AND until GROUP BY 1)
  SELECT day::text, COALESCE(covered.n, 0)::float8 AS shown,
         sum(COALESCE(arrived.n, 0) - COALESCE(gone.n, 0)) OVER (ORDER BY day)::float8 AS on_sale
    FROM days LEFT JOIN arrived USING (day) LEFT JOIN gone USING (day) LEFT JOIN covered USING (day) ORDER BY day`;

export const INSERT_PURCHASES = `
  INSERT INTO attributed_purchase
    (tenant_id, purchase_id, day, customer_id, product_id, bought_at, revenue, recommendation_id, shown_at)
  SELECT $1::int, e.* FROM unnest($2::text[], $3::date[], $4::text[], $5::text[], $6::timestamptz[], $7::numeric[], $8::text[],
                                  $9::timestamptz[]) AS e`;

export const INSERT_DAYS = `
  INSERT INTO daily_kpi (tenant_id, day, served, none, shown, clicked, bought, accepted, rejected, attributed_purchases,
                         attributed_revenue, products_shown, products_on_sale)
  SELECT $1::int, day, served, none, shown, clicked, bought, accepted, rejected, "attributedPurchases", "attributedRevenue",
         "productsShown", "productsOnSale"
    FROM jsonb_to_recordset($2::jsonb) AS e (
      day date, served int, none int, shown int, clicked int, bought int, accepted int, rejected int,
      "attributedPurchases" int, "attributedRevenue" numeric, "productsShown" int, "productsOnSale" int)`;
