import { atelierNord } from './fashion/atelier-nord.js';
import { greenGrocer } from './grocer/green-grocer.js';
import { lineaMobile } from './telecom/linea-mobile.js';
import type { WorldProfile } from './world-profile.js';

/** The shipped worlds by id: the demo fleet. */
export const worldProfiles: Readonly<Record<string, WorldProfile>> = {
  [greenGrocer.id]: greenGrocer,
  [atelierNord.id]: atelierNord,
  [lineaMobile.id]: lineaMobile,
};
