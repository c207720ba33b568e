import { statfsSync } from 'node:fs';

// A container often has 64 MB of /dev/shm, and one parallel hash join asks for more: then share memory through files.
const ROOMY_SHM_BYTES = 512 * 1024 * 1024;

function sharedMemoryType(): 'posix' | 'mmap' {
  try {
    const shm = statfsSync('/dev/shm');
    return shm.bsize * shm.bavail >= ROOMY_SHM_BYTES ? 'posix' : 'mmap';
  } catch {
    return 'mmap';
  }
}

/**
 * Settings for nightly bulk loads on a small machine. Commits stay durable (synchronous_commit is left on): feedback is
 * acknowledged by them. WAL may grow before a checkpoint, because a load of millions of rows would otherwise trigger
 * one every few seconds.
 */
export function postgresSettings(): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    // No socket file: one address to guard, and folder names of any length.
    unix_socket_directories: '',
    max_connections: '120',
    shared_buffers: '256MB',
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: '1GB',
    max_wal_size: '2GB',
    min_wal_size: '256MB',
    checkpoint_completion_target: '0.9',
    wal_compression: 'on',
    random_page_cost: '1.1',
    jit: 'off', // it costs more than it saves on queries this small
    max_parallel_workers_per_gather: '1',
    dynamic_shared_memory_type: process.platform === 'linux' ? sharedMemoryType() : 'posix',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
  };
}
