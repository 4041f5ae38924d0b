/** The one call that is measured; the package has no types of its own. */
declare module '@npmcli/arborist' {
  export class Arborist {
    constructor(options: { readonly path: string });
    loadVirtual(): Promise<{ readonly inventory: { readonly size: number } }>;
  }
}
