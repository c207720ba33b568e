const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** When a recommendation was made, in milliseconds since 1970: its id begins with it. Undefined for an id that is not ours. */
export function momentOfRecommendation(recommendationId: string): number | undefined {
  const match = UUID_V7.exec(recommendationId);
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}
