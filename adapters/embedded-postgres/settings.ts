/** Where it listens, which the launcher relies on: on a socket alone, which no network reaches. */
export const ADDRESS = { listen_addresses: '', port: '5432' } as const;

/** How the server runs. Small rather than fast at any price: it shares a laptop or the smallest cloud machine with the shop. */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  unix_socket_permissions: '0700',
  max_connections: '60',

  // An acknowledged order is on the disk. These are the defaults; they stand here so that no one looks for them.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',

  shared_buffers: '48MB',
  wal_buffers: '4MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '512MB',
  huge_pages: 'off',

  // Every background process costs memory; reads that wait for an SSD gain nothing from a queue of workers.
  io_method: 'sync',
  max_worker_processes: '2',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',
  max_replication_slots: '0',
  autovacuum: 'on',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '2',

  // The data is on an SSD or in memory, and short statements do not earn back a compilation.
  random_page_cost: '1.1',
  jit: 'off',

  // Starts, stops and recoveries, not the errors that the shop itself handles and which may quote customers.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  cluster_name: 'pannier',
};

export const asArguments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
