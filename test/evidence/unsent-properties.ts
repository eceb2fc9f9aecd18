export const neverSent: { readonly [property: string]: string } = {};
export const beyondDescription: { readonly [property: string]: string } = {};
