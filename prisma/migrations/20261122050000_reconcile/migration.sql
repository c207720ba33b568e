-- Lists that were lost are made again from the data as it is then: their numbers of customers and fallbacks may have changed.
GRANT UPDATE (customer_lists, fallback_lists) ON publication TO nightshift_eraser;
