import type { ListReader, Rule } from '#libs/domain';
import { ruleEffects, storedCandidates, type CompiledRules, type RuleEffect } from '#libs/serving';
import type { PreviewCauseDto } from './preview.dto.js';

/** Why the products of one customer are elsewhere, by index in the file. */
export type CausesOf = (customerId: string, product: number) => readonly PreviewCauseDto[];

/** Each is laid over each list for itself: a set that differs in more rules than these is told without reasons for the rest. */
const MOST_RULES = 50;

interface ChangedRule {
  readonly rule: Rule;
  readonly compiled: CompiledRules;
  readonly isNew: boolean;
}

/** What the rules that differ do to the products of a list, each for itself. */
export function ruleCauses(
  reader: ListReader,
  before: readonly Rule[],
  after: readonly Rule[],
  compile: (rule: Rule) => CompiledRules,
): CausesOf {
  const changed: ChangedRule[] = [
    ...differing(before, after).map((rule) => ({ rule, compiled: compile(rule), isNew: false })),
    ...differing(after, before).map((rule) => ({ rule, compiled: compile(rule), isNew: true })),
  ];
  let known: { customerId: string; causes: ReadonlyMap<number, PreviewCauseDto[]> } | undefined;
  return (customerId, product) => {
    if (known?.customerId !== customerId)
      known = { customerId, causes: causesFor(reader, customerId, changed) };
    return known.causes.get(product) ?? [];
  };
}

function differing(of: readonly Rule[], others: readonly Rule[]): readonly Rule[] {
  const known = new Map(others.map((rule) => [rule.ruleId, JSON.stringify(rule)]));
  return of.filter((rule) => known.get(rule.ruleId) !== JSON.stringify(rule)).slice(0, MOST_RULES);
}

function causesFor(
  reader: ListReader,
  customerId: string,
  changed: readonly ChangedRule[],
): ReadonlyMap<number, PreviewCauseDto[]> {
  const request = { customerId, count: 1, country: undefined, segment: undefined };
  const { customer, candidates } = storedCandidates(reader, request);
  const [list] = candidates;
  const found = new Map<number, Map<string, { effect: RuleEffect; strength: number; isNew: boolean }>>();
  if (list === undefined) return new Map();
  for (const { rule, compiled, isNew } of changed) {
    const strength = strengthOf(rule);
    for (const [product, effect] of ruleEffects(list, compiled, customer)) {
      const ofProduct = found.get(product) ?? new Map<string, never>();
      const was = ofProduct.get(rule.ruleId);
      // As before, only said otherwise: no reason for anything.
      if (was?.effect === effect && was.strength === strength) ofProduct.delete(rule.ruleId);
      else ofProduct.set(rule.ruleId, { effect, strength, isNew });
      found.set(product, ofProduct);
    }
  }
  return new Map(
    [...found].map(([product, causes]) => [
      product,
      [...causes].map(([name, { effect, isNew }]) => ({ name, effect, isNew })),
    ]),
  );
}

function strengthOf(rule: Rule): number {
  if (rule.kind === 'boost') return rule.factor;
  return rule.kind === 'pin' ? rule.position : 0;
}
