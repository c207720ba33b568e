import type { Recommendation, RecommendedItem } from '#libs/serving';

/** Texts that come again with every answer are made once; a node knows some tens of thousands of products. */
const MAXIMUM_TEXTS = 200_000;
const productTexts = new Map<string, string>();
const reasonTexts = new Map<string, string>();

/** An answer as JSON: the same value as JSON.stringify writes. */
export function writeRecommendation(answer: Recommendation): string {
  return withMoment(answer.recommendationId, answer.servedAt, writeLastingPart(answer));
}

/** What differs between two answers that say the same, in front of {@link writeLastingPart}. */
export function withMoment(recommendationId: string, servedAt: string, lastingPart: string): string {
  return `{"recommendationId":"${recommendationId}","servedAt":"${servedAt}",${lastingPart}`;
}

export function writeLastingPart(answer: Recommendation): string {
  const reason = answer.statusReason === null ? 'null' : `"${answer.statusReason}"`;
  let text = `"modelVersion":${answer.modelVersion},"status":"${answer.status}","statusReason":${reason},"items":[`;
  let comma = '';
  for (const item of answer.items) {
    text += comma + productText(item.productId) + writeScore(item.score) + reasonText(item);
    comma = ',';
  }
  return text + ']}';
}

function productText(productId: string): string {
  const known = productTexts.get(productId);
  if (known !== undefined) return known;
  if (productTexts.size >= MAXIMUM_TEXTS) productTexts.clear();
  const text = `{"productId":${JSON.stringify(productId)},"score":`;
  productTexts.set(productId, text);
  return text;
}

function reasonText({ source, reasons }: RecommendedItem): string {
  // One source has more than one wording, and one wording more than one source.
  const key = reasons.length === 1 ? source + reasons[0] : undefined;
  const known = key === undefined ? undefined : reasonTexts.get(key);
  if (known !== undefined) return known;
  const text = `,"source":"${source}","reasons":${JSON.stringify(reasons)}}`;
  if (key === undefined) return text;
  if (reasonTexts.size >= MAXIMUM_TEXTS) reasonTexts.clear();
  reasonTexts.set(key, text);
  return text;
}

const THREE_DIGITS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** Scores have six digits after the point: between 0 and 1, where most are, two look-ups write them. */
function writeScore(score: number): string {
  const millionths = Math.round(score * 1e6);
  if (millionths < 0 || millionths >= 1e6 || millionths / 1e6 !== score) return JSON.stringify(score);
  const thousandths = Math.trunc(millionths / 1000);
  return `0.${THREE_DIGITS[thousandths]}${THREE_DIGITS[millionths - thousandths * 1000]}`;
}
