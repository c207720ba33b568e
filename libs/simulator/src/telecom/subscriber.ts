import { DAYS_PER_YEAR } from '../calendar.js';
import { drawGamma, drawIndex, drawLogNormal, drawNormal } from '../random/distributions.js';
import { noiseOfKeys, SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { TelecomProfile } from '../world-profile.js';
import { PLANS, type Plan } from './plans.js';

/** How a customer uses the phone in a month. */
export interface Usage {
  dataGb: number;
  minutes: number;
  roamingGb: number;
}

export interface Subscriber {
  index: number;
  usageType: string;
  ageIndex: number;
  usage: Usage;
  /** Utility lost per unit of money and month. */
  priceSensitivity: number;
  /** Utility of a fast network, per doubling of the speed. */
  speedTaste: number;
  /** Utility lost per year of commitment. */
  commitmentCost: number;
  sessionRate: number;
  /** Days between two decisions about the contract. */
  decisionDays: number;
  createdDay: number;
  leavesDay: number;
}

interface UsageType {
  name: string;
  share: number;
  usage: Usage;
  priceSensitivity: number;
  speedTaste: number;
  /** Weights of the six age bands. */
  ages: readonly number[];
}

const USAGE_TYPES: readonly UsageType[] = [
  {
    name: 'light',
    share: 22,
    usage: { dataGb: 0.5, minutes: 60, roamingGb: 0.02 },
    priceSensitivity: 0.34,
    speedTaste: 0,
    ages: [4, 8, 16, 22, 26, 24],
  },
  {
    name: 'talker',
    share: 18,
    usage: { dataGb: 1, minutes: 650, roamingGb: 0.1 },
    priceSensitivity: 0.27,
    speedTaste: 0,
    ages: [2, 6, 12, 20, 28, 32],
  },
  {
    name: 'surfer',
    share: 22,
    usage: { dataGb: 16, minutes: 150, roamingGb: 0.8 },
    priceSensitivity: 0.22,
    speedTaste: 0.15,
    ages: [14, 26, 26, 20, 10, 4],
  },
  {
    name: 'streamer',
    share: 15,
    usage: { dataGb: 110, minutes: 220, roamingGb: 3 },
    priceSensitivity: 0.13,
    speedTaste: 0.7,
    ages: [14, 34, 28, 16, 6, 2],
  },
  {
    name: 'student',
    share: 12,
    usage: { dataGb: 28, minutes: 80, roamingGb: 2 },
    priceSensitivity: 0.3,
    speedTaste: 0.2,
    ages: [78, 22, 0, 0, 0, 0],
  },
  {
    name: 'traveller',
    share: 11,
    usage: { dataGb: 18, minutes: 500, roamingGb: 22 },
    priceSensitivity: 0.11,
    speedTaste: 0.3,
    ages: [2, 18, 28, 28, 18, 6],
  },
];

/** What a month's shortfall is felt to cost. */
const COST_PER_GB = 1.1;
const COST_PER_MINUTE = 0.05;
const COST_PER_ROAMING_GB = 3.2;
const PLAN_NOISE = 0.5;
const DATA_GROWTH_PER_YEAR = 0.12;

export function createSubscriber(
  profile: TelecomProfile,
  seed: number,
  index: number,
  life: { createdDay: number; leavesDay: number },
): Subscriber {
  const random = new SeededRandom(seed, Stream.taste, index);
  const type =
    USAGE_TYPES[
      drawIndex(
        random,
        USAGE_TYPES.map((each) => each.share),
      )
    ]!;
  return {
    index,
    usageType: type.name,
    ageIndex: drawIndex(random, type.ages),
    usage: {
      dataGb: type.usage.dataGb * drawLogNormal(random, 0.4),
      minutes: type.usage.minutes * drawLogNormal(random, 0.4),
      roamingGb: type.usage.roamingGb * drawLogNormal(random, 0.5),
    },
    priceSensitivity: type.priceSensitivity * drawLogNormal(random, 0.2),
    speedTaste: Math.max(0, type.speedTaste + drawNormal(random, 0, 0.15)),
    commitmentCost: drawGamma(random, 2, 0.25),
    sessionRate: (drawGamma(random, 1.8, profile.sessionsPerYear / 1.8) * profile.activity) / DAYS_PER_YEAR,
    decisionDays: Math.round(random.between(120, 420)),
    ...life,
  };
}

/**
 * Utility of a plan at a price: money, shortfalls in every allowance, speed, commitment, advertising, own fancy.
 * -Infinity if the customer may not sign it at all.
 */
export function planUtility(
  seed: number,
  subscriber: Subscriber,
  planIndex: number,
  price: number,
  day: number,
): number {
  const plan = PLANS[planIndex]!;
  const [youngest, oldest] = plan.ages;
  if (subscriber.ageIndex < youngest || subscriber.ageIndex > oldest) return -Infinity;
  const monthlyCost = price + shortfallCost(plan, subscriber, day);
  return (
    -subscriber.priceSensitivity * monthlyCost +
    subscriber.speedTaste * Math.log2(plan.speedMbps / 100) -
    (subscriber.commitmentCost * plan.contractMonths) / 12 +
    plan.appeal +
    PLAN_NOISE * noiseOfKeys(seed, Stream.affinity, subscriber.index, planIndex)
  );
}

/** Everybody needs more data every year; the shortfall is felt less and less per gigabyte, or plans would be worlds apart. */
function shortfallCost(plan: Plan, subscriber: Subscriber, day: number): number {
  const years = (day - subscriber.createdDay) / DAYS_PER_YEAR;
  const dataNeeded = subscriber.usage.dataGb * (1 + DATA_GROWTH_PER_YEAR) ** Math.max(0, years);
  const data = Math.max(0, dataNeeded - plan.dataGb) * COST_PER_GB;
  const talk = Math.max(0, subscriber.usage.minutes - plan.minutes) * COST_PER_MINUTE;
  const roaming = Math.max(0, subscriber.usage.roamingGb - plan.roamingGb) * COST_PER_ROAMING_GB;
  return saturate(data) + saturate(talk) + saturate(roaming);
}

function saturate(cost: number): number {
  return 40 * (1 - Math.exp(-cost / 40));
}
