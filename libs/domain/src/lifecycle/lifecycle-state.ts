/**
 * on: newest promoted model, retrained every night. frozen: the pinned model goes on serving, nothing is trained or promoted.
 * off: nothing is recommended and nothing is trained. Feedback is recorded in all three.
 */
export const LIFECYCLE_STATES = ['on', 'frozen', 'off'] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];
