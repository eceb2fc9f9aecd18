/**
 * Every code the file stage can tell, with what docs/problems.md says of it. Codes are stable: scripts and people match on
 * them. The rules of kinds use the same table.
 */
export const fileCodes = {
  "yaml-syntax":
    "The text is not YAML. The place is where the reader could not go on; the cause may be the line before.",
  "yaml-duplicate-key":
    "One mapping has a key twice. Readers of YAML disagree about which one counts, so neither does.",
  "yaml-alias": "An alias without an anchor, inside its own anchor, or repeated beyond measure.",
  "yaml-merge": "`<<` merges mappings only.",
  "yaml-key": "A key that is a list, a mapping or nothing.",
  "yaml-version":
    "The file asks for another version than YAML 1.2. In 1.1 `off` and `no` are booleans, which Blueprints do not mean.",
  "yaml-too-deep": "More nesting than the format can need.",
  "template-file": "A file for a template engine (cookiecutter, Jinja, ERB). Only its result is a Blueprint.",
  "file-too-large":
    "More than 10 MB, which Render refuses as well, or more values than a file of its size can mean (half a million at most).",
  "file-not-found": "No file of that name, or none of the default names in this folder.",
  "file-not-readable": "The file exists and could not be read, or it is not UTF-8 text.",
  "file-twice": "One file is named twice on the command line.",
  "root-not-mapping": "The file holds a list or a single text where keys like `services` belong.",
  "unknown-key": "A key that the format does not have. Render refuses it too.",
  "missing-key": "A key that has to be there.",
  "wrong-type": "A list where a text belongs, a text where a number belongs, and so on.",
  "wrong-value": "A value that the key cannot have.",
  "null-not-allowed":
    "A key without a value where nothing cannot be meant. `ipAllowList` is the case that matters: everybody, or nobody?",
  "null-list": "A list without content, taken as a list without entries.",
  "several-sources": "Two sources for one value; exactly one can count.",
  "value-and-sync": "`value` and `sync: false` together, which Render refuses.",
  "no-source": "A variable with nothing but a key, which Render refuses.",
  "empty-value":
    "`value:` with nothing behind it. Taken as `sync: false`, so that a live value is never emptied.",
  "boolean-value": "An unquoted boolean as a value. Its text is used as written: `True` stays `True`.",
  "unquoted-text":
    "A number or boolean where a text belongs. Its text is used as written: `3.10` stays `3.10`.",
  "loose-spelling": "A name in another case or with other separators than Render writes it.",
  "retired-name": "A plan that can exist and not be created.",
  "legacy-conflict": "An old and a new spelling of one thing that disagree; the new one counts.",
  "ignored-key": "A key that Render's parser lets pass and nobody acts on.",
  "key-not-for-shape": "A key that another type of service has. It is ignored.",
  "unused-key": "A key that means nothing beside another one.",
  "no-api": "A key that no API has, so that trueup cannot act on it. Blueprints may.",
  "name-not-allowed": "A name that could not be shown, typed or put into an address.",
  "duplicate-address": "The same resource twice, in one file or in several.",
  "duplicate-entry":
    "The same variable, header or file twice in one list. The last one counts, as on Render.",
  "target-not-declared": "A reference to something that no file declares. It is looked up in the workspace.",
  "reference-unknown": "A reference to a one-time secret that nobody can read again.",
  "reference-ambiguous": "A reference to a name that several environments declare.",
  "reference-property": "A property that the referred resource does not have.",
  "reference-variable": "A variable that the referred service does not have.",
  "reference-type": "The `type` of a `fromService` is not that of the declared service.",
  "group-reference": "An environment group refers to another resource or group.",
  "group-sync": "`sync: false` in a group, which Blueprints ignore.",
  "secret-literal":
    "A literal that looks like a secret. It is masked everywhere; better, it moves out of the file.",
  "environment-forbidden": "A variable of the machinery itself (RENDER_*, GITHUB_* ...) as a source.",
  "file-path": "`fromFile` with a path that is not inside the repository.",
  "extension-in-blueprint":
    "A key of trueup's in a file that Render may sync from; Render would refuse the whole file.",
  "overlay-form":
    "An overlay that is neither a mapping (a merge patch) nor a list of operations (a JSON Patch).",
  "overlay-patch": "An operation of a JSON Patch whose path leads nowhere, or whose test fails.",
  "overlay-base": "Overlays change one file, and several were given.",
  "settings-conflict": "Two files that say different things at the root.",
  "consent-expired": "An agreement to lose data whose date is over.",
  "consent-address":
    "An entry of `moved` or `removed` whose address is none, or of a kind that does not exist.",
  "moved-kind": "An entry of `moved` to another kind, or of a kind whose name cannot change.",
  "moved-declared": "An entry of `moved` whose `from` is still declared.",
  "moved-chain": "Two entries of `moved` that share an address: a chain, a circle, or the same thing twice.",
  "command-needed": "A command or folder that Render asks for when it creates the service.",
  "not-creatable": "A plan that exists only for what already has it. `plan` refuses to create it.",
  "not-on-free": "Something that the free plan does not have.",
  "disk-and-scaling": "A disk with more than one instance.",
  unreachable: "A service that nobody could reach from outside.",
  "too-many": "More objects than an account can have.",
  "name-too-long": "A name that is longer than the API takes.",
  "shared-value": "Two blocks with one value of what an API knows the object by.",
} as const;

export type FileCode = keyof typeof fileCodes;
