import { isProblem, type FieldProblem } from '../../api/problem.js';

const FIELD_WORDS: Readonly<Record<string, string>> = {
  ...{ ruleId: 'Name', note: 'Note', from: 'From', until: 'Until', products: 'Products' },
  ...{ together: 'Together with', customers: 'Customers', productId: 'Product', position: 'Place' },
  ...{ factor: 'Change of the score', share: 'Share', perCustomer: 'Times a day', categories: 'Category' },
  ...{ brands: 'Brand', productIds: 'Single products', customerIds: 'Single customers' },
  ...{ minimumPrice: 'Price at least', maximumPrice: 'Price at most', traits: 'Traits' },
};

/** What the server says about the fields of one rule. */
export interface RuleErrors {
  /** Lines for a list, each with the field's name. */
  readonly lines: readonly string[];
  /** For the form: what is wrong at a field or below it. */
  at(field: string): string | undefined;
}

const NONE: RuleErrors = { lines: [], at: () => undefined };

/** The server names a rule by its place: `rules.2.products.categories`. */
export function ruleErrorsOf(error: unknown): (index: number) => RuleErrors {
  if (!isProblem(error) || error.errors.length === 0) return () => NONE;
  const byRule = new Map<number, FieldProblem[]>();
  for (const problem of error.errors) {
    const [, index, field] = /^rules\.(\d+)\.?(.*)$/.exec(problem.field) ?? [];
    if (index === undefined) continue;
    byRule.set(Number(index), [...(byRule.get(Number(index)) ?? []), { ...problem, field }]);
  }
  return (index) => {
    const problems = byRule.get(index);
    return problems === undefined ? NONE : errorsOf(problems);
  };
}

function errorsOf(problems: readonly FieldProblem[]): RuleErrors {
  return {
    lines: problems.map(({ field, message }) => `${fieldWords(field)}: ${inWords(message)}`),
    at: (field) => {
      const found = problems.find(
        (problem) => problem.field === field || problem.field.startsWith(`${field}.`),
      );
      return found && inWords(found.message);
    },
  };
}

function fieldWords(field: string): string {
  const parts = field.split('.').filter((part) => part !== 'attributes' && !/^\d+$/.test(part));
  return parts.map((part) => FIELD_WORDS[part] ?? part).join(', ') || 'Rule';
}

function inWords(message: string): string {
  if (/NOT have fewer than 1 (items|properties|characters)/.test(message)) return 'say at least one';
  if (/must match pattern/.test(message))
    return 'letters, digits, dots, dashes and underscores only, and no more than 64';
  const limit = /^must be (>=|<=) (\S+)$/.exec(message);
  if (limit !== null) return `${limit[1] === '>=' ? 'at least' : 'at most'} ${limit[2]}`;
  return message;
}
