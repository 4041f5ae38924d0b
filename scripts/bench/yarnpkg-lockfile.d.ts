declare module '@yarnpkg/lockfile' {
  const lockfile: { readonly parse: (text: string) => unknown };
  export default lockfile;
}
