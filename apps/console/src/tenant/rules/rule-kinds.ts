import type { Rule, RuleKind, Rules } from './rule-types.js';

interface Kind {
  readonly kind: RuleKind;
  /** What one wants, as the menu says it. */
  readonly label: string;
  readonly meaning: string;
  /** Begins the name that a new rule gets. */
  readonly stem: string;
  readonly blank: Partial<Rule>;
}

export const RULE_KINDS: readonly Kind[] = [
  {
    ...{ kind: 'exclude', label: 'Never recommend', stem: 'never' },
    meaning: 'Products that nobody, or that some customers, must not be offered.',
    blank: { products: {} },
  },
  {
    ...{ kind: 'eligible', label: 'Only for some customers', stem: 'only-for' },
    meaning: 'Products that are kept for a region, a segment or another group.',
    blank: { products: {}, customers: { traits: {} } },
  },
  {
    ...{ kind: 'forbid', label: 'Not together', stem: 'not-with' },
    meaning: 'Products that are not offered to whoever has bought certain others, or has them in the basket.',
    blank: { products: {}, together: {} },
  },
  {
    ...{ kind: 'boost', label: 'Raise or lower', stem: 'raise' },
    meaning: 'Scores of products times a factor: they move up or down, and are not forced anywhere.',
    blank: { products: {}, factor: 1.3 },
  },
  {
    ...{ kind: 'pin', label: 'Pin to a place', stem: 'pin' },
    meaning: 'One product at a fixed place of the list, wherever it may be offered at all.',
    blank: { productId: '', position: 1 },
  },
  {
    ...{ kind: 'minimumRelevance', label: 'Leave out what hardly fits', stem: 'relevant' },
    meaning: 'A shorter list rather than products that score far below the best one.',
    blank: { share: 0.1 },
  },
  {
    ...{ kind: 'dailyCap', label: 'Not too often a day', stem: 'daily' },
    meaning: 'How often a day (UTC) one customer may be offered the same product.',
    blank: { products: {}, perCustomer: 3 },
  },
];

export const kindOf = (rule: Pick<Rule, 'kind'>): Kind | undefined =>
  RULE_KINDS.find(({ kind }) => kind === rule.kind);

export function newRule(kind: RuleKind, rules: Rules): Rule {
  const { stem, blank } = RULE_KINDS.find((known) => known.kind === kind)!;
  return { ruleId: freeId(stem, rules), kind, ...blank };
}

export function copyOfRule(rule: Rule, rules: Rules): Rule {
  return { ...rule, ruleId: freeId(rule.ruleId.replace(/-\d+$/, '').slice(0, 58), rules) };
}

function freeId(stem: string, rules: Rules): string {
  const taken = new Set(rules.map(({ ruleId }) => ruleId));
  if (!taken.has(stem)) return stem;
  for (let number = 2; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}

export function moved(rules: Rules, from: number, to: number): Rules {
  if (to < 0 || to >= rules.length) return rules;
  const next = [...rules];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
