// The address of MapLibre's worker among the built files (build.mjs puts it there).
declare module '#map-worker' {
  const address: string;
  export default address;
}
