import { Alert, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../api/problem.js';
import { count } from '../../parts/numbers.js';
import { Loaded, ProblemNotice } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { SaveSettingsDialog } from './save-settings-dialog.js';
import { SETTING_GROUPS, TIME_ZONE } from './setting-fields.js';
import { SettingInput } from './setting-input.js';
import { withChange, withChanges, type Changes } from './setting-values.js';
import { previewSettings, saveSettings, settingsQuery, type SeenSettings } from './settings-queries.js';
import classes from './own-settings.module.css';

export function OwnSettingsSection() {
  const { tenant, mayChange } = useTenant();
  const seen = useQuery(settingsQuery(tenant));
  return (
    <Section
      title="The night and its gate"
      note={mayChange ? 'In force from the next night on' : 'Your role looks; an admin changes'}
    >
      <Loaded query={seen} lines={8}>
        {(data) => <SettingsForm seen={data} />}
      </Loaded>
    </Section>
  );
}

function SettingsForm({ seen: { settings, tag } }: { seen: SeenSettings }) {
  const { tenant, mayChange } = useTenant();
  const queryClient = useQueryClient();
  const [changes, setChanges] = useState<Changes>({});
  /** What was on the page when the first change was made. */
  const [basis, setBasis] = useState(tag);
  const changed = Object.keys(changes).length;
  const isOvertaken = changed > 0 && basis !== tag;
  const zone = (changes[TIME_ZONE] as string | undefined) ?? settings.timeZone;
  const body = () => ({ settings: withChanges(settings.settings, changes), timeZone: zone });
  const look = useMutation({ mutationFn: () => previewSettings(tenant, body()) });
  const problemOf = (name: string) => (isProblem(look.error) ? look.error.fieldMessage(name) : undefined);

  function change(next: Changes): void {
    if (changed === 0) setBasis(tag);
    setChanges(next);
    look.reset();
  }
  async function save(reason: string): Promise<void> {
    const refresh = () => queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
    try {
      await saveSettings(tenant, tag, { ...body(), reason });
    } catch (error) {
      if (!isProblem(error, 412)) throw error;
      // What somebody else saved is shown, with what was typed here still on top of it.
      await refresh();
      return;
    }
    await refresh();
    setChanges({});
  }

  return (
    <Stack gap="xl">
      {isOvertaken && (
        <Alert color="yellow" role="alert" title="Somebody else has changed the settings meanwhile">
          Nothing of yours was saved. The page shows theirs now, with your changes on top: look, and save
          again.
        </Alert>
      )}
      {SETTING_GROUPS.map(({ title, note, fields }, index) => (
        <fieldset key={title} className={classes.group}>
          <legend>
            <Title order={3} component="span">
              {title}
            </Title>
          </legend>
          <Text size="sm" c="dimmed" mb="sm">
            {note}
          </Text>
          <div className={classes.fields}>
            {index === 0 && (
              <TimeZoneInput
                zone={zone}
                disabled={!mayChange}
                problem={problemOf(TIME_ZONE)}
                onChange={(next) => {
                  const { [TIME_ZONE]: before, ...others } = changes;
                  void before;
                  change(next === settings.timeZone ? others : { ...others, [TIME_ZONE]: next });
                }}
              />
            )}
            {fields.map((field) => {
              const setting = settings.inForce.find(({ name }) => name === field.name);
              if (setting === undefined) return null;
              return (
                <SettingInput
                  key={field.name}
                  {...{ field, setting, changes, disabled: !mayChange }}
                  problem={problemOf(field.name) ?? problemOf(field.name.split('.')[0])}
                  onChange={(value) => change(withChange(changes, setting, value))}
                />
              );
            })}
          </div>
        </fieldset>
      ))}
      <Text size="sm" c="dimmed">
        Template version {settings.templateVersion}. The platform’s operator decides which algorithm is tuned
        ({settings.platform.algorithm}) and for how long ({count(settings.platform.tuningSeconds, 'second')} a
        night).
      </Text>
      {look.error !== null && <ProblemNotice error={look.error} />}
      {mayChange && (
        <Group className={classes.bar} data-changed={changed > 0 || undefined}>
          <Button disabled={changed === 0} loading={look.isPending} onClick={() => look.mutate()}>
            Save…
          </Button>
          {changed > 0 && (
            <Button variant="subtle" onClick={() => change({})}>
              As it was
            </Button>
          )}
          <Text size="sm" c="dimmed" role="status">
            {changed === 0 ? 'Nothing is changed' : `${count(changed, 'change')} not saved yet`}
          </Text>
        </Group>
      )}
      <SaveSettingsDialog preview={look.data} act={save} onClose={look.reset} />
    </Stack>
  );
}

interface TimeZoneInputProps {
  readonly zone: string;
  readonly disabled: boolean;
  readonly problem: string | undefined;
  readonly onChange: (zone: string) => void;
}

function TimeZoneInput({ zone, disabled, problem, onChange }: TimeZoneInputProps) {
  const known = Intl.supportedValuesOf('timeZone');
  return (
    <NativeSelect
      label="Time zone"
      description="Whose clock the night, its dates and these pages go by."
      disabled={disabled}
      error={problem}
      data={known.includes(zone) ? known : [zone, ...known]}
      value={zone}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
