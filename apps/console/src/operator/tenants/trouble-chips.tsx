import { whole } from '../../parts/numbers.js';
import { TROUBLE_WORDS, TROUBLES, type TenantSearch } from './tenant-search.js';
import classes from './trouble-chips.module.css';

interface TroubleChipsProps {
  /** Of those that the other filters let through, by trouble; `any` counts each once. */
  readonly troubled: Readonly<Record<string, number>>;
  readonly chosen: TenantSearch['trouble'];
  readonly onChoose: (trouble: TenantSearch['trouble']) => void;
}

/** How many are in trouble, and in which: counted first, one click away. */
export function TroubleChips({ troubled, chosen, onChoose }: TroubleChipsProps) {
  const found = TROUBLES.filter((trouble) => (troubled[trouble] ?? 0) > 0 || trouble === chosen);
  const chips = [
    { trouble: 'any', words: 'in trouble' } as const,
    ...found.map((trouble) => ({ trouble, words: TROUBLE_WORDS[trouble] })),
  ];
  return (
    <div role="group" aria-label="Trouble" className={classes.chips}>
      {chips.map(({ trouble, words }) => (
        <button
          key={trouble}
          type="button"
          className={classes.chip}
          data-any={trouble === 'any' || undefined}
          data-none={(troubled[trouble] ?? 0) === 0 || undefined}
          aria-pressed={trouble === chosen}
          onClick={() => onChoose(trouble === chosen ? undefined : trouble)}
        >
          <strong>{whole(troubled[trouble] ?? 0)}</strong> {words}
        </button>
      ))}
    </div>
  );
}
