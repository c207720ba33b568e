// Everything that the TypeScript side may call. All arguments are byte offsets into the one shared memory, or counts; all
// bounds are checked over there, before the first call.
export { gram } from './rank-update';
export { solveRows, solveRowsByBlocks } from './ials';
export { solveUnweightedRows } from './unweighted';
export { stepRows } from './conjugate-gradient';
export { scoreRows } from './scores';
export { packProducts, topProducts } from './top-k';
export { multiplyRow, multiplyRowDense } from './sparse-product';
export { subtractProduct, sweepPanelTile, sweepPivot } from './sweep';
export { gatherGram, solveShifted } from './local-gram';
export { descendColumn } from './elastic-net';
