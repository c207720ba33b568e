/** The server's nonce for style elements: the component library and the one that keeps a page from scrolling make some. */
export const styleNonce: string =
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

// Where the second of them looks.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce;
