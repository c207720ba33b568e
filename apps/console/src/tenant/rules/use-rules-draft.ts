import { useCallback, useEffect, useState } from 'react';
import type { Rules } from './rule-types.js';

interface Draft {
  /** The saved version that it began with. */
  readonly base: number;
  readonly rules: Rules;
}

export interface RulesDraft {
  readonly rules: Rules;
  readonly isChanged: boolean;
  /** Somebody has saved another version since the draft began. */
  readonly isOutdated: boolean;
  readonly base: number;
  change(rules: Rules): void;
  discard(): void;
  /** Goes on with the draft, over what has been saved meanwhile. */
  takeOver(): void;
}

const keyOf = (tenant: string) => `nightshift.rules.${tenant}`;

/** What has been edited and not saved, kept for this tab: a reload loses nothing. */
export function useRulesDraft(tenant: string, version: number, saved: Rules): RulesDraft {
  const [draft, setDraft] = useState<Draft | undefined>(() => readDraft(tenant));
  useEffect(() => writeDraft(tenant, draft), [tenant, draft]);
  const rules = draft?.rules ?? saved;
  const isChanged = draft !== undefined && JSON.stringify(draft.rules) !== JSON.stringify(saved);
  const base = draft?.base ?? version;
  return {
    ...{ rules, isChanged, base, isOutdated: isChanged && base !== version },
    change: useCallback((next: Rules) => setDraft({ base, rules: next }), [base]),
    discard: useCallback(() => setDraft(undefined), []),
    takeOver: useCallback(() => setDraft({ base: version, rules }), [version, rules]),
  };
}

function readDraft(tenant: string): Draft | undefined {
  try {
    const draft = JSON.parse(sessionStorage.getItem(keyOf(tenant)) ?? 'null') as Partial<Draft> | null;
    return typeof draft?.base === 'number' && Array.isArray(draft.rules) ? (draft as Draft) : undefined;
  } catch {
    return undefined;
  }
}

function writeDraft(tenant: string, draft: Draft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(keyOf(tenant));
    else sessionStorage.setItem(keyOf(tenant), JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing for us: the page works, and only a reload loses something.
  }
}
