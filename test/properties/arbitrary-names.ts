import fc from "fast-check";

type Shape = "web" | "static" | "pserv" | "worker" | "cron";
export type ServiceName = { readonly name: string; readonly shape: Shape };

/** What a file declares, before it is known what refers to what. */
export type Names = {
  readonly services: readonly ServiceName[];
  readonly databases: readonly string[];
  readonly keyValues: readonly string[];
  readonly groups: readonly string[];
  /** Of RENDERCAD. */
  readonly tokens: readonly string[];
  readonly hooks: readonly string[];
};

/** No charset is documented, and Render's own examples have spaces. */
const serviceNames = ["api", "My Site", "jobs-2", "UPPER", "a,b", "web@2", "café", "x/y", "50%"];
const shapes: readonly Shape[] = ["web", "static", "pserv", "worker", "cron"];

/** Every shape is as likely as another; an empty file would be an error. */
export const arbitraryNames: fc.Arbitrary<Names> = fc.record({
  services: fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...serviceNames), shape: fc.constantFrom(...shapes) }),
    {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 5,
    },
  ),
  databases: fc.subarray(["main", "Second DB"]),
  keyValues: fc.subarray(["cache"]),
  groups: fc.subarray(["shared", "mail & more"]),
  tokens: fc.subarray(["prod", "My Token"]),
  hooks: fc.subarray(["done"]),
});
