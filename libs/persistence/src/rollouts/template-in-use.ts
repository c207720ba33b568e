/** SQL: the version that new tenants get, that of the last roll-out that was completed. */
export const TEMPLATE_IN_USE = `COALESCE((SELECT template_version FROM template_rollout WHERE state = 'completed'
  ORDER BY ended_at DESC LIMIT 1), 1)`;
