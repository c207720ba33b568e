import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { count } from '../../parts/numbers.js';
import { Nothing } from '../../parts/page-states.js';
import { Tag } from '../../parts/tag.js';
import { RuleForm } from './rule-form.js';
import type { RuleErrors } from './rule-errors.js';
import { copyOfRule, moved, newRule, RULE_KINDS } from './rule-kinds.js';
import { momentOf, ruleSentence, type SentenceContext } from './rule-sentence.js';
import { isReadable, type Rule, type RuleKind, type Rules } from './rule-types.js';
import type { Vocabulary } from './rules-queries.js';
import classes from './rules.module.css';

interface RulesListProps {
  readonly rules: Rules;
  readonly mayChange: boolean;
  readonly context: SentenceContext;
  readonly vocabulary: Vocabulary | undefined;
  readonly errorsOf: (index: number) => RuleErrors;
  readonly onChange: (rules: Rules) => void;
}

interface Removed {
  readonly rule: Rule;
  readonly index: number;
}

/** Rules as sentences, each with what can be done about it. */
export function RulesList({ rules, mayChange, context, vocabulary, errorsOf, onChange }: RulesListProps) {
  const [open, setOpen] = useState<number>();
  const [removed, setRemoved] = useState<Removed>();
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const put = (index: number, rule: Rule) => onChange(rules.map((old, i) => (i === index ? rule : old)));
  const insert = (index: number, rule: Rule) => {
    onChange(rules.toSpliced(index, 0, rule));
    setOpen(index);
  };
  const close = (index: number) => {
    setOpen(undefined);
    list.current?.querySelector<HTMLElement>(`[data-edit="${index}"]`)?.focus();
  };
  const move = (index: number, to: number) => {
    onChange(moved(rules, index, to));
    setOpen(undefined);
    setSaid(`${rules[index].ruleId} is now at place ${to + 1} of ${rules.length}.`);
  };
  const remove = (index: number) => {
    setRemoved({ rule: rules[index], index });
    setOpen(undefined);
    onChange(rules.toSpliced(index, 1));
  };
  const putBack = () => {
    if (removed === undefined) return;
    onChange(rules.toSpliced(Math.min(removed.index, rules.length), 0, removed.rule));
    setRemoved(undefined);
  };
  const add = (kind: RuleKind) => insert(rules.length, newRule(kind, rules));
  return (
    <div>
      {rules.length === 0 && (
        <Nothing title="No rules yet">
          Every product that is sold may be offered to everybody, by its score alone.
        </Nothing>
      )}
      <ol className={classes.rules} ref={list} aria-label="Rules">
        {rules.map((rule, index) => (
          <li key={`${index} of ${rules.length}`} className={classes.rule}>
            <div className={classes.head}>
              <div className={classes.sentence}>
                {ruleSentence(rule, context)} <ValidityTag rule={rule} />
                <Text size="xs" c="dimmed" mt={2}>
                  {rule.ruleId}
                  {rule.note !== undefined && ` · ${rule.note}`}
                </Text>
                {errorsOf(index).lines.map((line) => (
                  <Text key={line} size="sm" c="red" role="alert">
                    {line}
                  </Text>
                ))}
              </div>
              {mayChange && (
                <Group gap={4} wrap="nowrap" className={classes.actions}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    disabled={!isReadable(rule)}
                    data-edit={index}
                    aria-expanded={open === index}
                    aria-label={`${open === index ? 'Close' : 'Edit'} ${rule.ruleId}`}
                    onClick={() => setOpen(open === index ? undefined : index)}
                  >
                    {open === index ? 'Close' : 'Edit'}
                  </Button>
                  <ActionIcon
                    variant="default"
                    size={26}
                    aria-label={`Move ${rule.ruleId} up`}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  >
                    ↑
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    size={26}
                    aria-label={`Move ${rule.ruleId} down`}
                    disabled={index === rules.length - 1}
                    onClick={() => move(index, index + 1)}
                  >
                    ↓
                  </ActionIcon>
                  <Menu position="bottom-end">
                    <Menu.Target>
                      <ActionIcon variant="default" size={26} aria-label={`More about ${rule.ruleId}`}>
                        …
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => insert(index + 1, copyOfRule(rule, rules))}>
                        Duplicate
                      </Menu.Item>
                      <Menu.Item color="red" onClick={() => remove(index)}>
                        Remove
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                </Group>
              )}
            </div>
            {mayChange && open === index && isReadable(rule) && (
              <OpenForm>
                <RuleForm
                  rule={rule}
                  errors={errorsOf(index)}
                  vocabulary={vocabulary}
                  onChange={(next) => put(index, next)}
                  onDone={() => close(index)}
                />
              </OpenForm>
            )}
          </li>
        ))}
      </ol>
      {mayChange && (
        <Group mt="sm" gap="sm">
          <Menu position="bottom-start" width={340}>
            <Menu.Target>
              <Button variant="default">Add a rule…</Button>
            </Menu.Target>
            <Menu.Dropdown>
              {RULE_KINDS.map(({ kind, label, meaning }) => (
                <Menu.Item key={kind} onClick={() => add(kind)}>
                  {label}
                  <Text size="xs" c="dimmed">
                    {meaning}
                  </Text>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Text size="sm" c="dimmed">
            {count(rules.length, 'rule')}
          </Text>
        </Group>
      )}
      <div role="status">
        {removed !== undefined && (
          <Group gap="xs" mt="sm">
            <Text size="sm">{removed.rule.ruleId} is no longer in the list.</Text>
            <Button size="compact-sm" variant="subtle" onClick={putBack}>
              Put it back
            </Button>
          </Group>
        )}
        <span className={classes.said}>{said}</span>
      </div>
    </div>
  );
}

/** Whoever opens a form is in it. */
function OpenForm({ children }: { children: React.ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  return <div ref={frame}>{children}</div>;
}

function ValidityTag({ rule }: { rule: Rule }) {
  const moment = momentOf(rule, Date.now());
  if (moment === 'over') return <Tag tone="warn">over</Tag>;
  return moment === 'later' ? <Tag tone="accent">not yet</Tag> : null;
}
