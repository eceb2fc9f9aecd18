import type { Backend, Change, Documents, Hold } from "../base/backend.ts";
import { leaseLength } from "../base/lease.ts";
import { openPartition, type PartitionOptions } from "./partition.ts";
import type { Lease, Store } from "../base/store.ts";

/** The content of a state in memory: documents by name, the digest key and the lock. The caller may look at it at any moment. */
export type Memory = {
  readonly documents: Map<string, string>;
  key: string | undefined;
  lease: Lease | undefined;
};

/** An empty content, or a copy of another one without its lock. */
export function makeMemory(from?: Memory): Memory {
  return { documents: new Map(from?.documents), key: from?.key, lease: undefined };
}

/** Opens a state that ends with the process, for rehearsals. */
export function openMemoryStore(memory: Memory, options: PartitionOptions): Store {
  return openPartition(memoryBackend(memory, options), options);
}

function memoryBackend(memory: Memory, { world }: PartitionOptions): Backend {
  const documents: Documents = {
    text: async (name) => memory.documents.get(name),
    names: async (folder) =>
      [...memory.documents.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1))
        .sort(),
  };
  const write = (changes: readonly Change[]): void => {
    for (const { name, text } of changes) {
      if (text === null) memory.documents.delete(name);
      else memory.documents.set(name, text);
    }
  };
  const hold: Hold = {
    documents,
    write: async (changes) => write(changes),
    async append({ name, lines, also }) {
      memory.documents.set(name, (memory.documents.get(name) ?? "") + lines);
      write(also);
    },
    async renew() {
      if (memory.lease) memory.lease = { ...memory.lease, expires: world.now() + leaseLength };
    },
    release: async () => void (memory.lease = undefined),
  };
  return {
    place: "memory",
    patience: 1_000,
    read: async () => documents,
    neighbours: async () => [],
    lease: async () => memory.lease,
    async tryLock(holder) {
      if (memory.lease && memory.lease.expires > world.now()) return { taken: false, lease: memory.lease };
      memory.lease = { holder, expires: world.now() + leaseLength };
      return { taken: true, hold };
    },
    async breakLock() {
      const { lease } = memory;
      memory.lease = undefined;
      return lease;
    },
    add: async (name, text) => {
      if (!memory.documents.has(name)) memory.documents.set(name, text);
    },
    key: async () => memory.key,
    makeKey: async (hex) => void (memory.key = hex),
  };
}
