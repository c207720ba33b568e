import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The one accent: the blue of an hour after sunset. */
const night: MantineColorsTuple = [
  '#eef1fd',
  '#dde2f8',
  '#b9c2ef',
  '#94a2e6',
  '#7687de',
  '#5d70d4',
  '#4459c4',
  '#3348ad',
  '#293b91',
  '#1e2d72',
];

/** What takes something away. */
const red: MantineColorsTuple = [
  '#fdecea',
  '#fbd9d5',
  '#f9bdb6',
  '#fbaaa1',
  '#ff9a90',
  '#ee6a5d',
  '#d33f31',
  '#b42318',
  '#971b12',
  '#7a140d',
];

/** The library's greys of the dark theme, with the night in them. */
const dark: MantineColorsTuple = [
  '#e4e7ee',
  '#c5cbd8',
  '#a0a8b8',
  '#6c7588',
  '#363c4b',
  '#2b303d',
  '#20242f',
  '#12141b',
  '#0e1016',
  '#0a0c11',
];

export const theme = createTheme({
  primaryColor: 'night',
  // Dark enough for a white label in both themes.
  primaryShade: { light: 7, dark: 6 },
  colors: { night, red, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8438rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // A dialog's heading is no second banner of the page.
  components: { ModalHeader: { defaultProps: { role: 'none' } } },
});

/** Notices in the colours of the tags: the library's own miss the 4.5 : 1 as well. */
const ALERTS = Object.fromEntries(
  Object.entries({ green: 'good', yellow: 'warn', red: 'bad' }).flatMap(([color, tone]) => [
    [`--mantine-color-${color}-light`, `var(--ns-${tone}-soft)`],
    [`--mantine-color-${color}-light-color`, `var(--ns-${tone})`],
  ]),
);

/** Greys that are legible: the library's own dimmed text misses the 4.5 : 1 that small text needs. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfbfc',
    '--mantine-color-text': '#1b1f2a',
    '--mantine-color-dimmed': '#5a6272',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#b42318',
    '--ns-surface': '#ffffff',
    '--ns-sunken': '#f3f4f7',
    '--ns-line': '#e3e5ea',
    '--ns-accent': '#3348ad',
    '--ns-accent-soft': '#eef1fd',
    '--ns-good': '#1a6b41',
    '--ns-good-soft': '#e7f5ed',
    '--ns-warn': '#8a4b08',
    '--ns-warn-soft': '#fdf3e3',
    '--ns-bad': '#b42318',
    '--ns-bad-soft': '#fdecea',
    '--mantine-color-anchor': '#3348ad',
    ...ALERTS,
  },
  dark: {
    '--mantine-color-body': '#12141b',
    '--mantine-color-text': '#e4e7ee',
    '--mantine-color-dimmed': '#a0a8b8',
    '--mantine-color-placeholder': '#8f97a8',
    '--mantine-color-error': '#ff9a90',
    '--ns-surface': '#191c25',
    '--ns-sunken': '#0e1016',
    '--ns-line': '#2b303d',
    '--ns-accent': '#a3b0f5',
    '--ns-accent-soft': '#232a49',
    '--ns-good': '#7fd3a4',
    '--ns-good-soft': '#16301f',
    '--ns-warn': '#f0b869',
    '--ns-warn-soft': '#352611',
    '--ns-bad': '#ff9a90',
    '--ns-bad-soft': '#3a1916',
    '--mantine-color-anchor': '#a3b0f5',
    ...ALERTS,
  },
});
