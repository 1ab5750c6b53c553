import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ClusterState } from './cluster-state.ts'

/** Seconds: a filter call of 5,000 names takes half a millisecond, the scheduler gives up after 5 s. */
const BUCKETS = [0.0001, 0.00025, 0.0005, 0.0007, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5]

export type Metrics = ReturnType<typeof createMetrics>

/** What Prometheus reads: docs/extender.md says how to. Gauges read the state when they are asked. */
export function createMetrics(state: ClusterState) {
  const registers = [new Registry()]
  const [registry] = registers
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('stowage_nodes', 'Nodes that are known.', () => state.nodes.count)
  gauge('stowage_pods_bound', 'Bound pods that hold room.', () => state.all().filter(({ bound }) => bound).length)
  gauge(
    'stowage_reservations',
    'Pods that were decided and not yet seen to be bound.',
    () => state.all().filter(({ bound }) => !bound).length,
  )
  gauge('stowage_overfull_nodes', 'Nodes on which more is placed than they have.', () => state.cell().overfull().nodes)
  gauge('stowage_overfull_devices', 'GPUs that hold more than themselves.', () => state.cell().overfull().devices)
  return {
    registry,
    seconds: new Histogram({
      name: 'stowage_request_seconds',
      help: 'From the whole request to the whole answer.',
      labelNames: ['verb', 'status'] as const,
      buckets: BUCKETS,
      registers,
    }),
    decisions: new Counter({
      name: 'stowage_decisions_total',
      help: 'Answers of filter, by outcome.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    reservations: new Counter({
      name: 'stowage_reservation_events_total',
      help: 'What became of reservations: reserved, confirmed, moved, deleted, finished, failed, expired, asked anew.',
      labelNames: ['event'] as const,
      registers,
    }),
    unreadable: new Counter({ name: 'stowage_unreadable_pods_total', help: 'Bound pods whose requests make no sense.', registers }),
    rebuilds: new Counter({ name: 'stowage_cell_rebuilds_total', help: 'How often the cell was made anew.', registers }),
    drift: new Counter({
      name: 'stowage_drift_total',
      help: 'Nodes and pods found to differ from the API server (cluster) or from the pods on them (cell), and put right.',
      labelNames: ['kind'] as const,
      registers,
    }),
    late: new Counter({
      name: 'stowage_watch_late_total',
      help: 'Nodes and pods of which a drift check knew before the watch, which was away or slow; put right.',
      registers,
    }),
    checks: new Counter({ name: 'stowage_drift_checks_total', help: 'Drift checks that were finished.', registers }),
    broken: new Counter({ name: 'stowage_watch_breaks_total', help: 'Watches that broke.', labelNames: ['kind'] as const, registers }),
  }
}
