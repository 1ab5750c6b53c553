export { Allocator, type AllocatorOptions } from './allocator.ts'
export { type Arrival, type ArrivalSource, type Stream, TraceSource } from './arrival-source.ts'
export { AsRecorded } from './as-recorded.ts'
export { Cell } from './cell.ts'
export { check } from './check.ts'
export { type Column, float64, int32, uint8 } from './column.ts'
export { type Decision, decisionObserver, decisions } from './decisions.ts'
export { EventQueue, KINDS } from './event-queue.ts'
export { InputError } from './input-error.ts'
export { type Eviction, KubePreemption } from './kube-preemption.ts'
export { holds } from './label-query.ts'
export type { MeasureOptions } from './measures.ts'
export { EVICTION_CAUSES, type EvictionCause, type Observer } from './observer.ts'
export { Placeable } from './placeable.ts'
export { PlainAllocator } from './plain-allocator.ts'
export type {
  Admission,
  AdmissionAnswer,
  AdmissionPolicy,
  AdmissionView,
  ByResource,
  CellSight,
  CellView,
  Constraint,
  ConstraintPolicy,
  Overcommit,
  OvercommitPolicy,
  OvercommitView,
  Packing,
  PackingPolicy,
  Parameter,
  ParameterTable,
  ParameterValues,
  RulesView,
  Term,
} from './policy.ts'
export { PREEMPTIONS, type PreemptionRule } from './preemption.ts'
export { type RandomStream, randomStream } from './random-stream.ts'
export type { Ranking } from './ranking.ts'
export * from './rules.ts'
export type { CellPicture, Distribution, RunResult, Series, Utilisation } from './run-result.ts'
export { SECOND } from './second.ts'
export { type Shortages, shortages, shortOn } from './shortages.ts'
export { shuffledRows } from './shuffled-rows.ts'
export { type Effort, type Run, type SimulateOptions, simulate } from './simulate.ts'
export { type Chosen, Simulation, type SimulationOptions } from './simulation.ts'
export { STATES } from './task-rows.ts'
export { TIES, type Tie } from './tie-order.ts'
export * from './trace.ts'
export { type ClassRow, type MachineRow, type RunRow, TraceBuilder, type TraceHead, type TraceTail } from './trace-builder.ts'
