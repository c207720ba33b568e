/** How a setting is shown and typed in. */
export type SettingKind = 'hour' | 'percent' | 'number' | 'days' | 'hours' | 'switch' | 'guardrail';

export interface SettingField {
  readonly name: string;
  readonly label: string;
  readonly meaning: string;
  readonly kind: SettingKind;
  /** What an empty field says, where a setting may have no value. */
  readonly whenEmpty?: string;
}

export interface SettingGroup {
  readonly title: string;
  readonly note: string;
  readonly fields: readonly SettingField[];
}

const field = (
  name: string,
  kind: SettingKind,
  label: string,
  meaning: string,
  whenEmpty?: string,
): SettingField => ({ name, kind, label, meaning, whenEmpty });

export const TIME_ZONE = 'timeZone';

export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: 'The night',
    note: 'In your own time zone; a night runs up to half an hour after it has begun',
    fields: [
      field('nightStartsAtHour', 'hour', 'Begins at', 'When what is new is read.'),
      field('freshByHour', 'hour', 'Lists fresh by', 'A run that ends later counts as late.'),
    ],
  },
  {
    title: 'When a new model takes over',
    note: 'What a challenger has to show on the same held-back choices as the model in service',
    fields: [
      field(
        'gate.refreshMargin',
        'percent',
        'Retrained: error may rise by',
        'The same recipe on newer data may predict worse by so much at most.',
      ),
      field(
        'gate.changeMinimumEffect',
        'percent',
        'Other recipe: error must fall by',
        'Another recipe must predict better by so much at least, beyond chance.',
      ),
      field(
        'gate.ndcgMargin',
        'guardrail',
        'Guardrail: ranking quality',
        'The right products may move down the list by so much at most.',
      ),
      field(
        'gate.coverageMargin',
        'guardrail',
        'Guardrail: breadth of the range',
        'So much less of the range may be shown at most.',
      ),
      field('gate.confidence', 'percent', 'Confidence', 'How sure an interval has to be.'),
      field('gate.minimumCustomers', 'number', 'Fewest customers', 'With fewer nothing is replaced.'),
      field('gate.minimumRows', 'number', 'Fewest held-back choices', 'With fewer nothing is replaced.'),
    ],
  },
  {
    title: 'What is learnt, and counted',
    note: 'Another window of attribution counts your earnings afresh within a quarter of an hour',
    fields: [
      field(
        'attributionWindowDays',
        'days',
        'Attribution window',
        'A purchase so long after its recommendation still counts as its own.',
      ),
      field('halfLifeDays', 'days', 'Half-life of what was done', 'After so long it weighs half as much.'),
      field(
        'holdoutWindowDays',
        'days',
        'Choices held back from',
        'The last days, from which models are judged.',
      ),
      field('listLength', 'number', 'Length of a list', 'Products that are kept ready for each customer.'),
      field(
        'repeatPurchases',
        'switch',
        'Recommend again what was bought',
        'Yes for a grocer, no for a fashion shop.',
      ),
    ],
  },
  {
    title: 'Runs between the nights',
    note: '0 switches a trigger off',
    fields: [
      field('triggerVolumeRows', 'number', 'New rows', 'So many new interactions start a run.'),
      field('triggerVolumeShare', 'percent', 'New rows, as a share', 'Of those that the last training saw.'),
      field('triggerDegradationDrop', 'percent', 'Fewer responses', 'So much fewer than before start a run.'),
      field('triggerDriftPsi', 'number', 'Drift', 'Population stability index that starts a run.'),
      field('triggerCoolDownHours', 'hours', 'Rest between', 'So long at least between two such runs.'),
    ],
  },
  {
    title: 'How long it is kept',
    note: 'What is older is deleted for good, once a day',
    fields: [
      field('retention.feedbackDays', 'days', 'Feedback', 'What was shown, and what came of it.'),
      field(
        'retention.interactionDays',
        'days',
        'Purchases, views and the like',
        'What your files brought.',
        'for good',
      ),
    ],
  },
];

export const FIELDS: ReadonlyMap<string, SettingField> = new Map(
  SETTING_GROUPS.flatMap(({ fields }) => fields.map((each) => [each.name, each])),
);
