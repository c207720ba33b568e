import { Button, Group, NativeSelect, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../../parts/page-states.js';
import { algorithmName } from '../models/algorithm-names.js';
import { modelsQuery } from '../queries.js';
import { DialGrid } from '../rules/dial-grid.js';
import { withSteps, type Steps } from '../rules/dials.js';
import { rerankingQuery } from '../rules/rules-queries.js';
import { useTenant } from '../tenant-context.js';
import type { Under } from './customer-queries.js';

/** Another model version, other settings, or both. Nothing of it is saved: analysts may turn the dials as well. */
export function CompareWith({ under, onChange }: { under: Under; onChange: (under: Under) => void }) {
  const { tenant } = useTenant();
  const models = useQuery(modelsQuery(tenant));
  const reranking = useQuery(rerankingQuery(tenant));
  const [changes, setChanges] = useState<Steps>({});
  const [isOpen, setOpen] = useState(false);
  const others = (models.data?.models ?? []).filter(
    ({ serving, promotedAt }) => !serving && promotedAt !== null,
  );
  const { modelVersion } = under;
  const turn = (settings: Record<string, unknown>, next: Steps) => {
    setChanges(next);
    onChange({
      ...(modelVersion === undefined ? {} : { modelVersion }),
      ...(Object.keys(next).length === 0 ? {} : { settings: withSteps(settings, next) }),
    });
  };
  const choose = (value: string) => {
    const settings = under.settings === undefined ? {} : { settings: under.settings };
    onChange(value === '' ? settings : { ...settings, modelVersion: Number(value) });
  };
  return (
    <Stack gap="md">
      <Group align="flex-end" gap="lg">
        {others.length > 0 && (
          <NativeSelect
            label="Compare with the model"
            w={320}
            maw="100%"
            value={modelVersion ?? ''}
            onChange={(event) => choose(event.currentTarget.value)}
            data={[
              { value: '', label: 'in service' },
              ...others.map((model) => ({
                value: `${model.version}`,
                label: `version ${model.version} (${algorithmName(model.algorithm)})`,
              })),
            ]}
          />
        )}
        <Switch
          label="Compare with other settings"
          pb={8}
          checked={isOpen}
          onChange={(event) => {
            setOpen(event.currentTarget.checked);
            if (!event.currentTarget.checked) turn({}, {});
          }}
        />
      </Group>
      {isOpen && (
        <Loaded query={reranking} lines={4}>
          {({ settings, effective }) => (
            <Stack gap="sm">
              <DialGrid
                effective={(effective as { steps: Steps }).steps}
                changes={changes}
                onChange={(step, values) =>
                  turn(settings as Record<string, unknown>, {
                    ...changes,
                    [step]: { ...changes[step], ...values },
                  })
                }
              />
              {Object.keys(changes).length > 0 && (
                <Button variant="subtle" size="compact-sm" maw={160} onClick={() => turn({}, {})}>
                  As it is now
                </Button>
              )}
            </Stack>
          )}
        </Loaded>
      )}
    </Stack>
  );
}
