import { Slider, Switch, Text } from '@mantine/core';
import { DIALS, type Steps } from './dials.js';
import classes from './rules.module.css';

interface DialGridProps {
  /** What holds, defaults included. */
  readonly effective: Steps;
  readonly changes: Steps;
  readonly disabled?: boolean;
  readonly onChange: (step: string, values: Readonly<Record<string, number | boolean>>) => void;
}

export function DialGrid({ effective, changes, disabled = false, onChange }: DialGridProps) {
  return (
    <div className={classes.dials}>
      {DIALS.map(({ step, parameter, label, meaning, min, max, by, unit }) => {
        const now = { ...effective[step], ...changes[step] };
        const isOn = now.enabled === true;
        const value = Number(now[parameter]);
        return (
          <div key={step} className={classes.dial}>
            <Switch
              label={label}
              description={meaning}
              checked={isOn}
              disabled={disabled}
              onChange={(event) => onChange(step, { enabled: event.currentTarget.checked })}
            />
            <Slider
              mt="auto"
              pt="sm"
              thumbLabel={label}
              thumbValueText={unit}
              min={min}
              max={max}
              step={by}
              disabled={disabled || !isOn}
              value={value}
              label={unit}
              onChange={(next) => onChange(step, { [parameter]: next })}
            />
            <Text size="sm" c="dimmed" mt={10} className="ns-numbers">
              {isOn ? unit(value) : 'off'}
            </Text>
          </div>
        );
      })}
    </div>
  );
}
