import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { forwardRef, type AnchorHTMLAttributes } from 'react';

type Props = AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>;

/** An anchor whose address the router checks: path, parameters and search. */
export const AnchorLink = createLink(
  forwardRef<HTMLAnchorElement, Props>((props, ref) => <Anchor ref={ref} {...props} />),
);
