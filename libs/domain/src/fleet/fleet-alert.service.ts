import { InvalidInputError } from '../errors/nightshift-error.js';
import type { AlertThresholds } from './lifecycle-rates.js';

export abstract class FleetAlertRepository {
  abstract change(thresholds: AlertThresholds, reason: string, actor: string): Promise<void>;
}

/** Above which weekly rates operators are alarmed: recorded with who and why. */
export class FleetAlertService {
  constructor(private readonly alerts: FleetAlertRepository) {}

  /** @throws InvalidInputError `reasonRequired` */
  async change(thresholds: AlertThresholds, text: string, actor: string): Promise<AlertThresholds> {
    const reason = text.trim();
    if (reason === '') {
      throw new InvalidInputError('reasonRequired', 'Say why: it is recorded.', [
        { field: 'reason', code: 'required', message: 'must not be empty' },
      ]);
    }
    await this.alerts.change(thresholds, reason, actor);
    return thresholds;
  }
}
